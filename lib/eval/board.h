/*
 * board: what a group of a tally comes to, as rows of a table for people.
 */
#ifndef EVAL_BOARD_H
#define EVAL_BOARD_H

#include "base/table.h"
#include "eval/result.h"

/* board_begin(how, t, table): Set the columns and give the first row. */
void board_begin(const struct result_how *how, const struct tally *t,
	struct table *table);

/* board_add(how, t, g, table, e): The group's rows; 0 or -1 as result_json. */
int board_add(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct table *table, struct err *e);

#endif
