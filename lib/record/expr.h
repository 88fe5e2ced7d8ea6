/*
 * expr: jq programs over records.
 *
 * Wherever a person may write a condition, a key or a value, it is a jq program,
 * compiled once and run on each record. A mistake in the program's text is found
 * by expr_compile; a mistake in its use on one record (".points | keys" where
 * points is a number) is an error of that record, never an abort.
 */
#ifndef RECORD_EXPR_H
#define RECORD_EXPR_H

#include "base/buf.h"

struct expr;

/* expr_compile(text, e): The program, or NULL with the reason in ${e}. */
struct expr *expr_compile(const char *text, struct err *e);

/*
 * expr_run(x, json, out, e): Run on the value ${json}; append the first result
 * as compact JSON text to ${out}. Returns 1, 0 where the program gives no result
 * (empty), or -1 with the reason in ${e}.
 */
int expr_run(struct expr *x, struct span json, struct buf *out, struct err *e);

/*
 * expr_run_all: The same, but every result is appended, each followed by a line
 * feed; returns how many there were, or -1.
 */
int expr_run_all(
	struct expr *x, struct span json, struct buf *out, struct err *e);

/* expr_test(x, json, yes, e): Is the first result neither false nor null? */
int expr_test(struct expr *x, struct span json, bool *yes, struct err *e);

/* expr_f64(x, json, to, e): The first result, which must be a number. */
int expr_f64(struct expr *x, struct span json, double *to, struct err *e);

void expr_free(struct expr *x);

#endif
