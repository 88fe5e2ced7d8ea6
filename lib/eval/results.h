/*
 * results: what the groups of a tally come to, one after another.
 *
 * The text is made whole before any of it is handed out, so that a group that
 * cannot be written leaves nothing behind. ${order} is tally_order's. A tally
 * without records has a result too, unless it is grouped.
 */
#ifndef EVAL_RESULTS_H
#define EVAL_RESULTS_H

#include "eval/result.h"

/*
 * results_lines(how, t, order, b, e): Append an object for each group, a line
 * feed between them. Returns 0, or -1 with ${e} filled as by result_json.
 */
int results_lines(const struct result_how *how, const struct tally *t,
	const uint32_t *order, struct buf *b, struct err *e);

/* results_table(how, t, order, b, e): The same as a table for people. */
int results_table(const struct result_how *how, const struct tally *t,
	const uint32_t *order, struct buf *b, struct err *e);

#endif
