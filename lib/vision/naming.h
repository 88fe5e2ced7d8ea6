/*
 * naming: what images are called, and where their side files go.
 *
 * A record knows an image by its path. Below a directory of side files, and to
 * other programs, its name is that path, or if a folder of images is given its
 * path in there. Then an image elsewhere has no name: "a.png" would be that of
 * "photos/a.png" in the folder "photos". Paths are compared as they are spelled,
 * but for "./" in front and slashes that are doubled; so an absolute path is in an
 * absolute folder only, and "photos/../a.png" is "../a.png" in its folder.
 */
#ifndef VISION_NAMING_H
#define VISION_NAMING_H

#include "base/buf.h"

struct naming {
	const char *dir;    /* of side files; NULL: beside the images */
	const char *images; /* the folder of images; NULL: none */
};

/*
 * naming_name(n, image, name, e): The ${name} of an image, a part of its path.
 * -1 where it is not in the folder.
 */
int naming_name(const struct naming *n, struct span image, struct span *name,
	struct err *e);

/*
 * naming_path(n, image, extension, path, e): The image's side file with the
 * ${extension}, as side_path has it: of its name in the directory, or beside the
 * image. -1 where there is none.
 */
int naming_path(const struct naming *n, struct span image,
	const char *extension, struct buf *path, struct err *e);

#endif
