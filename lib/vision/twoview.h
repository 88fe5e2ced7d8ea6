/*
 * twoview: what two images of a gallery have in common.
 *
 * Features are matched once, and which of the matches agree on one geometry can
 * be asked for several models. The images are the gallery's, which keeps them
 * while no third one is wanted; the rest is released here.
 */
#ifndef VISION_TWOVIEW_H
#define VISION_TWOVIEW_H

#include "vision/gallery.h"
#include "vision/verify.h"

struct twoview {
	const struct gallery_image *images[2]; /* the query, the match: given */

	struct matches matches;
	double (*points)[4]; /* of each: x y in the query, x y in the match */
	uint8_t *inlier;     /* of each; all are, where nothing was verified */

	double threshold; /* that was used, in pixels */
	struct verify_result geometry;
};

/* twoview_same_type(v): Can the images' features be compared? */
bool twoview_same_type(const struct twoview *v);

/* twoview_match(v, how, e): Match them. Returns -1 where the device fails. */
int twoview_match(
	struct twoview *v, const struct nearest_opts *how, struct err *e);

/*
 * twoview_size(records): The longer side of the larger of two images, as far as
 * their records, JSON objects, say: or 0.
 */
uint32_t twoview_size(const struct span records[2]);

/*
 * twoview_verify(v, how, size, e): Find the inliers among the matches. A threshold
 * of 0 becomes the default of images of that ${size}. Returns 0, none there were
 * too, or -1 where keypoints are no numbers.
 */
int twoview_verify(struct twoview *v, const struct verify_opts *how,
	uint32_t size, struct err *e);

/* twoview_release(v): All but the images. */
void twoview_release(struct twoview *v);

#endif
