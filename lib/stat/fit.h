/*
 * fit: weights that keep pairs in order.
 *
 * Two ways to the same end, the least hinge loss over the pairs of a struct
 * hinge. fit_adamw is what the paper did (Mu et al., "Rule Based Rewards for
 * Language Model Safety", 2024, section 4.3): so many full-batch steps of AdamW
 * (Loshchilov and Hutter, 2019) from zero; its result depends on how many.
 * fit_exact finds the minimum of
 *
 *	loss(w) + l2/2 |w|^2
 *
 * and proves it by a dual bound. Both are in double precision, deterministic,
 * and the same on every machine that rounds as IEEE 754 says.
 */
#ifndef STAT_FIT_H
#define STAT_FIT_H

#include <stdint.h>

#include "hinge.h"

struct fit_adamw {
	double lr, decay; /* decoupled: a step first shrinks w by lr * decay */
	double beta1, beta2, eps;
	uint64_t iterations;
};

/* fit_adamw(h, how, w): From zero to ${w}, step by step as torch does. */
void fit_adamw(const struct hinge *h, const struct fit_adamw *how, double *w);

struct fit_proof {
	double objective; /* of the weights */
	double gap;       /* the least objective is at most so much lower */
	unsigned steps;
	bool reached; /* the gap is as small as was asked for */
};

#define FIT_GAP 1e-10 /* relative to 1 + objective: when fit_exact is done */

/*
 * fit_exact(h, l2, w): The minimum for an ${l2} above 0, by a primal-dual
 * interior-point method of at most some hundred steps, each linear in the number
 * of pairs. The gap is computed, not estimated; it is a bound whatever happened
 * on the way.
 */
struct fit_proof fit_exact(const struct hinge *h, double l2, double *w);

#endif
