/*
 * view: pairs in the coordinates in which they are searched, and the way back.
 *
 * An essential matrix is looked for over rays; the others over pixels with the
 * points' centroids as origins and one scale for both images, so that a distance
 * in either is the same number of pixels.
 */
#ifndef VISION_VIEW_H
#define VISION_VIEW_H

#include "vision/dlt.h"
#include "vision/pairs.h"
#include "vision/verify.h"

struct view {
	enum verify_model model;
	struct pairs pairs;
	double threshold;          /* there */
	struct dlt_frame frame[2]; /* of one scale; unused for rays */
};

/*
 * view_make(v, pairs, n, opts, rng): The order of the pairs follows from ${rng};
 * a pair whose pixels no ray comes to is left out. ${opts} are complete.
 */
void view_make(struct view *v, const double (*pairs)[4], size_t n,
	const struct verify_opts *opts, struct rng *rng);

/*
 * view_probability(v, model): How likely a random pair is an inlier of a model,
 * points being anywhere in the rectangle that they cover; not below 1 where that
 * is none.
 */
double view_probability(const struct view *v, enum verify_model model);

/* view_finish(v, m, to): A matrix as verify_result promises it. */
void view_finish(const struct view *v, const double m[9], double to[9]);

void view_release(struct view *v);

#endif
