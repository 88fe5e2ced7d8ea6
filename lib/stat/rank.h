/*
 * rank: how often scores put the worse one of a pair first.
 *
 * A tie is no error of the kind that a reward model makes, and no success
 * either: it is counted apart.
 */
#ifndef STAT_RANK_H
#define STAT_RANK_H

#include <stdint.h>

struct rank {
	uint64_t n, worse_above, tied;
};

static inline void
rank_add(struct rank *r, double better, double worse)
{
	r->n++;
	r->worse_above += worse > better;
	r->tied += !(worse > better) && !(better > worse);
}

#endif
