/*
 * describing: a record of an image becomes one with its vector.
 *
 * The vector goes into a side file, .gfeat, and the record gets "global", which
 * names it, and "vocabulary", the name of what it was made with. What cannot be
 * done puts an "error" on it instead.
 */
#ifndef VISION_DESCRIBING_H
#define VISION_DESCRIBING_H

#include "record/rec.h"
#include "vision/describe.h"
#include "vision/naming.h"

struct describing {
	const struct describer *by;
	struct naming naming; /* of side files */
};

/* describing_do(d, r): Describe the image, unless ${r} carries an "error". */
void describing_do(const struct describing *d, struct rec *r);

#endif
