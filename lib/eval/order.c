#include <stdlib.h>

#include "eval/order.h"
#include "eval/rules.h"
#include "record/json.h"
#include "record/yaml.h"

/* JSON is read as such, for YAML knows nothing of surrogate pairs. */
static int
load(struct buf *json, const char *path, struct err *e)
{
	struct json_fault f;
	struct buf text = { 0 };
	int rc = buf_file(&text, path, e);

	if (rc == 0 && json_scan(buf_span(&text), NULL, &f) == 0)
		buf_add(json, json_value(buf_span(&text)));
	else if (rc == 0)
		rc = yaml_text(json, buf_span(&text), path, e);
	buf_release(&text);
	return rc;
}

static int
put_label(struct map *labels, struct span text, struct arena *a)
{
	map_put(labels, json_str(text, a));
	return labels->n <= ORDER_LABELS ? 0 : -1;
}

/* Names all labels of a response type, and checks what they are made of. */
static int
name_labels(
	struct order_type *t, struct span json, struct arena *a, struct err *e)
{
	struct json_iter it = json_iter(json), worse;
	struct json_member m, w;

	while (json_next(&it, &m)) {
		if (json_kind(m.value) != JSON_ARRAY)
			return err_set(e,
				"%.*s: %s; a list of worse labels is expected",
				SPAN_ARG(m.key),
				json_kind_name(json_kind(m.value)));
		if (put_label(&t->labels, m.key, a))
			return err_set(e, "more than %d labels", ORDER_LABELS);
		worse = json_iter(m.value);
		while (json_next(&worse, &w)) {
			if (json_kind(w.value) != JSON_STRING)
				return err_set(e,
					"%.*s: %s where a label is expected",
					SPAN_ARG(m.key),
					json_kind_name(json_kind(w.value)));
			if (put_label(&t->labels, w.value, a))
				return err_set(
					e, "more than %d labels", ORDER_LABELS);
		}
	}
	return 0;
}

static void
set_above(struct order_type *t, struct span json, struct arena *a)
{
	struct json_iter it = json_iter(json), worse;
	struct json_member m, w;
	size_t n = t->labels.n;

	t->above = mem_alloc(n * n + 1, sizeof(*t->above));
	t->ideal = mem_alloc(n + 1, sizeof(*t->ideal));
	memset(t->above, 0, n * n * sizeof(*t->above));
	memset(t->ideal, true, n * sizeof(*t->ideal));
	while (json_next(&it, &m)) {
		size_t better = map_find(&t->labels, json_str(m.key, a));

		worse = json_iter(m.value);
		while (json_next(&worse, &w)) {
			size_t i = map_find(&t->labels, json_str(w.value, a));

			t->above[better * n + i] = true;
			t->ideal[i] = false;
		}
	}
}

/* A label that is above itself, directly or through others, or MAP_NONE. */
static size_t
above_itself(const struct order_type *t)
{
	size_t n = t->labels.n, found = MAP_NONE;
	bool *all = mem_alloc(n * n + 1, sizeof(*all));

	memcpy(all, t->above, n * n * sizeof(*all));
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; all[i * n + k] && j < n; j++)
				all[i * n + j] |= all[k * n + j];
	for (size_t i = 0; i < n && found == MAP_NONE; i++)
		if (all[i * n + i])
			found = i;
	free(all);
	return found;
}

static int
read_type(
	struct order_type *t, struct span json, struct arena *a, struct err *e)
{
	size_t bad;

	if (json_kind(json) != JSON_OBJECT)
		return err_set(e, "%s; labels with lists are expected",
			json_kind_name(json_kind(json)));
	if (name_labels(t, json, a, e))
		return -1;
	set_above(t, json, a);
	bad = above_itself(t);
	if (bad == MAP_NONE)
		return 0;
	return err_set(e,
		"\"%.*s\" is better than itself: the lists "
		"contradict each other",
		SPAN_ARG(map_key(&t->labels, bad)));
}

static int
read_types(struct order *o, struct span json, struct arena *a, struct err *e)
{
	struct json_iter it = json_iter(json);
	struct json_member m;
	struct err why;

	if (json_kind(json) != JSON_OBJECT)
		return err_set(e, "%s; response types are expected",
			json_kind_name(json_kind(json)));
	while (json_next(&it, &m)) {
		struct span name = json_str(m.key, a);
		size_t known = o->types.n,
		       i = map_put(&o->types, rules_key(name, a));

		if (i < known)
			return err_set(
				e, "%.*s is there twice", SPAN_ARG(m.key));
		o->v = mem_grow(o->v, &o->cap, known + 1, sizeof(*o->v));
		o->v[i] = (struct order_type){ 0 };
		o->v[i].name = map_key(&o->names, map_put(&o->names, name));
		if (read_type(&o->v[i], m.value, a, &why))
			return err_set(e, "%.*s: %s", SPAN_ARG(m.key), why.msg);
	}
	return 0;
}

int
order_file(struct order *o, const char *path, struct err *e)
{
	struct buf json = { 0 };
	struct arena a = { 0 };
	struct err why;
	int rc = load(&json, path, e);

	if (rc == 0 && read_types(o, buf_span(&json), &a, &why))
		rc = err_set(e, "%s: %s", path, why.msg);
	arena_release(&a);
	buf_release(&json);
	return rc;
}

const struct order_type *
order_find(const struct order *o, struct span type)
{
	for (size_t i = 0; i < o->types.n; i++)
		if (rules_is_key(map_key(&o->types, i), type))
			return &o->v[i];
	return NULL;
}

bool
order_hole(const struct order_type *t, size_t i[3])
{
	size_t n = t->labels.n;

	for (i[0] = 0; i[0] < n; i[0]++)
		for (i[1] = 0; i[1] < n; i[1]++)
			for (i[2] = 0; i[2] < n && order_above(t, i[0], i[1]);
				i[2]++)
				if (order_above(t, i[1], i[2]) &&
					!order_above(t, i[0], i[2]))
					return true;
	return false;
}

void
order_release(struct order *o)
{
	for (size_t i = 0; i < o->types.n; i++) {
		map_release(&o->v[i].labels);
		free(o->v[i].above);
		free(o->v[i].ideal);
	}
	free(o->v);
	map_release(&o->types);
	map_release(&o->names);
	*o = (struct order){ 0 };
}
