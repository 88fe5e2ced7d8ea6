/*
 * advantage: what a reward is worth within its group.
 *
 * Policy gradient methods compare the rewards of a prompt's completions with
 * each other. With m the group's mean and s its sample deviation (n - 1):
 *
 *	grpo           (r - m) / (s + 1e-4)      as in TRL
 *	grpo-verl      (r - m) / (s + 1e-6)      as in verl, where a single
 *	                                         completion has m = 0 and s = 1
 *	grpo-openrlhf  (r - m) / (s + 1e-9)      as in OpenRLHF
 *	dr-grpo        r - m
 *	rloo           r - mean of the others
 *	batch          (r - m) / (S + 1e-4)      S: deviation of all rewards
 *
 * Where all rewards of a group are equal every advantage is exactly 0, which
 * sums in floating point would not give: dividing their rounding error by a
 * small epsilon would make an advantage of it.
 */
#ifndef STAT_ADVANTAGE_H
#define STAT_ADVANTAGE_H

#include <stddef.h>

enum advantage {
	ADVANTAGE_GRPO,
	ADVANTAGE_GRPO_VERL,
	ADVANTAGE_GRPO_OPENRLHF,
	ADVANTAGE_DR_GRPO,
	ADVANTAGE_RLOO,
	ADVANTAGE_BATCH,
};

/* Their names in that order, NULL-ended. */
extern const char *const advantage_names[];

/*
 * advantage_group(kind, r, n, deviation, out): The advantages of the ${n}
 * rewards of one group. ${deviation} is S, for the kind that needs it. NaN where
 * there is no such thing: rloo of a single reward.
 */
void advantage_group(enum advantage kind, const double *r, size_t n,
	double deviation, double *out);

#endif
