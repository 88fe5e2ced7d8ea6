#include <math.h>

#include "model/pace.h"

void
pace_init(struct pace *p, unsigned jobs, uint64_t seed)
{
	*p = (struct pace){ .ceiling = jobs };
	p->limit = jobs < PACE_START ? jobs : PACE_START;
	p->cool = p->episode = p->grow = -INFINITY;
	rng_init(&p->rng, seed, 0);
}

unsigned
pace_room(const struct pace *p, double now, unsigned flying)
{
	unsigned limit = (unsigned)p->limit;

	return now < p->cool || flying >= limit ? 0 : limit - flying;
}

void
pace_good(struct pace *p, double now)
{
	if (now < p->grow)
		return;
	p->limit += p->found ? 0.05 : 1;
	if (p->limit > p->ceiling)
		p->limit = p->ceiling;
}

/*
 * Exponential, with full jitter: requests that failed together do not come back
 * together.
 */
static double
backoff(struct pace *p, unsigned tries)
{
	double longest = PACE_BASE * exp2(tries > 32 ? 31 : tries - 1.0);

	return rng_unit(&p->rng) * fmin(longest, PACE_CAP);
}

/* What the server said about time, and a little more for each to be spread. */
static double
asked_for(struct pace *p, unsigned tries, const struct hints *h)
{
	double wait = backoff(p, tries);

	return h->after > 0 ? h->after + fmin(wait, 1 + h->after / 10) : wait;
}

double
pace_slow(struct pace *p, double now, unsigned tries, const struct hints *h)
{
	double wait = asked_for(p, tries, h), cool = h->after;

	if (cool < 0)
		cool = h->reset < 0 ? fmin(wait, 1) : fmin(h->reset, PACE_CAP);
	p->cool = fmax(p->cool, now + cool);
	if (now >= p->episode) {
		p->limit = fmax(p->limit * 0.8, 1);
		p->episode = now + fmax(PACE_EPISODE, cool);
	}
	p->found = true;
	p->grow = fmax(p->grow, p->cool + PACE_EPISODE);
	return fmax(wait, p->cool - now);
}

double
pace_bad(struct pace *p, double now, unsigned tries, const struct hints *h)
{
	p->grow = fmax(p->grow, now + PACE_EPISODE);
	return asked_for(p, tries, h);
}
