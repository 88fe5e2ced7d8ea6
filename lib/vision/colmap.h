/*
 * colmap: what COLMAP reads and writes as text.
 *
 * Features, one file an image, as its feature_importer reads them: "N 128" and
 * for each keypoint a line of x, y, scale, orientation and 128 whole numbers from
 * 0 to 255. Models, which are cameras.txt and images.txt of one folder. Matches,
 * as its matches_importer reads them. COLMAP's pixels, cameras and poses are also
 * ours, so numbers pass unchanged.
 *
 * What is read points into the text that was read; what is wrong with it is
 * told with the number of its line.
 */
#ifndef VISION_COLMAP_H
#define VISION_COLMAP_H

#include "vision/features.h"
#include "vision/matches.h"
#include "vision/pose.h"

#define COLMAP_PARAMS 16 /* of a camera; more than any model has */

/* A camera, of any model: what it means is for others to know. */
struct colmap_camera {
	struct span model; /* absent: only the size is known */
	uint32_t width, height;
	double params[COLMAP_PARAMS];
	size_t n;
};

/* An image of a model. */
struct colmap_image {
	const char *root; /* the folder that the name is relative to, or NULL */
	struct span name;
	const struct colmap_camera *camera; /* NULL: not known */
	const struct pose *pose;            /* NULL: not known */
};

/* colmap_record(b, image): Its image record, still open: emit_end it. */
void colmap_record(struct buf *b, const struct colmap_image *image);

/*
 * colmap_params(c, line, next): The camera's parameters, which are the rest of
 * the ${line}, cut by words_next or words_field. False where one is no number
 * or there are too many.
 */
bool colmap_params(struct colmap_camera *c, struct span line,
	bool (*next)(struct span *line, struct span *word));

/*
 * colmap_model(cameras, images, each, arg, e): Call ${each} for every image of
 * the model whose files' texts are given. Returns 0, what ${each} returned if
 * that is not 0, or -1 with ${e} filled.
 */
int colmap_model(struct span cameras, struct span images,
	int (*each)(struct colmap_image *image, void *arg), void *arg,
	struct err *e);

/* colmap_read(f, text, e): The features in a text; 0 or -1 with ${f} empty. */
int colmap_read(struct features *f, struct span text, struct err *e);

/*
 * colmap_write(b, f, e): Append the features' text. Numbers have the digits
 * that a float32 needs to be the same again. -1 where they are of a type that
 * COLMAP has no text for.
 */
int colmap_write(struct buf *b, const struct features *f, struct err *e);

/*
 * colmap_lists(name): Can a list of matches name it? COLMAP takes a line of two
 * names apart at the blank.
 */
bool colmap_lists(struct span name);

/* colmap_match(b, names, m): Append the matches of the two images. */
void colmap_match(
	struct buf *b, const struct span names[2], const struct matches *m);

#endif
