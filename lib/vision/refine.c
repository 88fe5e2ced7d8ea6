#include "refine.h"

#include <math.h>
#include <string.h>

#include "linear.h"

#define DAMPING 1e-4
#define DAMPING_MAX 1e8
#define GAIN 1e-5 /* relative: less is not worth a step */

/* J'J and J'e, by the parameters. */
struct normal {
	size_t n;
	double jj[REFINE_MAX * REFINE_MAX], je[REFINE_MAX];
};

void
refine_add(struct refine_sums *sums, const double d[9], double error)
{
	dlt_row(sums->dd, d);
	for (int i = 0; i < 9; i++)
		sums->de[i] += d[i] * error;
}

/* Add t dd t' and t de. */
static void
project(const struct refine_sums *sums, double t[REFINE_MAX][9],
	struct normal *to)
{
	for (size_t i = 0; i < to->n; i++) {
		double row[9] = { 0 };

		for (int k = 0; k < 9; k++) {
			to->je[i] += t[i][k] * sums->de[k];
			for (int l = 0; l < 9; l++)
				row[l] += t[i][k] *
				          sums->dd[k <= l ? 9 * k + l
							  : 9 * l + k];
		}
		for (size_t j = 0; j <= i; j++)
			for (int l = 0; l < 9; l++)
				to->jj[i * to->n + j] += row[l] * t[j][l];
	}
}

/* The normal equations at m. */
static bool
normal_at(const struct refine *model, const struct dlt_pairs *p,
	const double m[9], struct normal *to)
{
	struct refine_sums sums[REFINE_PARTS] = { { { 0 }, { 0 } } };
	double t[REFINE_PARTS][REFINE_MAX][9];

	*to = (struct normal){ .n = model->params };
	if (!model->tangents(m, t))
		return false;
	model->cost(m, p, sums);
	for (size_t i = 0; i < model->parts; i++)
		project(&sums[i], t[i], to);
	return true;
}

/* The step for a damping; false where there is none. */
static bool
solve(const struct normal *of, double damping, double *step)
{
	double a[REFINE_MAX * REFINE_MAX];
	size_t n = of->n;

	memcpy(a, of->jj, sizeof(a));
	for (size_t i = 0; i < n; i++) {
		a[i * n + i] *= 1 + damping;
		step[i] = -of->je[i];
	}
	if (!linear_factor(a, n))
		return false;
	linear_back(a, step, n);
	return true;
}

void
refine_run(const struct refine *model, const struct dlt_pairs *p, double m[9],
	int steps)
{
	struct normal normal;
	double cost = model->cost(m, p, NULL), damping = DAMPING;
	bool fits = cost > 0 && normal_at(model, p, m, &normal);

	while (fits && steps-- > 0 && damping < DAMPING_MAX) {
		double step[REFINE_MAX], to[9], then = INFINITY;

		if (solve(&normal, damping, step) && model->move(m, step, to))
			then = model->cost(to, p, NULL);
		if (!(then < cost)) {
			damping *= 16;
			continue;
		}
		memcpy(m, to, sizeof(to));
		fits = then < (1 - GAIN) * cost &&
		       normal_at(model, p, m, &normal);
		cost = then;
		damping /= 8;
	}
}
