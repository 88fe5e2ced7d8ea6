#include <stdlib.h>

#include "eval/plan.h"
#include "record/emit.h"

static struct plan_type *
add_type(struct plan *p, struct span key, size_t nfeatures)
{
	struct plan_type *t = &p->types[p->n++];

	t->key = key;
	t->members = arena_array(&p->arena, nfeatures, sizeof(*t->members));
	t->weights = arena_array(&p->arena, nfeatures, sizeof(*t->weights));
	if (nfeatures > p->most)
		p->most = nfeatures;
	return t;
}

static void
add_feature(struct plan *p, struct plan_type *t, struct span name)
{
	size_t i = columns_add(&t->features, name);
	struct buf b = { 0 };

	buf_byte(&b, ',');
	emit_key_span(&b, name);
	t->members[i] = (struct span){ arena_dup(&p->arena, buf_span(&b)),
		b.len };
	buf_release(&b);
}

/* Sets the weights of -w; ${has} tells which features have one. */
static int
take_weights(struct plan *p, struct plan_type *t, const struct weights_type *of,
	bool *has, struct err *e)
{
	for (size_t i = 0; i < of->n; i++) {
		const struct weights_item *x = &of->items[i];
		size_t at = map_find(&t->features.names, x->feature);

		if (at == MAP_NONE)
			return err_set(e,
				"%s: weights: %.*s: by the rules it has no "
				"feature %.*s",
				p->weights->path, SPAN_ARG(t->key),
				SPAN_ARG(x->feature));
		t->weights[at] = x->weight;
		has[at] = true;
	}
	return 0;
}

static const struct weights_type *
weights_of(const struct plan *p, struct span key)
{
	for (size_t i = 0; p->weights && i < p->weights->n; i++)
		if (span_eq(p->weights->types[i].key, key))
			return &p->weights->types[i];
	return NULL;
}

static int
no_weight(const struct plan *p, const struct plan_type *t,
	const struct rules_condition *c, struct err *e)
{
	return err_set(e,
		"%s: rules: %.*s has no weight%s%.*s; give it one, 0 say",
		p->rules->path, SPAN_ARG(c->name), t->key.s ? " for " : "",
		SPAN_ARG(t->key));
}

static int
weigh(struct plan *p, struct plan_type *t, struct err *e)
{
	const struct weights_type *of = weights_of(p, t->key);
	size_t ncond = p->rules ? p->rules->nconditions : 0;
	size_t n = t->features.names.n, first = n - ncond;
	bool *has = arena_array(&p->arena, n, sizeof(*has));

	t->weighted = p->weights ? of != NULL : p->rewards;
	for (size_t i = 0; i < ncond; i++) {
		t->weights[first + i] = p->rules->conditions[i].weight;
		has[first + i] = p->rules->conditions[i].weighted;
	}
	if (of && take_weights(p, t, of, has, e))
		return -1;
	for (size_t i = 0; t->weighted && i < ncond; i++)
		if (!has[first + i])
			return no_weight(p, t, &p->rules->conditions[i], e);
	return 0;
}

/* Every type that has weights must be one of the rules. */
static int
check_types(const struct plan *p, struct err *e)
{
	for (size_t i = 0; p->weights && i < p->weights->n; i++) {
		struct span key = p->weights->types[i].key;

		if (!rules_type(p->rules, key))
			return err_set(e,
				"%s: weights: %.*s: %s has no such response "
				"type",
				p->weights->path, SPAN_ARG(key),
				p->rules->path);
	}
	return 0;
}

static int
bind_rules(struct plan *p, struct err *e)
{
	struct rules *r = p->rules;

	p->types = arena_array(&p->arena, r->ntypes, sizeof(*p->types));
	for (size_t k = 0; k < r->ntypes; k++) {
		size_t n = rules_nfeatures(r, &r->types[k]);
		struct plan_type *t = add_type(p, r->types[k].key, n);

		t->rules = &r->types[k];
		for (size_t i = 0; i < n; i++)
			add_feature(p, t, rules_feature(r, t->rules, i));
		if (weigh(p, t, e))
			return -1;
	}
	return check_types(p, e);
}

static int
bind_weights(struct plan *p, struct err *e)
{
	const struct weights *w = p->weights;

	p->types = arena_array(&p->arena, w->n, sizeof(*p->types));
	for (size_t k = 0; k < w->n; k++) {
		const struct weights_type *of = &w->types[k];
		struct plan_type *t = add_type(p, of->key, of->n);

		for (size_t i = 0; i < of->n; i++)
			add_feature(p, t, of->items[i].feature);
		if (weigh(p, t, e))
			return -1;
	}
	return 0;
}

static void
spell_classes(struct plan *p)
{
	const struct rules *r = p->rules;
	struct buf b = { 0 };

	p->classes = arena_array(&p->arena, r->nclasses, sizeof(*p->classes));
	for (size_t i = 0; i < r->nclasses; i++) {
		buf_clear(&b);
		emit_str(&b, r->classes[i]);
		p->classes[i] = (struct span){
			arena_dup(&p->arena, buf_span(&b)), b.len
		};
	}
	buf_release(&b);
}

int
plan_bind(
	struct plan *p, struct rules *r, const struct weights *w, struct err *e)
{
	int rc = 0;

	*p = (struct plan){ .rules = r, .weights = w, .rewards = w != NULL };
	for (size_t i = 0; r && i < r->nconditions; i++)
		p->rewards |= r->conditions[i].weighted;
	if (r)
		spell_classes(p);
	if (r)
		rc = bind_rules(p, e);
	else if (w)
		rc = bind_weights(p, e);
	if (rc)
		plan_release(p);
	return rc;
}

struct plan_type *
plan_find(const struct plan *p, struct span name)
{
	for (size_t i = 0; i < p->n; i++)
		if (rules_is_key(p->types[i].key, name))
			return &p->types[i];
	return NULL;
}

void
plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		columns_release(&p->types[i].features);
	arena_release(&p->arena);
	*p = (struct plan){ 0 };
}
