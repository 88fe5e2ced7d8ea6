/*
 * themes: agreement by theme, as HealthBench's table 5 has it.
 *
 * A theme's rate is the mean over its categories, weighted by their n. People
 * with more than 50 pairs in a theme are those that the grader is compared with:
 * its percentile counts who is below it, and half of who is level.
 */
#ifndef EVAL_THEMES_H
#define EVAL_THEMES_H

#include "base/table.h"
#include "eval/meta.h"

#define THEMES_LEAST 50 /* pairs that a person must have more of */

/*
 * themes_of(category): "hedging" for "cluster:hedging_no-uncertainty_hedges",
 * for each of HealthBench's themes; any other category is its own theme.
 */
struct span themes_of(struct span category);

struct themes_row {
	struct span name;
	double n;          /* the grader's pairs */
	double model;      /* its balanced F1; NaN where there is none */
	double people;     /* the same for all people together; NaN likewise */
	size_t persons;    /* people with enough pairs */
	double percentile; /* of the grader among them; NaN where none has */
};

/* themes_find(m, a, n): The themes in the order of their names, from ${a}. */
struct themes_row *themes_find(
	const struct meta *m, struct arena *a, size_t *n);

/* themes_table(m, table): The themes' rows, and the heads in front of them. */
void themes_table(const struct meta *m, struct table *table);

#endif
