#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/data.h"
#include "eval/rules.h"
#include "record/json.h"
#include "record/yaml.h"

enum member { TEMPLATE, ORDER, CLASSES, DERIVED, SIMPLE, FEATURES, RULES };
#define MEMBERS (RULES + 1)

static const char *const member_names[MEMBERS] = {
	[TEMPLATE] = "prompt_template",
	[ORDER] = "completion_class_order",
	[CLASSES] = "completion_classes",
	[DERIVED] = "derived_propositions",
	[SIMPLE] = "simple_propositions",
	[FEATURES] = "features",
	[RULES] = "rules",
};

/*
 * While loading, a proposition is its index among the names: the simple ones,
 * then the derived ones. A clause's literals are made of these indices until
 * its type is compiled.
 */
struct loader {
	struct rules *r;
	struct err *e;
	struct {
		const char *path;
		struct span json;
	} in[MEMBERS];
	struct logic_clause *derived;
	size_t nderived;
	struct map keys;             /* of the response types */
	struct logic_clause *bodies; /* of class and type, classes together */
	struct span *more;           /* "features" of each type, or absent */
};

static PRINTF(3, 4) int fault(
	struct loader *l, enum member in, const char *fmt, ...)
{
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(
		l->e, "%s: %s: %s", l->in[in].path, member_names[in], what);
}

static struct span
text(struct loader *l, struct span string)
{
	return json_str(string, &l->r->arena);
}

/*
 * Is the member an object (or an array) with something in it, or absent? Only
 * derived propositions may be none.
 */
static int
check_kind(struct loader *l, enum member in, enum json_kind kind)
{
	struct span v = l->in[in].json;
	bool full = in == DERIVED || json_count(v) > 0;

	if (v.s && (json_kind(v) != kind || !full))
		return fault(l, in, "%s that is not empty is expected",
			json_kind_name(kind));
	return 0;
}

/* A new name; everything that can be a feature needs one of its own. */
static int
add_name(struct loader *l, enum member in, struct span name)
{
	size_t n = l->r->names.n;

	if (name.s == NULL || name.len == 0)
		return fault(l, in, "a name is expected");
	if (map_put(&l->r->names, name) != n)
		return fault(l, in,
			"%.*s: there is another proposition, class or rule of "
			"that name",
			SPAN_ARG(name));
	return 0;
}

/* Reading the files. */

static int
take_member(struct loader *l, const char *path, const struct json_member *m)
{
	int i = 0;

	while (i < MEMBERS && !json_is(m->key, member_names[i]))
		i++;
	if (i == MEMBERS && json_is(m->key, "questions"))
		return err_set(l->e, "%s: a grader: it goes with -g", path);
	if (i == MEMBERS)
		return err_set(l->e, "%s: %.*s: there is no such member", path,
			SPAN_ARG(m->key));
	if (l->in[i].json.s)
		return fault(l, (enum member)i, "%s has it too", path);
	l->in[i].path = path;
	l->in[i].json = m->value;
	return 0;
}

static int
read_file(struct loader *l, const char *name)
{
	struct buf b = { 0 }, file = { 0 };
	const char *path = NULL;
	int rc = data_yaml(&file, "graders", name, l->e);

	if (rc == 0) {
		path = arena_dup(&l->r->arena, buf_span(&file));
		l->r->path = l->r->path ? l->r->path : path;
		rc = yaml_file(&b, path, l->e);
	}
	if (rc == 0) {
		struct span json = { arena_dup(&l->r->arena, buf_span(&b)),
			b.len };
		struct json_iter it = json_iter(json);
		struct json_member m;

		if (json_kind(json) != JSON_OBJECT)
			rc = err_set(l->e,
				"%s: the members of a rule file are expected",
				path);
		while (rc == 0 && json_next(&it, &m))
			rc = take_member(l, path, &m);
	}
	buf_release(&file);
	buf_release(&b);
	return rc;
}

/* Propositions. */

static int
take_template(struct loader *l)
{
	struct span v = l->in[TEMPLATE].json;

	if (v.s == NULL)
		return 0;
	l->r->template = text(l, v);
	if (span_find(l->r->template, SPAN("{question}")) == NULL)
		return fault(l, TEMPLATE, "a text with {question} is expected");
	return 0;
}

static int
take_prop(struct loader *l, const struct json_member *m)
{
	struct rules_prop *p = &l->r->simple[l->r->nsimple];
	struct json_iter it = json_iter(m->value);
	struct json_member part;

	p->name = text(l, m->key);
	if (add_name(l, SIMPLE, p->name))
		return -1;
	if (json_kind(m->value) != JSON_OBJECT &&
		json_kind(m->value) != JSON_NULL)
		return fault(l, SIMPLE, "%.*s: {prompt: text} is expected",
			SPAN_ARG(p->name));
	while (json_next(&it, &part)) {
		if (!json_is(part.key, "prompt") ||
			json_kind(part.value) != JSON_STRING)
			return fault(l, SIMPLE,
				"%.*s: %.*s: only prompt, a text, is expected",
				SPAN_ARG(p->name), SPAN_ARG(part.key));
		p->prompt = text(l, part.value);
	}
	l->r->nsimple++;
	return 0;
}

static int
take_simple(struct loader *l)
{
	struct json_iter it = json_iter(l->in[SIMPLE].json);
	struct json_member m;

	if (check_kind(l, SIMPLE, JSON_OBJECT))
		return -1;
	l->r->simple = arena_array(&l->r->arena, json_count(l->in[SIMPLE].json),
		sizeof(*l->r->simple));
	while (json_next(&it, &m))
		if (take_prop(l, &m))
			return -1;
	return 0;
}

/* A conjunction {name: true or false, ...}; ${of} says whose it is. */
static int
take_clause(struct loader *l, enum member in, struct span of, struct span json,
	struct logic_clause *c)
{
	struct json_iter it = json_iter(json);
	struct json_member m;

	if (json_kind(json) != JSON_OBJECT || json_count(json) == 0)
		return fault(l, in,
			"%.*s: propositions, each true or false, are expected",
			SPAN_ARG(of));
	c->literals = arena_array(
		&l->r->arena, json_count(json), sizeof(*c->literals));
	while (json_next(&it, &m)) {
		struct span name = text(l, m.key);
		size_t i = map_find(&l->r->names, name);
		enum json_kind kind = json_kind(m.value);

		if (i >= l->r->nsimple + l->nderived)
			return fault(l, in,
				"%.*s: there is no proposition %.*s",
				SPAN_ARG(of), SPAN_ARG(name));
		if (kind != JSON_TRUE && kind != JSON_FALSE)
			return fault(l, in,
				"%.*s: %.*s is %s, true or false is expected",
				SPAN_ARG(of), SPAN_ARG(name),
				json_kind_name(kind));
		c->literals[c->n++] = LOGIC_LITERAL(i, kind == JSON_TRUE);
	}
	return 0;
}

/* Their names first: a derived one may use another that stands behind it. */
static int
take_derived(struct loader *l)
{
	struct json_iter it = json_iter(l->in[DERIVED].json);
	struct json_member m;
	size_t i = 0;

	if (check_kind(l, DERIVED, JSON_OBJECT))
		return -1;
	for (; json_next(&it, &m); l->nderived++)
		if (add_name(l, DERIVED, text(l, m.key)))
			return -1;
	l->derived = arena_array(
		&l->r->arena, l->nderived, sizeof(*l->derived));
	it = json_iter(l->in[DERIVED].json);
	for (; json_next(&it, &m); i++)
		if (take_clause(l, DERIVED, text(l, m.key), m.value,
			    &l->derived[i]))
			return -1;
	return 0;
}

/*
 * Walking from clauses to what they need. ${place} holds for each proposition
 * its slot in the type that is being compiled, once it has one.
 */
#define UNSEEN SIZE_MAX
#define OPEN (SIZE_MAX - 1) /* a derived one that is being walked */

struct walk {
	struct loader *l;
	size_t *place;
	size_t *derived; /* in the order in which they can be computed */
	size_t nderived;
	size_t *trail; /* those that are open, outermost first */
	size_t depth;
};

/* Names the circle: from where ${again} was opened to where it is met. */
static int
circle(struct walk *w, size_t again)
{
	const struct map *names = &w->l->r->names;
	struct buf b = { .max = 300 };
	size_t i = 0;

	while (w->trail[i] != again)
		i++;
	for (; i < w->depth; i++)
		buf_printf(&b, "%.*s needs ",
			SPAN_ARG(map_key(names, w->trail[i])));
	buf_printf(&b, "%.*s", SPAN_ARG(map_key(names, again)));
	fault(w->l, DERIVED, "a circle: %.*s%s", SPAN_ARG(buf_span(&b)),
		b.over ? "..." : "");
	buf_release(&b);
	return -1;
}

static int walk_clause(struct walk *w, const struct logic_clause *c);

static int
walk_derived(struct walk *w, size_t i)
{
	if (w->place[i] == OPEN)
		return circle(w, i);
	if (w->place[i] != UNSEEN)
		return 0;
	w->place[i] = OPEN;
	w->trail[w->depth++] = i;
	if (walk_clause(w, &w->l->derived[i - w->l->r->nsimple]))
		return -1;
	w->depth--;
	w->place[i] = w->nderived;
	w->derived[w->nderived++] = i;
	return 0;
}

static int
walk_clause(struct walk *w, const struct logic_clause *c)
{
	for (size_t j = 0; j < c->n; j++) {
		size_t i = c->literals[j] / 2;

		if (i < w->l->r->nsimple)
			w->place[i] = 0;
		else if (walk_derived(w, i))
			return -1;
	}
	return 0;
}

static void
walk_init(struct walk *w, struct loader *l)
{
	size_t n = l->r->nsimple + l->nderived;

	*w = (struct walk){ .l = l };
	w->place = mem_alloc(n, sizeof(*w->place));
	w->derived = mem_alloc(l->nderived, sizeof(*w->derived));
	w->trail = mem_alloc(l->nderived, sizeof(*w->trail));
	for (size_t i = 0; i < n; i++)
		w->place[i] = UNSEEN;
}

static void
walk_release(struct walk *w)
{
	free(w->place);
	free(w->derived);
	free(w->trail);
}

/* Also of those that no class uses: a circle is a mistake wherever it is. */
static int
check_circles(struct loader *l)
{
	struct walk w;
	int rc = 0;

	walk_init(&w, l);
	for (size_t i = 0; rc == 0 && i < l->nderived; i++)
		rc = walk_derived(&w, l->r->nsimple + i);
	walk_release(&w);
	return rc;
}

/* Classes. */

static int
take_order(struct loader *l)
{
	struct rules *r = l->r;
	struct json_iter it = json_iter(l->in[ORDER].json);
	struct json_member m;

	if (!l->in[ORDER].json.s != !l->in[CLASSES].json.s)
		return err_set(l->e,
			"%s: completion_classes and completion_class_order go "
			"together",
			r->path);
	if (check_kind(l, ORDER, JSON_ARRAY) ||
		check_kind(l, CLASSES, JSON_OBJECT))
		return -1;
	r->classes = arena_array(
		&r->arena, json_count(l->in[ORDER].json), sizeof(*r->classes));
	for (; json_next(&it, &m); r->nclasses++) {
		r->classes[r->nclasses] = text(l, m.value);
		if (add_name(l, ORDER, r->classes[r->nclasses]))
			return -1;
	}
	return 0;
}

static size_t
find_class(const struct rules *r, struct span name)
{
	size_t i = 0;

	while (i < r->nclasses && !span_eq(r->classes[i], name))
		i++;
	return i;
}

/* The response types are all that some class speaks of. */
static int
take_keys(struct loader *l)
{
	struct json_iter it = json_iter(l->in[CLASSES].json), types;
	struct json_member m, t;

	while (json_next(&it, &m)) {
		struct span name = text(l, m.key);

		if (find_class(l->r, name) == l->r->nclasses)
			return fault(l, CLASSES,
				"%.*s is not in completion_class_order",
				SPAN_ARG(name));
		if (json_kind(m.value) != JSON_OBJECT)
			return fault(l, CLASSES,
				"%.*s: response types are expected",
				SPAN_ARG(name));
		types = json_iter(m.value);
		while (json_next(&types, &t))
			map_put(&l->keys,
				rules_key(text(l, t.key), &l->r->arena));
	}
	if (l->r->nclasses && l->keys.n == 0)
		return fault(l, CLASSES, "response types are expected");
	return 0;
}

static struct logic_clause *
body(struct loader *l, size_t class, size_t type)
{
	return &l->bodies[class * l->keys.n + type];
}

static int
take_class(struct loader *l, size_t class, struct span types)
{
	struct span name = l->r->classes[class];
	struct json_iter it = json_iter(types);
	struct json_member m;

	while (json_next(&it, &m)) {
		struct span key = rules_key(text(l, m.key), &l->r->arena);
		struct logic_clause *c = body(
			l, class, map_find(&l->keys, key));

		if (c->n)
			return fault(l, CLASSES, "%.*s: %.*s is there twice",
				SPAN_ARG(name), SPAN_ARG(key));
		if (take_clause(l, CLASSES, name, m.value, c))
			return -1;
	}
	return 0;
}

static int
take_classes(struct loader *l)
{
	struct rules *r = l->r;
	struct json_iter it = json_iter(l->in[CLASSES].json);
	struct json_member m;

	if (take_keys(l))
		return -1;
	l->bodies = arena_array(
		&r->arena, r->nclasses * l->keys.n, sizeof(*l->bodies));
	while (json_next(&it, &m))
		if (take_class(l, find_class(r, text(l, m.key)), m.value))
			return -1;
	for (size_t i = 0; i < r->nclasses * l->keys.n; i++)
		if (l->bodies[i].n == 0)
			return fault(l, CLASSES, "%.*s says nothing about %.*s",
				SPAN_ARG(r->classes[i / l->keys.n]),
				SPAN_ARG(map_key(&l->keys, i % l->keys.n)));
	return 0;
}

/* "features": further propositions of a response type. */
static int
take_features(struct loader *l)
{
	struct json_iter it = json_iter(l->in[FEATURES].json);
	struct json_member m;

	l->more = arena_array(&l->r->arena, l->keys.n, sizeof(*l->more));
	if (check_kind(l, FEATURES, JSON_OBJECT))
		return -1;
	while (json_next(&it, &m)) {
		struct span key = rules_key(text(l, m.key), &l->r->arena);
		size_t t = map_find(&l->keys, key);

		if (t == MAP_NONE)
			return fault(l, FEATURES,
				"%.*s: no class speaks of that response type",
				SPAN_ARG(key));
		if (l->more[t].s || json_kind(m.value) != JSON_ARRAY)
			return fault(l, FEATURES,
				"%.*s: one list of propositions is expected",
				SPAN_ARG(key));
		l->more[t] = m.value;
	}
	return 0;
}

static int
walk_features(struct walk *w, struct span names)
{
	struct json_iter it = json_iter(names);
	struct json_member m;

	while (json_next(&it, &m)) {
		struct span name = text(w->l, m.value);
		size_t i = name.s ? rules_prop(w->l->r, name) : MAP_NONE;

		if (i == MAP_NONE)
			return fault(w->l, FEATURES,
				"%.*s is no simple proposition",
				SPAN_ARG(m.value));
		w->place[i] = 0;
	}
	return 0;
}

/* Compiling a type. */

static int
walk_type(struct walk *w, size_t type)
{
	for (size_t c = 0; c < w->l->r->nclasses; c++)
		if (walk_clause(w, body(w->l, c, type)))
			return -1;
	return walk_features(w, w->l->more[type]);
}

/* Gives what the walk has seen its slots: propositions, derived ones. */
static void
place_type(struct walk *w, struct rules_type *t)
{
	struct rules *r = w->l->r;

	t->needs = arena_array(&r->arena, r->nsimple, sizeof(*t->needs));
	for (size_t i = 0; i < r->nsimple; i++)
		if (w->place[i] != UNSEEN) {
			w->place[i] = t->nneeds;
			t->needs[t->nneeds++] = i;
		}
	for (size_t i = 0; i < w->nderived; i++)
		w->place[w->derived[i]] = t->nneeds + i;
	t->logic.nprops = t->nneeds;
	t->logic.nderived = w->nderived;
	t->logic.nclasses = r->nclasses;
}

static struct logic_clause
placed(const struct walk *w, const struct logic_clause *from)
{
	struct logic_clause to = { .n = from->n };

	to.literals = arena_array(
		&w->l->r->arena, from->n, sizeof(*to.literals));
	for (size_t i = 0; i < from->n; i++)
		to.literals[i] = (uint32_t)w->place[from->literals[i] / 2] * 2 +
		                 from->literals[i] % 2;
	return to;
}

static int
compile_type(struct loader *l, size_t type)
{
	struct rules *r = l->r;
	struct rules_type *t = &r->types[type];
	struct logic_clause *to;
	struct walk w;
	int rc;

	walk_init(&w, l);
	rc = walk_type(&w, type);
	if (rc == 0) {
		place_type(&w, t);
		t->logic.clauses = to = arena_array(
			&r->arena, w.nderived + r->nclasses, sizeof(*to));
		for (size_t i = 0; i < w.nderived; i++)
			*to++ = placed(
				&w, &l->derived[w.derived[i] - r->nsimple]);
		for (size_t c = 0; c < r->nclasses; c++)
			*to++ = placed(&w, body(l, c, type));
		logic_compile(&t->logic, &r->arena);
	}
	walk_release(&w);
	return rc;
}

static int
compile_types(struct loader *l)
{
	struct rules *r = l->r;

	r->types = arena_array(&r->arena, l->keys.n + 1, sizeof(*r->types));
	if (r->nclasses == 0)
		r->ntypes = 1;
	for (; r->ntypes < l->keys.n; r->ntypes++) {
		struct span key = map_key(&l->keys, r->ntypes);

		r->types[r->ntypes].key = (struct span){
			arena_dup(&r->arena, key), key.len
		};
		if (compile_type(l, r->ntypes))
			return -1;
	}
	return 0;
}

/* Conditions. */

static int
take_condition(struct loader *l, struct span json)
{
	struct rules_condition *c = &l->r->conditions[l->r->nconditions];
	struct json_iter it = json_iter(json);
	struct span program = { 0 };
	struct json_member m;
	struct err why;
	bool good = json_kind(json) == JSON_OBJECT;

	while (good && json_next(&it, &m)) {
		if (json_is(m.key, "name"))
			c->name = text(l, m.value);
		else if (json_is(m.key, "if"))
			program = text(l, m.value);
		else if (json_is(m.key, "weight"))
			good = c->weighted = json_f64(m.value, &c->weight);
		else
			good = false;
	}
	if (!good || program.s == NULL || c->name.s == NULL)
		return fault(l, RULES,
			"{name: text, if: jq program, weight: number} is "
			"expected, not %.200s",
			arena_dup(&l->r->arena, json));
	if (add_name(l, RULES, c->name))
		return -1;
	c->holds = expr_compile(arena_dup(&l->r->arena, program), &why);
	if (c->holds == NULL)
		return fault(l, RULES, "%.*s: %s", SPAN_ARG(c->name), why.msg);
	l->r->nconditions++;
	return 0;
}

static int
take_conditions(struct loader *l)
{
	struct rules *r = l->r;
	struct json_iter it = json_iter(l->in[RULES].json);
	struct json_member m;

	if (check_kind(l, RULES, JSON_ARRAY))
		return -1;
	r->conditions = arena_array(&r->arena, json_count(l->in[RULES].json),
		sizeof(*r->conditions));
	while (json_next(&it, &m))
		if (take_condition(l, m.value))
			return -1;
	return 0;
}

int
rules_load(struct rules *r, const char *const *names, size_t n, struct err *e)
{
	struct loader l = { .r = r, .e = e };
	int rc = 0;

	*r = (struct rules){ 0 };
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = read_file(&l, names[i]);
	if (rc || take_template(&l) || take_simple(&l) || take_derived(&l) ||
		check_circles(&l) || take_order(&l) || take_classes(&l) ||
		take_features(&l) || compile_types(&l) || take_conditions(&l))
		rc = -1;
	map_release(&l.keys);
	if (rc)
		rules_release(r);
	return rc;
}

int
rules_exact(struct rules *r, struct err *e)
{
	for (size_t i = 0; i < r->ntypes; i++)
		if (logic_compile_exact(&r->types[i].logic, &r->arena))
			return err_set(e,
				"%s: %.*s: the exact form needs more than %d "
				"nodes: its clauses share too many "
				"propositions; take the product",
				r->path, SPAN_ARG(r->types[i].key),
				LOGIC_NODES);
	return 0;
}

/* Looking up. */

static char
key_byte(char c)
{
	if (c == ' ')
		return '_';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct span
rules_key(struct span name, struct arena *a)
{
	char *to = arena_dup(a, name);

	for (size_t i = 0; i < name.len; i++)
		to[i] = key_byte(to[i]);
	return (struct span){ to, name.len };
}

bool
rules_is_key(struct span key, struct span name)
{
	if (key.len != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (key.s[i] != key_byte(name.s[i]))
			return false;
	return true;
}

struct rules_type *
rules_type(const struct rules *r, struct span name)
{
	for (size_t i = 0; i < r->ntypes; i++)
		if (rules_is_key(r->types[i].key, name))
			return &r->types[i];
	return NULL;
}

size_t
rules_prop(const struct rules *r, struct span name)
{
	size_t i = map_find(&r->names, name);

	return i < r->nsimple ? i : MAP_NONE;
}

size_t
rules_nfeatures(const struct rules *r, const struct rules_type *t)
{
	return t->nneeds + r->nclasses + r->nconditions;
}

struct span
rules_feature(const struct rules *r, const struct rules_type *t, size_t i)
{
	if (i < t->nneeds)
		return r->simple[t->needs[i]].name;
	i -= t->nneeds;
	return i < r->nclasses ? r->classes[i]
	                       : r->conditions[i - r->nclasses].name;
}

void
rules_release(struct rules *r)
{
	for (size_t i = 0; i < r->nconditions; i++)
		expr_free(r->conditions[i].holds);
	map_release(&r->names);
	arena_release(&r->arena);
	*r = (struct rules){ 0 };
}
