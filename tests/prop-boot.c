/*
 * prop-boot: the bootstrap's rounds are distributed as theory has them. Claims
 * about random numbers are tested as statistics, with a fixed seed.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "stat/boot.h"
#include "stat/mean.h"
#include "stat/tail.h"
#include "tap.h"

#define SEED 7
#define ROUNDS 20000

static double out[ROUNDS], again[ROUNDS];

static void
random_values(double *v, size_t n)
{
	struct rng r;

	rng_init(&r, SEED, n);
	for (size_t i = 0; i < n; i++)
		v[i] = rng_unit(&r) * 3 - 1;
}

/* The mean and the spread of a round's mean, in units of their own error. */
static void
check_spread(size_t n)
{
	double *v = mem_alloc(n, sizeof(*v)), se, off, ratio;
	struct rng r;

	random_values(v, n);
	rng_init(&r, SEED, 0);
	boot_means(v, n, &r, out, ROUNDS);
	se = mean_std(v, n) / sqrt((double)n);
	off = (mean_of(out, ROUNDS) - mean_of(v, n)) / (se / sqrt(ROUNDS));
	ratio = mean_std(out, ROUNDS) / se;
	ok(fabs(off) < 4, "%zu values: centred, off by %.2f sigma", n, off);
	ok(fabs(ratio - 1) < 4 / sqrt(2.0 * ROUNDS),
		"%zu values: spread %.4f of the standard error", n, ratio);
	free(v);
}

/*
 * Every index is drawn equally often: with a single 1 among zeros, a round's
 * sum counts how often that index came, which is binomial(n, 1/n).
 */
static void
check_uniform(size_t n)
{
	double *v = mem_alloc(n, sizeof(*v)), worst = 0;
	struct rng r;

	for (size_t i = 0; i < n; i++) {
		double count, sigma;

		memset(v, 0, n * sizeof(*v));
		v[i] = 1;
		rng_init(&r, SEED, 0);
		boot_means(v, n, &r, out, ROUNDS);
		count = mean_sum(out, ROUNDS) * (double)n;
		sigma = sqrt(ROUNDS * (1 - 1.0 / (double)n));
		worst = fmax(worst, fabs(count - ROUNDS) / sigma);
	}
	ok(worst < 4.5, "each of %zu indices: worst %.2f sigma", n, worst);
	free(v);
}

static void
check_clusters(size_t n, size_t copies)
{
	double *v = mem_alloc(n, sizeof(*v)), worst = 0, ratio;
	struct boot_cluster *c = mem_alloc(n, sizeof(*c));
	struct rng r;

	random_values(v, n);
	rng_init(&r, SEED, 0);
	boot_means(v, n, &r, out, ROUNDS);
	for (size_t i = 0; i < n; i++)
		c[i] = (struct boot_cluster){ v[i] * (double)copies,
			(double)copies };
	rng_init(&r, SEED, 0);
	boot_clusters(c, n, &r, again, ROUNDS);
	for (size_t i = 0; i < ROUNDS; i++)
		worst = fmax(worst, fabs(out[i] - again[i]));
	ratio = mean_std(again, ROUNDS) / mean_std(out, ROUNDS);
	ok(worst < 1e-14 && fabs(ratio - 1) < 1e-12,
		"%zu clusters of %zu copies are as uncertain as %zu values", n,
		copies, n);
	free(v);
	free(c);
}

/*
 * The percentile interval covers the true mean about as often as it says: 95 %
 * in the limit, somewhat less for few values. 1000 samples of a skew population.
 */
static void
check_coverage(size_t n, double least)
{
	double *v = mem_alloc(n, sizeof(*v));
	unsigned covered = 0, trials = 1000;
	struct rng r;

	rng_init(&r, SEED, n);
	for (unsigned t = 0; t < trials; t++) {
		for (size_t i = 0; i < n; i++)
			v[i] = rng_unit(&r) < 0.3 ? -1 : rng_unit(&r);
		boot_means(v, n, &r, out, 300);
		tail_sort(out, 300);
		covered += tail_quantile(out, 300, 0.025) <= 0.05 &&
		           tail_quantile(out, 300, 0.975) >= 0.05;
	}
	ok(covered >= least * trials && covered <= 0.97 * trials,
		"%zu values: the interval covers the mean %u times of %u", n,
		covered, trials);
	free(v);
}

static void
check_same(void)
{
	double v[100];
	struct rng r;

	random_values(v, 100);
	rng_init(&r, SEED, 1);
	boot_means(v, 100, &r, out, 1000);
	rng_init(&r, SEED, 1);
	boot_means(v, 100, &r, again, 1000);
	ok(memcmp(out, again, 1000 * sizeof(*out)) == 0,
		"same seed, same means");
	rng_init(&r, SEED, 2);
	boot_means(v, 100, &r, again, 1000);
	ok(memcmp(out, again, 1000 * sizeof(*out)) != 0,
		"another stream, others");
	boot_means(v, 1, &r, out, 10);
	is_f64(out[9], v[0], "of one value: itself");
}

int
main(void)
{
	tap_note("seed %d", SEED);
	check_spread(2);
	check_spread(30);
	check_spread(1023);
	check_uniform(3);
	check_uniform(97);
	check_clusters(50, 1);
	check_clusters(50, 8);
	check_coverage(10, 0.85);
	check_coverage(100, 0.92);
	check_same();
	return tap_done();
}
