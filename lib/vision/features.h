/*
 * features: the keypoints of an image, and what describes each.
 *
 * A keypoint is x, y in pixels, where the first pixel's centre is (0.5, 0.5), as
 * in COLMAP; the scale, which is the sigma in pixels of the blur at which it was
 * found; and its angle, in radians from +x towards +y. Its descriptor is
 * features_bytes long: RootSIFT as COLMAP lays it out (128 bytes, 512 times the
 * root) or ORB-like (256 bits, the lowest bit of a byte first).
 *
 * In records they are side files (vision/side.h), .kpt with four float32 a
 * keypoint and .desc with the descriptors, and the record says which and how
 * many: "keypoints", "descriptors" and "features" {"type", "n"}.
 *
 * Whoever fills a struct features allocates its arrays by mem_alloc; a zeroed
 * one is one without keypoints.
 */
#ifndef VISION_FEATURES_H
#define VISION_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* The length of a descriptor, by type. */
#define ROOTSIFT_BYTES 128
#define ORB_BYTES 32

/* More features than an image can have. */
#define FEATURES_MOST ((size_t)1 << 24)

enum features_type { FEATURES_ROOTSIFT, FEATURES_ORB };

/* Their names, as "features.type" and options have them; NULL-ended. */
extern const char *const features_names[];

struct keypoint {
	float x, y, scale, angle;
};

struct features {
	enum features_type type;
	size_t n;
	struct keypoint *keypoints;
	uint8_t *descriptors; /* n x features_bytes(type) */
};

/* What RootSIFT is looked for in: pixels row by row, as image_grey makes them. */
struct features_in {
	const float *grey;   /* 0 to 255 */
	const uint8_t *mask; /* 0: nothing is found here; NULL: no mask */
	uint32_t width, height;
};

/* features_bytes(type): The length of one descriptor. */
size_t features_bytes(enum features_type type);

/*
 * features_of_pair(record): Is it a pair of images, where an image was expected?
 * FEATURES_PAIR says so.
 */
bool features_of_pair(struct span record);
#define FEATURES_PAIR                                                          \
	"the record is a pair, where an image record is expected: give its "   \
	"\"query\", say"

/* features_save(f, keypoints, descriptors, e): Write the two side files. */
int features_save(const struct features *f, const char *keypoints,
	const char *descriptors, struct err *e);

/*
 * features_load(f, record, e): Read the features that an image's record names, a
 * JSON object that json_scan has seen. Returns 0, or -1 with ${e} saying what
 * the record lacks, which side file is missing or of the wrong length, or which
 * keypoint is not finite; ${f} is then empty.
 */
int features_load(struct features *f, struct span record, struct err *e);

void features_release(struct features *f);

#endif
