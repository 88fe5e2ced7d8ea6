/*
 * matches: which feature of one image is which of another.
 *
 * A match is the index of a feature in each image and the distance between their
 * descriptors: squared, or in bits. In a record they are a side file, .matches:
 * three little-endian uint32 a match, in the order of the struct.
 */
#ifndef VISION_MATCHES_H
#define VISION_MATCHES_H

#include <stdint.h>

#include "base/buf.h"

struct match {
	uint32_t a,
		b; /* the feature's index in the first and the second image */
	uint32_t distance;
};

/* A growing list of them; a zeroed one is empty. */
struct matches {
	struct match *v;
	size_t n, cap;
};

void matches_add(struct matches *m, struct match match);

/* matches_save(m, path, e): Write the side file, whole or not at all. */
int matches_save(const struct matches *m, const char *path, struct err *e);

void matches_release(struct matches *m);

#endif
