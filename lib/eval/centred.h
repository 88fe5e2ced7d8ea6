/*
 * centred: rewards as they compare to those of the ideal completions.
 *
 * Rewards of different prompts do not compare. So each is taken less the mean
 * reward of the ideal completions of its prompt, once as the reward model has it
 * (before) and once with the rules (after); and they are told apart by label.
 * Prompts without an ideal completion have nothing to be compared to.
 */
#ifndef EVAL_CENTRED_H
#define EVAL_CENTRED_H

#include "eval/sheet.h"

enum { CENTRED_BEFORE, CENTRED_AFTER, CENTRED_TIMES };

struct centred_label {
	struct span name;
	bool ideal;
	double *v[CENTRED_TIMES]; /* sorted */
	size_t n;
};

struct centred {
	struct centred_label
		*labels; /* those that are there, better ones first */
	size_t nlabels;
	size_t prompts, without; /* that have, and have no ideal completion */
};

/* centred_of(c, t): ${t} is a sheet of rewards. Release it with: */
void centred_of(struct centred *c, const struct sheet_type *t);
void centred_release(struct centred *c);

#endif
