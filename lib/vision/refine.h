/*
 * refine: a matrix moved to where the sum of squared errors is least.
 *
 * Levenberg's and Marquardt's method (Marquardt 1963) on at most 8 parameters,
 * which are steps away from the matrix at hand: a model says what its errors are
 * there, how they change, and where a step leads.
 */
#ifndef VISION_REFINE_H
#define VISION_REFINE_H

#include "vision/dlt.h"

#define REFINE_MAX 8

/* J'J and J'r, summed over errors; rows of as many as there are parameters. */
struct refine_sums {
	size_t params;
	double jj[REFINE_MAX * REFINE_MAX], jr[REFINE_MAX];
};

struct refine {
	size_t params;
	/* The sum of squares at ${m}; fills ${sums}, from zeroes, if any. */
	double (*cost)(const double m[9], const struct dlt_pairs *p,
		struct refine_sums *sums);
	/* Where ${step} leads from ${m}; false where that is nowhere. */
	bool (*move)(const double m[9], const double *step, double to[9]);
};

/* refine_add(sums, gradient, error): What a model's cost adds an error with. */
void refine_add(struct refine_sums *sums, const double *gradient, double error);

/*
 * refine_run(model, p, m, steps): Improve ${m} in at most ${steps} steps. It is
 * never worse afterwards.
 */
void refine_run(const struct refine *model, const struct dlt_pairs *p,
	double m[9], int steps);

#endif
