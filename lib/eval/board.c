#include <math.h>
#include <stdlib.h>

#include "eval/board.h"

static void
blank_cells(struct table *table, size_t n)
{
	while (n--)
		table_cell(table, "%s", "");
}

/* A number that may not exist. */
static void
number_cell(struct table *table, double x)
{
	if (isnan(x))
		blank_cells(table, 1);
	else
		table_cell(table, "%.4f", x);
}

/* A group's name: a string without its quotes, all else as JSON. */
static void
group_cell(struct table *table, struct span json)
{
	struct arena a = { 0 };
	struct span text = json_str(json, &a);

	table_cell(table, "%.*s", SPAN_ARG(text.s ? text : json));
	arena_release(&a);
}

static void
interval_cells(struct table *table, const struct summary *y)
{
	if (y->drawn && !isnan(y->low)) {
		table_cell(table, "%.4f", y->low);
		table_cell(table, "%.4f", y->high);
	} else {
		blank_cells(table, 2);
	}
}

/* Scores by tag: a row for each, under its prefix. */

#define RUBRIC_COLUMNS 6

static void
score_row(const struct result_how *how, const struct tally_group *g,
	const struct tally_series *s, struct span label, struct table *table)
{
	struct summary y = summary_of(s, g->json, &how->summary);

	table_cell(table, "%.*s", SPAN_ARG(label));
	table_cell(table, "%zu", y.n);
	table_cell(table, "%.4f", result_mean(how, y.mean));
	table_cell(table, "%.4f", y.mean);
	interval_cells(table, &y);
}

/* Up to the colon; absent where there is none. */
static struct span
prefix_of(struct span name)
{
	const char *colon = memchr(name.s, ':', name.len);

	if (colon == NULL)
		return (struct span){ 0 };
	return (struct span){ name.s, (size_t)(colon - name.s) };
}

static void
heading(struct table *table, struct span text)
{
	table_line(table, "%s", "");
	table_line(table, "%.*s", SPAN_ARG(text));
}

/* The rows of the tags "prefix:..." under the prefix as their heading. */
static void
prefix_rows(const struct result_how *how, const struct tally_group *g,
	struct span prefix, struct table *table)
{
	bool headed = false;

	for (size_t i = 0; i < g->nseries; i++) {
		struct span name = g->series[i].name, p = prefix_of(name);

		if (p.s == NULL || !span_eq(p, prefix))
			continue;
		if (!headed)
			heading(table, prefix);
		headed = true;
		score_row(how, g, &g->series[i],
			arena_printf(&table->arena, "  %.*s",
				(int)(name.len - p.len - 1),
				name.s + p.len + 1),
			table);
	}
}

/* The overall score, and below it those of tags that have no prefix. */
static void
plain_rows(const struct result_how *how, const struct tally_group *g,
	struct table *table)
{
	const struct tally_series *overall = result_series(how, g);

	if (overall)
		score_row(how, g, overall, overall->name, table);
	for (size_t i = 0; i < g->nseries; i++)
		if (&g->series[i] != overall &&
			prefix_of(g->series[i].name).s == NULL)
			score_row(how, g, &g->series[i], g->series[i].name,
				table);
}

/* What people look at first comes first; the rest as the names sort. */
static const char *const first[] = { "theme", "axis", "level",
	"physician_agreed_category", NULL };

static bool
is_first(struct span prefix)
{
	for (size_t i = 0; first[i]; i++)
		if (span_is(prefix, first[i]))
			return true;
	return false;
}

static void
tag_rows(const struct result_how *how, const struct tally_group *g,
	struct table *table)
{
	struct span last = { 0 };

	plain_rows(how, g, table);
	for (size_t i = 0; first[i]; i++)
		prefix_rows(how, g, span_str(first[i]), table);
	for (size_t i = 0; i < g->nseries; i++) {
		struct span prefix = prefix_of(g->series[i].name);

		if (prefix.s && !is_first(prefix) && !span_eq(prefix, last))
			prefix_rows(how, g, prefix, table);
		last = prefix;
	}
}

static void
named_row(struct table *table, const char *name, double x)
{
	table_cell(table, "  %s", name);
	blank_cells(table, 1);
	table_cell(table, "%.4f", x);
	blank_cells(table, RUBRIC_COLUMNS - 3);
}

static void
worst_rows(const struct result_how *how, const struct tally_series *s,
	struct table *table)
{
	double *v = mem_alloc(how->worst_at, sizeof(*v));
	size_t n = summary_enough(s, how->worst_at).owners;

	result_worst_at(how, s, v);
	heading(table, SPAN("worst of k samples, over prompts"));
	for (size_t k = 0; k < how->worst_at; k++) {
		table_cell(table, "  k = %zu", k + 1);
		table_cell(table, "%zu", n);
		number_cell(table, v[k]);
		blank_cells(table, RUBRIC_COLUMNS - 3);
	}
	free(v);
}

static int
run_rows(const struct result_how *how, const struct tally *t,
	const struct tally_series *s, struct table *table, struct err *e)
{
	struct summary_runs r;

	if (result_runs(how, t, s, &r, e))
		return -1;
	heading(table, SPAN("runs"));
	for (size_t i = 0; i < r.n; i++) {
		table_cell(table, "  sample %.*s", SPAN_ARG(r.v[i].sample));
		table_cell(table, "%zu", r.v[i].n);
		table_cell(table, "%.4f", r.v[i].mean);
		blank_cells(table, RUBRIC_COLUMNS - 3);
	}
	named_row(table, "mean", r.mean);
	named_row(table, "deviation", r.std);
	named_row(table, "least", r.min);
	named_row(table, "greatest", r.max);
	summary_runs_release(&r);
	return 0;
}

static int
add_rubric(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct table *table, struct err *e)
{
	const struct tally_series *s = result_series(how, g);

	if (how->grouped) {
		table_line(table, "%s", "");
		group_cell(table, g->json);
		blank_cells(table, RUBRIC_COLUMNS - 1);
	}
	tag_rows(how, g, table);
	if (how->worst_at && s)
		worst_rows(how, s, table);
	return how->runs && s ? run_rows(how, t, s, table, e) : 0;
}

/* Values: a row for each group. */

static void
mean_cells(const struct result_how *how, const struct tally_group *g,
	const struct tally_series *s, struct table *table)
{
	struct summary y = summary_of(s, g->json, &how->summary);

	table_cell(table, "%.4f", y.mean);
	table_cell(table, "%.4f", y.std);
	interval_cells(table, &y);
}

static int
run_cells(const struct result_how *how, const struct tally *t,
	const struct tally_series *s, struct table *table, struct err *e)
{
	struct summary_runs r;

	if (result_runs(how, t, s, &r, e))
		return -1;
	table_cell(table, "%zu", r.n);
	table_cell(table, "%.4f", r.std);
	table_cell(table, "%.4f", r.min);
	table_cell(table, "%.4f", r.max);
	summary_runs_release(&r);
	return 0;
}

static void
worst_cells(const struct result_how *how, const struct tally_series *s,
	struct table *table)
{
	double *v = mem_alloc(how->worst_at, sizeof(*v));

	result_worst_at(how, s, v);
	for (size_t k = 0; k < how->worst_at; k++)
		number_cell(table, v[k]);
	free(v);
}

static int
add_value(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct table *table, struct err *e)
{
	const struct tally_series *s = result_series(how, g);

	group_cell(table, g->json);
	table_cell(table, "%zu", s ? s->n : 0);
	if (s == NULL)
		return blank_cells(table, table->columns - 2), 0;
	mean_cells(how, g, s, table);
	if (how->worst_at)
		worst_cells(how, s, table);
	return how->runs ? run_cells(how, t, s, table, e) : 0;
}

static void
value_head(const struct result_how *how, struct table *table)
{
	static const char *const heads[] = { "group", "n", "mean", "deviation",
		"95% from", "to", NULL };
	static const char *const runs[] = { "runs", "deviation", "least",
		"greatest", NULL };

	for (size_t i = 0; heads[i]; i++, table->columns++)
		table_cell(table, "%s", i || how->grouped ? heads[i] : "");
	for (size_t k = 1; k <= how->worst_at; k++, table->columns++)
		table_cell(table, "worst@%zu", k);
	for (size_t i = 0; how->runs && runs[i]; i++, table->columns++)
		table_cell(table, "%s", runs[i]);
}

/* Shares: a row for each group, a column for each label of any group. */

static void
share_head(const struct result_how *how, const struct tally *t,
	struct table *table)
{
	struct span *names = tally_names(t, &table->arena);

	table_cell(table, "%s", how->grouped ? "group" : "");
	table_cell(table, "n");
	for (size_t i = 0; i < t->names.n; i++)
		table_cell(table, "%.*s", SPAN_ARG(names[i]));
	table->columns = 2 + t->names.n;
}

static void
add_share(
	const struct tally *t, const struct tally_group *g, struct table *table)
{
	uint64_t n = g->counts.records - g->counts.errors;
	struct span *names = tally_names(t, &table->arena);

	group_cell(table, g->json);
	table_cell(table, "%llu", (unsigned long long)n);
	for (size_t i = 0; i < t->names.n; i++) {
		const struct tally_series *s = tally_find(g, names[i]);

		table_cell(table, "%.1f%%",
			s ? 100 * (double)s->n / (double)n : 0.0);
	}
}

void
board_begin(const struct result_how *how, const struct tally *t,
	struct table *table)
{
	static const char *const heads[] = { "", "n", "score", "raw mean",
		"95% from", "to", NULL };

	if (how->what == ROWS_VALUE)
		value_head(how, table);
	if (how->what == ROWS_SHARE)
		share_head(how, t, table);
	if (how->what != ROWS_RUBRIC)
		return;
	table->columns = RUBRIC_COLUMNS;
	for (size_t i = 0; heads[i]; i++)
		table_cell(table, "%s", heads[i]);
}

int
board_add(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct table *table, struct err *e)
{
	if (how->what == ROWS_RUBRIC)
		return add_rubric(how, t, g, table, e);
	if (how->what == ROWS_VALUE)
		return add_value(how, t, g, table, e);
	add_share(t, g, table);
	return 0;
}
