/*
 * prop-atlas: the vectors that are found are those that comparing each and
 * sorting gives, ties included, in plain C and on the device.
 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "vision/atlas.h"
#include "tap_device.h"

#define SEED 11
#define TIMES 200
#define MOST 90
#define BOUND 1e-5 /* of a score, where the device rounds in its own way */

struct truth {
	size_t index;
	double score;
};

static int
compare(const void *a, const void *b)
{
	const struct truth *x = a, *y = b;

	if (x->score > y->score || x->score < y->score)
		return x->score > y->score ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Whole numbers, whose sums are exact and often equal, or any. */
static float
draw(struct rng *r, bool whole)
{
	return whole ? (float)rng_below(r, 5) - 2
	             : (float)(2 * rng_unit(r) - 1);
}

static void
sort(struct truth *truth, float v[][MOST], const float *query, size_t sizes[2])
{
	for (size_t i = 0; i < sizes[0]; i++) {
		truth[i] = (struct truth){ i, 0 };
		for (size_t k = 0; k < sizes[1]; k++)
			truth[i].score += (double)v[i][k] * query[k];
	}
	qsort(truth, sizes[0], sizeof(*truth), compare);
}

/* One gallery of random size and one query; false where it finds other ones. */
static bool
agrees(struct device *d, struct rng *r, bool whole, double *off)
{
	static float v[MOST][MOST], query[MOST];
	struct atlas_hit hits[MOST];
	struct truth truth[MOST] = { 0 };
	size_t n = 1 + (size_t)rng_below(r, MOST - 1), k;
	size_t dims = 1 + (size_t)rng_below(r, MOST - 1);
	struct atlas *a = atlas_new(dims);
	struct err e;
	bool same = true;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < dims; j++)
			v[i][j] = draw(r, whole);
		atlas_add(a, v[i]);
	}
	for (size_t j = 0; j < dims; j++)
		query[j] = draw(r, whole);
	k = 1 + (size_t)rng_below(r, n);
	sort(truth, v, query, (size_t[]){ n, dims });
	same = atlas_n(a) == n && atlas_load(a, d, &e) == 0 &&
	       atlas_search(a, query, k, hits, &e) == 0;
	for (size_t i = 0; same && i < k; i++) {
		double wrong = fabs(hits[i].score - truth[i].score);

		*off = wrong > *off ? wrong : *off;
		same = wrong < BOUND &&
		       (!whole || hits[i].index == truth[i].index);
	}
	atlas_free(a);
	return same;
}

static void
check(struct device *d, const char *where)
{
	struct rng r;
	size_t bad[2] = { 0 };
	double off[2] = { 0 };

	rng_init(&r, SEED, 0);
	for (int i = 0; i < TIMES; i++)
		bad[i & 1] += !agrees(d, &r, i & 1, &off[i & 1]);
	ok(bad[1] == 0 && !(off[1] > 0),
		"%s: of whole numbers the order and the scores are exact",
		where);
	ok(bad[0] == 0, "%s: of others the scores are off by at most %g", where,
		BOUND);
	tap_note("%s: off by at most %g", where, off[0]);
}

int
main(void)
{
	struct device *d;

	tap_note("seed %d", SEED);
	check(NULL, "plain C");
	d = tap_device();
	if (d)
		check(d, "the device");
	else
		tap_skip("the device", "there is none");
	device_close(d);
	return tap_done();
}
