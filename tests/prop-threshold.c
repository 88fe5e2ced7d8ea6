/*
 * prop-threshold: kappa and F1 from four counts equal the definitions, and no
 * threshold whatever does better than the one that is found.
 */
#include <math.h>

#include "base/rng.h"
#include "stat/threshold.h"
#include "tap.h"

#define SEED 7
#define MOST 40

/* Cohen's definition: agreement and what chance would give, as shares. */
static double
kappa_of(const struct threshold_item *v, size_t n, double t)
{
	double same = 0, self = 0, other = 0, chance;

	for (size_t i = 0; i < n; i++) {
		same += (v[i].p >= t) == v[i].yes;
		self += v[i].p >= t;
		other += v[i].yes;
	}
	same /= (double)n, self /= (double)n, other /= (double)n;
	chance = self * other + (1 - self) * (1 - other);
	return (same - chance) / (1 - chance);
}

/* The harmonic mean of precision and recall, as these are defined. */
static double
f1_of(const struct threshold_item *v, size_t n, double t)
{
	double both = 0, self = 0, other = 0;

	for (size_t i = 0; i < n; i++) {
		both += v[i].p >= t && v[i].yes;
		self += v[i].p >= t;
		other += v[i].yes;
	}
	if (!(both > 0))
		return 0;
	return 2 / (self / both + other / both);
}

static size_t
draw(struct rng *r, struct threshold_item *v)
{
	size_t n = 1 + (size_t)rng_below(r, MOST);
	double coarse = 1 + (double)rng_below(r, 20);

	for (size_t i = 0; i < n; i++) {
		v[i].p = floor(rng_unit(r) * coarse) / coarse;
		v[i].yes = rng_unit(r) < 0.2 + 0.6 * v[i].p;
	}
	return n;
}

static bool
rates_fit(const struct threshold_item *v, size_t n, double t)
{
	struct agree a = threshold_count(v, n, t);
	struct agree_rate k = agree_kappa(&a), f = agree_dice(&a, true);
	double kappa = kappa_of(v, n, t);

	/* 0 / 0, where both always say the same, may be missed by an ulp */
	if (k.exists && !(fabs(k.value - kappa) < 1e-12))
		return false;
	if (!k.exists && fabs(agree_accuracy(&a).value - 1) > 0)
		return false;
	return !f.exists || fabs(f.value - f1_of(v, n, t)) < 1e-12;
}

static double
worth(const struct threshold_item *v, size_t n, enum threshold_aim aim,
	double t)
{
	return aim == THRESHOLD_F1 ? f1_of(v, n, t) : kappa_of(v, n, t);
}

/* Against a comb of thresholds that separates all values there are. */
static bool
none_better(struct threshold_item *v, size_t n, enum threshold_aim aim)
{
	double t = 0.5, best;
	size_t yes = 0;

	for (size_t i = 0; i < n; i++)
		yes += v[i].yes;
	if (!threshold_best(v, n, aim, &t))
		return (yes == 0 || yes == n) && fabs(t - 0.5) <= 0;
	best = worth(v, n, aim, t);
	for (int i = 0; i <= 1000; i++) {
		double x = worth(v, n, aim, i / 1000.0);

		if (x > best + 1e-12)
			return false;
	}
	return worth(v, n, aim, 0.5) < best - 1e-12 || fabs(t - 0.5) <= 0;
}

/* The order of the items does not show. */
static bool
same_shuffled(struct rng *r, struct threshold_item *v, size_t n,
	enum threshold_aim aim)
{
	double a = 0.5, b = 0.5;

	threshold_best(v, n, aim, &a);
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)rng_below(r, i);
		struct threshold_item x = v[i - 1];

		v[i - 1] = v[k];
		v[k] = x;
	}
	threshold_best(v, n, aim, &b);
	return fabs(a - b) <= 0;
}

static void
check_ties(void)
{
	struct threshold_item v[] = { { 0.2, false }, { 0.8, true } },
			      w[] = { { 0.5, false }, { 0.75, true } },
			      x[] = { { 0.1, true }, { 0.3, true },
				      { 0.7, false }, { 0.9, true } },
			      y[] = { { 0x1p-1, false },
				      { 0x1.0000000000001p-1, true } };
	double t = 0.5;

	ok(threshold_best(v, 2, THRESHOLD_F1, &t) && fabs(t - 0.5) <= 0,
		"what is best already stays");
	ok(threshold_best(w, 2, THRESHOLD_KAPPA, &t) && fabs(t - 0.625) <= 0,
		"else the midpoint");
	t = 0.5;
	ok(threshold_best(x, 4, THRESHOLD_F1, &t) && fabs(t) <= 0,
		"all are yes where that is best");
	t = 0.5;
	ok(threshold_best(y, 2, THRESHOLD_F1, &t) && t > 0.5,
		"between neighbours there is the upper one");
}

int
main(void)
{
	struct threshold_item v[MOST];
	struct rng r;
	bool rates = true, best = true, order = true;

	tap_note("seed %d", SEED);
	rng_init(&r, SEED, 0);
	for (int i = 0; i < 2000; i++) {
		size_t n = draw(&r, v);
		enum threshold_aim aim = i % 2 ? THRESHOLD_F1 : THRESHOLD_KAPPA;

		rates = rates && rates_fit(v, n, rng_unit(&r));
		order = order && same_shuffled(&r, v, n, aim);
		best = best && none_better(v, n, aim);
	}
	ok(rates, "kappa and F1 are what the definitions give");
	ok(best, "no threshold is better than the one found");
	ok(order, "whatever the order of the items");
	check_ties();
	return tap_done();
}
