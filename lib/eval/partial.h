/*
 * partial: a tally as lines, so that its parts can be made on many machines.
 *
 * Each row is a line,
 *
 *	{"id":"a","sample":0,"group":"g","values":{"overall_score":0.5}}
 *	{"id":"b","left_out":"ungraded","ungraded_items":2}
 *
 * and behind the rows of one input stands an end, which tells how many there
 * were and by what they were made:
 *
 *	{"end":"cupel-score 1","rows":2,"what":"rubric"}
 *
 * Partials are put together by concatenation, in any order. A partial that was
 * cut short lacks its end, or rows: partial_whole finds out.
 */
#ifndef EVAL_PARTIAL_H
#define EVAL_PARTIAL_H

#include "base/buf.h"
#include "eval/rows.h"

/* partial_row(t, b): Append the last row of ${t} as a line, without its end. */
void partial_row(const struct tally *t, struct buf *b);

/* partial_end(make, rows, b): Append the end, likewise. */
void partial_end(const struct rows_make *make, uint64_t rows, struct buf *b);

/* What is read back; begin with all zero but ${tally}. */
struct partial {
	struct tally *tally;
	struct rows_make make; /* as of the first end */
	uint64_t rows, ended;  /* rows read, and as the ends tell */
	size_t ends;
	struct arena arena, scratch;
};

/* partial_read(p, r, e): Take in a line; 0, or -1 with the reason in ${e}. */
int partial_read(struct partial *p, const struct rec *r, struct err *e);

/*
 * partial_whole(p, files, e): Was all of it there: as many rows as the ends
 * tell, and at least one end for each of ${files}? 0 or -1.
 */
int partial_whole(const struct partial *p, size_t files, struct err *e);

void partial_release(struct partial *p);

#endif
