/*
 * features: what rules make of a record's propositions.
 *
 * Reading a record gives each feature of its response type (eval/rules.h) a
 * value, and the text by which it is written: a proposition's own where that is
 * a number, so that nothing is rounded that was not computed. Values and texts
 * stay until the next record is read.
 */
#ifndef EVAL_FEATURES_H
#define EVAL_FEATURES_H

#include "eval/columns.h"
#include "eval/rules.h"
#include "record/rec.h"

struct features {
	struct rules *rules;
	bool exact; /* rules_exact was called: class probabilities are exact */

	/* of the record read last */
	double *values;
	struct span *texts; /* JSON */
	size_t n;
	size_t best; /* the most probable class, the first of equals */

	struct columns columns; /* private: the simple propositions */
	struct span *given;
	char *text; /* of the classes */
};

void features_init(struct features *f, struct rules *r, bool exact);

/*
 * features_read(f, r, t): Read "propositions" and compute the classes; the
 * features of the conditions are left for features_conditions. Returns 0, or
 * -1 having put the reason on the record: a proposition is not graded or no
 * probability, or no class is possible.
 */
int features_read(struct features *f, struct rec *r, struct rules_type *t);

/*
 * features_conditions(f, r, json): The rest: which conditions hold for the text
 * ${json} of the record. Returns 0, or -1 having put the reason on the record.
 */
int features_conditions(struct features *f, struct rec *r, struct span json);

void features_release(struct features *f);

#endif
