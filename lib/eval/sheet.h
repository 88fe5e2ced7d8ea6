/*
 * sheet: completions with their features, and the pairs they make.
 *
 * Records are taken in one at a time; each becomes a row of its response type:
 * the base reward, the label ("completion_type"), the prompt it belongs to, and
 * its features as numbers. All rows of a type have the same features, those of
 * its first record. Pairs are made within one prompt and one type, of labels
 * that the orderings rank. Memory is that of the numbers, not of the records.
 * A zeroed struct with ${orders} set is an empty sheet.
 */
#ifndef EVAL_SHEET_H
#define EVAL_SHEET_H

#include "eval/order.h"
#include "record/rec.h"

#define SHEET_FEATURES 4096            /* of a response type, at the most */
#define SHEET_PAIRS ((size_t)50000000) /* likewise */

struct sheet_row {
	double base;
	uint32_t prompt; /* index in ${prompts} */
	uint32_t label;  /* index in the orderings' labels, or SHEET_UNRANKED */
};

#define SHEET_UNRANKED UINT32_MAX

struct sheet_type {
	const struct order_type *order; /* has its name */
	struct map features;            /* as the first record has them */
	struct map prompts;
	struct map unranked; /* labels that the orderings do not name */
	bool *seen;          /* which of the orderings' labels are there */
	struct sheet_row *rows;
	double *values; /* of row i: from i * features.n on */
	size_t n, rows_cap, values_cap;
	size_t nunranked; /* rows */
};

struct sheet {
	const struct order *orders;
	struct map types;
	struct sheet_type *v; /* by index in ${types} */
	size_t cap;
	struct arena scratch;
};

enum sheet_fate {
	SHEET_TAKEN,
	SHEET_UNUSABLE,  /* the record lacks something */
	SHEET_UNORDERED, /* its response type has no orderings */
};

struct sheet_in {
	struct span prompt; /* the record is of the prompt that goes by this */
	double base;
	const double *reward; /* its only feature, or NULL: it has "features" */
};

/*
 * sheet_add(s, r, in, e): Take in a record. Says in ${e} what is wrong where it
 * is not taken.
 */
enum sheet_fate sheet_add(struct sheet *s, const struct rec *r,
	const struct sheet_in *in, struct err *e);

struct sheet_pair {
	uint32_t better, worse; /* rows */
};

struct sheet_pairs {
	struct sheet_pair *v;
	size_t n, cap;
	size_t rows, prompts; /* that were looked at */
};

/*
 * sheet_pair(t, chosen, p): Make the pairs of the prompts for which ${chosen},
 * an array by index, is true. Returns 0, or -1 if there are too many.
 */
int sheet_pair(
	const struct sheet_type *t, const bool *chosen, struct sheet_pairs *p);

void sheet_release(struct sheet *s);

#endif
