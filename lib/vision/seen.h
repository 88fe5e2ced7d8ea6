/*
 * seen: the picture of a record, with what must not be looked at hidden.
 *
 * Hidden are pixels that are more transparent than not, those that the record's
 * "mask" has 0, those whose depth is not known where it names a "depth", and all
 * within 8 pixels of them: edges there are no edges of the scene. What alpha and
 * mask hide is no part of the picture, and filled from around it, so that it
 * matters to nothing that looks further than that. A colour without depth is left
 * as it is: it may be the sky's. A picture that is made smaller is so before the 8
 * pixels are counted.
 */
#ifndef VISION_SEEN_H
#define VISION_SEEN_H

#include <stdbool.h>

#include "base/span.h"
#include "vision/image.h"

/* Zeroes where nothing is asked for. */
struct seen_opts {
	bool any_depth;   /* the depth does not matter */
	uint32_t longest; /* side; larger pictures are made smaller; 0: none */
};

/*
 * seen_read(im, record, opts, e): Read the picture of a record, a JSON object
 * that json_scan has seen. Returns NULL, or a word for rec_fail with ${e} filled
 * and ${im} empty.
 */
const char *seen_read(struct image *im, struct span record,
	const struct seen_opts *opts, struct err *e);

/*
 * seen_size(im, record, e): Of such a picture only what image_size reads, which
 * takes no time. NULL or a word, likewise.
 */
const char *seen_size(struct image *im, struct span record, struct err *e);

#endif
