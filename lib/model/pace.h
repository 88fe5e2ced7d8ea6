/*
 * pace: how many requests may be in flight, and when one is tried again.
 *
 * The number of requests in flight begins small and doubles until the server
 * first says that it is too much (429); from then on it grows by a twentieth a
 * round. Each episode of such replies takes a fifth off, once, and every one
 * stops all requests until the time that the server asks for has passed, or up
 * to a second where it asks for none. Other failures only keep the number from
 * growing for a while. Pure functions: time comes in as seconds on any clock
 * that does not jump.
 */
#ifndef MODEL_PACE_H
#define MODEL_PACE_H

#include "base/rng.h"
#include "model/hints.h"

#define PACE_START 20   /* requests in flight at the beginning */
#define PACE_EPISODE 15 /* seconds in which refusals count as one episode */
#define PACE_BASE 0.5   /* seconds: the longest wait before the second try */
#define PACE_CAP 60     /* seconds: the longest wait between two tries */

struct pace {
	double limit;   /* how many may be in flight, and a fraction */
	double ceiling; /* and at the most */
	bool found;     /* the server's own limit was met */
	double cool;    /* nothing starts before */
	double episode; /* refusals before then belong to the last episode */
	double grow;    /* the limit does not grow before */
	struct rng rng;
};

/* pace_init(p, jobs, seed): At most ${jobs} in flight; ${seed} for jitter. */
void pace_init(struct pace *p, unsigned jobs, uint64_t seed);

/* pace_room(p, now, flying): How many requests may start now. */
unsigned pace_room(const struct pace *p, double now, unsigned flying);

/* pace_good(p, now): A request succeeded at its first try. */
void pace_good(struct pace *p, double now);

/*
 * pace_slow(p, now, tries, h): The server refused one more for now (429) after
 * ${tries} tries of that request. Returns the seconds that it should wait.
 */
double pace_slow(
	struct pace *p, double now, unsigned tries, const struct hints *h);

/* pace_bad(p, now, tries, h): The same for any other failure that may pass. */
double pace_bad(
	struct pace *p, double now, unsigned tries, const struct hints *h);

#endif
