/*
 * mean: sums, means and deviations that equal numpy's to the last bit.
 *
 * Published scores come from numpy, whose sum of a contiguous array is pairwise:
 * blocks of up to 128 numbers in eight interleaved partial sums, halves above
 * that. In another order the last bit may differ, and comparing scores then
 * means comparing with a tolerance. These are pure functions; an array of no
 * numbers has the sum 0, and its mean and deviation are 0 as well: who cares
 * about that case looks at n.
 */
#ifndef STAT_MEAN_H
#define STAT_MEAN_H

#include <stddef.h>

/* mean_sum(v, n): As numpy.sum. */
double mean_sum(const double *v, size_t n);

/* mean_of(v, n): As numpy.mean. */
double mean_of(const double *v, size_t n);

/*
 * mean_close(v, n): The mean without the rounding of a long sum: the nearest
 * double, but for cases made to defeat it (Neumaier, 1974).
 */
double mean_close(const double *v, size_t n);

/* mean_std(v, n): As numpy.std: of a population, the squares divided by n. */
double mean_std(const double *v, size_t n);

/* mean_std_sample(v, n): Divided by n - 1 instead; 0 for fewer than two. */
double mean_std_sample(const double *v, size_t n);

/* mean_clip(x): ${x} held to [0, 1]. */
double mean_clip(double x);

#endif
