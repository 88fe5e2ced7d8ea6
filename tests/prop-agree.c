/*
 * prop-agree: rates from four counts equal those from lists of agreements, kept
 * pair by pair as the definition reads.
 */
#include <math.h>

#include "base/rng.h"
#include "stat/agree.h"
#include "tap.h"

#define SEED 3

/* The definition: for each sign the agreements of those pairs that have it. */
struct naive {
	double same, n;
};

static void
add(struct naive list[2], bool sign, bool same)
{
	list[sign].same += same;
	list[sign].n += 1;
}

static bool
equal(struct agree_rate got, const struct naive *want)
{
	if (want->n == 0)
		return !got.exists;
	return got.exists && got.n == want->n &&
	       got.value == want->same / want->n;
}

static bool
f1_fits(const struct agree *a, bool yes)
{
	struct agree_rate f = agree_f1(a, yes);
	double tp = (double)a->pairs[yes][yes];
	double either = tp + (double)a->pairs[yes][!yes] +
	                (double)a->pairs[!yes][yes];

	if (!agree_precision(a, yes).exists || !agree_recall(a, yes).exists)
		return !f.exists;
	return f.exists && fabs(f.n - either) < 1e-9 &&
	       fabs(f.value - 2 * tp / (either + tp)) < 1e-14;
}

static bool
one_case(struct rng *r, size_t pairs)
{
	struct naive precision[2] = { 0 }, recall[2] = { 0 };
	struct agree a = { 0 };
	double bias = rng_unit(r);
	bool good = true;

	for (size_t i = 0; i < pairs; i++) {
		bool self = rng_unit(r) < bias, other = rng_unit(r) < 0.6;

		agree_add(&a, self, other);
		add(precision, self, self == other);
		add(recall, other, self == other);
	}
	for (int yes = 0; yes < 2; yes++)
		good = good &&
		       equal(agree_precision(&a, yes), &precision[yes]) &&
		       equal(agree_recall(&a, yes), &recall[yes]) &&
		       f1_fits(&a, yes);
	return good;
}

static void
check_edges(void)
{
	struct agree none = { 0 }, wrong = { { { 0, 2 }, { 3, 0 } } };
	struct agree yes = { { { 0, 0 }, { 0, 4 } } }, sum = { 0 };
	struct agree_rate f;

	ok(!agree_f1(&none, true).exists, "no pair: no F1");
	f = agree_f1(&wrong, true);
	ok(f.exists && f.value == 0 && f.n == 5, "never right: F1 is 0");
	f = agree_balanced(agree_f1(&yes, true), agree_f1(&yes, false));
	ok(!f.exists, "only one class: nothing balanced");
	agree_merge(&sum, &wrong);
	agree_merge(&sum, &yes);
	f = agree_balanced(agree_recall(&sum, true), agree_recall(&sum, false));
	ok(f.exists && f.value == (4.0 / 6 + 0) / 2 && f.n == 9,
		"merged counts, balanced recall");
}

int
main(void)
{
	struct rng r;
	size_t good = 0, cases = 2000;

	tap_note("seed %d", SEED);
	rng_init(&r, SEED, 0);
	for (size_t i = 0; i < cases; i++)
		good += one_case(&r, rng_below(&r, 40));
	is_int((intmax_t)good, (intmax_t)cases, "random pairs against lists");
	check_edges();
	return tap_done();
}
