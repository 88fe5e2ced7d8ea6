/*
 * agreement: what cupel-agree can compare with what people say.
 *
 * A run makes one comparison. Each is a mode that takes all records in, one at
 * a time, and then has something to print.
 */
#ifndef EVAL_AGREEMENT_H
#define EVAL_AGREEMENT_H

#include "eval/leftout.h"

struct agreement_how {
	const char *by; /* a jq program's text, or NULL */
	uint64_t seed;
	bool table;

	/* a grader's verdicts */
	uint64_t rounds;
	bool people;

	/* probabilities of propositions */
	const char *labels; /* a jq program's text, or NULL: "labels" */
	double threshold;
	bool tune;
	int aim; /* of tuning: an enum threshold_aim */
	double train;

	/* rewards */
	const char *orderings; /* a path */
	const char *base,
		*reward;    /* jq programs, or NULL for the usual members */
	const char *figure; /* a path, or NULL */
};

struct agreement_mode {
	/* A state, or NULL with ${e} filled. ${how} must outlive it. */
	void *(*open)(const struct agreement_how *how, struct err *e);

	/* Take a record in, or leave it out and say so to ${left}. */
	void (*take)(void *state, struct rec *r, struct leftout *left);

	/*
	 * Append lines, each with its end, to ${out}. Returns 0, or -1 with
	 * ${e} filled where something could not be written.
	 */
	int (*print)(void *state, const struct leftout *left, struct buf *out,
		struct err *e);

	void (*close)(void *state); /* NULL is fine */
};

extern const struct agreement_mode agreement_verdicts, agreement_propositions,
	agreement_rewards;

#endif
