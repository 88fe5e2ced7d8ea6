/*
 * rubric: a reply's score from its graded criteria.
 *
 * HealthBench's rule (arXiv 2505.08775, section 3): the points of the criteria
 * that were met, those with negative points included, divided by all positive
 * points. It is not clipped: a reply that does harm scores below 0. A criterion
 * without a verdict is neither met nor unmet, and the score of a rubric that has
 * one does not exist.
 */
#ifndef EVAL_RUBRIC_H
#define EVAL_RUBRIC_H

#include "base/die.h"
#include "eval/verdict.h"
#include "record/json.h"

/* One criterion, of "rubrics" or of "rubric_items". */
struct rubric_item {
	struct span criterion; /* the JSON string, or absent */
	struct span tags;      /* the JSON array, or absent */
	double points;
	enum verdict verdict;
};

/*
 * rubric_read(json, item, e): Read the JSON value of one criterion; its spans
 * point into ${json}. "criteria_met" may be absent or null, which is ungraded.
 * Returns 0, or -1 with ${e} filled: no object, no points, points that are no
 * number or cannot be added up, a verdict or tags of the wrong kind.
 */
int rubric_read(struct span json, struct rubric_item *item, struct err *e);

/* Points on their way to a score; zeroed, those of no criterion. */
struct rubric_sum {
	double achieved, possible;
};

/* rubric_add(s, item): Take in a criterion that has a verdict. */
void rubric_add(struct rubric_sum *s, const struct rubric_item *item);

/* rubric_total(s, score): The score; false where no points are positive. */
bool rubric_total(const struct rubric_sum *s, double *score);

/*
 * rubric_score(items, n, score): The score of all of them; false where one is
 * ungraded or no points are positive.
 */
bool rubric_score(const struct rubric_item *items, size_t n, double *score);

#endif
