/*
 * nearest_tune: which shape is the fastest on a device.
 *
 * That is found out once, by trying, and kept with the compiled programs in the
 * user's cache, by platform, device, driver and the kernels' text. What cannot
 * be read, or was kept for something else, is as if nothing had been kept.
 */
#ifndef VISION_NEAREST_TUNE_H
#define VISION_NEAREST_TUNE_H

#include "vision/nearest_shape.h"

/* nearest_tuned(d, type): The shape that was the fastest, or NULL. */
const struct nearest_shape *nearest_tuned(
	struct device *d, enum features_type type);

/*
 * nearest_tune(d, lines, e): Try all shapes that fit the device and keep the
 * fastest of each type that gives what the twin gives. Append a line of JSON for
 * each shape. Returns -1 where a type has none.
 */
int nearest_tune(struct device *d, struct buf *lines, struct err *e);

#endif
