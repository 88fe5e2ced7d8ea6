/*
 * improv: what the stand-in says where nobody tells it what to say.
 *
 * Finds out what kind of question it is asked, a verdict on a criterion, yes or
 * no, or anything else, and answers with lib/eval/lexical.
 */
#ifndef EVAL_IMPROV_H
#define EVAL_IMPROV_H

#include "base/rng.h"
#include "model/dialect.h"

/*
 * improv_choice(c, ask, rng, a): One reply into the zeroed ${c}. At temperature
 * 0 verdicts depend on the question alone.
 */
void improv_choice(struct dialect_choice *c, const struct dialect_ask *ask,
	struct rng *rng, struct arena *a);

#endif
