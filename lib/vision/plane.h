/*
 * plane: what of a scene lies on one plane, and its geometry in spite of that.
 *
 * Seven pairs of which most lie on a plane satisfy fundamental matrices that the
 * plane's pairs satisfy and others do not; where the plane is most of the scene,
 * such a matrix wins. The plane's homography and two pairs off it give the true
 * one: the lines from where the homography takes a point to where it is meet in
 * the epipole (Chum, Werner and Matas, "Two-view geometry estimation unaffected
 * by a dominant plane", 2005).
 */
#ifndef VISION_PLANE_H
#define VISION_PLANE_H

#include "vision/search.h"

/*
 * plane_find(s, h): The homography that explains most of the inliers of ${s}, to
 * twice its threshold, and how many of them that is.
 */
size_t plane_find(struct search *s, double h[9]);

/*
 * plane_leave(s, h): Look for a better fundamental matrix of ${s} by the plane's
 * homography and pairs off it.
 */
void plane_leave(struct search *s, const double h[9]);

/*
 * plane_fundamental(h, f): A fundamental matrix that all pairs of a homography
 * satisfy, [e]x H. Any epipole e does; this one is at infinity on the match's x
 * axis, so that no pair lies on it, and lines run along the rows.
 */
void plane_fundamental(const double h[9], double f[9]);

extern const struct search_model plane_model; /* the homography's */

#endif
