/*
 * trainer: picked completions as the lines that trainers read.
 *
 * A pair is two completions of the same prompt, a row is one. Which of the two a
 * trainer reads, and how it is spelled, differs; what it is made of is the
 * record's "prompt" (or "messages") and "completion". Formats that know both
 * plain texts and messages get texts where both sides are texts, and messages
 * otherwise. Messages go over as they are but for "reasoning_content", which is
 * left out.
 */
#ifndef EVAL_TRAINER_H
#define EVAL_TRAINER_H

#include "record/rec.h"

enum trainer {
	TRAINER_NONE, /* Cupel's own: a record, or a pair with its rewards */
	TRAINER_TRL,
	TRAINER_OPENRLHF,
	TRAINER_VERL,
	TRAINER_NEMO_RL,
	TRAINER_OPENAI,
	TRAINER_REWARDBENCH,
};

/* Their names, NULL-ended, without that of TRAINER_NONE: the first is TRL's. */
extern const char *const trainer_names[];

bool trainer_reads_pairs(enum trainer t);
bool trainer_reads_rows(enum trainer t);

struct trainer_side {
	const struct rec *r;
	double reward;
};

/*
 * trainer_pair(t, better, worse, b, e): Append the pair's line. Returns 0, or
 * -1 with the reason in ${e}: something is missing, or the prompts differ.
 */
int trainer_pair(enum trainer t, const struct trainer_side *better,
	const struct trainer_side *worse, struct buf *b, struct err *e);

/* trainer_row(t, side, index, b, e): The ${index}th row. Returns 0 or -1. */
int trainer_row(enum trainer t, const struct trainer_side *side, uint64_t index,
	struct buf *b, struct err *e);

/* trainer_same(a, b): Do both complete with the same words? */
bool trainer_same(const struct rec *a, const struct rec *b);

#endif
