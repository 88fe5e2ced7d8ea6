/*
 * colmap_folder: the images that a folder of COLMAP's texts tells of.
 *
 * Either the folder is a model, with cameras.txt and images.txt, and its images
 * come in the order of that file; or its images are those whose features it has,
 * NAME.txt for the image NAME, by name. Features that it has become side files.
 * A folder with neither is an error.
 */
#ifndef VISION_COLMAP_FOLDER_H
#define VISION_COLMAP_FOLDER_H

#include "vision/colmap.h"

struct colmap_folder {
	const char *path;
	const char *images; /* the folder that names are relative to, or NULL */
	const char *dir;    /* of side files, as side_path has it */
};

/*
 * colmap_folder_read(f, each, arg, e): Call ${each} with the record of every
 * image, a JSON object; one whose features are not right has "error" instead.
 * Returns 0, what ${each} returned if that is not 0, or -1 with ${e} filled.
 */
int colmap_folder_read(const struct colmap_folder *f,
	int (*each)(struct span record, void *arg), void *arg, struct err *e);

#endif
