/*
 * boot: the bootstrap of a mean (Efron, 1979).
 *
 * Each round draws as many values as there are, with replacement, and takes
 * their mean; the spread of the rounds' means is that of the mean itself. The
 * draws depend on the generator and on the order of the values, so a caller who
 * sorts the values by their owners' identities gets a result that depends on
 * the set alone. Means of rounds go to an array of the caller's.
 */
#ifndef STAT_BOOT_H
#define STAT_BOOT_H

#include <stddef.h>

#include "base/rng.h"

/* boot_means(v, n, r, out, rounds): Of single values; ${n} is at least 1. */
void boot_means(
	const double *v, size_t n, struct rng *r, double *out, size_t rounds);

/* Values that belong together, such as the samples of one prompt. */
struct boot_cluster {
	double sum;
	double n;
};

/*
 * boot_clusters(v, n, r, out, rounds): The same where whole clusters are drawn:
 * a round's mean is the drawn clusters' sum divided by the drawn clusters' n.
 * With one value in every cluster that is boot_means, up to rounding.
 */
void boot_clusters(const struct boot_cluster *v, size_t n, struct rng *r,
	double *out, size_t rounds);

#endif
