/*
 * verdict: what a grader's reply says.
 *
 * A reply that cannot be read is no verdict: never false, never zero. The caller
 * asks again or leaves the question ungraded with the reason.
 */
#ifndef EVAL_VERDICT_H
#define EVAL_VERDICT_H

#include "record/json.h"

enum verdict { VERDICT_NONE, VERDICT_FALSE, VERDICT_TRUE };

/*
 * verdict_json(reply, field, object, a, e): Read ${reply} as simple-evals does:
 * blanks around it (Unicode's), a "```json" fence at its start and a "```" at
 * its end are taken off, the rest is one JSON object (NaN and Infinity are
 * numbers in it, of equal names the last counts) whose ${field} is true or
 * false and nothing else. ${*object} gets the object's text, from ${a} or inside
 * ${reply}. VERDICT_NONE fills ${e} with what is wrong.
 */
enum verdict verdict_json(struct span reply, const char *field,
	struct span *object, struct arena *a, struct err *e);

/*
 * verdict_majority(votes, n): What more than half of the verdicts say; none of
 * them, or as many true as false, is none.
 */
enum verdict verdict_majority(const enum verdict *votes, size_t n);

#endif
