/*
 * learning: image records become a vocabulary.
 *
 * What can be learnt of each record goes to a training (vision/training.h). A
 * record that carries an "error", or whose image has nothing to learn from, is
 * left aside: it is counted and told to people.
 */
#ifndef VISION_LEARNING_H
#define VISION_LEARNING_H

#include "record/complain.h"
#include "vision/training.h"

struct learning {
	struct training *training;
	bool dense;       /* of pictures, not of features: as the training */
	uint64_t records; /* all of them */
	uint64_t carried; /* an "error" */
	struct complain unusable;
};

/* learning_start(l, o): Begin; released by learning_release. */
void learning_start(struct learning *l, const struct training_opts *o);

/* learning_take(l, r): One more image. */
void learning_take(struct learning *l, const struct rec *r);

/* learning_tell(l): Tell people what was left aside, and why. */
void learning_tell(struct learning *l);

/* learning_left(l): How many records were left aside. */
uint64_t learning_left(const struct learning *l);

/*
 * learning_put(l, v, file, b): A record about the vocabulary ${v} that
 * training_finish made and that is in ${file}.
 */
void learning_put(const struct learning *l, const struct vocabulary *v,
	const char *file, struct buf *b);

void learning_release(struct learning *l);

#endif
