/*
 * pool: records with their rewards, by prompt, until all are in.
 *
 * A pool keeps records in their order and knows which belong to the same group.
 * It keeps their text as well, as much of it as can still be wanted: with ${best}
 * and ${worst} set, that of so many records of a group at either end. A zeroed
 * struct is an empty pool that keeps everything. What is chosen from a pool is a
 * function of its groups: the first of a ranked group, its pairs, what each
 * record is worth beside the others.
 */
#ifndef EVAL_POOL_H
#define EVAL_POOL_H

#include "base/map.h"
#include "record/rec.h"
#include "stat/advantage.h"

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

struct pool_member {
	double reward;
	size_t item;
};

struct pool_group {
	size_t first;          /* the item that opened it */
	struct pool_member *v; /* those whose lines are there */
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
 * pool_load(p, item, r, e): Make ${r} the item's record, for as long as the pool
 * lives. Returns 0, or -1 where its line is gone.
 */
int pool_load(const struct pool *p, size_t item, struct rec *r, struct err *e);

/*
 * pool_rank(g): Put the group's members in the order of their rewards, highest
 * first; equal ones stay in theirs.
 */
void pool_rank(struct pool_group *g);

/* A walk over the pairs of a ranked group. Begin with ${g} and ${gap} set. */
struct pool_pairs {
	const struct pool_group *g;
	double gap; /* rewards that differ by less, or not at all, are no pair */
	size_t nearer,
		at; /* ranks less apart than the ends; the better's rank */
};

/*
 * pool_pair(walk, better, worse): The next pair, or false. Those furthest apart
 * in rank come first, so that a walk cut short has seen the clearest.
 */
bool pool_pair(struct pool_pairs *walk, const struct pool_member **better,
	const struct pool_member **worse);

/*
 * pool_advantages(p, kind): What stat/advantage makes of each item's reward
 * within its group, in the items' order; NaN where there is no such thing. The
 * caller frees it.
 */
double *pool_advantages(const struct pool *p, enum advantage kind);

/* Groups from which nothing can be learned by comparing. */
struct pool_counts {
	uint64_t single; /* one record, compared to nothing */
	uint64_t tied;   /* equal rewards */
	uint64_t close;  /* no two that differ by the gap */
};

/* pool_count(p, gap): How many there are. */
struct pool_counts pool_count(const struct pool *p, double gap);

void pool_release(struct pool *p);

#endif
