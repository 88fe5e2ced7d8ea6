/*
 * finding: a record of an image becomes one with features.
 *
 * The image is read without what must not be looked at (vision/seen.h).
 * Keypoints and descriptors go into side files, and the record gets
 * "keypoints", "descriptors", "features", and "width" and "height" where it has
 * none. What cannot be done puts an "error" on it instead.
 */
#ifndef VISION_FINDING_H
#define VISION_FINDING_H

#include "record/rec.h"
#include "vision/orb.h"
#include "vision/sift.h"

struct finding {
	enum features_type type;
	struct device *device;
	struct sift *sift_by;
	struct sift_opts sift;
	struct orb_opts orb;
	const char *dir; /* of the side files; NULL: beside the image */
	bool any_depth;  /* where depth is unknown features may be, too */
};

/* finding_do(g, r): Find the features of ${r}, unless it carries an "error". */
void finding_do(struct finding *g, struct rec *r);

#endif
