#include <math.h>
#include <stdlib.h>

#include "eval/sheet.h"

/* A text member of the record that must be there. */
static int
text_of(const struct rec *r, const char *name, struct span *to, struct arena *a,
	struct err *e)
{
	struct span v = rec_get(r, name);

	*to = json_str(v, a);
	if (to->s)
		return 0;
	return err_set(e, "\"%s\" is %s; a text is expected", name,
		v.s ? json_kind_name(json_kind(v)) : "missing");
}

static int
read_number(const struct json_member *m, double *to, struct err *e)
{
	if (json_f64(m->value, to))
		return 0;
	return err_set(e,
		"\"features\": %.*s is %s; a finite number is expected",
		SPAN_ARG(m->key), json_kind_name(json_kind(m->value)));
}

/* The first record of a type says which features there are. */
static int
name_features(struct sheet_type *t, struct span json, struct arena *a)
{
	struct json_iter it = json_iter(json);
	struct json_member m;

	while (json_next(&it, &m))
		if (map_put(&t->features, json_str(m.key, a)) >= SHEET_FEATURES)
			return -1;
	return 0;
}

static double *
new_values(struct sheet_type *t)
{
	size_t n = t->features.n;
	double *v;

	t->values = mem_grow(
		t->values, &t->values_cap, (t->n + 1) * n + 1, sizeof(double));
	v = t->values + t->n * n;
	for (size_t f = 0; f < n; f++)
		v[f] = NAN;
	return v;
}

static int
read_features(
	struct sheet_type *t, struct span json, struct arena *a, struct err *e)
{
	double *values = new_values(t);
	struct json_iter it = json_iter(json);
	struct json_member m;

	while (json_next(&it, &m)) {
		size_t f = map_find(&t->features, json_str(m.key, a));

		if (f == MAP_NONE)
			return err_set(e,
				"\"features\": %.*s is there, which the first "
				"record of its response type lacks",
				SPAN_ARG(m.key));
		if (read_number(&m, &values[f], e))
			return -1;
	}
	for (size_t f = 0; f < t->features.n; f++)
		if (isnan(values[f]))
			return err_set(e,
				"\"features\": \"%.*s\" is missing, which the "
				"first record of its response type has",
				SPAN_ARG(map_key(&t->features, f)));
	return 0;
}

static int
take_features(struct sheet_type *t, const struct rec *r, struct arena *a,
	struct err *e)
{
	struct span json = rec_get(r, "features");

	if (json_kind(json) != JSON_OBJECT)
		return err_set(e,
			"\"features\" is %s; an object of numbers is expected",
			json.s ? json_kind_name(json_kind(json)) : "missing");
	if (json_count(json) == 0)
		return err_set(e, "\"features\" is empty");
	if (t->n == 0) {
		map_release(&t->features);
		if (name_features(t, json, a))
			return err_set(
				e, "more than %d features", SHEET_FEATURES);
	}
	return read_features(t, json, a, e);
}

static void
take_reward(struct sheet_type *t, double reward)
{
	map_put(&t->features, SPAN("reward"));
	*new_values(t) = reward;
}

static struct sheet_type *
type_of(struct sheet *s, struct span name)
{
	const struct order_type *order = order_find(s->orders, name);
	size_t known = s->types.n, i;
	struct sheet_type *t;

	if (order == NULL)
		return NULL;
	i = map_put(&s->types, order->name);
	if (i < known)
		return &s->v[i];
	s->v = mem_grow(s->v, &s->cap, known + 1, sizeof(*s->v));
	t = &s->v[i];
	*t = (struct sheet_type){ .order = order };
	t->seen = mem_alloc(order->labels.n + 1, sizeof(*t->seen));
	memset(t->seen, 0, order->labels.n * sizeof(*t->seen));
	return t;
}

static void
add_row(struct sheet_type *t, struct span label, const struct sheet_in *in)
{
	size_t i = map_find(&t->order->labels, label);
	struct sheet_row row = { in->base,
		(uint32_t)map_put(&t->prompts, in->prompt), SHEET_UNRANKED };

	if (i == MAP_NONE) {
		map_put(&t->unranked, label);
		t->nunranked++;
	} else {
		row.label = (uint32_t)i;
		t->seen[i] = true;
	}
	if (t->n >= UINT32_MAX - 1)
		die(ST_CUT, "more than %zu completions", t->n);
	t->rows = mem_grow(t->rows, &t->rows_cap, t->n + 1, sizeof(*t->rows));
	t->rows[t->n++] = row;
}

enum sheet_fate
sheet_add(struct sheet *s, const struct rec *r, const struct sheet_in *in,
	struct err *e)
{
	struct span type, label;
	struct sheet_type *t;

	arena_clear(&s->scratch);
	if (text_of(r, "response_type", &type, &s->scratch, e) ||
		text_of(r, "completion_type", &label, &s->scratch, e))
		return SHEET_UNUSABLE;
	t = type_of(s, type);
	if (t == NULL) {
		err_set(e, "no orderings for the response type \"%.*s\"",
			SPAN_ARG(type));
		return SHEET_UNORDERED;
	}
	if (in->reward)
		take_reward(t, *in->reward);
	else if (take_features(t, r, &s->scratch, e))
		return SHEET_UNUSABLE;
	add_row(t, label, in);
	return SHEET_TAKEN;
}

/* The ranked rows, those of each prompt together and in their order. */
static uint32_t *
by_prompt(const struct sheet_type *t, const bool *chosen, size_t *starts)
{
	size_t n = t->prompts.n;
	uint32_t *rows = mem_alloc(t->n + 1, sizeof(*rows));

	memset(starts, 0, (n + 2) * sizeof(*starts));
	for (size_t i = 0; i < t->n; i++)
		if (chosen[t->rows[i].prompt])
			starts[t->rows[i].prompt + 2]++;
	for (size_t p = 2; p < n + 2; p++)
		starts[p] += starts[p - 1];
	for (size_t i = 0; i < t->n; i++)
		if (chosen[t->rows[i].prompt])
			rows[starts[t->rows[i].prompt + 1]++] = (uint32_t)i;
	return rows;
}

static int
add_pair(struct sheet_pairs *p, uint32_t better, uint32_t worse)
{
	if (p->n >= SHEET_PAIRS)
		return -1;
	p->v = mem_grow(p->v, &p->cap, p->n + 1, sizeof(*p->v));
	p->v[p->n++] = (struct sheet_pair){ better, worse };
	return 0;
}

/* All pairs among ${n} rows of one prompt. */
static int
pair_prompt(const struct sheet_type *t, const uint32_t *rows, size_t n,
	struct sheet_pairs *p)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t a = t->rows[rows[i]].label;

		for (size_t k = i + 1; a != SHEET_UNRANKED && k < n; k++) {
			uint32_t b = t->rows[rows[k]].label;
			int rc = 0;

			if (b == SHEET_UNRANKED)
				continue;
			if (order_above(t->order, a, b))
				rc = add_pair(p, rows[i], rows[k]);
			else if (order_above(t->order, b, a))
				rc = add_pair(p, rows[k], rows[i]);
			if (rc)
				return -1;
		}
	}
	return 0;
}

int
sheet_pair(
	const struct sheet_type *t, const bool *chosen, struct sheet_pairs *p)
{
	size_t *starts = mem_alloc(t->prompts.n + 2, sizeof(*starts));
	uint32_t *rows = by_prompt(t, chosen, starts);
	int rc = 0;

	*p = (struct sheet_pairs){ .rows = starts[t->prompts.n] };
	for (size_t i = 0; rc == 0 && i < t->prompts.n; i++) {
		rc = pair_prompt(
			t, rows + starts[i], starts[i + 1] - starts[i], p);
		p->prompts += chosen[i];
	}
	free(rows);
	free(starts);
	return rc;
}

static void
type_release(struct sheet_type *t)
{
	map_release(&t->features);
	map_release(&t->prompts);
	map_release(&t->unranked);
	free(t->seen);
	free(t->rows);
	free(t->values);
}

void
sheet_release(struct sheet *s)
{
	for (size_t i = 0; i < s->types.n; i++)
		type_release(&s->v[i]);
	free(s->v);
	map_release(&s->types);
	arena_release(&s->scratch);
	*s = (struct sheet){ .orders = s->orders };
}
