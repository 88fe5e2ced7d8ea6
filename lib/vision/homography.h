/*
 * homography: x2 ~ H x1, what two images of one plane have in common.
 *
 * A matrix here has the sign by which a point in front of both cameras keeps a
 * positive last coordinate, and a positive determinant: the plane is seen from
 * the same side by both (oriented projective geometry: Werner and Pajdla,
 * "Cheirality in epipolar geometry", 2001). Pairs are x1 y1 x2 y2.
 */
#ifndef VISION_HOMOGRAPHY_H
#define VISION_HOMOGRAPHY_H

#include "vision/dlt.h"

#define HOMOGRAPHY_SAMPLE 4

/*
 * homography_solve(at, h): The one that maps 4 points exactly; their number, 1,
 * or 0 where three are on a line or no camera could see both quadrangles.
 */
size_t homography_solve(const double (*at)[4], double (*h)[9]);

/*
 * homography_fit(p, h): By least squares of algebraic errors from at least 4
 * pairs, and homography_refine of the transfer errors there and back.
 */
bool homography_fit(const struct dlt_pairs *p, double h[9]);
void homography_refine(const struct dlt_pairs *p, double h[9], int steps);

/*
 * homography_errors(h, at, n, e): The greater of the two squared transfer errors
 * of each pair; infinite for one behind a camera.
 */
void homography_errors(
	const double h[9], const double (*at)[4], size_t n, double *e);

#endif
