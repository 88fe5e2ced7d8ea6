/*
 * global: the vector that stands for a whole image, in its side file.
 *
 * A .gfeat is raw float32, little-endian. A record names it as "global" and, in
 * "vocabulary", what it was made with; vectors that some other program made
 * carry no such name and are compared as they are.
 */
#ifndef VISION_GLOBAL_H
#define VISION_GLOBAL_H

#include "base/buf.h"

/* The most numbers that a vector has. */
#define GLOBAL_MOST ((size_t)1 << 20)

/* None of them is greater: a dot product of so many stays a float32. */
#define GLOBAL_GREATEST 1e15

struct global {
	float *v;
	size_t n;
};

/* global_save(g, path, e): Write the side file, whole or not at all. */
int global_save(const struct global *g, const char *path, struct err *e);

/*
 * global_load(g, record, e): Read the vector that an image's record names, a
 * JSON object that json_scan has seen. Returns 0, or -1 with ${e} saying what the
 * record lacks, that the file is missing or of no whole number of floats, or that
 * the vector is not finite, too great, or all 0, which is like nothing; ${g} is
 * then empty.
 */
int global_load(struct global *g, struct span record, struct err *e);

void global_release(struct global *g);

#endif
