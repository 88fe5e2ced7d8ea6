/*
 * pairing: a record of two images becomes one of their matches.
 *
 * A pair is a record with "query" and "match", two image records with features.
 * It gets "matches", and "pairs" and "geometry" where they are asked for; what
 * cannot be done puts an "error" on it instead. What a pair gets depends on its
 * features and the options alone, not on what was matched before, nor on what its
 * images are called: all pairs begin with the same seed.
 */
#ifndef VISION_PAIRING_H
#define VISION_PAIRING_H

#include "record/rec.h"
#include "vision/drawing.h"
#include "vision/gallery.h"
#include "vision/verify.h"

/* Zeroes where nothing is asked for. */
struct pairing {
	struct gallery gallery;

	double ratio; /* as struct nearest_opts has it */
	bool mutual;
	double max_distance; /* of unit descriptors, or in bits; 0: any */

	bool verifies;             /* keep the inliers alone */
	struct verify_opts verify; /* threshold 0: by the images' size */

	bool inlined;       /* write "pairs" */
	const char *dir;    /* side files; NULL: with the keypoints */
	const char *images; /* what names in theirs are relative to, or NULL */
	struct drawing *drawing; /* pairs are added to it, or NULL */
};

/*
 * pairing_do(p, r): Match the images of the pair ${r}, unless it carries an
 * "error" already.
 */
void pairing_do(struct pairing *p, struct rec *r);

#endif
