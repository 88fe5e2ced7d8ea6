/*
 * orb_steps: what orb_find has done by a device, or by the plain C twin.
 *
 * The levels of the pyramid lie one behind the other in one array, and their rows
 * are all of one length, so that a place near a keypoint is as far from it in the
 * array on every level. Rows are of whole words of 32 pixels, with at least 16
 * behind the last that counts, so that a vector of 16 may begin anywhere in a
 * row. What those hold, nobody may let matter. A bit for each pixel lies the same
 * way.
 */
#ifndef VISION_ORB_STEPS_H
#define VISION_ORB_STEPS_H

#include "vision/orb.h"

#define ORB_LEVELS 8
#define ORB_SECTORS 64 /* angles */
#define ORB_BITS 256
#define ORB_RADIUS 15 /* of what is looked at around a keypoint */
#define ORB_BORDER 19 /* that, and the blur's 3, and 1 */

struct orb_level {
	int32_t at, stride, width, height;
};

/* orb_level_pixels(l): How many pixels it takes, with what is behind its rows. */
static inline size_t
orb_level_pixels(const struct orb_level *l)
{
	return (size_t)l->stride * (size_t)l->height;
}

struct orb_corner {
	int32_t x, y, level, sector;
};

struct orb_plan {
	struct orb_level level[ORB_LEVELS]; /* all 0 from ${n} on */
	int n;                              /* 0: the image is too small */
	int32_t rows;                       /* of all levels */
	size_t pixels;       /* of the array, 32 before and behind the levels */
	const int32_t *ends; /* ORB_ENDS, by orb_offsets */
	int32_t threshold;
	bool upright;
};

/* What the comparisons compare: ends of 2 * ORB_BITS, for every sector. */
struct orb_ends {
	int8_t x, y;
};
#define ORB_ENDS ((size_t)ORB_SECTORS * ORB_BITS * 2)

/* orb_pattern(pattern): Fill in all ORB_ENDS, one sector after the other. */
void orb_pattern(struct orb_ends *pattern);

/* orb_offsets(pattern, stride, to): How far each is from a keypoint. */
void orb_offsets(const struct orb_ends *pattern, int32_t stride, int32_t *to);

/* The directions of the sectors, 2^14 long: cosine, sine. */
extern const int16_t orb_directions[ORB_SECTORS][2];

/*
 * The steps, one after the other. ${pixels} holds level 0, which is all that a
 * device's own copy needs; orb_device_begin takes it there. orb_X_corners sets a
 * bit for every corner that is the strongest of its 3 x 3, and says nothing of
 * bits beyond ORB_BORDER; orb_X_rank gives Harris' measure of corners, times 25
 * (k = 1/25); orb_X_describe their sectors and descriptors.
 */
struct orb_twin {
	const struct orb_plan *plan;
	uint8_t *pixels;
};

void orb_twin_corners(struct orb_twin *t, uint32_t *bits);
void orb_twin_rank(struct orb_twin *t, const struct orb_corner *c, size_t n,
	int64_t *rank);
void orb_twin_describe(struct orb_twin *t, struct orb_corner *c, size_t n,
	uint8_t *descriptors);

struct orb_device;

struct orb_device *orb_device_new(struct device *d, struct err *e);
int orb_device_begin(struct orb_device *o, const struct orb_plan *plan,
	const uint8_t *pixels, struct err *e);
int orb_device_corners(struct orb_device *o, uint32_t *bits, struct err *e);
int orb_device_rank(struct orb_device *o, const struct orb_corner *c, size_t n,
	int64_t *rank, struct err *e);
int orb_device_describe(struct orb_device *o, struct orb_corner *c, size_t n,
	uint8_t *descriptors, struct err *e);
void orb_device_free(struct orb_device *o);

#endif
