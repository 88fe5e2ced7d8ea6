/*
 * quota: the best of many keypoints, spread over the image.
 *
 * The strongest responses alone crowd into a few windows and signs, and a pose
 * from those is worth little. So the image is divided into square cells, about
 * one for 32 keypoints that may stay. Half of those that may stay are dealt by
 * turns, each cell's strongest, then each cell's second, and so on; the other
 * half are the strongest of what is left, wherever they are.
 */
#ifndef VISION_QUOTA_H
#define VISION_QUOTA_H

#include <stddef.h>
#include <stdint.h>

struct quota_point {
	double x, y; /* as a keypoint's; outside counts to the nearest cell */
	double response; /* finite; the larger the better */
};

/*
 * quota_pick(p, n, most, size, chosen): Choose ${most} of ${n} points (0: all
 * of them) in an image of ${size}, width and height. Their indices go into
 * ${chosen}, which has room for ${n}, in ascending order; their number is
 * returned. Of equal responses the lower index comes first, so the choice does
 * not depend on anything but the points.
 */
size_t quota_pick(const struct quota_point *p, size_t n, size_t most,
	const uint32_t size[2], size_t *chosen);

#endif
