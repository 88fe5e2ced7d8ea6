/*
 * roster: image records that are matched with those behind them.
 *
 * All records are held in memory, as they are when they are added, and then the
 * pairs are handed out in their order: the first with the second, with the third
 * and so on, then the second with the third. A zeroed struct is an empty roster
 * that pairs nothing.
 */
#ifndef VISION_ROSTER_H
#define VISION_ROSTER_H

#include "record/rec.h"

struct roster {
	uint64_t reach; /* each with so many behind it; UINT64_MAX: with all */
	struct span *images;
	size_t n, cap;
	size_t query, match; /* of the pair handed out last; 0, 0: none yet */
	struct arena arena;
};

/* roster_add(s, r): One more image: a copy of its record. */
void roster_add(struct roster *s, const struct rec *r);

/* roster_next(s, images): The next pair's records; false at the end. */
bool roster_next(struct roster *s, struct span images[2]);

void roster_release(struct roster *s);

#endif
