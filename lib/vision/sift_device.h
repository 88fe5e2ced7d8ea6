/*
 * sift_device: the stages of sift on a device, within lib/vision.
 *
 * One in-order queue runs them all. Extrema are found octave by octave, as each
 * is made, and gradients stay for the descriptions. The points come back once in
 * between, to be put in order and chosen from, and are a few hundred kilobytes.
 * Buffers are kept from one image to the next, and only ever grow.
 */
#ifndef VISION_SIFT_DEVICE_H
#define VISION_SIFT_DEVICE_H

#include "vision/device.h"
#include "vision/sift_chain.h"
#include "vision/sift_shape.h"

struct sift_device;

/* sift_open_as(d, shape, e): sift_open with a shape of one's own. */
struct sift *sift_open_as(
	struct device *d, struct sift_shape shape, struct err *e);

/* sift_device_new(d, shape, e): NULL with ${e} filled where it fails. */
struct sift_device *sift_device_new(
	struct device *d, struct sift_shape shape, struct err *e);
void sift_device_free(struct sift_device *s);

/* sift_device_points(s, f, e): The extrema of ${f->in} into ${f->points}. */
int sift_device_points(
	struct sift_device *s, struct sift_find *f, struct err *e);

/* sift_device_looks(s, f, e): Describe ${f->points}, of the same image. */
int sift_device_looks(
	struct sift_device *s, struct sift_find *f, struct err *e);

#endif
