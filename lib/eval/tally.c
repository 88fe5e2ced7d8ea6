#include <stdlib.h>

#include "eval/tally.h"
#include "record/emit.h"

/* Filling. */

/* A value in its one spelling, kept with the rows; null is as good as absent. */
static struct span
keep(struct tally *t, struct span json)
{
	enum json_kind kind = json_kind(json);

	if (kind == JSON_ABSENT || kind == JSON_NULL)
		return (struct span){ 0 };
	buf_clear(&t->scratch);
	emit_value(&t->scratch, json);
	return (struct span){ arena_dup(&t->arena, buf_span(&t->scratch)),
		t->scratch.len };
}

static uint32_t
group_of(struct tally *t, struct span json)
{
	if (json.s == NULL)
		return TALLY_NO_GROUP;
	buf_clear(&t->scratch);
	if (json.len)
		emit_value(&t->scratch, json);
	return (uint32_t)map_put(&t->groups, buf_span(&t->scratch));
}

void
tally_add(struct tally *t, const struct rec *r, struct span group)
{
	if (t->nrows >= UINT32_MAX - 1)
		die(ST_CUT, "more than %zu records", t->nrows);
	t->rows = mem_grow(
		t->rows, &t->rows_cap, t->nrows + 1, sizeof(*t->rows));
	t->rows[t->nrows++] = (struct tally_row){
		.id = keep(t, rec_id(r)),
		.sample = keep(t, rec_get(r, "sample")),
		.group = group_of(t, group),
		.first = t->nvalues,
		.file = r->file,
		.line = r->line,
	};
}

uint32_t
tally_name(struct tally *t, struct span name)
{
	return (uint32_t)map_put(&t->names, name);
}

void
tally_put(struct tally *t, uint32_t name, double x)
{
	t->values = mem_grow(
		t->values, &t->values_cap, t->nvalues + 1, sizeof(*t->values));
	t->values[t->nvalues++] = (struct tally_value){ name, x };
	t->rows[t->nrows - 1].n++;
}

void
tally_fail(struct tally *t, enum tally_fate fate, uint64_t ungraded)
{
	struct tally_row *row = &t->rows[t->nrows - 1];

	t->nvalues = row->first;
	row->n = 0;
	row->fate = fate;
	row->ungraded = ungraded;
}

void
tally_clear(struct tally *t)
{
	t->nrows = t->nvalues = 0;
	map_release(&t->groups);
	arena_clear(&t->arena);
}

void
tally_count(struct tally_counts *c, const struct tally_row *row)
{
	c->records++;
	c->errors += row->fate != TALLY_COUNTED;
	c->carried += row->fate == TALLY_ERROR;
	c->ungraded += row->fate == TALLY_UNGRADED;
	c->unusable += row->fate == TALLY_UNUSABLE;
	c->ungraded_items += row->ungraded;
}

/* Ordering. */

/* What qsort is given: a row, and where to look up what it is compared by. */
struct item {
	const struct tally *t;
	const uint32_t *rank; /* of groups */
	uint32_t row;
};

/* Shorter first, so that numbers without a sign come in their own order. */
static int
compare_sample(struct span a, struct span b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return span_cmp(a, b);
}

static int
compare_values(const struct tally *t, const struct tally_row *a,
	const struct tally_row *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		const struct tally_value *x = &t->values[a->first + i];
		const struct tally_value *y = &t->values[b->first + i];
		int c = 0;

		if (x->name != y->name)
			c = span_cmp(map_key(&t->names, x->name),
				map_key(&t->names, y->name));
		if (c == 0)
			c = (x->x > y->x) - (x->x < y->x);
		if (c)
			return c;
	}
	return (a->n > b->n) - (a->n < b->n);
}

static int
compare_rows(const void *left, const void *right)
{
	const struct item *x = left, *y = right;
	const struct tally_row *a = &x->t->rows[x->row];
	const struct tally_row *b = &y->t->rows[y->row];
	uint32_t ga = a->group, gb = b->group;
	int c;

	if (ga != gb) {
		ga = ga == TALLY_NO_GROUP ? ga : x->rank[ga];
		gb = gb == TALLY_NO_GROUP ? gb : x->rank[gb];
		return ga < gb ? -1 : 1;
	}
	c = span_cmp(a->id, b->id);
	if (c == 0)
		c = compare_sample(a->sample, b->sample);
	if (c == 0)
		c = compare_values(x->t, a, b);
	return c ? c : (x->row > y->row) - (x->row < y->row);
}

static int
compare_keys(const void *left, const void *right)
{
	const struct map_key *const *a = left, *const *b = right;

	return span_cmp((*a)->text, (*b)->text);
}

/* The place of each key of ${m} in the order of their texts. */
static uint32_t *
rank_keys(const struct map *m)
{
	const struct map_key **keys = mem_alloc(m->n, sizeof(struct map_key *));
	uint32_t *rank = mem_alloc(m->n, sizeof(*rank));

	for (size_t i = 0; i < m->n; i++)
		keys[i] = &m->keys[i];
	if (m->n)
		qsort(keys, m->n, sizeof(struct map_key *), compare_keys);
	for (size_t i = 0; i < m->n; i++)
		rank[keys[i] - m->keys] = (uint32_t)i;
	free(keys);
	return rank;
}

uint32_t *
tally_order(const struct tally *t)
{
	uint32_t *rank = rank_keys(&t->groups), *order;
	struct item *items = mem_alloc(t->nrows, sizeof(*items));

	for (size_t i = 0; i < t->nrows; i++)
		items[i] = (struct item){ t, rank, (uint32_t)i };
	if (t->nrows)
		qsort(items, t->nrows, sizeof(*items), compare_rows);
	order = mem_alloc(t->nrows, sizeof(*order));
	for (size_t i = 0; i < t->nrows; i++)
		order[i] = items[i].row;
	free(items);
	free(rank);
	return order;
}

static bool
same(const struct tally *t, uint32_t a, uint32_t b)
{
	const struct tally_row *x = &t->rows[a], *y = &t->rows[b];

	return x->id.s && span_eq(x->id, y->id) && x->group == y->group &&
	       span_eq(x->sample, y->sample);
}

size_t
tally_twins(const struct tally *t, const uint32_t *order, uint32_t *first)
{
	size_t n = 0;

	*first = 0;
	for (size_t i = 1; i < t->nrows; i++) {
		uint32_t a = order[i - 1], b = order[i];

		if (!same(t, a, b))
			continue;
		a = a > b ? a : b; /* the one that came later */
		if (n++ == 0 || a < *first)
			*first = a;
	}
	return n;
}

/* Series of a group. */

static int
compare_numbers(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static int
compare_series(const void *left, const void *right)
{
	const struct tally_series *a = left, *b = right;

	return span_cmp(a->name, b->name);
}

/* The series of the names that the rows have, in order, with room for all. */
static void
lay_out(const struct tally *t, struct tally_group *g, const uint32_t *rows,
	size_t n)
{
	size_t *count = arena_array(&g->arena, t->names.n, sizeof(*count));

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < t->rows[rows[i]].n; k++)
			count[t->values[t->rows[rows[i]].first + k].name]++;
	g->series = arena_array(&g->arena, t->names.n, sizeof(*g->series));
	for (size_t i = 0; i < t->names.n; i++)
		if (count[i])
			g->series[g->nseries++] = (struct tally_series){
				.name = map_key(&t->names, i),
				.v = arena_array(
					&g->arena, count[i], sizeof(double)),
				.w = arena_array(
					&g->arena, count[i], sizeof(double)),
				.row = arena_array(
					&g->arena, count[i], sizeof(uint32_t)),
				.owner = arena_array(
					&g->arena, count[i], sizeof(uint32_t)),
			};
	if (g->nseries)
		qsort(g->series, g->nseries, sizeof(*g->series),
			compare_series);
}

/* The series of each name, by the name's index; NULL for one without. */
static struct tally_series **
by_name(const struct tally *t, struct tally_group *g)
{
	struct tally_series **of = arena_array(
		&g->arena, t->names.n, sizeof(struct tally_series *));

	for (size_t i = 0; i < g->nseries; i++)
		of[map_find(&t->names, g->series[i].name)] = &g->series[i];
	return of;
}

/* A row's owner is new unless the one before it has the same id. */
static bool
same_owner(const struct tally *t, uint32_t before, uint32_t row)
{
	const struct span id = t->rows[row].id;

	return id.s && span_eq(id, t->rows[before].id);
}

static void
append(const struct tally *t, struct tally_series *s, uint32_t row, double x)
{
	s->owners += s->n == 0 || !same_owner(t, s->row[s->n - 1], row);
	s->w[s->n] = x;
	s->row[s->n] = row;
	s->owner[s->n++] = (uint32_t)s->owners - 1;
}

static void
fill_as_they_came(const struct tally *t, struct tally_group *g,
	struct tally_series **of, const uint32_t *rows, size_t n)
{
	uint32_t *came = arena_array(&g->arena, n, sizeof(*came));

	memcpy(came, rows, n * sizeof(*came));
	qsort(came, n, sizeof(*came), compare_numbers);
	for (size_t i = 0; i < n; i++) {
		const struct tally_row *row = &t->rows[came[i]];

		for (size_t k = row->first; k < row->first + row->n; k++) {
			struct tally_series *s = of[t->values[k].name];

			s->v[s->n++] = t->values[k].x;
		}
	}
	for (size_t i = 0; i < g->nseries; i++)
		g->series[i].n = 0;
}

static void
fill(const struct tally *t, struct tally_group *g, const uint32_t *rows,
	size_t n)
{
	struct tally_series **of = by_name(t, g);

	fill_as_they_came(t, g, of, rows, n);
	for (size_t i = 0; i < n; i++) {
		const struct tally_row *row = &t->rows[rows[i]];

		for (size_t k = row->first; k < row->first + row->n; k++)
			append(t, of[t->values[k].name], rows[i],
				t->values[k].x);
	}
}

bool
tally_next(const struct tally *t, const uint32_t *order, size_t *at,
	struct tally_group *g)
{
	const uint32_t *rows = order + *at;
	uint32_t group;
	size_t n = 0;

	*g = (struct tally_group){ 0 };
	if (*at == t->nrows || t->rows[*rows].group == TALLY_NO_GROUP)
		return false;
	group = t->rows[*rows].group;
	g->json = map_key(&t->groups, group);
	for (; *at + n < t->nrows && t->rows[rows[n]].group == group; n++) {
		tally_count(&g->counts, &t->rows[rows[n]]);
		g->owners += n == 0 || !same_owner(t, rows[n - 1], rows[n]);
	}
	*at += n;
	lay_out(t, g, rows, n);
	fill(t, g, rows, n);
	return true;
}

const struct tally_series *
tally_find(const struct tally_group *g, struct span name)
{
	for (size_t i = 0; i < g->nseries; i++)
		if (span_eq(g->series[i].name, name))
			return &g->series[i];
	return NULL;
}

struct span *
tally_names(const struct tally *t, struct arena *a)
{
	struct span *names = arena_array(a, t->names.n, sizeof(*names));
	uint32_t *rank = rank_keys(&t->names);

	for (size_t i = 0; i < t->names.n; i++)
		names[rank[i]] = map_key(&t->names, i);
	free(rank);
	return names;
}

void
tally_group_release(struct tally_group *g)
{
	arena_release(&g->arena);
	*g = (struct tally_group){ 0 };
}

void
tally_release(struct tally *t)
{
	map_release(&t->names);
	map_release(&t->groups);
	free(t->rows);
	free(t->values);
	arena_release(&t->arena);
	buf_release(&t->scratch);
	*t = (struct tally){ 0 };
}
