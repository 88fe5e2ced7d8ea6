/*
 * picks: picked completions onto a stream, as records or for a trainer.
 *
 * Trainers read no errors, so what is written for them has none: a record that
 * cannot be a line of theirs is told to people and counted. Begin with all zero
 * but ${st} and ${pool}, which are the caller's, and ${to}.
 */
#ifndef EVAL_PICKS_H
#define EVAL_PICKS_H

#include "eval/pool.h"
#include "eval/trainer.h"
#include "record/complain.h"
#include "record/stream.h"

struct picks {
	struct stream *st;
	const struct pool *pool; /* from which it is picked */
	enum trainer to;
	uint64_t rows;             /* written for a trainer */
	uint64_t twins;            /* pairs left out: they say the same */
	struct complain unwritten; /* records and pairs */
	struct buf line;
	struct rec rec, other; /* out of the pool */
};

/* picks_row(p, side): One completion. */
void picks_row(struct picks *p, const struct trainer_side *side);

/*
 * picks_best(p, g, n, e): The first ${n} of a ranked group. This and the next
 * ones return 0, or -1 where the pool does not give a record back.
 */
int picks_best(
	struct picks *p, const struct pool_group *g, size_t n, struct err *e);

/* What of a group becomes pairs. */
struct picks_pairs {
	double gap;    /* rewards differ by so much at least */
	bool all;      /* or only the best and the worst */
	uint64_t most; /* of a group */
};

/* picks_pairs(p, g, how, e): The pairs of a ranked group. */
int picks_pairs(struct picks *p, const struct pool_group *g,
	const struct picks_pairs *how, struct err *e);

/* picks_advantages(p, kind, e): All records of the pool, with "advantage". */
int picks_advantages(struct picks *p, enum advantage kind, struct err *e);

/* picks_failed(p, r): A record that carries an error. */
void picks_failed(struct picks *p, struct rec *r);

void picks_release(struct picks *p);

#endif
