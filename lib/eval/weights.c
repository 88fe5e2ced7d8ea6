#include "base/buf.h"
#include "eval/rules.h"
#include "eval/weights.h"
#include "record/json.h"

static int
take_item(struct weights *w, struct weights_type *t,
	const struct json_member *m, struct err *e)
{
	struct weights_item *x = &t->items[t->n];

	x->feature = json_str(m->key, &w->arena);
	if (!json_f64(m->value, &x->weight))
		return err_set(e,
			"%s: weights: %.*s: %.*s is %.100s, a finite number is "
			"expected",
			w->path, SPAN_ARG(t->key), SPAN_ARG(x->feature),
			arena_dup(&w->arena, m->value));
	for (size_t i = 0; i < t->n; i++)
		if (span_eq(t->items[i].feature, x->feature))
			return err_set(e,
				"%s: weights: %.*s: %.*s is there twice",
				w->path, SPAN_ARG(t->key),
				SPAN_ARG(x->feature));
	t->n++;
	return 0;
}

static int
take_type(struct weights *w, const struct json_member *m, struct err *e)
{
	struct weights_type *t = &w->types[w->n];
	struct json_iter it = json_iter(m->value);
	struct json_member item;

	t->key = rules_key(json_str(m->key, &w->arena), &w->arena);
	if (json_kind(m->value) != JSON_OBJECT)
		return err_set(e,
			"%s: weights: %.*s is %s, an object of numbers is "
			"expected",
			w->path, SPAN_ARG(t->key),
			json_kind_name(json_kind(m->value)));
	for (size_t i = 0; i < w->n; i++)
		if (span_eq(w->types[i].key, t->key))
			return err_set(e, "%s: weights: %.*s is there twice",
				w->path, SPAN_ARG(t->key));
	t->items = arena_array(
		&w->arena, json_count(m->value), sizeof(*t->items));
	while (json_next(&it, &item))
		if (take_item(w, t, &item, e))
			return -1;
	w->n++;
	return 0;
}

static int
take_types(struct weights *w, struct span text, struct err *e)
{
	struct json_fault f;
	struct json_member m;
	struct json_iter it;
	struct span types;

	if (json_scan(text, NULL, &f))
		return err_set(
			e, "%s: byte %zu: %s", w->path, f.at + 1, f.what);
	types = json_get(json_value(text), "weights");
	if (json_kind(types) != JSON_OBJECT || json_count(types) == 0)
		return err_set(e,
			"%s: {\"weights\":{response type:{feature:number}}} is "
			"expected, as cupel-fit writes it",
			w->path);
	w->types = arena_array(&w->arena, json_count(types), sizeof(*w->types));
	for (it = json_iter(types); json_next(&it, &m);)
		if (take_type(w, &m, e))
			return -1;
	return 0;
}

int
weights_load(struct weights *w, const char *path, struct err *e)
{
	struct buf b = { .max = 64u << 20 };
	int rc;

	*w = (struct weights){ .path = path };
	rc = buf_file(&b, path, e);
	if (rc == 0) {
		struct span text = { arena_dup(&w->arena, buf_span(&b)),
			b.len };

		rc = take_types(w, text, e);
	}
	buf_release(&b);
	if (rc)
		weights_release(w);
	return rc;
}

void
weights_release(struct weights *w)
{
	arena_release(&w->arena);
	*w = (struct weights){ 0 };
}
