#include <math.h>
#include <stdlib.h>

#include "eval/themes.h"

#define THEMES_LEAST 50 /* pairs that a person must have more of */

struct row {
	struct span name;
	double n;          /* the grader's pairs */
	double model;      /* its balanced F1; NaN where there is none */
	double people;     /* the same for all people together; NaN likewise */
	size_t persons;    /* people with enough pairs */
	double percentile; /* of the grader among them; NaN where none has */
};

/*
 * "hedging" for "cluster:hedging_no-uncertainty_hedges", for each of
 * HealthBench's themes; any other category is its own theme.
 */
static struct span
theme_of(struct span category)
{
	static const char *const themes[] = { "communication",
		"complex_responses", "context_seeking", "emergency_referrals",
		"global_health", "health_data_tasks", "hedging", NULL };
	struct span rest = category, cluster = SPAN("cluster:");

	if (!span_starts(category, cluster))
		return category;
	rest.s += cluster.len, rest.len -= cluster.len;
	for (size_t i = 0; themes[i]; i++) {
		struct span theme = span_str(themes[i]);

		if (span_starts(rest, theme) && rest.len > theme.len &&
			rest.s[theme.len] == '_')
			return (struct span){ rest.s, theme.len };
	}
	return rest;
}

/* A mean weighted by n, on its way. */
struct weighted {
	double sum, n;
};

static void
add(struct weighted *w, struct agree_rate r)
{
	if (r.exists) {
		w->sum += r.value * r.n;
		w->n += r.n;
	}
}

static double
mean(const struct weighted *w)
{
	return w->n > 0 ? w->sum / w->n : NAN;
}

static bool
belongs(const struct meta *m, size_t category, struct span theme)
{
	struct span name = map_key(&m->categories, category);

	return name.len && span_eq(theme_of(name), theme);
}

static struct weighted
person_in(const struct meta *m, size_t person, struct span theme)
{
	struct weighted w = { 0 };

	for (size_t c = 0; c < m->categories.n; c++) {
		const struct agree *a = meta_find(m, person, c);

		if (a && belongs(m, c, theme))
			add(&w, meta_balanced(a));
	}
	return w;
}

static void
compare_with_people(const struct meta *m, struct row *row)
{
	struct weighted all = { 0 };
	double below = 0;

	for (size_t i = 0; i < m->people.n; i++) {
		struct weighted w = person_in(m, i, row->name);

		all.sum += w.sum;
		all.n += w.n;
		if (!(w.n > THEMES_LEAST))
			continue;
		row->persons++;
		if (mean(&w) < row->model)
			below += 1;
		else if (!(mean(&w) > row->model))
			below += 0.5;
	}
	row->people = mean(&all);
	row->percentile = row->persons && !isnan(row->model)
	                          ? below / (double)row->persons * 100
	                          : NAN;
}

static int
by_name(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	return span_cmp(a->name, b->name);
}

/* The themes in the order of their names, from ${a}. */
static struct row *
find_themes(const struct meta *m, struct arena *a, size_t *n)
{
	struct row *rows = arena_array(a, m->categories.n, sizeof(*rows));
	struct map names = { 0 };

	*n = 0;
	for (size_t c = 0; c < m->categories.n; c++) {
		struct span theme = theme_of(map_key(&m->categories, c));
		struct weighted w = { 0 };

		if (theme.len == 0 || map_put(&names, theme) < *n)
			continue;
		for (size_t k = 0; k < m->categories.n; k++)
			if (belongs(m, k, theme))
				add(&w, meta_balanced(&m->of[k].model));
		rows[*n] = (struct row){
			.name = theme, .n = w.n, .model = mean(&w)
		};
		compare_with_people(m, &rows[(*n)++]);
	}
	map_release(&names);
	if (*n)
		qsort(rows, *n, sizeof(*rows), by_name);
	return rows;
}

/* A number's cell, blank where there is none. */
static void
number_cell(struct table *table, int decimals, double x)
{
	if (isnan(x))
		table_cell(table, "%s", "");
	else
		table_cell(table, "%.*f", decimals, x);
}

void
themes_table(const struct meta *m, struct table *table)
{
	static const char *const heads[] = { "theme", "n", "grader F1",
		"people F1", "people", "percentile", NULL };
	struct arena a = { 0 };
	size_t n;
	struct row *rows = find_themes(m, &a, &n);

	for (table->columns = 0; heads[table->columns]; table->columns++)
		table_cell(table, "%s", heads[table->columns]);
	for (size_t i = 0; i < n; i++) {
		table_cell(table, "%.*s", SPAN_ARG(rows[i].name));
		table_cell(table, "%.0f", rows[i].n);
		number_cell(table, 3, rows[i].model);
		number_cell(table, 3, rows[i].people);
		table_cell(table, "%zu", rows[i].persons);
		number_cell(table, 1, rows[i].percentile);
	}
	arena_release(&a);
}
