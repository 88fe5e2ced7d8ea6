/*
 * prop-tail: worst-at-k in closed form equals the mean of the minimum over all
 * subsets, which are counted out one by one; and it stays sound where binomial
 * coefficients no longer fit into a double.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "stat/mean.h"
#include "stat/tail.h"
#include "tap.h"

#define SEED 20240

/* Each subset of 0..n-1 is a word of n bits. */
static double
brute(const double *v, unsigned n, int k)
{
	long double sum = 0;
	unsigned count = 0;

	for (uint32_t set = 1; set < (uint32_t)1 << n; set++) {
		double min = INFINITY;

		if (__builtin_popcount(set) != k)
			continue;
		for (unsigned i = 0; i < n; i++)
			if (set >> i & 1)
				min = fmin(min, v[i]);
		sum += min;
		count++;
	}
	return (double)(sum / count);
}

static void
check_subsets(void)
{
	struct rng r;
	double worst = 0;
	unsigned cases = 0;

	tap_note("seed %d", SEED);
	rng_init(&r, SEED, 0);
	for (unsigned n = 1; n <= 12; n++) {
		double v[12], sorted[12];

		for (unsigned i = 0; i < n; i++)
			sorted[i] = v[i] = floor(rng_unit(&r) * 9) / 4 -
			                   1; /* with ties */
		tail_sort(sorted, n);
		for (unsigned k = 1; k <= n; k++, cases++)
			worst = fmax(worst, fabs(tail_worst_at(sorted, n, k) -
						    brute(v, n, (int)k)));
	}
	ok(worst < 1e-14, "%u cases against all subsets: %g", cases, worst);
}

/* Of 0, 1 .. n-1 the expected minimum of k draws is (n - k) / (k + 1). */
static void
check_large(size_t n)
{
	static const size_t ks[] = { 1, 2, 16, 500, 5000, 99999, 100000 };
	double *v = mem_alloc(n, sizeof(*v)), worst = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = (double)i;
	for (size_t i = 0; i < sizeof(ks) / sizeof(*ks) && ks[i] <= n; i++) {
		double want = (double)(n - ks[i]) / (double)(ks[i] + 1);

		worst = fmax(worst,
			fabs(tail_worst_at(v, n, ks[i]) - want) / (want + 1));
	}
	ok(worst < 1e-12, "of %zu values: relative error %g", n, worst);
	free(v);
}

static void
check_quantiles(void)
{
	double v[1000];

	for (size_t i = 0; i < 1000; i++)
		v[i] = (double)((i * 7919 + 13) % 1009) / 1009.0 - 0.3;
	tail_sort(v, 1000);
	is_f64(tail_quantile(v, 1000, 0), -0.3, "the least");
	is_f64(tail_quantile(v, 1000, 0.025), -0.27524777006937556,
		"2.5 % as numpy has it");
	is_f64(tail_quantile(v, 1000, 0.5), 0.20099108027750245, "the median");
	is_f64(tail_quantile(v, 1000, 0.975), 0.6742566897918731, "97.5 %");
	is_f64(tail_quantile(v, 1000, 1), 0.6990089197224976, "the greatest");
	is_f64(tail_quantile(v, 1, 0.7), -0.3, "of a single value");
}

int
main(void)
{
	const double same[] = { 0.25, 0.25, 0.25, 0.25 };
	const double v[] = { -0.5, 0.25, 0.75 };

	check_subsets();
	check_large(100);
	check_large(5000);
	check_large(100000);
	check_quantiles();
	is_f64(tail_worst_at(same, 4, 3), 0.25, "equal values");
	is_f64(tail_worst_at(v, 3, 3), -0.5, "all of them: the minimum");
	ok(fabs(tail_worst_at(v, 3, 1) - mean_of(v, 3)) < 1e-15,
		"one of them: the mean");
	return tap_done();
}
