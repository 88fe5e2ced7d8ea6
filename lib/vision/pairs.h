/*
 * pairs: matched points in the order in which they are searched.
 *
 * Equal pairs are one. The order is the pairs' own, shuffled by a seed, so it
 * does not matter in which order they came; any first few of them are a fair
 * draw. Those that share no point with another pair come first: they count
 * without a look at the others.
 */
#ifndef VISION_PAIRS_H
#define VISION_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

struct pairs {
	size_t n, lone;        /* all of them; those first share no point */
	double (*at)[4];       /* x1 y1 x2 y2 */
	uint32_t *from;        /* which one it was: the first of equal ones */
	uint32_t (*points)[2]; /* numbers of its points, below n, per image */
};

/*
 * pairs_make(p, at, from, n, rng): ${at} and ${from} are arrays of ${n} that
 * ${p} takes over, even if there are none.
 */
void pairs_make(struct pairs *p, double (*at)[4], uint32_t *from, size_t n,
	struct rng *rng);

/* pairs_some(p, index, n, to): Copies of some pairs, as if all were lone. */
void pairs_some(const struct pairs *p, const uint32_t *index, size_t n,
	struct pairs *to);

void pairs_release(struct pairs *p);

#endif
