/* What headers say about waiting. */
#include "model/hints.h"
#include "tap.h"

#define NOW 784111700.0 /* 77 seconds before Sun, 06 Nov 1994 08:49:37 GMT */

static struct hints
read_lines(const char *const *lines)
{
	struct hints h;

	hints_init(&h);
	for (; *lines; lines++)
		hints_line(&h, span_str(*lines), NOW);
	hints_done(&h);
	return h;
}

#define READ(...) read_lines((const char *const[]){ __VA_ARGS__, NULL })

static bool
near(double a, double b)
{
	return a - b < 1e-6 && b - a < 1e-6;
}

static void
durations(void)
{
	static const struct {
		const char *text;
		double want;
	} cases[] = {
		{ "1s", 1 },
		{ "6m0s", 360 },
		{ "12ms", 0.012 },
		{ "1h2m3.5s", 3723.5 },
		{ "1m12ms", 60.012 },
		{ "250us", 250e-6 },
		{ "250\xc2\xb5s", 250e-6 },
		{ "7ns", 7e-9 },
		{ "1d", 86400 },
		{ "30", 30 },
		{ " 0.5 ", 0.5 },
		{ ".5", 0.5 },
		{ "0", 0 },
		{ "", -1 },
		{ "-1", -1 },
		{ "soon", -1 },
		{ "5x", -1 },
		{ "5s3", -1 },
		{ "1e3", -1 },
		{ "nan", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(near(hints_duration(span_str(cases[i].text)), cases[i].want),
			"duration \"%s\"", cases[i].text);
}

static void
dates(void)
{
	static const struct {
		const char *text;
		double want;
	} cases[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Thu, 29 Feb 2024 23:59:60 GMT", 1709251200 },
		{ "1994-11-06T08:49:37Z", 784111777 },
		{ "1994-11-06T08:49:37.5Z", 784111777.5 },
		{ "1994-11-06T09:49:37+01:00", 784111777 },
		{ "1994-11-06T00:49:37-08:00", 784111777 },
		{ "1994-13-06T08:49:37Z", -1 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", -1 },
		{ "Sun, 06 Now 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 anF 1994 08:49:37 GMT", -1 },
		{ "Sun, 06", -1 },
		{ "1994", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(near(hints_date(span_str(cases[i].text)), cases[i].want),
			"date \"%s\"", cases[i].text);
}

static void
headers(void)
{
	ok(READ("Date: x").after < 0 && READ("Date: x").reset < 0,
		"nothing is said");
	ok(near(READ("Retry-After: 2.5\r\n").after, 2.5), "seconds");
	ok(near(READ("retry-after: Sun, 06 Nov 1994 08:49:37 GMT").after, 77),
		"a date");
	ok(near(READ("Retry-After: Sun, 06 Nov 1994 08:00:00 GMT").after, 0),
		"a date that has passed");
	ok(READ("Retry-After: later").after < 0, "nonsense says nothing");
	ok(near(READ("retry-after-ms: 1500", "Retry-After: 9").after, 1.5) &&
			near(READ("Retry-After: 9", "retry-after-ms: 1500")
					.after,
				1.5),
		"milliseconds win");
	is_int(READ("x-should-retry: false").retry, HINTS_GIVE_UP,
		"x-should-retry: false");
	is_int(READ("X-Should-Retry: true").retry, HINTS_RETRY,
		"x-should-retry: true");
	is_str(READ("X-Request-ID: req_1").id, "req_1", "x-request-id");
	is_str(READ("request-id: req_2").id, "req_2", "request-id");
}

static void
resets(void)
{
	ok(near(READ("x-ratelimit-reset-requests: 8s",
			"x-ratelimit-reset-tokens: 6m0s")
			   .reset,
		   8),
		"the sooner limit, as it may be either");
	ok(near(READ("x-ratelimit-remaining-tokens: 0",
			"x-ratelimit-remaining-requests: 10",
			"x-ratelimit-reset-requests: 8s",
			"x-ratelimit-reset-tokens: 6m0s")
			   .reset,
		   360),
		"the limit that is used up");
	ok(near(READ("x-ratelimit-reset-tokens: 12ms").reset, 0.012),
		"milliseconds are not minutes");
	ok(near(READ("anthropic-ratelimit-input-tokens-reset: "
		     "1994-11-06T08:49:37Z")
			   .reset,
		   77),
		"a time");
	ok(near(READ("X-RateLimit-Reset: 1784111700000").reset, 1e9),
		"milliseconds since 1970");
	ok(near(READ("X-RateLimit-Reset: 1784111700").reset, 1e9),
		"seconds since 1970");
	ok(READ("x-ratelimit-reset-requests: ?").reset < 0, "nonsense");
}

int
main(void)
{
	durations();
	dates();
	headers();
	resets();
	return tap_done();
}
