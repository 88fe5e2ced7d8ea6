/*
 * draw: a random choice of records.
 *
 * Every record has a key, a hash of the seed and of what identifies it: "id" or
 * "prompt_id" with "sample", or the whole line where there is none. A sample of
 * n is the n smallest keys of each stratum, a shuffle is the order of the keys.
 * So the choice depends on the set of records and the seed, never on the order
 * or the sharding of the input, and only the sample is held in memory.
 */
#ifndef EVAL_DRAW_H
#define EVAL_DRAW_H

#include "base/map.h"
#include "record/rec.h"

/*
 * draw_key(seed, r): The record's key.
 */
uint64_t draw_key(uint64_t seed, const struct rec *r);

/*
 * draw_chance(seed, r), draw_side(seed, r): Uniform in [0, 1), independent of
 * each other and of the key: one for each record, one for each prompt, so that
 * all draws of a prompt fall on the same side of a split.
 */
double draw_chance(uint64_t seed, const struct rec *r);
double draw_side(uint64_t seed, const struct rec *r);

struct draw_item {
	uint64_t key;
	size_t order; /* among all records put, from 0 */
	struct span line;
	bool failed; /* carries "error": chosen whatever the quota */
};

struct draw_stratum {
	struct draw_item *v;
	size_t n, cap;
	size_t put;     /* records that were put into it */
	uint64_t limit; /* a key above it cannot be in the sample any more */
};

struct draw {
	size_t count;     /* at most so many of a stratum: SIZE_MAX for all */
	double fraction;  /* or this share of it, rounded; 1 for all */
	struct map names; /* of the strata */
	struct draw_stratum *strata;
	size_t cap, put;
};

/* draw_put(d, stratum, key, r): Consider the record, as it would be printed. */
void draw_put(
	struct draw *d, struct span stratum, uint64_t key, const struct rec *r);

/* draw_keep(d, r): Take the record whatever the quota: it carries "error". */
void draw_keep(struct draw *d, const struct rec *r);

enum draw_order { DRAW_INPUT, DRAW_SHUFFLED };

/*
 * draw_take(d, order, n): The chosen records, ${*n} of them, in that order.
 * The array is the caller's to free; the lines stay ${d}'s. Once only.
 */
struct draw_item *draw_take(struct draw *d, enum draw_order order, size_t *n);

/*
 * draw_python(v, n, k, seed): Of the ${n} items leave those that Python's
 * random.Random(seed).sample(items, k) draws, in its order, or all of them where
 * there are no more than ${k}; records that failed follow. Returns how many.
 */
size_t draw_python(struct draw_item *v, size_t n, size_t k, uint64_t seed);

void draw_release(struct draw *d);

#endif
