/*
 * picture: two images side by side, and what of one was found in the other.
 *
 * The images are grey and dim, so that what is painted on them stands out.
 * Keypoints are faint rings of their size with a tick at their angle; those that
 * match are joined by a line. Lines of inliers take their colour from where they
 * begin, so that neighbours look alike and a line that goes astray does not;
 * outliers are thin and red. Two large images are made smaller, both by as much.
 */
#ifndef VISION_PICTURE_H
#define VISION_PICTURE_H

#include "base/span.h"
#include "vision/features.h"
#include "vision/image.h"

/* The most that the two images take side by side. */
#define PICTURE_WIDTH 1920

struct picture_side {
	const struct image *image;
	struct span name;                /* written above it */
	const struct features *features; /* or NULL: only what matches */
};

struct picture_pair {
	struct picture_side query, match;
	const double (*pairs)[4]; /* x, y in the query and x, y in the match */
	const uint8_t *inlier;    /* of each pair; NULL: all are */
	size_t n;
};

/* picture_make(p, out, e): The picture, the caller's to write and release. */
int picture_make(
	const struct picture_pair *p, struct image *out, struct err *e);

#endif
