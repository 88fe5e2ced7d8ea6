/*
 * verify: which matches of two images agree on one geometry.
 *
 * Matches are pairs of pixels, x1 y1 in the query and x2 y2 in the match. The
 * model that most of them agree with is found by LO-RANSAC (Chum, Matas and
 * Kittler, "Locally optimized RANSAC", 2003; Lebeda, Matas and Chum, "Fixing the
 * locally optimized RANSAC", 2012):
 *
 *	homography   x2 ~ H x1: a plane, or a camera that only turned. The error
 *	             is the greater of the two transfers, there and back; the
 *	             plane is seen from the same side, in front of both cameras
 *	fundamental  x2' F x1 = 0: two views of any scene. The error is
 *	             Sampson's, the first order of the distance to a pair that
 *	             fits exactly. Where most of a sample lies on a plane, F is
 *	             found from the plane and what is off it (DEGENSAC: Chum,
 *	             Werner and Matas, "Two-view geometry estimation unaffected
 *	             by a dominant plane", 2005)
 *	essential    the same for calibrated cameras: E relates rays (u, v, 1),
 *	             and lens distortion is taken out first. The error is Sampson's
 *	             in pixels of an undistorted image with the mean focal length
 *
 * A point counts once: of pairs that share a point in the query or in the match
 * (a keypoint with two orientations gives equal pairs) one is an inlier at the
 * most. Models compare by their number of inliers, ties by the sum of their
 * squared errors in 256ths of the squared threshold (MSAC), so by integers.
 *
 * Pairs that one homography explains to the last digit (an image and itself) are
 * explained by too many F for a sample to give one. Where no F stands out, but a
 * homography of F's threshold does, its inliers are F's and all planar, and F is
 * one of those that explain them: that of an epipole at infinity along x.
 *
 * What random matches would give as well is not found: a model counts only if
 * fewer than one as good would be expected by chance (the number of false
 * alarms of Moisan and Stival, 2004, with matches spread over the area that the
 * points cover).
 *
 * The result depends on the pairs, the options and the seed alone, not on the
 * pairs' order, time or machine: sums have a fixed order, and there is nothing in
 * it but + - * / and square roots, which IEEE 754 defines to the last bit.
 */
#ifndef VISION_VERIFY_H
#define VISION_VERIFY_H

#include <stdint.h>

#include "vision/camera.h"

enum verify_model {
	VERIFY_HOMOGRAPHY,
	VERIFY_FUNDAMENTAL,
	VERIFY_ESSENTIAL,
};

#define VERIFY_ROUNDS 10000 /* samples at most, where nothing else is said */

struct verify_opts {
	enum verify_model model;
	double threshold; /* an inlier's error at most, in pixels; 0: default */
	uint64_t rounds;  /* samples at the most; 0: VERIFY_ROUNDS */
	uint64_t seed;
	/* The cameras: needed for the essential matrix, else NULL. */
	const struct camera *query, *match;
};

struct verify_result {
	uint8_t *inlier; /* room for a flag a pair: the caller's; or NULL */
	/*
	 * Row-major. A homography has 1 in the last place; the others have
	 * norm 1 and a sign: the first element beyond 0.3 is positive. All 0
	 * where there are no inliers.
	 */
	double matrix[9];
	size_t inliers;
	/* Inliers of F or E that one homography explains too, to twice the
	 * threshold: where that is nearly all, the scene is flat or the camera
	 * only turned, and F is not unique. */
	size_t planar;
	uint64_t rounds; /* samples drawn */
};

extern const char *const verify_names[]; /* of the models; NULL at the end */

/* verify_least(model): Fewer pairs cannot be verified: a sample fits itself. */
size_t verify_least(enum verify_model model);

/*
 * verify_threshold(model, size): The default threshold, in pixels, for images
 * whose longer side is ${size} pixels: 3 for a homography, 1.5 for the others,
 * up to 1024 pixels, and in proportion beyond that, for keypoints are found as
 * well as the blur of their scale allows. 0: the size is not known.
 */
double verify_threshold(enum verify_model model, uint32_t size);

/*
 * verify_find(pairs, n, opts, r, e): Fill ${r}: in ${r->inlier} comes 1 for each
 * pair that is one and 0 for the others. Too few pairs, or pairs that no model
 * stands out of, are no error: there are no inliers then. Returns 0, or -1 with
 * the reason in ${e} where a number is not finite or a camera is missing.
 */
int verify_find(const double (*pairs)[4], size_t n,
	const struct verify_opts *opts, struct verify_result *r, struct err *e);

#endif
