#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "vision/features.h"
#include "vision/nearest.h"
#include "vision/pca.h"
#include "vision/vocabulary.h"
#include "vlad.h"

/* The nearest centre of each descriptor. */
static int
assign(struct nearest_engine *g, const struct vocabulary *v,
	const struct features *f, struct nearest *near, struct err *e)
{
	struct features centres = { .type = FEATURES_ROOTSIFT,
		.n = v->clusters,
		.descriptors = v->centres };
	struct nearest_set *from = nearest_load(g, f, e);
	struct nearest_set *to = from ? nearest_load(g, &centres, e) : NULL;
	int rc = to ? nearest_find(from, to, near, e) : -1;

	nearest_unload(to);
	nearest_unload(from);
	return rc;
}

static void
add_residual(int64_t *restrict sum, const uint8_t *restrict descriptor,
	const uint8_t *restrict centre)
{
	for (size_t i = 0; i < ROOTSIFT_BYTES; i++)
		sum[i] += descriptor[i] - centre[i];
}

/* The part of one centre: scaled to length 1, then rooted. */
static void
normalise(const int64_t *sum, float *out)
{
	double squares = 0;

	for (size_t i = 0; i < ROOTSIFT_BYTES; i++)
		squares += (double)sum[i] * (double)sum[i];
	for (size_t i = 0; i < ROOTSIFT_BYTES; i++) {
		double part = squares > 0 ? (double)sum[i] / sqrt(squares) : 0;

		out[i] = (float)copysign(sqrt(fabs(part)), part);
	}
}

/* Scales the vector to length 1; false where it has none. */
static bool
scale(float *v, size_t n)
{
	double squares = 0, root;

	for (size_t i = 0; i < n; i++)
		squares += (double)v[i] * v[i];
	root = sqrt(squares);
	for (size_t i = 0; root > 0 && i < n; i++)
		v[i] = (float)(v[i] / root);
	return root > 0;
}

int
vlad_whole(struct nearest_engine *g, const struct vocabulary *v,
	const struct features *f, float *out, struct err *e)
{
	struct nearest *near = mem_alloc(f->n, sizeof(*near));
	size_t length = vocabulary_length(v);
	int64_t *sums = mem_alloc(length, sizeof(*sums));
	int rc = assign(g, v, f, near, e);

	memset(sums, 0, length * sizeof(*sums));
	for (size_t i = 0; rc == 0 && i < f->n; i++) {
		size_t at = (size_t)near[i].index * ROOTSIFT_BYTES;

		add_residual(sums + at, f->descriptors + i * ROOTSIFT_BYTES,
			v->centres + at);
	}
	for (size_t k = 0; rc == 0 && k < v->clusters; k++)
		normalise(sums + k * ROOTSIFT_BYTES, out + k * ROOTSIFT_BYTES);
	if (rc == 0)
		scale(out, length);
	free(near);
	free(sums);
	return rc;
}

bool
vlad_turn(const struct vocabulary *v, const float *whole, float *out)
{
	size_t length = vocabulary_length(v);
	float *x;

	if (v->dims == 0) {
		memcpy(out, whole, length * sizeof(*out));
		return scale(out, length);
	}
	x = mem_alloc(length, sizeof(*x));
	for (size_t i = 0; i < length; i++)
		x[i] = whole[i] - v->mean[i];
	for (size_t i = 0; i < v->dims; i++)
		out[i] = (float)pca_dot(v->axes + i * length, x, length);
	free(x);
	return scale(out, v->dims);
}
