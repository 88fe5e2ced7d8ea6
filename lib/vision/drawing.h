/*
 * drawing: pictures of the first pairs that were matched, one below the other.
 *
 * A picture is what picture.h makes of a pair. An image that cannot be read
 * leaves its pair out; people are told.
 */
#ifndef VISION_DRAWING_H
#define VISION_DRAWING_H

#include "vision/picture.h"

/* Pairs that are drawn. */
#define DRAWING_PAIRS 8

struct drawing {
	struct image sheet;
	uint64_t pairs; /* all that were added */
	uint64_t
		unreadable; /* of the first ones, those with an image missing */
	struct err why;     /* of the first of them */
};

/*
 * drawing_add(d, p): One more pair. Its images are read from the files that their
 * names say; those in ${p} do not matter.
 */
void drawing_add(struct drawing *d, const struct picture_pair *p);

/* drawing_save(d, path, e): Write it, and tell people what is not in it. */
int drawing_save(struct drawing *d, const char *path, struct err *e);

void drawing_release(struct drawing *d);

#endif
