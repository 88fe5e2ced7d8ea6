/*
 * tail: the ends of a distribution, from its values in ascending order.
 *
 * worst-at-k (HealthBench, section 6.4) is the expected minimum of k different
 * draws out of a prompt's N samples: the mean of the minimum over all C(N, k)
 * subsets, in closed form.
 */
#ifndef STAT_TAIL_H
#define STAT_TAIL_H

#include <stddef.h>

/* tail_sort(v, n): Put the values in ascending order. */
void tail_sort(double *v, size_t n);

/*
 * tail_quantile(sorted, n, q): The quantile ${q} in [0, 1], interpolated
 * between neighbours as numpy.quantile does; ${n} is at least 1.
 */
double tail_quantile(const double *sorted, size_t n, double q);

/*
 * tail_worst_at(sorted, n, k): The expected minimum of ${k} draws without
 * replacement out of ${n} values; 1 <= k <= n. No binomial coefficient is
 * computed, so no n is too large.
 */
double tail_worst_at(const double *sorted, size_t n, size_t k);

#endif
