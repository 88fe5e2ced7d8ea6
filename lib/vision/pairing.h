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
#include "vision/exporting.h"
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

	bool inlined; /* write "pairs", and no side file without a directory */
	struct exporting out; /* no directory: files are with the keypoints */
	struct buf list;      /* COLMAP's lines of the last pair */
	struct drawing *drawing; /* pairs are added to it, or NULL */
};

/*
 * pairing_join(r, text, images, e): Make ${r} the pair of two image records, JSON
 * objects; its bytes are in ${text}. Returns 0, or -1 where it would be nested
 * too deeply to be a record.
 */
int pairing_join(struct rec *r, struct buf *text, const struct span images[2],
	struct err *e);

/*
 * pairing_do(p, r): Match the images of the pair ${r}, unless it carries an
 * "error" already.
 */
void pairing_do(struct pairing *p, struct rec *r);

/* pairing_release(p): All but the engine and the drawing. */
void pairing_release(struct pairing *p);

#endif
