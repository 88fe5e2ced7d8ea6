/*
 * weights: what each feature adds to a reward, by response type.
 *
 * The file is the JSON object that cupel-fit writes; of its members only
 * "weights" counts here: {"weights":{"Hard Refuse":{"ideal":1.5,...},...}}.
 * Response types are called as in rules.h.
 */
#ifndef EVAL_WEIGHTS_H
#define EVAL_WEIGHTS_H

#include "base/arena.h"

struct weights_type {
	struct span key; /* "hard_refuse" */
	struct weights_item {
		struct span feature;
		double weight;
	} * items;
	size_t n;
};

struct weights {
	struct arena arena; /* holds everything below */
	const char *path;
	struct weights_type *types;
	size_t n;
};

/* weights_load(w, path, e): Returns 0, or -1 with ${e} filled. */
int weights_load(struct weights *w, const char *path, struct err *e);

void weights_release(struct weights *w);

#endif
