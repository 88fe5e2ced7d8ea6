/*
 * prop-nearest: the two nearest are those that sorting all distances gives, and
 * every kernel that the device can run says so to the byte; matches are what
 * their definition says.
 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "tap_device.h"
#include "vision/nearest.h"
#include "vision/nearest_search.h"
#include "vision/nearest_tune.h"
#include "vision/nearest_twin.h"

#define SEED 5

/* Few different ones where ${variety} is small, so that distances are equal. */
static struct features
make_up(struct rng *r, enum features_type type, size_t n, uint64_t variety)
{
	struct features f = { .type = type, .n = n };
	size_t size = features_bytes(type);

	f.descriptors = mem_alloc(n * size + 1, 1);
	for (size_t i = 0; i < n; i++) {
		uint8_t *at = f.descriptors + i * size;

		for (size_t k = 0; k < size; k++)
			at[k] = (uint8_t)(rng_below(r, variety) * 255 /
					  (variety - 1));
		if (i && rng_below(r, 4) == 0)
			memcpy(at, f.descriptors + rng_below(r, i) * size,
				size);
	}
	return f;
}

static uint32_t
distance(const struct features *a, size_t i, const struct features *b, size_t j)
{
	size_t size = features_bytes(a->type);
	uint32_t sum = 0;

	for (size_t k = 0; k < size; k++) {
		int x = a->descriptors[i * size + k];
		int y = b->descriptors[j * size + k];

		if (a->type == FEATURES_ROOTSIFT)
			sum += (uint32_t)((x - y) * (x - y));
		for (int bit = 1; a->type == FEATURES_ORB && bit < 256;
			bit *= 2)
			sum += (x & bit) != (y & bit);
	}
	return sum;
}

struct far {
	uint32_t distance;
	int32_t index;
};

static int
by_distance(const void *a, const void *b)
{
	const struct far *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* The definition. */
static struct nearest
naive(const struct features *a, size_t i, const struct features *b)
{
	struct far *all = mem_alloc(b->n + 2, sizeof(*all));
	struct nearest to;

	for (size_t j = 0; j < b->n; j++)
		all[j] = (struct far){ distance(a, i, b, j), (int32_t)j };
	all[b->n] = all[b->n + 1] = (struct far){ NEAREST_NONE, -1 };
	qsort(all, b->n, sizeof(*all), by_distance);
	to = (struct nearest){ all[0].index, all[0].distance, all[1].distance };
	free(all);
	return to;
}

static bool
equal(const struct nearest *a, const struct nearest *b, size_t n)
{
	return n == 0 || memcmp(a, b, n * sizeof(*a)) == 0;
}

static bool
searched(struct nearest_search *s, const struct features *a,
	const struct features *b, const struct nearest *want)
{
	struct nearest *got = mem_alloc(a->n + 1, sizeof(*got));
	struct nearest_rows x = { 0 }, y = { 0 };
	struct err e = { "not equal" };
	bool same = nearest_search_load(s, a, &x, &e) == 0 &&
	            nearest_search_load(s, b, &y, &e) == 0 &&
	            nearest_search_find(s, &x, &y, got, &e) == 0 &&
	            equal(got, want, a->n);

	if (!same)
		tap_note("%s, %zu x %zu: %s", nearest_search_shape(s)->name,
			a->n, b->n, e.msg);
	nearest_rows_release(&x);
	nearest_rows_release(&y);
	free(got);
	return same;
}

/* A shape as it is tested: compiled in a hurry, its instructions emulated. */
struct variant {
	struct nearest_shape shape;
	char options[200];
	struct nearest_search *search;
	bool good, slow;
};

/* These differ from others in numbers alone, or emulated in nothing. */
static bool
is_like_another(const char *name)
{
	static const char *const like[] = { "madd-5x2", "madd-2x4", "float-4x2",
		"dp4a-8x8", "dot-8x8", "dot-4x4", "bits-8", "bits-2x64" };

	for (size_t i = 0; i < sizeof(like) / sizeof(*like); i++)
		if (strcmp(name, like[i]) == 0)
			return true;
	return false;
}

static bool
is_emulated(const struct nearest_shape *s, struct device *d)
{
	return s->probed && !device_can(d, s->feature);
}

/*
 * All kinds, whatever devices they are made for. What needs an instruction that
 * few devices have is run as it is but for that instruction.
 */
static size_t
open_all(struct device *d, struct variant *to)
{
	size_t n = 0;

	for (const struct nearest_shape *s = nearest_shapes; s->name; s++) {
		struct variant *v = &to[n];

		if (is_like_another(s->name))
			continue;
		v->shape = *s;
		v->good = true;
		v->slow = is_emulated(s, d);
		snprintf(v->options, sizeof(v->options), "%s -cl-opt-disable%s",
			s->options, s->probed ? " -DEMULATED" : "");
		v->shape.options = v->options;
		v->search = nearest_search_open(d, &v->shape, NULL);
		if (v->search)
			n++;
		else
			tap_note("%s: not on this device", s->name);
	}
	return n;
}

static bool good_twin = true;

static void
one_case(struct rng *r, struct variant *v, size_t n, bool all)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 17, 64, 127, 257, 300 };
	enum features_type type = rng_below(r, 2) ? FEATURES_ORB
	                                          : FEATURES_ROOTSIFT;
	uint64_t variety = rng_below(r, 2) ? 2 : 256;
	struct features a = make_up(r, type, sizes[rng_below(r, 9)], variety);
	struct features b = make_up(r, type, sizes[rng_below(r, 9)], variety);
	struct nearest *twin = mem_alloc(a.n + 1, sizeof(*twin));

	nearest_twin(&a, &b, twin);
	for (size_t i = 0; i < a.n; i++) {
		struct nearest want = naive(&a, i, &b);

		good_twin &= equal(&twin[i], &want, 1);
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].shape.type == type && (all || !v[i].slow))
			v[i].good &= searched(v[i].search, &a, &b, twin);
	free(twin);
	features_release(&a);
	features_release(&b);
}

static void
test_kernels(struct device *d)
{
	struct variant v[32] = { 0 };
	size_t n = d ? open_all(d, v) : 0;
	struct rng r;

	rng_init(&r, SEED, 0);
	for (int i = 0; i < 60; i++)
		one_case(&r, v, n, i % 12 == 0); /* to emulate takes long */
	ok(good_twin, "the twin gives what sorting gives");
	for (size_t i = 0; i < n; i++) {
		ok(v[i].good, "%s gives what the twin gives", v[i].shape.name);
		nearest_search_close(v[i].search);
	}
	if (n == 0)
		tap_skip("kernels give what the twin gives", "no device");
}

/* What nearest_match defines, from the definition of the nearest. */
static bool
matches(const struct features *a, size_t i, const struct features *b,
	const struct nearest_opts *how, struct match *m)
{
	struct nearest n = naive(a, i, b), back;
	uint64_t of = 1000, ratio = (uint64_t)lround(how->ratio * 1000);

	if (n.index < 0 || n.best > how->max_distance)
		return false;
	if (a->type == FEATURES_ROOTSIFT) {
		of *= of;
		ratio *= ratio;
	}
	if (ratio && n.second != NEAREST_NONE &&
		n.best * of >= n.second * ratio)
		return false;
	back = naive(b, (size_t)n.index, a);
	*m = (struct match){ (uint32_t)i, (uint32_t)n.index, n.best };
	return !how->mutual || back.index == (int32_t)i;
}

static bool
one_match(struct nearest_engine *g, struct rng *r)
{
	enum features_type type = rng_below(r, 2) ? FEATURES_ORB
	                                          : FEATURES_ROOTSIFT;
	struct features a = make_up(r, type, rng_below(r, 90), 256);
	struct features b = make_up(r, type, rng_below(r, 90), 256);
	struct nearest_opts how = {
		rng_below(r, 4) ? (double)(900 + rng_below(r, 101)) / 1000 : 0,
		rng_below(r, 2), rng_below(r, 2) ? NEAREST_NONE : 120
	};
	struct nearest_set *x = nearest_load(g, &a, NULL);
	struct nearest_set *y = nearest_load(g, &b, NULL);
	struct matches got = { 0 };
	size_t at = 0;
	bool good = x && y && nearest_match(x, y, &how, &got, NULL) == 0;

	for (size_t i = 0; good && i < a.n; i++) {
		struct match want;

		if (!matches(&a, i, &b, &how, &want))
			continue;
		good = at < got.n &&
		       memcmp(&got.v[at++], &want, sizeof(want)) == 0;
	}
	good = good && at == got.n;
	nearest_unload(x);
	nearest_unload(y);
	matches_release(&got);
	features_release(&a);
	features_release(&b);
	return good;
}

static void
test_matches(struct device *d)
{
	struct nearest_engine *g = nearest_open(d);
	struct rng r;
	bool good = true;

	rng_init(&r, SEED, 1);
	for (int i = 0; i < 60; i++)
		good &= one_match(g, &r);
	ok(good, "matches are what their definition says%s",
		d ? ", on the device" : "");
	nearest_close(g);
}

/* A descriptor as far as that from one of zeros, in each of ${c} dimensions. */
static void
put_far(enum features_type type, uint8_t *to, unsigned far, unsigned c)
{
	for (unsigned i = 0; type == FEATURES_ORB && i < far; i++)
		to[i / 8] |= (uint8_t)(1 << i % 8);
	for (unsigned i = 0; type == FEATURES_ROOTSIFT && i < c; i++)
		to[i] = (uint8_t)far;
}

/* Does the ratio test let ${k} of 100 pass, at ${ratio} hundredths? */
static bool
passes(enum features_type type, unsigned k, unsigned ratio, unsigned c)
{
	uint8_t zeros[ROOTSIFT_BYTES] = { 0 },
		others[2 * ROOTSIFT_BYTES] = { 0 };
	struct features a = { type, 1, NULL, zeros };
	struct features b = { type, 2, NULL, others };
	struct nearest_opts how = { ratio / 100., false, NEAREST_NONE };
	struct nearest_engine *g = nearest_open(NULL);
	struct nearest_set *x = nearest_load(g, &a, NULL);
	struct nearest_set *y = nearest_load(g, &b, NULL);
	struct matches got = { 0 };
	bool yes;

	put_far(type, others, k, c);
	put_far(type, others + features_bytes(type), 100, c);
	yes = nearest_match(x, y, &how, &got, NULL) == 0 && got.n == 1;
	matches_release(&got);
	nearest_unload(x);
	nearest_unload(y);
	nearest_close(g);
	return yes;
}

/* In doubles, whose roots and products are rounded, some ties would pass. */
static void
test_ties(enum features_type type, const char *name)
{
	int ties = 0, nearer = 0;

	for (unsigned k = 1; k < 100; k++)
		for (unsigned c = 1; c <= 3; c++) {
			ties += passes(type, k, k, c);
			nearer += passes(type, k - 1, k, c);
		}
	ok(ties == 0 && nearer == 3 * 99,
		"%s: what is less than the ratio passes, a tie does not: %d, "
		"%d",
		name, nearer, ties);
}

int
main(void)
{
	struct device *d;

	tap_note("seed %d", SEED);
	d = tap_device();
	test_kernels(d);
	test_matches(NULL);
	test_ties(FEATURES_ROOTSIFT, "RootSIFT");
	test_ties(FEATURES_ORB, "ORB");
	if (d)
		test_matches(d);
	device_close(d);
	return tap_done();
}
