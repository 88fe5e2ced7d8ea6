/*
 * orb: binary features, found and described in whole numbers.
 *
 * In the manner of ORB (Rublee, Rabaud, Konolige and Bradski, ICCV 2011): FAST
 * corners (Rosten and Drummond, ECCV 2006: 9 of a ring of 16 pixels that are all
 * brighter or all darker than the middle by more than a threshold) on a pyramid
 * of 8 levels, each 5/6 of the one before; ranked by Harris' measure; turned to
 * the centroid of the brightness around them; and described by 256 comparisons
 * of two pixels each (BRIEF: Calonder, Lepetit, Strecha and Fua, ECCV 2010).
 *
 * What differs: everything is a whole number, so the result is the same to the
 * byte on every device, and in the plain C twin which specifies it. Angles are
 * one of 64. The comparisons are a pattern of our own, drawn once from a normal
 * distribution (orb_pattern) and never to be changed: descriptors are only worth
 * something to descriptors of the same pattern, so these match no other ORB's.
 */
#ifndef VISION_ORB_H
#define VISION_ORB_H

#include "vision/device.h"
#include "vision/features.h"

/* The largest image: its whole pyramid is counted by an int32_t. */
#define ORB_PIXELS_MOST ((uint64_t)1 << 28)

struct orb;

/* What they are looked for in: pixels row by row, as image_grey_bytes has them. */
struct orb_in {
	const uint8_t *grey;
	const uint8_t *mask; /* 0: nothing is found here; NULL: no mask */
	uint32_t width, height;
};

struct orb_opts {
	size_t most;        /* keypoints that stay, by vision/quota; 0: all */
	uint32_t threshold; /* of FAST, from 1 to 254 */
	bool upright;       /* all angles are 0 */
};

/* What is usual. */
#define ORB_OPTS ((struct orb_opts){ .most = 8192, .threshold = 10 })

/*
 * orb_open(d, e): What finds features by the device, which outlives it, or where
 * that is NULL by plain C. NULL with ${e} filled where a kernel does not build.
 */
struct orb *orb_open(struct device *d, struct err *e);
void orb_close(struct orb *o);

/*
 * orb_find(o, in, opts, f, e): The features of an image, in the order of level,
 * row and column. A keypoint's scale is the sigma of the blur before its
 * comparisons, in pixels of the image. An image that is too small, or has no
 * corner, has none. Returns 0, or -1 where the device fails.
 */
int orb_find(struct orb *o, const struct orb_in *in,
	const struct orb_opts *opts, struct features *f, struct err *e);

#endif
