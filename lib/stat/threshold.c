#include <math.h>
#include <stdlib.h>

#include "stat/threshold.h"

struct agree
threshold_count(const struct threshold_item *v, size_t n, double t)
{
	struct agree a = { 0 };

	for (size_t i = 0; i < n; i++)
		agree_add(&a, v[i].p >= t, v[i].yes);
	return a;
}

static int
by_p(const void *a, const void *b)
{
	double x = ((const struct threshold_item *)a)->p,
	       y = ((const struct threshold_item *)b)->p;

	return (x > y) - (x < y);
}

/* With labels of both kinds only kappa may fail to exist: never, as it is. */
static double
worth(const struct agree *a, enum threshold_aim aim)
{
	struct agree_rate r = aim == THRESHOLD_F1 ? agree_dice(a, true)
	                                          : agree_kappa(a);

	return r.exists ? r.value : -INFINITY;
}

/* Between two neighbours, and above the lower one whatever is rounded. */
static double
between(double low, double high)
{
	double mid = low + (high - low) / 2;

	return mid > low ? mid : high;
}

bool
threshold_best(
	struct threshold_item *v, size_t n, enum threshold_aim aim, double *t)
{
	double start = *t, best, x;
	struct agree a = threshold_count(v, n, start);

	if (a.pairs[0][1] + a.pairs[1][1] == 0 ||
		a.pairs[0][0] + a.pairs[1][0] == 0)
		return false;
	best = worth(&a, aim);
	qsort(v, n, sizeof(*v), by_p);
	a = threshold_count(v, n, 0);
	for (size_t i = 0; i < n; i++) {
		double at = i ? between(v[i - 1].p, v[i].p) : 0;
		bool same = i && !(v[i].p > v[i - 1].p);

		x = worth(&a, aim);
		if (!same && (x > best || (!(x < best) &&
						  fabs(at - start) <
							  fabs(*t - start)))) {
			best = x;
			*t = at;
		}
		a.pairs[1][v[i].yes]--;
		a.pairs[0][v[i].yes]++;
	}
	return true;
}
