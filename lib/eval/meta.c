#include <stdlib.h>

#include "eval/meta.h"
#include "record/emit.h"

/* Reading. */

static int
read_labels(struct span v, struct arena *a, struct meta_row *row, struct err *e)
{
	struct json_iter it = json_iter(v);
	struct json_member m;

	if (v.s == NULL)
		return err_set(e, "\"binary_labels\" is missing");
	if (json_kind(v) != JSON_ARRAY)
		return err_set(e,
			"\"binary_labels\" is %s, an array is "
			"expected",
			json_kind_name(json_kind(v)));
	row->labels = arena_array(a, json_count(v), sizeof(*row->labels));
	while (json_next(&it, &m)) {
		enum json_kind kind = json_kind(m.value);

		if (kind != JSON_TRUE && kind != JSON_FALSE)
			return err_set(e,
				"binary_labels[%zu] is %s, true or "
				"false is expected",
				row->n, json_kind_name(kind));
		row->labels[row->n++] = kind == JSON_TRUE;
	}
	return row->n ? 0 : err_set(e, "\"binary_labels\" is empty");
}

static int
read_people(struct span v, struct arena *a, struct meta_row *row, struct err *e)
{
	enum json_kind kind = json_kind(v);
	struct json_iter it = json_iter(v);
	struct json_member m;

	if (kind == JSON_ABSENT || kind == JSON_NULL)
		return 0;
	if (kind != JSON_ARRAY || json_count(v) != row->n)
		return err_set(e, "\"anonymized_physician_ids\" does not have "
				  "as many elements as \"binary_labels\"");
	row->people = arena_array(a, row->n, sizeof(*row->people));
	for (size_t i = 0; json_next(&it, &m); i++) {
		row->people[i] = json_str(m.value, a);
		if (row->people[i].s == NULL)
			return err_set(e,
				"anonymized_physician_ids[%zu] is "
				"%s, a string is expected",
				i, json_kind_name(json_kind(m.value)));
	}
	return 0;
}

static int
read_category(
	struct span v, struct arena *a, struct meta_row *row, struct err *e)
{
	enum json_kind kind = json_kind(v);

	row->category = json_str(v, a);
	if (kind == JSON_ABSENT || kind == JSON_NULL || row->category.len)
		return 0;
	if (kind == JSON_STRING)
		return err_set(e, "\"category\" is empty");
	return err_set(e, "\"category\" is %s, a string is expected",
		json_kind_name(kind));
}

/* Nobody has graded the row, unless it is no row at all. */
static enum tally_fate
without_verdict(const struct rec *r, struct err *e)
{
	if (json_kind(rec_get(r, "rubric_items")) == JSON_ABSENT) {
		err_set(e, "\"criteria_met\" is missing: cupel-grade adds it");
		return TALLY_UNGRADED;
	}
	err_set(e, "\"rubric_items\" where \"criteria_met\" is expected: a "
		   "graded conversation is no row of a meta-evaluation");
	return TALLY_UNUSABLE;
}

enum tally_fate
meta_read(const struct rec *r, struct arena *a, struct meta_row *row,
	struct err *e)
{
	enum json_kind verdict = json_kind(rec_get(r, "criteria_met"));

	*row = (struct meta_row){ .verdict = verdict == JSON_TRUE };
	if (verdict == JSON_NULL)
		return TALLY_UNGRADED;
	if (rec_failed(r))
		return TALLY_ERROR;
	if (verdict == JSON_ABSENT)
		return without_verdict(r, e);
	if (verdict != JSON_TRUE && verdict != JSON_FALSE) {
		err_set(e,
			"\"criteria_met\" is %s, true, false or null is "
			"expected",
			json_kind_name(verdict));
		return TALLY_UNUSABLE;
	}
	if (read_labels(rec_get(r, "binary_labels"), a, row, e) ||
		read_people(
			rec_get(r, "anonymized_physician_ids"), a, row, e) ||
		read_category(rec_get(r, "category"), a, row, e))
		return TALLY_UNUSABLE;
	return TALLY_COUNTED;
}

void
meta_put(const struct meta_row *row, struct arena *a, struct tally *t)
{
	static const char *const names[] = { "num_physician_labels",
		"percent_physician_pos", "model_predicted_positive" };
	double yes = 0, values[3];

	for (size_t i = 0; i < row->n; i++)
		yes += row->labels[i];
	values[0] = (double)row->n;
	values[1] = yes / (double)row->n;
	values[2] = row->verdict;
	for (int i = 0; i < 3; i++) {
		tally_put(t, tally_name(t, span_str(names[i])), values[i]);
		if (row->category.s)
			tally_put(t,
				tally_name(t, arena_printf(a, "%.*s: %s",
						      SPAN_ARG(row->category),
						      names[i])),
				values[i]);
	}
}

/* Counting. */

static struct meta_pairs *
pairs_of(struct meta *m, struct span category)
{
	size_t n = m->categories.n, i = map_put(&m->categories, category);

	m->of = mem_grow(m->of, &m->of_cap, i + 1, sizeof(*m->of));
	if (i == n)
		m->of[i] = (struct meta_pairs){ 0 };
	return &m->of[i];
}

static struct span
both_key(const size_t pair[2])
{
	return (struct span){ (const char *)pair, 2 * sizeof(*pair) };
}

static struct agree *
person_pairs(struct meta *m, struct span person, struct span category)
{
	size_t pair[2] = { map_put(&m->people, person),
		map_put(&m->categories, category) };
	size_t n = m->both.n, i = map_put(&m->both, both_key(pair));

	m->each = mem_grow(m->each, &m->each_cap, i + 1, sizeof(*m->each));
	if (i == n)
		m->each[i] = (struct agree){ 0 };
	return &m->each[i];
}

/* The row's pairs, all in one category. */
static void
add_to(struct meta *m, const struct meta_row *row, struct span category)
{
	struct meta_pairs *pairs = pairs_of(m, category);

	for (size_t i = 0; i < row->n; i++) {
		struct agree *person = NULL;

		agree_add(&pairs->model, row->verdict, row->labels[i]);
		if (row->people)
			person = person_pairs(m, row->people[i], category);
		for (size_t k = 0; k < row->n; k++) {
			if (k == i)
				continue;
			agree_add(
				&pairs->people, row->labels[i], row->labels[k]);
			if (person)
				agree_add(
					person, row->labels[i], row->labels[k]);
		}
	}
}

void
meta_add(struct meta *m, const struct meta_row *row)
{
	add_to(m, row, SPAN(""));
	if (row->category.s)
		add_to(m, row, row->category);
}

const struct agree *
meta_find(const struct meta *m, size_t person, size_t category)
{
	const size_t pair[2] = { person, category };
	size_t i = map_find(&m->both, both_key(pair));

	return i == MAP_NONE ? NULL : &m->each[i];
}

/* Telling. */

#define RATES 9

struct named_rate {
	const char *name;
	bool whole; /* its n is a whole number */
	struct agree_rate rate;
};

struct agree_rate
meta_balanced(const struct agree *a)
{
	return agree_balanced(agree_f1(a, true), agree_f1(a, false));
}

/* All rates of the pairs, of which some may not exist. */
static void
rates_of(const struct agree *a, struct named_rate out[RATES])
{
	struct agree_rate p[2], r[2], f[2];

	for (int yes = 0; yes < 2; yes++) {
		p[yes] = agree_precision(a, yes);
		r[yes] = agree_recall(a, yes);
		f[yes] = agree_f1(a, yes);
	}
	out[0] = (struct named_rate){ "precision_pos", true, p[1] };
	out[1] = (struct named_rate){ "precision_neg", true, p[0] };
	out[2] = (struct named_rate){ "precision_balanced", true,
		agree_balanced(p[1], p[0]) };
	out[3] = (struct named_rate){ "recall_pos", true, r[1] };
	out[4] = (struct named_rate){ "recall_neg", true, r[0] };
	out[5] = (struct named_rate){ "recall_balanced", true,
		agree_balanced(r[1], r[0]) };
	out[6] = (struct named_rate){ "f1_pos", false, f[1] };
	out[7] = (struct named_rate){ "f1_neg", false, f[0] };
	out[8] = (struct named_rate){ "f1_balanced", false,
		agree_balanced(f[1], f[0]) };
}

/* "cluster:x: pairwise_model_f1_pos", or without the category for all. */
static struct span
full_name(struct arena *a, struct span category, const char *who,
	const char *rate)
{
	return arena_printf(a, "%.*s%spairwise_%s_%s", SPAN_ARG(category),
		category.len ? ": " : "", who, rate);
}

static void
add_rates(struct metrics *out, struct span category, const char *who,
	const struct agree *a)
{
	struct named_rate rates[RATES];

	rates_of(a, rates);
	for (int i = 0; i < RATES; i++) {
		struct agree_rate r = rates[i].rate;
		struct span name = full_name(
			&out->arena, category, who, rates[i].name);

		if (!r.exists)
			continue;
		metrics_f64(out, name, "", r.value);
		if (rates[i].whole)
			metrics_u64(out, name, ":n_samples", (uint64_t)r.n);
		else
			metrics_f64(out, name, ":n_samples", r.n);
	}
}

void
meta_metrics(const struct meta *m, struct metrics *out)
{
	struct agree_rate score = { 0 };

	for (size_t i = 0; i < m->categories.n; i++) {
		struct span category = map_key(&m->categories, i);

		add_rates(out, category, "model", &m->of[i].model);
		add_rates(out, category, "physician", &m->of[i].people);
		if (category.len == 0)
			score = meta_balanced(&m->of[i].model);
	}
	if (score.exists)
		metrics_f64(out, SPAN("score"), "", score.value);
}

static void
emit_rate(struct buf *b, const struct named_rate *r)
{
	emit_begin(b, '{');
	emit_key(b, "n");
	if (r->whole)
		emit_u64(b, (uint64_t)r->rate.n);
	else
		emit_f64(b, r->rate.n);
	emit_key(b, "value"), emit_f64(b, r->rate.value);
	emit_end(b, '}');
}

/* One rate in one category: all people who have it; nothing if nobody does. */
static void
emit_people(const struct meta *m, size_t category, int rate, struct buf *b)
{
	struct named_rate rates[RATES];
	struct metrics people = { 0 };
	struct buf one = { 0 };

	for (size_t i = 0; i < m->people.n; i++) {
		const struct agree *a = meta_find(m, i, category);

		if (a == NULL)
			continue;
		rates_of(a, rates);
		if (!rates[rate].rate.exists)
			continue;
		buf_clear(&one);
		emit_rate(&one, &rates[rate]);
		metrics_json(&people, map_key(&m->people, i), buf_span(&one));
	}
	if (people.n)
		metrics_print(&people, b);
	buf_release(&one);
	metrics_release(&people);
}

void
meta_people(const struct meta *m, struct buf *b)
{
	static const struct agree none;
	struct named_rate names[RATES];
	struct metrics all = { 0 };
	struct buf one = { 0 };

	rates_of(&none, names);
	for (size_t c = 0; c < m->categories.n; c++)
		for (int i = 0; i < RATES; i++) {
			struct span name = full_name(&all.arena,
				map_key(&m->categories, c), "physician",
				names[i].name);

			buf_clear(&one);
			emit_people(m, c, i, &one);
			if (one.len)
				metrics_json(&all, name, buf_span(&one));
		}
	metrics_print(&all, b);
	buf_release(&one);
	metrics_release(&all);
}

static void
rate_cell(struct table *table, struct agree_rate r)
{
	if (r.exists)
		table_cell(table, "%.3f", r.value);
	else
		table_cell(table, "%s", "");
}

void
meta_table(const struct meta *m, struct table *table)
{
	static const char *const heads[] = { "all categories", "grader yes",
		"no", "balanced", "people yes", "no", "balanced", NULL };
	static const char *const rows[] = { "precision", "recall", "F1" };
	struct meta_pairs none = { 0 };
	size_t all = map_find(&m->categories, SPAN(""));
	const struct meta_pairs *pairs = all == MAP_NONE ? &none : &m->of[all];
	struct named_rate model[RATES], people[RATES];

	rates_of(&pairs->model, model);
	rates_of(&pairs->people, people);
	for (table->columns = 0; heads[table->columns]; table->columns++)
		table_cell(table, "%s", heads[table->columns]);
	for (int row = 0; row < 3; row++) {
		table_cell(table, "%s", rows[row]);
		for (int i = 0; i < 3; i++)
			rate_cell(table, model[3 * row + i].rate);
		for (int i = 0; i < 3; i++)
			rate_cell(table, people[3 * row + i].rate);
	}
}

void
meta_release(struct meta *m)
{
	map_release(&m->categories);
	map_release(&m->people);
	map_release(&m->both);
	free(m->of);
	free(m->each);
	*m = (struct meta){ 0 };
}
