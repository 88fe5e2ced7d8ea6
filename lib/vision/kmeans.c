#include <stdlib.h>

#include "base/rng.h"
#include "kmeans.h"
#include "vision/features.h"
#include "vision/nearest_twin.h"

/* One run: what it sorts, and where it stands. */
struct run {
	const struct features *rows;
	struct features centres;
	struct nearest *near; /* of each row */
	uint64_t *sums;       /* clusters x ROOTSIFT_BYTES */
	size_t *counts;       /* rows of each cluster */
};

static const uint8_t *
row(const struct run *r, size_t i)
{
	return r->rows->descriptors + i * ROOTSIFT_BYTES;
}

/* The row at which the sum of the distances so far passes ${draw}. */
static size_t
pick(const struct run *r, uint64_t draw)
{
	size_t i = 0;

	for (; draw >= r->near[i].best; i++)
		draw -= r->near[i].best;
	return i;
}

/* k-means++: the first centres. */
static int
seed(struct run *r, const struct kmeans_opts *o, struct err *e)
{
	size_t n = r->rows->n, at = 0;
	struct rng rng;

	rng_init(&rng, o->seed, 0);
	for (uint32_t k = 0; k < o->clusters; k++) {
		uint8_t *centre = r->centres.descriptors + k * ROOTSIFT_BYTES;
		uint64_t sum = 0;

		if (k == 0 && n)
			at = (size_t)rng_below(&rng, n);
		for (size_t i = 0; k > 0 && i < n; i++)
			sum += r->near[i].best;
		if (n == 0 || (k > 0 && sum == 0))
			return err_set(e,
				"%u different descriptors are too few for %u "
				"clusters: give more images or fewer clusters",
				k, o->clusters);
		if (k > 0)
			at = pick(r, rng_below(&rng, sum));
		memcpy(centre, row(r, at), ROOTSIFT_BYTES);
		for (size_t i = 0; i < n; i++) {
			uint32_t far = nearest_squared(row(r, i), centre);

			if (k == 0 || far < r->near[i].best)
				r->near[i].best = far;
		}
	}
	return 0;
}

static void
add_row(uint64_t *restrict sum, const uint8_t *restrict from)
{
	for (size_t i = 0; i < ROOTSIFT_BYTES; i++)
		sum[i] += from[i];
}

static void
sum_rows(struct run *r)
{
	size_t clusters = r->centres.n;

	memset(r->sums, 0, clusters * ROOTSIFT_BYTES * sizeof(*r->sums));
	memset(r->counts, 0, clusters * sizeof(*r->counts));
	for (size_t i = 0; i < r->rows->n; i++) {
		size_t k = (size_t)r->near[i].index;

		add_row(r->sums + k * ROOTSIFT_BYTES, row(r, i));
		r->counts[k]++;
	}
}

/* The row farthest from its centre; it is not taken again. */
static size_t
take_farthest(struct run *r)
{
	size_t at = 0;

	for (size_t i = 1; i < r->rows->n; i++)
		if (r->near[i].best > r->near[at].best)
			at = i;
	r->near[at].best = 0;
	return at;
}

/* Makes each centre the mean of its rows; says whether any changed. */
static bool
move(struct run *r)
{
	bool moved = false;
	uint8_t fresh[ROOTSIFT_BYTES];

	for (size_t k = 0; k < r->centres.n; k++) {
		uint8_t *centre = r->centres.descriptors + k * ROOTSIFT_BYTES;
		const uint64_t *sum = r->sums + k * ROOTSIFT_BYTES;
		uint64_t n = r->counts[k];

		if (n == 0)
			memcpy(fresh, row(r, take_farthest(r)), ROOTSIFT_BYTES);
		for (size_t i = 0; n > 0 && i < ROOTSIFT_BYTES; i++)
			fresh[i] = (uint8_t)((sum[i] + n / 2) / n);
		moved |= memcmp(centre, fresh, ROOTSIFT_BYTES) != 0;
		memcpy(centre, fresh, ROOTSIFT_BYTES);
	}
	return moved;
}

static void
prepare(struct run *r, const struct kmeans_opts *o)
{
	r->centres.type = r->rows->type;
	r->centres.n = o->clusters;
	r->centres.descriptors = mem_alloc(o->clusters, ROOTSIFT_BYTES);
	r->near = mem_alloc(r->rows->n, sizeof(*r->near));
	r->sums = mem_alloc(o->clusters * ROOTSIFT_BYTES, sizeof(*r->sums));
	r->counts = mem_alloc(o->clusters, sizeof(*r->counts));
}

/* One round; ${*moved}: did a centre change? */
static int
improve(struct run *r, struct nearest_engine *g, const struct nearest_set *rows,
	bool *moved, struct err *e)
{
	struct nearest_set *centres = nearest_load(g, &r->centres, e);
	int rc = -1;

	if (centres && nearest_find(rows, centres, r->near, e) == 0) {
		sum_rows(r);
		*moved = move(r);
		rc = 0;
	}
	nearest_unload(centres);
	return rc;
}

int
kmeans_find(struct nearest_engine *g, const struct features *f,
	const struct kmeans_opts *o, uint8_t *centres, struct err *e)
{
	struct run r = { .rows = f };
	struct nearest_set *rows = NULL;
	bool moved = true;
	int rc;

	prepare(&r, o);
	rc = seed(&r, o, e);
	if (rc == 0 && (rows = nearest_load(g, f, e)) == NULL)
		rc = -1;
	for (uint32_t i = 0; rc == 0 && moved && i < o->rounds; i++)
		rc = improve(&r, g, rows, &moved, e);
	if (rc == 0)
		memcpy(centres, r.centres.descriptors,
			o->clusters * ROOTSIFT_BYTES);
	nearest_unload(rows);
	free(r.centres.descriptors);
	free(r.near);
	free(r.sums);
	free(r.counts);
	return rc;
}
