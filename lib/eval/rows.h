/*
 * rows: from a record to its row in a tally.
 *
 * A record gives the scores of its rubric by tag, or one value, or one label;
 * and the group it is in. A record that carries "error", or that cannot give
 * what is asked of it, has a row that says so and no values.
 */
#ifndef EVAL_ROWS_H
#define EVAL_ROWS_H

#include "eval/bytag.h"
#include "record/expr.h"

enum rows_what {
	ROWS_RUBRIC, /* simple-evals' metrics, see bytag */
	ROWS_VALUE,  /* the number that a jq program gives, called "value" */
	ROWS_SHARE,  /* the label that it gives, as a name with the value 1 */
};

/* "rubric", "value", "share". */
extern const char *const rows_names[];

struct rows_make {
	enum rows_what what;
	const char *expr; /* the jq program for value and share, or NULL */
	const char *by;   /* the jq program for the group, or NULL: no groups */
};

/* Begin with all zero but ${make} and ${tally}. */
struct rows {
	struct rows_make make;
	struct tally *tally;
	struct expr *expr, *by;
	struct bytag bytag;
	struct buf got, group;
	struct arena arena;
};

/* rows_compile(rows, e): Compile the jq programs; 0 or -1. */
int rows_compile(struct rows *rows, struct err *e);

/*
 * rows_add(rows, r, e): Add the record's row to the tally and return its fate;
 * where it is TALLY_UNUSABLE ${e} says why.
 */
enum tally_fate rows_add(struct rows *rows, const struct rec *r, struct err *e);

void rows_release(struct rows *rows);

#endif
