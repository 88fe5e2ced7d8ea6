/*
 * rating: what a record is worth, and what it competes with.
 *
 * A rating is the number that a jq program gives for a record, and the prompt
 * that the record belongs to (eval/group.h). A reward of null is an answer too:
 * the record is not ranked.
 */
#ifndef EVAL_RATING_H
#define EVAL_RATING_H

#include "eval/group.h"
#include "eval/pool.h"

struct rating {
	const char *text; /* of ${reward} */
	struct expr *reward;
	struct group group;
	struct buf value, key;
};

/*
 * rating_init(g, reward, by, e): By the jq programs ${reward} and, unless NULL,
 * ${by}. Returns 0 or -1.
 */
int rating_init(
	struct rating *g, const char *reward, const char *by, struct err *e);

/*
 * rating_of(g, r, reward, prompt): How the record fares: POOL_RANKED with its
 * ${reward} and, unless that is NULL, ${prompt}, good until the next call; or
 * POOL_FAILED, where it came with an error or was given one here.
 */
enum pool_fate rating_of(
	struct rating *g, struct rec *r, double *reward, struct span *prompt);

void rating_release(struct rating *g);

#endif
