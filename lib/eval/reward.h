/*
 * reward: what a plan makes of a record: classes, features and a reward.
 *
 * With rules a record gets "classes", "class" and "features"; where there are
 * weights its "reward" is a base plus the weighted sum of its features, and
 * "explain" tells what moved it. Without rules the features are those that the
 * record has. Members that are in use are on every record that came without an
 * error: null where it fails before they are known. They live until the next
 * record is given.
 */
#ifndef EVAL_REWARD_H
#define EVAL_REWARD_H

#include "eval/features.h"
#include "eval/plan.h"

struct reward_how {
	const char *base; /* the jq program for the base; NULL: .rm_score */
	bool exact;       /* class probabilities, not their product */
	bool explain;
};

struct reward {
	struct reward_how how;
	const struct plan *plan;
	struct expr *base;
	struct features of;
	double *values;     /* of the record's features: those of ${of}, */
	struct span *texts; /* or without rules those that it has */
	struct reward_moved *moved;
	struct arena arena;
	struct buf text; /* of the record's new members, but for */
	struct buf classes, features;
	struct buf value;  /* of the base */
	struct buf so_far; /* the record with its classes, for conditions */
};

/*
 * reward_init(w, p, how, e): Ready to go by ${p}, which must outlive ${w}. 0 or
 * -1: the base is no jq program, or the rules are too large to be exact about.
 */
int reward_init(struct reward *w, const struct plan *p,
	const struct reward_how *how, struct err *e);

/* reward_give(w, r): Set the members, or put on the record why they are null. */
void reward_give(struct reward *w, struct rec *r);

void reward_release(struct reward *w);

#endif
