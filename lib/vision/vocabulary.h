/*
 * vocabulary: what turns an image's descriptors into one vector, and the file
 * that keeps it.
 *
 * A vocabulary is a few typical descriptors, its centres, learnt from a
 * collection of images (vision/training.h), and, where there were images enough,
 * the axes along which vectors made with these centres differ most. Centres are
 * descriptors themselves, of whole numbers: which of them is nearest to another
 * descriptor is the same on every device.
 *
 * The file is binary and little-endian: a header of VOCABULARY_HEADER bytes, the
 * centres, then the mean and the axes as float32. Its checksum names the
 * vocabulary, and is kept in the records that were described with it, so that
 * vectors of different vocabularies are never compared.
 */
#ifndef VISION_VOCABULARY_H
#define VISION_VOCABULARY_H

#include <stdint.h>

#include "base/buf.h"
#include "vision/features.h"

#define VOCABULARY_HEADER 64
#define VOCABULARY_NAME 16 /* characters */

/* The most centres, and the most dimensions of a vector made with them. */
#define VOCABULARY_MOST 1024

struct vocabulary {
	uint32_t clusters; /* how many centres */
	uint32_t dims;     /* how many axes; 0: vectors are left whole */
	bool dense;        /* of descriptors on a grid (vision/dense.h) */
	uint32_t images;   /* how many it was learnt from */
	uint64_t seed;
	uint8_t *centres; /* clusters x ROOTSIFT_BYTES */
	float *mean;      /* vocabulary_length() of them, with axes only */
	float *axes;      /* dims x vocabulary_length() */
	char name[VOCABULARY_NAME + 1]; /* hexadecimal; once saved or loaded */
};

/* vocabulary_length(v): The length of a whole vector. */
static inline size_t
vocabulary_length(const struct vocabulary *v)
{
	return (size_t)v->clusters * ROOTSIFT_BYTES;
}

/* vocabulary_dims(v): The length of a vector as it is compared. */
static inline size_t
vocabulary_dims(const struct vocabulary *v)
{
	return v->dims ? v->dims : vocabulary_length(v);
}

/* vocabulary_save(v, path, e): Write the file, whole or not at all; name it. */
int vocabulary_save(struct vocabulary *v, const char *path, struct err *e);

/*
 * vocabulary_load(v, path, e): Read the file. Returns 0, or -1 with ${e} saying
 * what it is instead of a whole vocabulary of this version.
 */
int vocabulary_load(struct vocabulary *v, const char *path, struct err *e);

void vocabulary_release(struct vocabulary *v);

#endif
