/*
 * meta: how well a grader agrees with people, and they with each other.
 *
 * HealthBench's meta-evaluation (arXiv 2505.08775, section 8): a row has the
 * grader's verdict on one criterion and the verdicts of several physicians. The
 * grader is paired with each of them, each of them with the others of the row;
 * the pairs are counted over all rows and by category.
 */
#ifndef EVAL_META_H
#define EVAL_META_H

#include "base/map.h"
#include "base/table.h"
#include "eval/metrics.h"
#include "stat/agree.h"

/* One row; the spans and arrays live with the record. */
struct meta_row {
	bool verdict;
	bool *labels;
	struct span *people; /* who they are, decoded; NULL: not known */
	size_t n;
	struct span category; /* decoded; absent: none */
};

/*
 * meta_read(r, a, row, e): Read "criteria_met", "binary_labels", "category" and
 * "anonymized_physician_ids" with memory from ${a}. A record that carries an
 * error, has no verdict or cannot be used is said to be so, with ${e} filled in
 * the last case and where "criteria_met" is not even null.
 */
enum tally_fate meta_read(const struct rec *r, struct arena *a,
	struct meta_row *row, struct err *e);

/*
 * meta_put(row, a, t): Put the values that simple-evals takes the means of on
 * the last row of ${t}: how many labels there are, the share of those that say
 * yes, and whether the grader does; all of them for the category as well.
 */
void meta_put(const struct meta_row *row, struct arena *a, struct tally *t);

struct meta {
	struct map categories; /* "" is all of them together */
	struct meta_pairs {
		struct agree model, people;
	} * of; /* by category */
	size_t of_cap;
	struct map people;
	struct map both; /* a person and a category: two indices as bytes */
	struct agree *each;
	size_t each_cap;
};

/* meta_add(m, row): Count the row's pairs. */
void meta_add(struct meta *m, const struct meta_row *row);

/* meta_find(m, person, category): One person's pairs, by indices, or NULL. */
const struct agree *meta_find(
	const struct meta *m, size_t person, size_t category);

/* meta_balanced(a): The balanced F1 of the pairs. */
struct agree_rate meta_balanced(const struct agree *a);

/*
 * meta_metrics(m, out): Add every precision, recall and F1 under the names of
 * simple-evals, for the grader as "pairwise_model_...", for people together as
 * "pairwise_physician_...". A rate that does not exist is not there. "score" is
 * the grader's balanced F1 over all pairs.
 */
void meta_metrics(const struct meta *m, struct metrics *out);

/*
 * meta_people(m, b): Append an object with the same for each person by
 * themselves: {name: {person: {"n", "value"}}}.
 */
void meta_people(const struct meta *m, struct buf *b);

/* meta_table(m, table): Rows with the pooled rates of the grader and of people. */
void meta_table(const struct meta *m, struct table *table);

void meta_release(struct meta *m);

#endif
