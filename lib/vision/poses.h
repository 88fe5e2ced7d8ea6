/*
 * poses: how far estimated poses are from the true ones.
 *
 * Errors are the distance of the camera's centres in metres and the angle
 * between the rotations in degrees, without any alignment. An image whose pose
 * was not estimated has an infinite error: it counts as wrong, and in the
 * medians.
 */
#ifndef VISION_POSES_H
#define VISION_POSES_H

#include "base/map.h"
#include "vision/pose.h"

#define POSES_WITHIN 16

struct poses_error {
	double m, deg;
};

struct poses {
	struct map names; /* of the images, as place_name has them */
	struct pose *truth;
	struct poses_error *errors; /* both by the name's index */
	size_t cap, errors_cap;
	struct poses_error within[POSES_WITHIN]; /* what is near enough */
	size_t nwithin;
};

/*
 * poses_true(p, record, e): The true pose of one more image: that of "truth"
 * if the record has it, or else its own. Returns 0, or -1 with ${e}.
 */
int poses_true(struct poses *p, struct span record, struct err *e);

/*
 * poses_estimated(p, record, e): An estimate; null where there is none. Returns
 * 0, or -1 with ${e} where the image is not among the true ones or the pose is
 * malformed, which is as good as none. The last one of an image counts.
 */
int poses_estimated(struct poses *p, struct span record, struct err *e);

/* poses_failed(p, record): No estimate for the image, if it is a true one's. */
void poses_failed(struct poses *p, struct span record);

/* poses_share(p, w): The share of images with both errors at most ${w}. */
double poses_share(const struct poses *p, const struct poses_error *w);

/* poses_median(p): Of both errors by themselves; infinite if half are missing. */
struct poses_error poses_median(const struct poses *p);

void poses_release(struct poses *p);

#endif
