/*
 * exporting: features and matches for other programs, beside our own.
 *
 * For COLMAP an image gets a text file, IMAGE.txt. A kapture folder has side
 * files in its own places, which records then name, and text files about them,
 * the cameras and the poses. Matches are lines of a list for COLMAP and a file
 * for each pair in the folder.
 */
#ifndef VISION_EXPORTING_H
#define VISION_EXPORTING_H

#include "record/rec.h"
#include "vision/kapture.h"
#include "vision/naming.h"

enum exporting_to { EXPORTING_NOTHING, EXPORTING_COLMAP, EXPORTING_KAPTURE };

struct exporting {
	enum exporting_to to;
	struct naming naming; /* of images, here and there */
	struct kapture kapture;
	uint64_t unlisted; /* names that a list of matches cannot have */
	struct err first_unlisted;
};

/*
 * exporting_paths(x, image, type, paths, e): Where the keypoints and descriptors
 * of an image belong.
 */
int exporting_paths(struct exporting *x, struct span image,
	enum features_type type, struct buf paths[2], struct err *e);

/*
 * exporting_add(x, record, f, e): Write what the other program wants to know of
 * an image's record, a JSON object, and its features. Returns NULL, or a word
 * for rec_fail with ${e} filled.
 */
const char *exporting_add(struct exporting *x, struct span record,
	const struct features *f, struct err *e);

/* Two images that were matched. */
struct exporting_pair {
	struct span images[2]; /* their paths */
	enum features_type type;
	const struct matches *matches;
};

/*
 * exporting_pair(x, p, text, e): The matches of a pair: COLMAP's lines appended
 * to ${text}, or a file in the kapture folder. Returns NULL, or a word for
 * rec_fail with ${e} filled.
 */
const char *exporting_pair(const struct exporting *x,
	const struct exporting_pair *p, struct buf *text, struct err *e);

/*
 * exporting_close(x, e): Complete what was begun, and tell people of names that
 * will not do.
 */
int exporting_close(struct exporting *x, struct err *e);

#endif
