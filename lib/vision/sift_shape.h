/*
 * sift_shape: how a device is used for sift, and what is compiled for that,
 * within lib/vision.
 */
#ifndef VISION_SIFT_SHAPE_H
#define VISION_SIFT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Pixels that a work-item does at once, 8 or 1; work-items in a group; and
 * extrema that there is room for at first, which grows. Zeros leave it to what
 * kind of device it is.
 */
struct sift_shape {
	int lanes, group;
	size_t room;
};

/* The compiler's options; one without options ends them. */
extern const struct sift_build {
	const char *options;
	int lanes;
	bool alone; /* groups of one work-item */
} sift_builds[];

/* sift_shape_options(shape): NULL where there is no such shape. */
const char *sift_shape_options(struct sift_shape shape);

#endif
