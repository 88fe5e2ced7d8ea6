#include <math.h>
#include <stdlib.h>

#include "eval/reward.h"
#include "record/emit.h"

/* What one feature adds to a reward. */
struct reward_moved {
	size_t feature;
	double by;
};

int
reward_init(struct reward *w, const struct plan *p,
	const struct reward_how *how, struct err *e)
{
	struct err why;

	*w = (struct reward){ .how = *how, .plan = p };
	if (how->base && (w->base = expr_compile(how->base, &why)) == NULL)
		return err_set(e, "--base: %s", why.msg);
	if (how->exact && rules_exact(p->rules, e)) {
		reward_release(w);
		return -1;
	}
	w->moved = arena_array(&w->arena, p->most, sizeof(*w->moved));
	if (p->rules) {
		features_init(&w->of, p->rules, how->exact);
		w->values = w->of.values;
		w->texts = w->of.texts;
	} else {
		w->values = arena_array(&w->arena, p->most, sizeof(double));
		w->texts = arena_array(&w->arena, p->most, sizeof(*w->texts));
	}
	return 0;
}

void
reward_release(struct reward *w)
{
	expr_free(w->base);
	features_release(&w->of);
	arena_release(&w->arena);
	buf_release(&w->text);
	buf_release(&w->classes);
	buf_release(&w->features);
	buf_release(&w->value);
	buf_release(&w->so_far);
	*w = (struct reward){ 0 };
}

/* The base. */

/* Its value, absent where there is none. */
static int
run_base(struct reward *w, struct rec *r, struct span *text)
{
	struct err e;
	int n;

	if (w->base == NULL) {
		*text = rec_get(r, "rm_score");
		return 0;
	}
	buf_clear(&w->value);
	n = expr_run(w->base, r->raw, &w->value, &e);
	*text = n == 1 ? json_value(buf_span(&w->value)) : (struct span){ 0 };
	if (n < 0)
		rec_fail(r, "base", "the base %s", e.msg);
	return n < 0 ? -1 : 0;
}

/* The base, as text too: a number we did not compute is not ours to round. */
static int
find_base(struct reward *w, struct rec *r, double *base, struct span *text)
{
	const char *name = w->how.base ? w->how.base : ".rm_score";

	if (run_base(w, r, text))
		return -1;
	if (json_kind(*text) <= JSON_NULL)
		rec_fail(r, "base", "the base %s is missing", name);
	else if (!json_f64(*text, base))
		rec_fail(r, "base",
			"the base %s is %.*s, a finite number is expected",
			name, (int)(text->len > 80 ? 80 : text->len), text->s);
	else
		return 0;
	return -1;
}

/* Explaining. */

static int
by_size(const void *a, const void *b)
{
	const struct reward_moved *x = a, *y = b;
	double dx = fabs(x->by), dy = fabs(y->by);

	if (dx != dy)
		return dx < dy ? 1 : -1;
	return (x->feature > y->feature) - (x->feature < y->feature);
}

/* What moved it, the strongest first; features that add nothing are left out. */
static size_t
find_moved(struct reward *w, const struct plan_type *t)
{
	size_t n = 0;

	for (size_t i = 0; t && i < t->features.names.n; i++) {
		double by = t->weights[i] * w->values[i];

		if (by < 0 || by > 0)
			w->moved[n++] = (struct reward_moved){ i, by };
	}
	if (n)
		qsort(w->moved, n, sizeof(*w->moved), by_size);
	return n;
}

static void
explain(struct reward *w, struct rec *r, const struct plan_type *t,
	struct span base)
{
	struct buf *b = &w->text;
	size_t n = find_moved(w, t);

	buf_clear(b);
	emit_begin(b, '{');
	emit_key(b, "base"), emit_raw(b, base);
	emit_key(b, "moved"), emit_begin(b, '[');
	for (size_t i = 0; i < n; i++) {
		size_t f = w->moved[i].feature;

		emit_begin(b, '{');
		emit_key(b, "feature");
		emit_str(b, map_key(&t->features.names, f));
		emit_key(b, "value"), emit_raw(b, w->texts[f]);
		emit_key(b, "weight"), emit_f64(b, t->weights[f]);
		emit_key(b, "by"), emit_f64(b, w->moved[i].by);
		emit_end(b, '}');
	}
	emit_end(b, ']'), emit_end(b, '}');
	rec_set_buf(r, "explain", b);
}

/* The sum. */

/* ${t} is NULL where the rules do not cover the record: the base stays. */
static void
add_up(struct reward *w, struct rec *r, const struct plan_type *t)
{
	double total;
	struct span base;

	if (find_base(w, r, &total, &base))
		return;
	for (size_t i = 0; t && i < t->features.names.n; i++)
		total += t->weights[i] * w->values[i];
	if (!isfinite(total)) {
		rec_fail(r, "range", "the reward is not finite");
		return;
	}
	buf_clear(&w->text);
	if (t)
		emit_f64(&w->text, total);
	else
		buf_add(&w->text, base);
	rec_set_buf(r, "reward", &w->text);
	if (w->how.explain)
		explain(w, r, t, base);
}

/* The features. */

/* An object of ${n} members, at least one: most of the output is these. */
static void
write_members(struct buf *b, const struct span *names,
	const struct span *values, size_t n)
{
	size_t size = 2;
	char *p;

	for (size_t i = 0; i < n; i++)
		size += names[i].len + values[i].len;
	buf_clear(b);
	p = buf_room(b, size);
	for (size_t i = 0; i < n; i++) {
		p = span_put(p, names[i]);
		p = span_put(p, values[i]);
	}
	*b->s = '{'; /* for the first comma */
	*p++ = '}';
	b->len = (size_t)(p - b->s);
}

static void
set_classes(struct reward *w, struct rec *r, const struct plan_type *t)
{
	size_t first = t->rules->nneeds, n = w->plan->rules->nclasses;

	if (n == 0)
		return;
	write_members(&w->classes, t->members + first, w->texts + first, n);
	rec_set(r, "classes", buf_span(&w->classes));
	rec_set(r, "class", w->plan->classes[w->of.best]);
}

static int
conditions(struct reward *w, struct rec *r)
{
	if (w->plan->rules->nconditions == 0)
		return 0;
	buf_clear(&w->so_far);
	rec_print(r, &w->so_far);
	return features_conditions(&w->of, r, buf_span(&w->so_far));
}

static int
make_features(struct reward *w, struct rec *r, const struct plan_type *t)
{
	if (features_read(&w->of, r, t->rules))
		return -1;
	set_classes(w, r, t);
	if (conditions(w, r))
		return -1;
	write_members(&w->features, t->members, w->texts, w->of.n);
	rec_set(r, "features", buf_span(&w->features));
	return 0;
}

/* Without rules: what weights there are, the record must have features for. */
static int
own_features(struct reward *w, struct rec *r, struct plan_type *t)
{
	columns_read(&t->features, rec_iter(r, "features"), w->texts);
	for (size_t i = 0; i < t->features.names.n; i++) {
		struct span name = map_key(&t->features.names, i);

		if (!json_f64(w->texts[i], &w->values[i])) {
			rec_fail(r, "features",
				"features: %.*s is %s, a finite number is "
				"expected",
				SPAN_ARG(name),
				json_kind_name(json_kind(w->texts[i])));
			return -1;
		}
	}
	return 0;
}

/* The record. */

static int
no_weights(const struct reward *w, struct rec *r, struct span type)
{
	rec_fail(r, "weights", "%s has no weights for %.*s",
		w->plan->weights->path, SPAN_ARG(type));
	return -1;
}

/* ${*t} is NULL where the rules say nothing about its response type. */
static int
find_type(const struct reward *w, struct rec *r, struct plan_type **t)
{
	struct span type = rec_get(r, "response_type");

	*t = w->plan->types;
	if (w->plan->n && (*t)->key.s == NULL)
		return 0;
	if (json_kind(type) != JSON_STRING) {
		rec_fail(r, "response_type",
			"response_type is %s, a text is expected",
			json_kind_name(json_kind(type)));
		return -1;
	}
	type = json_str(type, &r->arena);
	*t = plan_find(w->plan, type);
	return *t || w->plan->rules ? 0 : no_weights(w, r, type);
}

static void
set_nulls(const struct reward *w, struct rec *r)
{
	const struct rules *rules = w->plan->rules;

	if (rules && rules->nclasses) {
		rec_set(r, "classes", SPAN("null"));
		rec_set(r, "class", SPAN("null"));
	}
	if (rules)
		rec_set(r, "features", SPAN("null"));
	if (w->plan->rewards)
		rec_set(r, "reward", SPAN("null"));
	if (w->how.explain)
		rec_set(r, "explain", SPAN("null"));
}

void
reward_give(struct reward *w, struct rec *r)
{
	struct plan_type *t;

	if (rec_failed(r))
		return;
	set_nulls(w, r);
	if (find_type(w, r, &t))
		return;
	if (t && (t->rules ? make_features(w, r, t) : own_features(w, r, t)))
		return;
	if (w->plan->rewards && t && !t->weighted)
		no_weights(w, r, t->key);
	else if (w->plan->rewards)
		add_up(w, r, t);
}
