/*
 * finding: a record of an image becomes one with features.
 *
 * The image is read without what must not be looked at (vision/seen.h).
 * Keypoints and descriptors go into side files, and the record gets
 * "keypoints", "descriptors", "features", and "width" and "height" where it has
 * none. Where a picture is made smaller first, they are still about the picture as
 * it was. What cannot be done puts an "error" on it instead.
 *
 * Features that a record has already can be taken as they are, for programs that
 * read other formats (vision/exporting.h).
 */
#ifndef VISION_FINDING_H
#define VISION_FINDING_H

#include "record/rec.h"
#include "vision/exporting.h"
#include "vision/orb.h"
#include "vision/seen.h"
#include "vision/sift.h"

struct finding {
	enum features_type type;
	struct device *device;
	struct sift *sift_by;
	struct orb *orb_by;
	struct sift_opts sift;
	struct orb_opts orb;
	struct exporting out;
	struct seen_opts seen;
};

/* finding_do(g, r): Find the features of ${r}, unless it carries an "error". */
void finding_do(struct finding *g, struct rec *r);

/* finding_take(g, r): Export the features that ${r} has, unless likewise. */
void finding_take(struct finding *g, struct rec *r);

/* finding_pass(g, r): The same, where having none is no error. */
void finding_pass(struct finding *g, struct rec *r);

#endif
