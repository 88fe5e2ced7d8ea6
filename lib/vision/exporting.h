/*
 * exporting: features for other programs, beside our own.
 *
 * For COLMAP an image gets a text file, IMAGE.txt. A kapture folder has side
 * files in its own places, which records then name, and text files about them,
 * the cameras and the poses.
 */
#ifndef VISION_EXPORTING_H
#define VISION_EXPORTING_H

#include "record/rec.h"
#include "vision/kapture.h"

enum exporting_to { EXPORTING_NOTHING, EXPORTING_COLMAP, EXPORTING_KAPTURE };

struct exporting {
	enum exporting_to to;
	const char *dir; /* of side files, as side_path has it */
	const char
		*images; /* what names below ${dir} are relative to, or NULL */
	struct kapture kapture;
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

/* exporting_close(x, e): Complete what was begun. */
int exporting_close(struct exporting *x, struct err *e);

#endif
