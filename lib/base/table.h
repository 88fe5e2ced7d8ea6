/*
 * table: aligned columns of text, for people.
 *
 * Cells are given row by row; a row is complete when it has as many as there
 * are columns. The first column is aligned left, the others right. Widths count
 * code points. Make a table with its number of columns and the rest zero.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "buf.h"

struct table {
	size_t columns;
	struct table_cell {
		struct span text;
		bool line; /* a text over all columns */
	} * cells;
	size_t n, cap;
	struct arena arena;
};

/* table_cell(t, fmt, ...): The next cell. */
void table_cell(struct table *t, const char *fmt, ...) PRINTF(2, 3);

/* table_line(t, fmt, ...): A line of its own between rows; "" is a blank one. */
void table_line(struct table *t, const char *fmt, ...) PRINTF(2, 3);

/* table_print(t, b): Append all lines, each with its line feed. */
void table_print(const struct table *t, struct buf *b);

void table_release(struct table *t);

#endif
