/*
 * pool: records with their rewards, by prompt, until all are in.
 *
 * A pool keeps records in their order and knows which belong to the same group.
 * It keeps their text as well, as much of it as can still be wanted: with ${best}
 * and ${worst} set, that of so many records of a group at either end. A zeroed
 * struct is an empty pool that keeps everything.
 */
#ifndef EVAL_POOL_H
#define EVAL_POOL_H

#include "base/map.h"
#include "record/rec.h"

enum pool_fate {
	POOL_RANKED,   /* it has a reward and is in a group */
	POOL_UNRANKED, /* its reward is null */
	POOL_FAILED,   /* it carries "error" */
};

#define POOL_NO_GROUP UINT32_MAX

struct pool_item {
	char *line; /* NULL: nobody can want it any more */
	size_t len;
	double reward;
	uint32_t group;
	enum pool_fate fate;
	const char *file; /* where it came from, for messages */
	uint64_t number;
};

struct pool_group {
	size_t first; /* the item that opened it */
	size_t *v;    /* items whose lines are there */
	size_t n, cap;
	size_t seen; /* items that were ever in it */
	double least, most;
};

struct pool {
	size_t best, worst; /* keep so many of a group; both 0: all */
	struct map names;
	struct pool_group *groups; /* by index in ${names} */
	struct pool_item *items;
	size_t n, cap, groups_cap;
};

/* pool_add(p, r, group, reward): A record that belongs to ${group}. */
void pool_add(
	struct pool *p, const struct rec *r, struct span group, double reward);

/* pool_keep(p, r, fate): One that belongs to none. */
void pool_keep(struct pool *p, const struct rec *r, enum pool_fate fate);

/*
 * pool_rank(p, g): Put the group's items in the order of their rewards, highest
 * first; equal ones stay in theirs.
 */
void pool_rank(const struct pool *p, struct pool_group *g);

void pool_release(struct pool *p);

#endif
