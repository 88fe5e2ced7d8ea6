/*
 * bytag: the values of a graded record, under the names of simple-evals.
 *
 * "overall_score" is the score of the whole rubric; each of "example_tags" has
 * the same value; each tag of a criterion has the score of the criteria that
 * carry it, where their points allow one. A tag that is both is the latter.
 */
#ifndef EVAL_BYTAG_H
#define EVAL_BYTAG_H

#include "eval/rubric.h"
#include "eval/tally.h"
#include "record/rec.h"

/* Begin with all zero but ${tally}, which must outlive it. */
struct bytag {
	struct tally *tally;
	struct bytag_tag *tags; /* by the index of their names in the tally */
	size_t ntags;
	uint32_t *touched; /* the names that the record at hand has */
	size_t ntouched, touched_cap;
	uint64_t now; /* steps at each record and criterion: what is current */
	uint64_t start; /* ${now} where the record at hand began */
	struct rubric_sum all;
	uint64_t ungraded;
	struct arena arena;
};

/*
 * bytag_read(b, r, e): Put the record's values on the tally's last row and
 * return TALLY_COUNTED, or say why there are none: TALLY_UNGRADED, with the
 * criteria counted in ${b->ungraded}, or TALLY_UNUSABLE with ${e} filled.
 */
enum tally_fate bytag_read(struct bytag *b, const struct rec *r, struct err *e);

void bytag_release(struct bytag *b);

#endif
