/*
 * recall_read: records of what was found, as answers that recall judges.
 *
 * A pair, {"query":{...},"match":{...},"rank":N}, is an answer to its query, the
 * lowest rank being the first. An answer that cannot be used is a wrong one:
 * those behind it keep their ranks. What is wrong with records is complained of.
 */
#ifndef VISION_RECALL_READ_H
#define VISION_RECALL_READ_H

#include "record/complain.h"
#include "record/expr.h"
#include "vision/recall.h"

struct recall_read {
	struct recall *to;
	struct expr *by; /* order by this, the largest first; NULL: by rank */
	struct complain *unusable;
	uint64_t unlisted;         /* pairs of queries that are not listed */
	uint64_t ranked, unranked; /* pairs with a rank, and without one */
};

/* recall_read_pair(to, r): One more pair. */
void recall_read_pair(struct recall_read *to, const struct rec *r);

/*
 * recall_read_query(to, r): An image record that came as it was, because it
 * failed: where queries are not listed it is one without an answer, if it has a
 * name and a place.
 */
void recall_read_query(struct recall_read *to, const struct rec *r);

#endif
