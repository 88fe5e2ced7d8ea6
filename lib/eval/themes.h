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

/* themes_table(m, table): The themes' rows, and the heads in front of them. */
void themes_table(const struct meta *m, struct table *table);

#endif
