/*
 * nearest: of each descriptor the two nearest of another image, exactly.
 *
 * Descriptors are compared as whole numbers: RootSIFT by the squared Euclidean
 * distance of its 128 bytes, at most 128 * 255^2, ORB by the bits that differ,
 * at most 256. Of equal distances the lower index is nearer. So there is one
 * right answer, and every device, work-group size and kernel gives it; the plain
 * C in nearest_twin.c is its definition and what runs where the device is NULL.
 *
 * An engine is what searches on a device; a set is the descriptors of one image
 * made ready for an engine, to be matched as often as wanted. A set goes before
 * its engine, and both before the device.
 */
#ifndef VISION_NEAREST_H
#define VISION_NEAREST_H

#include <stdbool.h>

#include "vision/matches.h"

struct device;
struct features;

#define NEAREST_NONE UINT32_MAX /* a distance: there is no such neighbour */

struct nearest {
	int32_t index;         /* of the nearest; -1 where there is none */
	uint32_t best, second; /* distances; NEAREST_NONE: beyond any */
};

struct nearest_engine;
struct nearest_set;

/*
 * nearest_open(d): An engine for the device, or for plain C where it is NULL. The
 * kernels are chosen when descriptors are first loaded: the fastest that
 * nearest_tune found, or else the first that the device can run, and none that
 * does not give what plain C gives for some random descriptors.
 */
struct nearest_engine *nearest_open(struct device *d);
void nearest_close(struct nearest_engine *g);

/*
 * nearest_load(g, f, e): The descriptors of ${f}, which stays where it is for as
 * long as the set is used; NULL on failure.
 */
struct nearest_set *nearest_load(
	struct nearest_engine *g, const struct features *f, struct err *e);
void nearest_unload(struct nearest_set *s);

/* nearest_bytes(s): The memory that a set takes, here and on the device. */
size_t nearest_bytes(const struct nearest_set *s);

/*
 * nearest_find(query, train, out, e): The nearest of ${train} to each of
 * ${query} into ${out}, which has room for as many. Both are of one engine, and
 * the caller has seen to it that they are of one type.
 */
int nearest_find(const struct nearest_set *query,
	const struct nearest_set *train, struct nearest *out, struct err *e);

struct nearest_opts {
	double ratio; /* the nearest is below so much of the second; 0: any */
	bool mutual;  /* each is the other's nearest */
	uint32_t max_distance; /* NEAREST_NONE: any */
};

/*
 * nearest_match(a, b, how, out, e): Add to ${out} the matches from ${a} to ${b},
 * in the order of ${a}. The ratio is one of distances for ORB and of their roots
 * for RootSIFT, as distances there are squared; where there is no second it
 * holds. It is compared in whole numbers, as so many millionths: a nearest that
 * is exactly so far does not hold, which roots and products would not see.
 */
int nearest_match(const struct nearest_set *a, const struct nearest_set *b,
	const struct nearest_opts *how, struct matches *out, struct err *e);

#endif
