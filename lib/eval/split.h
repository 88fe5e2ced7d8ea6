/*
 * split: named shares, such as train=0.8,test=0.2.
 */
#ifndef EVAL_SPLIT_H
#define EVAL_SPLIT_H

#include "base/arena.h"

struct split {
	struct arena arena;
	struct split_part {
		struct span json; /* the name as a JSON string */
		double end;       /* of its share of [0, 1) */
	} * parts;
	size_t n, cap;
};

/* split_read(s, text, e): Returns 0, or -1 with what is expected in ${e}. */
int split_read(struct split *s, const char *text, struct err *e);

/* split_part(s, side): The name of the share that ${side}, of [0, 1), is in. */
struct span split_part(const struct split *s, double side);

void split_release(struct split *s);

#endif
