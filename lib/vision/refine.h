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
#define REFINE_PARTS 2

/* Over errors: d'd and d' times the error, d being slopes by nine elements. */
struct refine_sums {
	double dd[81], de[9]; /* dd in its upper triangle */
};

struct refine {
	size_t params, parts;
	/*
	 * The sum of squares at ${m}; where ${sums} is there, fills as many
	 * of them, from zeroes, as there are parts: of the matrix, of its inverse, say.
	 */
	double (*cost)(const double m[9], const struct dlt_pairs *p,
		struct refine_sums *sums);
	/* How each part changes with the parameters; false where it cannot. */
	bool (*tangents)(
		const double m[9], double to[REFINE_PARTS][REFINE_MAX][9]);
	/* Where ${step} leads from ${m}; false where that is nowhere. */
	bool (*move)(const double m[9], const double *step, double to[9]);
};

/* refine_add(sums, d, error): What a model's cost adds an error with. */
void refine_add(struct refine_sums *sums, const double d[9], double error);

/*
 * refine_run(model, p, m, steps): Improve ${m} in at most ${steps} steps. It is
 * never worse afterwards.
 */
void refine_run(const struct refine *model, const struct dlt_pairs *p,
	double m[9], int steps);

#endif
