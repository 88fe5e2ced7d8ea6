/*
 * ranking: how often rewards put a worse completion above a better one.
 *
 * Each pair is judged thrice: by the reward model alone, by the rules alone and
 * by their sum. It counts among all pairs, and among those whose better
 * completion is ideal, which gives the error rate of the paper. A zeroed struct
 * has judged no pair.
 */
#ifndef EVAL_RANKING_H
#define EVAL_RANKING_H

#include <stdbool.h>

#include "base/buf.h"
#include "stat/rank.h"

enum { RANKING_RM, RANKING_RBR, RANKING_BOTH, RANKING_SCORES };

struct ranking {
	struct rank ideal[RANKING_SCORES], all[RANKING_SCORES];
};

struct ranking_score {
	double v[RANKING_SCORES];
	double slack; /* by how much rounding may have moved the rules' part */
};

/* ranking_add(k, ideal, better, worse): One more pair. */
void ranking_add(struct ranking *k, bool ideal,
	const struct ranking_score *better, const struct ranking_score *worse);

/* ranking_merge(k, other): The pairs of ${other} as well. */
void ranking_merge(struct ranking *k, const struct ranking *other);

/* ranking_json(k, b): Append the member "ranking_error". */
void ranking_json(const struct ranking *k, struct buf *b);

#endif
