#include <stdlib.h>

#include "tail.h"

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
tail_sort(double *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), by_size);
}

double
tail_quantile(const double *sorted, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (sorted[i + 1] - sorted[i]) * (at - (double)i);
}

/*
 * The value at i is the minimum of C(n-1-i, k-1) of the C(n, k) subsets. That
 * share is k/n at i = 0, and each next one is smaller by (n-k-i)/(n-1-i).
 */
double
tail_worst_at(const double *sorted, size_t n, size_t k)
{
	double share = (double)k / (double)n, sum = 0;

	for (size_t i = 0; i + k <= n; i++) {
		sum += sorted[i] * share;
		if (i + 1 < n)
			share *= (double)(n - k - i) / (double)(n - 1 - i);
	}
	return sum;
}
