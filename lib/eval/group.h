/*
 * group: which records are about the same prompt.
 *
 * Records belong together whose "id" is the same, or else "prompt_id", or where
 * there is neither the prompt itself; or for which a jq program of the user's
 * gives the same value. Sameness is that of emit_value's spelling, so it does
 * not depend on who wrote the JSON.
 */
#ifndef EVAL_GROUP_H
#define EVAL_GROUP_H

#include "record/expr.h"
#include "record/rec.h"

struct group {
	struct expr *by; /* NULL: by identity */
	struct buf value;
};

/* group_init(g, by, e): ${by} is the program's text or NULL. Returns 0 or -1. */
int group_init(struct group *g, const char *by, struct err *e);

/*
 * group_key(g, r, key, e): Append what the record is grouped by to ${key}.
 * Returns 0, or -1 where it has nothing to go by.
 */
int group_key(
	struct group *g, const struct rec *r, struct buf *key, struct err *e);

/* group_side(seed, key): Uniform in [0, 1): for a split by prompt. */
double group_side(uint64_t seed, struct span key);

void group_release(struct group *g);

#endif
