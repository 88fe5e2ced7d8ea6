/*
 * sift_chain: the stages of sift, within lib/vision.
 *
 * A pyramid has octaves, each with six Gaussian levels and, while extrema are
 * sought in it, the five differences between them. Pixel (x, y) of octave o is
 * pixel (x * 2^o, y * 2^o) of the image, exactly: halving keeps every second
 * pixel, and doubling puts one in the middle between each two.
 *
 * These are the plain C twins of kernels/sift.cl, which says how a device is made
 * to do the same; what only the host does, choosing among the points, both share.
 */
#ifndef VISION_SIFT_CHAIN_H
#define VISION_SIFT_CHAIN_H

#include <stddef.h>

#include "vision/features.h"
#include "vision/quota.h"
#include "vision/sift.h"

#define SIFT_SCALES 3
#define SIFT_LEVELS (SIFT_SCALES + 3)
#define SIFT_SIGMA 1.6f
#define SIFT_OCTAVES 32
#define SIFT_RADIUS 16 /* of a smoothing, at most */
#define SIFT_LEAST 16  /* pixels of an octave's shorter side */
#define SIFT_STEPS 5
#define SIFT_BINS 36  /* directions that a keypoint's angle is sought in */
#define SIFT_ANGLES 2 /* of a keypoint, at most */
#define SIFT_NO_ANGLE (-1)
#define SIFT_TURN 65536 /* a full turn of angles and directions */

/* A smoothing: the weights of a pixel and of its neighbours to either side. */
struct sift_blur {
	int radius;
	float weights[SIFT_RADIUS + 1];
};

/* What is known before a pixel is seen. */
struct sift_plan {
	int octaves, first; /* octave i is 2^(first + i) times coarser */
	int skip;           /* of them, where nothing is sought */
	uint32_t width[SIFT_OCTAVES], height[SIFT_OCTAVES];
	struct sift_blur blur[SIFT_LEVELS]; /* blur[0]: of the image itself */
	float peak, faint; /* least differences: refined, and before that */
	float edge;        /* (r + 1)^2 / r */
	bool upright;
};

/* An extremum of octave, level, row and column, refined. */
struct sift_point {
	int32_t octave, level, row, column;
	float x, y, scale; /* in pixels of the octave */
	float response;    /* the absolute difference there */
};

struct sift_points {
	struct sift_point *v;
	size_t n, cap;
};

/*
 * Level 1 + s of SIFT_SCALES has gradients s. One is 32 bits: how steep it is, in
 * 1/256 of a grey, and below that its direction, in 1/65536 of a turn.
 */
struct sift_octave {
	uint32_t width, height;
	float *level[SIFT_LEVELS];
	float *difference[SIFT_LEVELS - 1];
	uint32_t *gradient[SIFT_SCALES];
};

/* What a point's neighbourhood looks like: angles in 1/65536 turns, or none. */
struct sift_look {
	int32_t angle[SIFT_ANGLES];
	uint8_t descriptor[SIFT_ANGLES][ROOTSIFT_BYTES];
};

/* One search: what for and in what, and what was found so far. */
struct sift_find {
	const struct features_in *in;
	const struct sift_opts *opts;
	struct sift_plan plan;
	struct sift_points points;
	struct sift_look *looks; /* one for each point */
};

/* sift_plan_make(plan, in, opts): What is to be done with such an image. */
void sift_plan_make(struct sift_plan *plan, const struct features_in *in,
	const struct sift_opts *opts);

/* sift_plan_pixel(plan, i): How many pixels of the image one of octave ${i} is. */
float sift_plan_pixel(const struct sift_plan *plan, int i);

/*
 * sift_pyramid(plan, i, grey, o): Make octave ${i} of a pyramid whose first
 * octave is ${o}: from the image if it is the first, else from the one before.
 */
void sift_pyramid(const struct sift_plan *plan, int i, const float *grey,
	struct sift_octave *o);

/* sift_pyramid_spare(o): Free what only extrema needed; release frees all. */
void sift_pyramid_spare(struct sift_octave *o);
void sift_pyramid_release(struct sift_octave *o);

/* sift_extrema(plan, i, o, points): Append the extrema of octave ${i}, ${o}. */
void sift_extrema(const struct sift_plan *plan, int i,
	const struct sift_octave *o, struct sift_points *points);

/*
 * sift_choose(s): Leave the points that are seen, each once, in the order of
 * octave, level, row and column, and of them the best.
 */
void sift_choose(struct sift_find *s);

/* sift_choose_point(plan, p): Where a point is, as a keypoint's, and how good. */
struct quota_point sift_choose_point(
	const struct sift_plan *plan, const struct sift_point *p);

/* sift_describe(plan, o, p, look): The angles and descriptors of one point. */
void sift_describe(const struct sift_plan *plan, const struct sift_octave *o,
	const struct sift_point *p, struct sift_look *look);

#endif
