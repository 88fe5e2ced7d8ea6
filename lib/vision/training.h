/*
 * training: a vocabulary from the images of a collection.
 *
 * The images are given one after the other. Of their descriptors a fixed number
 * is kept, drawn with a seed so that each has the same chance (Vitter's algorithm
 * R), and of the images likewise; so memory is bounded whatever there is to read.
 * From the descriptors come the centres. With these the images that were kept are
 * described, read once more for that, and from their vectors come the axes.
 */
#ifndef VISION_TRAINING_H
#define VISION_TRAINING_H

#include <stdint.h>

#include "base/span.h"
#include "base/die.h"

struct features;
struct nearest_engine;
struct training;
struct vocabulary;

/* As many axes as usual, and as the images differ along. */
#define TRAINING_ANY UINT64_MAX

struct training_opts {
	uint64_t clusters; /* centres, up to VOCABULARY_MOST */
	uint64_t dims;   /* axes, fewer than PCA_MOST; 0: none; TRAINING_ANY */
	uint64_t sample; /* descriptors that are kept */
	uint64_t seed;
	bool dense;
};

struct training *training_new(const struct training_opts *o);
void training_free(struct training *t);

/* training_add(t, record, f): One more image, with its descriptors. */
void training_add(
	struct training *t, struct span record, const struct features *f);

/* training_seen(t): How many descriptors there were. */
uint64_t training_seen(const struct training *t);

/*
 * training_finish(t, g, v, e): Learn the vocabulary. Returns 0, or -1 with ${e}
 * saying what there is too little of and what to do.
 */
int training_finish(struct training *t, struct nearest_engine *g,
	struct vocabulary *v, struct err *e);

#endif
