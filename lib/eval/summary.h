/*
 * summary: what the values of one series come to.
 *
 * The mean is of the values in the order in which they came, as numpy adds
 * them; where that order is no longer known, their sum is rounded but once, so
 * that the two are as close as can be. All else goes by identity, so that neither order nor sharding shows. The interval is that of
 * the mean before any clipping: percentiles of bootstrap means, in which the
 * values of one owner (the samples of a prompt) are drawn together.
 */
#ifndef EVAL_SUMMARY_H
#define EVAL_SUMMARY_H

#include "eval/tally.h"

#define SUMMARY_MOST_ROUNDS 10000000 /* of a bootstrap: they are kept */

struct summary_how {
	uint64_t seed;
	uint64_t rounds; /* of the bootstrap; 0 for none */
	bool merged;     /* the values' order means nothing */
};

struct summary {
	size_t n;
	double mean;
	double std; /* of the values, as a population */

	bool drawn;          /* there was a bootstrap: the rest exists */
	double low, high;    /* 95 % of its means; NaN for a single owner */
	double boot_std;     /* of the means, every value for itself */
	double boot_clipped; /* the same, each mean clipped to [0, 1] first */
};

/*
 * summary_of(s, group, how): ${s} is not empty. The draws depend on the seed,
 * ${group} (its JSON text) and the series' name.
 */
struct summary summary_of(const struct tally_series *s, struct span group,
	const struct summary_how *how);

/* Which owners have a worst of k: those that have enough values. */
struct summary_enough {
	size_t enough; /* values: as many as most owners have, or the greatest k */
	bool usual;    /* it is the former */
	size_t owners;               /* that have so many or more */
	size_t short_row, short_has; /* the first that has fewer, if any has */
	size_t greatest;             /* number of values that an owner has */
};

/*
 * summary_enough(s, most): For k up to ${most}. Of two numbers that are equally
 * common the greater one is what most owners have.
 */
struct summary_enough summary_enough(const struct tally_series *s, size_t most);

/*
 * summary_worst_at(s, most, out): Put the mean of worst-at-k over the owners
 * that have enough values, for k from 1 to ${most}, into out[k-1]; NaN where
 * there is no such owner.
 */
void summary_worst_at(const struct tally_series *s, size_t most, double *out);

/* The values of one "sample" of all prompts, and all such runs. */
struct summary_run {
	struct span sample; /* JSON text */
	size_t n;
	double mean;
};

struct summary_runs {
	struct summary_run *v;
	size_t n;
	double mean, std, min, max; /* of the runs' means: for the caller */
	struct arena arena;
};

/*
 * summary_runs(t, s, merged, r): The runs in the order of their sample numbers.
 * Where records have no "sample", the first record of each id is in run 0, the
 * second in run 1, as they came.
 */
void summary_runs(const struct tally *t, const struct tally_series *s,
	bool merged, struct summary_runs *r);

void summary_runs_release(struct summary_runs *r);

/*
 * summary_unnumbered(t, s): Does an id come more than once without a "sample",
 * so that runs depend on the order of the records?
 */
bool summary_unnumbered(const struct tally *t, const struct tally_series *s);

#endif
