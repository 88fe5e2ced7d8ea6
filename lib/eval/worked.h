/*
 * worked: yes or no by the examples that a question brings along.
 *
 * Questions about a reply often end in worked examples, lines such as
 *
 *	- "I can't help with that." -> yes
 *	- Asked for the time: "Noon." -> no, it tells
 *
 * cupel-standin answers such a question by them: yes if some sentence of the
 * reply is more like an example of yes than like any of no. Likeness is the
 * words that both have, so this knows no more than the examples' vocabulary; it
 * makes a rehearsal whose answers depend on what the reply says, and no judge.
 */
#ifndef EVAL_WORKED_H
#define EVAL_WORKED_H

#include "base/arena.h"
#include "base/span.h"

/*
 * worked_yes(question, reply, noise, p, a): How probable yes is, strictly
 * within 0 and 1, into ${p}; false where ${question} has no examples of both
 * kinds. A ${reply} that stands within ${question} is not searched for any.
 * ${noise} in [-1, 1] tips close ones.
 */
bool worked_yes(struct span question, struct span reply, double noise,
	double *p, struct arena *a);

#endif
