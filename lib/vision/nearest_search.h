/*
 * nearest_search: a shape at work on a device, within lib/vision.
 *
 * It holds the kernels and the memory that every search needs anew; the
 * descriptors of an image are a struct nearest_rows.
 */
#ifndef VISION_NEAREST_SEARCH_H
#define VISION_NEAREST_SEARCH_H

#include "vision/nearest.h"
#include "vision/nearest_shape.h"

struct nearest_search;

/* Descriptors on the device; a zeroed struct has none. */
struct nearest_rows {
	size_t n;
	struct device_buffer *data, *norms;
	size_t bytes; /* of the two */
};

/*
 * nearest_search_open(d, shape, e): NULL where it does not build or its
 * work-groups are too large for the device. Where ${e} is NULL nobody is told.
 */
struct nearest_search *nearest_search_open(
	struct device *d, const struct nearest_shape *shape, struct err *e);
void nearest_search_close(struct nearest_search *s);

const struct nearest_shape *nearest_search_shape(
	const struct nearest_search *s);

int nearest_search_load(struct nearest_search *s, const struct features *f,
	struct nearest_rows *to, struct err *e);
void nearest_rows_release(struct nearest_rows *r);

/* nearest_search_find(s, query, train, out, e): As nearest_find. */
int nearest_search_find(struct nearest_search *s,
	const struct nearest_rows *query, const struct nearest_rows *train,
	struct nearest *out, struct err *e);

/*
 * nearest_search_sample(type, n, seed): ${n} random descriptors, at least 1, to
 * try a search on: every third is as one before it but for a byte now and then.
 * They have no keypoints.
 */
struct features nearest_search_sample(
	enum features_type type, size_t n, uint64_t seed);

/*
 * nearest_search_proves(s): Does it give what the twin gives, on random
 * descriptors with equal ones among them?
 */
bool nearest_search_proves(struct nearest_search *s);

#endif
