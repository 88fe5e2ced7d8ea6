/*
 * picks: picked completions onto a stream, as records or for a trainer.
 *
 * Trainers read no errors, so what is written for them has none: a record that
 * cannot be a line of theirs is told to people and counted. Begin with all zero
 * but ${st}, which the caller opens and closes, and ${to}.
 */
#ifndef EVAL_PICKS_H
#define EVAL_PICKS_H

#include "eval/trainer.h"
#include "record/complain.h"
#include "record/stream.h"

struct picks {
	struct stream *st;
	enum trainer to;
	uint64_t rows;             /* written for a trainer */
	uint64_t twins;            /* pairs left out: they say the same */
	struct complain unwritten; /* records and pairs */
	struct buf line;
};

/* picks_row(p, side): One completion. */
void picks_row(struct picks *p, const struct trainer_side *side);

/* picks_pair(p, better, worse): Two; was it written? */
bool picks_pair(struct picks *p, const struct trainer_side *better,
	const struct trainer_side *worse);

/* picks_failed(p, r): A record that carries an error. */
void picks_failed(struct picks *p, struct rec *r);

void picks_release(struct picks *p);

#endif
