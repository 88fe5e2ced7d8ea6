/*
 * sift: keypoints that scale and rotation leave alone, with RootSIFT descriptors.
 *
 * Blobs are the extrema of differences of Gaussians in space and scale (Lowe,
 * "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004), with
 * its figures: the image has a blur of .5, the first level one of 1.6, three
 * scales an octave, octaves down to 16 pixels. Extrema are refined below the
 * pixel in at most 5 steps; faint ones and those on edges are dropped. A
 * keypoint has the direction of the strongest gradients around it, or two.
 *
 * Descriptors are 4 x 4 cells of 3 sigma with 8 directions, weighted over three
 * dimensions, cut at .2 and made RootSIFT (Arandjelovic & Zisserman, CVPR 2012):
 * the root of each part's share, times 512, in a byte. Their layout is that of
 * COLMAP and of Lowe's own program: direction by direction, cell by cell along
 * the keypoint's x axis, row by row along its y axis. Direction 0 is that of the
 * keypoint and the next ones turn from +x towards -y, against the sense in which
 * angles are counted.
 *
 * Nothing depends on who computes: all arithmetic is by +, -, * and fma on
 * float32, which IEEE 754 and OpenCL round correctly; division, roots, powers and
 * angles are built from these; and what is summed in no certain order is whole
 * numbers. The bytes are those of the plain C twin on every device that rounds as
 * OpenCL's full profile demands, fma included (device_info's fma); on others
 * about one keypoint in three hundred differs.
 */
#ifndef VISION_SIFT_H
#define VISION_SIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/die.h"

struct device;
struct features;
struct features_in;
struct sift;

/* The largest image, counted as it is searched: octave -1 has four times more. */
#define SIFT_PIXELS_MOST ((uint64_t)1 << 28)

struct sift_opts {
	size_t most;      /* keypoints that stay; 0: all */
	double peak;      /* the least difference that counts, of 1 */
	double edge;      /* the largest ratio of curvatures */
	int first_octave; /* -1: the image is doubled first; 1: halved, ... */
	bool upright;     /* all angles are 0 */
};

#define SIFT_FIRST_OCTAVE_MOST 8
#define SIFT_OPTS                                                              \
	((struct sift_opts){ .most = 8192, .peak = .02 / 3, .edge = 10 })

/*
 * sift_open(d, e): What finds features by the device, which outlives it, or where
 * that is NULL by plain C. NULL with ${e} filled where a kernel does not build.
 */
struct sift *sift_open(struct device *d, struct err *e);
void sift_close(struct sift *s);

/*
 * sift_find(s, in, opts, f, e): Find the features of an image, in the order of
 * octave, scale, y, x and angle. Returns 0, or -1 with ${e} filled and ${f} empty
 * where the device fails; an image that is too small has none, and none may be
 * larger than sift_too_large allows.
 */
int sift_find(struct sift *s, const struct features_in *in,
	const struct sift_opts *opts, struct features *f, struct err *e);

/* sift_too_large(width, height, opts, e): -1 with ${e} filled, or 0. */
int sift_too_large(uint32_t width, uint32_t height,
	const struct sift_opts *opts, struct err *e);

#endif
