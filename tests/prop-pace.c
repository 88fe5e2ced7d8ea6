/* How requests are paced, against a clock that the test turns. */
#include <math.h>

#include "model/pace.h"
#include "tap.h"

static struct hints
said(double after, double reset)
{
	struct hints h;

	hints_init(&h);
	h.after = after;
	h.reset = reset;
	return h;
}

static void
growth(void)
{
	struct hints h = said(-1, -1);
	struct pace p;
	int rounds = 0;

	pace_init(&p, 5, 1);
	is_int(pace_room(&p, 0, 0), 5, "few jobs are allowed at once");
	pace_init(&p, 1000, 1);
	is_int(pace_room(&p, 0, 0), PACE_START, "many begin small");
	is_int(pace_room(&p, 0, PACE_START), 0, "and no more than that");
	for (; p.limit < 1000; rounds++)
		for (unsigned n = pace_room(&p, 0, 0); n; n--)
			pace_good(&p, 0);
	is_int(rounds, 6, "they double every round: 20, 40 ... 1000");
	pace_good(&p, 0);
	is_int(pace_room(&p, 0, 0), 1000, "but not beyond -j");

	pace_init(&p, 1000, 1);
	pace_bad(&p, 100, 1, &h);
	is_int(pace_room(&p, 100, 0), PACE_START, "a failure cuts nothing");
	pace_good(&p, 100 + PACE_EPISODE - 1);
	is_int(pace_room(&p, 200, 0), PACE_START,
		"but nothing grows for a while");
	pace_good(&p, 100 + PACE_EPISODE);
	is_int(pace_room(&p, 200, 0), PACE_START + 1, "and then it does");
}

static void
refusals(void)
{
	struct hints none = said(-1, -1), wait = said(30, -1);
	struct hints reset = said(-1, 7), far = said(-1, 3600);
	struct pace p;
	double again;

	pace_init(&p, 100, 1);
	p.limit = 100;
	for (int i = 0; i < 50; i++)
		pace_slow(&p, 1000 + i * 0.1, 1, &none);
	is_int(pace_room(&p, 1010, 0), 80,
		"an episode takes a fifth off, once");
	pace_slow(&p, 1000 + PACE_EPISODE, 1, &none);
	is_int(pace_room(&p, 2000, 0), 64, "the next one again");
	for (int i = 0; i < 100; i++)
		pace_slow(&p, 3000 + i * 60, 1, &none);
	is_int(pace_room(&p, 10000, 0), 1, "one is always left");

	pace_init(&p, 100, 1);
	again = pace_slow(&p, 0, 1, &wait);
	ok(again >= 30 && again <= 34, "Retry-After is honoured: %g", again);
	is_int(pace_room(&p, 29.9, 0), 0, "by all requests");
	ok(pace_room(&p, 30.1, 0) > 0, "until it has passed");
	pace_slow(&p, 10, 1, &none);
	is_int(pace_room(&p, 29.9, 0), 0,
		"a later refusal does not shorten it");
	pace_slow(&p, 100, 1, &reset);
	is_int(pace_room(&p, 106.9, 0), 0, "a limit's reset serves as well");
	pace_slow(&p, 200, 1, &far);
	ok(pace_room(&p, 200 + PACE_CAP + 0.1, 0) > 0,
		"but for a minute at most");
}

static void
jitter(void)
{
	struct hints none = said(-1, -1);
	struct pace p;

	pace_init(&p, 10, 7);
	for (unsigned tries = 1; tries < 40; tries++) {
		double longest = fmin(PACE_BASE * exp2(tries - 1), PACE_CAP);
		double sum = 0, most = 0;

		for (int i = 0; i < 1000; i++) {
			double wait = pace_bad(&p, 0, tries, &none);

			sum += wait;
			most = fmax(most, wait);
		}
		if (most > longest || most < 0.98 * longest ||
			fabs(sum / 1000 - longest / 2) > 0.04 * longest) {
			ok(false, "try %u: mean %g, most %g", tries, sum / 1000,
				most);
			return;
		}
	}
	ok(true, "waits double up to a minute, with full jitter");
}

/*
 * A server that takes ${rate} requests a second and answers each after a second;
 * what is more gets a 429. Returns the share of requests that were refused in
 * the second half of ten minutes; ${done} is how many a second were answered.
 */
static double
against(double rate, unsigned jobs, double *done)
{
	struct hints none = said(-1, -1);
	unsigned flying[1000] = { 0 }, total = 0, sent = 0, refused = 0;
	double tokens = rate, answered = 0;
	struct pace p;

	pace_init(&p, jobs, 3);
	for (int tick = 0; tick < 6000; tick++) { /* tenths of a second */
		double now = tick / 10.0;
		unsigned due = flying[tick % 10], n = 0;

		flying[tick % 10] = 0;
		total -= due;
		answered += tick >= 3000 ? due : 0;
		while (due--)
			pace_good(&p, now);
		tokens = fmin(tokens + rate / 10, rate);
		for (unsigned room = pace_room(&p, now, total); room; room--) {
			sent += tick >= 3000;
			if (tokens >= 1) {
				tokens--;
				n++;
				continue;
			}
			refused += tick >= 3000;
			pace_slow(&p, now, 1, &none);
		}
		flying[tick % 10] = n;
		total += n;
	}
	*done = answered / 300;
	return sent ? (double)refused / sent : 0;
}

static void
servers(void)
{
	static const double rates[] = { 5, 20, 50, 90, 1000 };

	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		double done, share = against(rates[i], 100, &done);
		double can = fmin(rates[i], 100);

		ok(done > 0.75 * can && share < 0.1,
			"a server that takes %g a second answers %.1f, refuses "
			"%.1f %%",
			rates[i], done, 100 * share);
	}
}

int
main(void)
{
	growth();
	refusals();
	jitter();
	servers();
	return tap_done();
}
