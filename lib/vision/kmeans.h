/*
 * kmeans: a few descriptors that stand for many.
 *
 * Lloyd's algorithm on bytes: each centre becomes the mean of the descriptors
 * that are nearest to it, rounded to whole numbers, again and again. It starts
 * with k-means++ (Arthur and Vassilvitskii, SODA 2007): each first centre is a
 * descriptor, drawn with a probability proportional to its squared distance from
 * those drawn before. Distances, sums and draws are whole numbers throughout, so
 * the same seed gives the same bytes on every device.
 */
#ifndef VISION_KMEANS_H
#define VISION_KMEANS_H

#include <stdint.h>

#include "base/die.h"

struct features;
struct nearest_engine;

struct kmeans_opts {
	uint32_t clusters, rounds;
	uint64_t seed;
};

/*
 * kmeans_find(g, f, o, centres, e): Find the centres of the descriptors of ${f},
 * which are RootSIFT and need no keypoints, into ${centres}, of ROOTSIFT_BYTES
 * each. What ties goes to the lower index; a centre without descriptors becomes
 * the one that is farthest from its own. Returns 0, or -1 with ${e} filled where
 * fewer than ${o->clusters} descriptors differ or the device failed.
 */
int kmeans_find(struct nearest_engine *g, const struct features *f,
	const struct kmeans_opts *o, uint8_t *centres, struct err *e);

#endif
