/*
 * atlas: many vectors, and which of them are most like a given one.
 *
 * Likeness is the dot product, so of vectors of length 1 the cosine. Nothing is
 * approximated: each vector is compared, on the device or, without one, here,
 * and of equal scores the lower index comes first. A score is summed in float32
 * in the order of the dimensions, each product rounded before it is added; a
 * device that rounds as IEEE 754 says gives the same bits as the plain C.
 */
#ifndef VISION_ATLAS_H
#define VISION_ATLAS_H

#include <stdint.h>

#include "base/die.h"

struct device;
struct atlas;

/* One vector that was found. */
struct atlas_hit {
	size_t index;
	float score;
};

/* atlas_new(dims): An empty one of vectors of ${dims} numbers. */
struct atlas *atlas_new(size_t dims);
void atlas_free(struct atlas *g);

/* atlas_add(g, v): Its next vector, a copy of ${v}. */
void atlas_add(struct atlas *g, const float *v);

size_t atlas_n(const struct atlas *g);

/*
 * atlas_load(g, d, e): Bring what was added to the device ${d}; NULL: search
 * here. To be called once, before the first search.
 */
int atlas_load(struct atlas *g, struct device *d, struct err *e);

/*
 * atlas_search(g, v, k, hits, e): The ${k} vectors most like ${v}, the best
 * one first, into ${hits}; ${k} is atlas_n() at the most.
 */
int atlas_search(struct atlas *g, const float *v, size_t k,
	struct atlas_hit *hits, struct err *e);

#endif
