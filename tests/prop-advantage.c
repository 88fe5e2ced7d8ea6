/*
 * prop-advantage: the laws of group advantages: what they sum to, what shifting
 * and scaling the rewards does, how the kinds follow from each other; and that
 * equal rewards have none at all.
 */
#include <math.h>

#include "base/rng.h"
#include "stat/advantage.h"
#include "stat/mean.h"
#include "tap.h"

#define SEED 30041
#define MOST 33
#define ROUNDS 2000
#define KINDS 6

/* The largest deviation from each law over all rounds. */
static struct {
	double sum, shift, scale, loo, ratio, order;
} worst;

static void
keep(double *most, double x)
{
	*most = fmax(*most, fabs(x));
}

/* Rewards with many ties, on a grid or not. */
static size_t
draw(struct rng *r, double *v)
{
	size_t n = 2 + rng_below(r, MOST - 2);
	bool grid = rng_below(r, 2);

	for (size_t i = 0; i < n; i++)
		v[i] = grid ? (double)rng_below(r, 4) : 8 * rng_unit(r) - 4;
	return n;
}

static void
check_kind(enum advantage kind, const double *r, size_t n)
{
	double a[MOST], b[MOST], moved[MOST], sum = 0;

	advantage_group(kind, r, n, 1.5, a);
	for (size_t i = 0; i < n; i++) {
		sum += a[i];
		moved[i] = r[i] + 16;
		for (size_t k = 0; k < n; k++)
			if (r[i] > r[k] && !(a[i] > a[k]))
				worst.order = 1;
	}
	keep(&worst.sum, sum);
	advantage_group(kind, moved, n, 1.5, b);
	for (size_t i = 0; i < n; i++)
		keep(&worst.shift, a[i] - b[i]);
}

/* Without a division by the deviation advantages grow with the rewards. */
static void
check_scale(enum advantage kind, const double *r, size_t n)
{
	double a[MOST], b[MOST], grown[MOST];

	for (size_t i = 0; i < n; i++)
		grown[i] = 4 * r[i];
	advantage_group(kind, r, n, 0, a);
	advantage_group(kind, grown, n, 0, b);
	for (size_t i = 0; i < n; i++)
		keep(&worst.scale, b[i] - 4 * a[i]);
}

static void
check_relations(const double *r, size_t n)
{
	double plain[MOST], loo[MOST], grpo[MOST], verl[MOST], batch[MOST];
	double s = mean_std_sample(r, n);

	advantage_group(ADVANTAGE_DR_GRPO, r, n, 0, plain);
	advantage_group(ADVANTAGE_RLOO, r, n, 0, loo);
	advantage_group(ADVANTAGE_GRPO, r, n, 0, grpo);
	advantage_group(ADVANTAGE_GRPO_VERL, r, n, 0, verl);
	advantage_group(ADVANTAGE_BATCH, r, n, s, batch);
	for (size_t i = 0; i < n; i++) {
		double m = (double)n;

		keep(&worst.loo, loo[i] - m / (m - 1) * plain[i]);
		keep(&worst.ratio, grpo[i] * (s + 1e-4) - plain[i]);
		keep(&worst.ratio, verl[i] * (s + 1e-6) - plain[i]);
		keep(&worst.ratio, batch[i] - grpo[i]);
	}
}

/* Rewards that have no finite binary fraction, many times the same. */
static void
check_equal(void)
{
	static const double values[] = { 0.35, 0.1, -1e-9, 1e300, 0 };
	double r[MOST], a[MOST], most = 0;

	for (size_t v = 0; v < 5; v++)
		for (size_t n = 2; n <= MOST; n++)
			for (int kind = 0; kind < KINDS; kind++) {
				for (size_t i = 0; i < n; i++)
					r[i] = values[v];
				advantage_group(
					(enum advantage)kind, r, n, 0, a);
				for (size_t i = 0; i < n; i++)
					keep(&most, a[i]);
			}
	is_f64(most, 0, "equal rewards have the advantage 0, exactly");
}

static void
check_single(void)
{
	double r = 2, a;

	for (int kind = 0; kind < KINDS; kind++) {
		advantage_group((enum advantage)kind, &r, 1, 1, &a);
		if (kind == ADVANTAGE_RLOO)
			ok(isnan(a), "rloo: no others, no advantage");
		else
			is_f64(a,
				kind == ADVANTAGE_GRPO_VERL ? 2 / (1 + 1e-6)
							    : 0,
				advantage_names[kind]);
	}
	is_str(advantage_names[KINDS], NULL, "each kind has a name");
}

int
main(void)
{
	struct rng rng;
	double r[MOST];

	tap_note("seed %d", SEED);
	rng_init(&rng, SEED, 0);
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = draw(&rng, r);

		for (int kind = 0; kind < KINDS; kind++)
			check_kind((enum advantage)kind, r, n);
		check_scale(ADVANTAGE_DR_GRPO, r, n);
		check_scale(ADVANTAGE_RLOO, r, n);
		check_relations(r, n);
	}
	ok(worst.sum < 1e-10, "they sum to 0: %g", worst.sum);
	ok(worst.shift < 1e-10, "a shift changes nothing: %g", worst.shift);
	ok(worst.scale < 1e-12, "dr-grpo, rloo: scale: %g", worst.scale);
	ok(worst.loo < 1e-12, "rloo is n/(n-1) dr-grpo: %g", worst.loo);
	ok(worst.ratio < 1e-12, "the kinds differ by a factor: %g",
		worst.ratio);
	ok(worst.order < 1, "a higher reward has the higher advantage");
	check_equal();
	check_single();
	return tap_done();
}
