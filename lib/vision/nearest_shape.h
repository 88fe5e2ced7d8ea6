/*
 * nearest_shape: the ways in which nearest.cl searches, one a row.
 *
 * A shape is a kernel with its macros and how its work is divided. All compute
 * the same; which is the fastest depends on the device. The table is in the order
 * in which shapes are tried on a device that was not tuned.
 */
#ifndef VISION_NEAREST_SHAPE_H
#define VISION_NEAREST_SHAPE_H

#include "vision/device.h"
#include "vision/features.h"

/* Rows that a set is filled up to, and columns that a slice is a multiple of. */
#define NEAREST_BLOCK 128

struct nearest_shape {
	const char *name;
	enum features_type type;
	bool cpu, gpu; /* what it is made for */
	bool probed;   /* ${feature} is needed */
	enum device_feature feature;
	const char *options; /* for the compiler */
	size_t rows;         /* queries of a work-group */
	size_t items[2];     /* work-items of a work-group */
	size_t packed; /* bytes a descriptor as kernel pack lays it; 0: raw */
};

/* All of them; one without a name ends them. */
extern const struct nearest_shape nearest_shapes[];

/* nearest_shape_named(name): NULL where there is no such shape. */
const struct nearest_shape *nearest_shape_named(struct span name);

/*
 * nearest_shape_fits(s, d): Is the shape made for such a device, does the device
 * allow its work-groups, and can it do what the shape needs?
 */
bool nearest_shape_fits(const struct nearest_shape *s, struct device *d);

#endif
