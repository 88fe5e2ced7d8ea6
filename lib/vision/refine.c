#include "refine.h"

#include <math.h>
#include <string.h>

#include "linear.h"

#define DAMPING 1e-4
#define DAMPING_MAX 1e8
#define GAIN 1e-6 /* relative: less is not worth a step */

void
refine_add(struct refine_sums *sums, const double *gradient, double error)
{
	size_t n = sums->params;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++)
			sums->jj[i * n + j] += gradient[i] * gradient[j];
		sums->jr[i] += gradient[i] * error;
	}
}

/* The step for a damping; false where there is none. */
static bool
solve(const struct refine_sums *sums, double damping, double *step)
{
	double a[REFINE_MAX * REFINE_MAX];
	size_t n = sums->params;

	memcpy(a, sums->jj, sizeof(a));
	for (size_t i = 0; i < n; i++) {
		a[i * n + i] *= 1 + damping;
		step[i] = -sums->jr[i];
	}
	return linear_solve(a, step, n);
}

void
refine_run(const struct refine *model, const struct dlt_pairs *p, double m[9],
	int steps)
{
	struct refine_sums sums = { .params = model->params };
	double cost = model->cost(m, p, &sums), damping = DAMPING;

	while (steps-- > 0 && cost > 0 && damping < DAMPING_MAX) {
		double step[REFINE_MAX], to[9], then = INFINITY, gain;

		if (solve(&sums, damping, step) && model->move(m, step, to))
			then = model->cost(to, p, NULL);
		if (!(then < cost)) {
			damping *= 16;
			continue;
		}
		gain = cost - then;
		memcpy(m, to, sizeof(to));
		if (gain < GAIN * cost)
			break;
		damping /= 8;
		memset(sums.jj, 0, sizeof(sums.jj));
		memset(sums.jr, 0, sizeof(sums.jr));
		cost = model->cost(m, p, &sums);
	}
}
