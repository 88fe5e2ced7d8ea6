#include <stdlib.h>

#include "eval/features.h"
#include "record/emit.h"

void
features_init(struct features *f, struct rules *r, bool exact)
{
	size_t most = r->nsimple + r->nclasses + r->nconditions;

	*f = (struct features){ .rules = r, .exact = exact };
	f->values = mem_alloc(most, sizeof(*f->values));
	f->texts = mem_alloc(most, sizeof(*f->texts));
	f->given = mem_alloc(r->nsimple, sizeof(*f->given));
	f->text = mem_alloc(r->nclasses, EMIT_F64_MAX);
	for (size_t i = 0; i < r->nsimple; i++)
		columns_add(&f->columns, r->simple[i].name);
}

static int
not_graded(struct rec *r, struct span name, struct span value)
{
	if (value.s == NULL)
		rec_fail(r, "ungraded", "propositions: %.*s is missing",
			SPAN_ARG(name));
	else
		rec_fail(r, "ungraded",
			"propositions: %.*s is null: it has no answer",
			SPAN_ARG(name));
	return -1;
}

/* A probability, or a label: true and false are 1 and 0. */
static int
read_prop(struct features *f, struct rec *r, size_t prop)
{
	struct span value = f->given[prop], name = f->rules->simple[prop].name;
	enum json_kind kind = json_kind(value);
	double *p = &f->values[f->n];

	if (kind <= JSON_NULL)
		return not_graded(r, name, value);
	if (kind <= JSON_TRUE) {
		*p = kind == JSON_TRUE;
		value = kind == JSON_TRUE ? SPAN("1.0") : SPAN("0.0");
	} else if (!json_f64(value, p) || !(*p >= 0 && *p <= 1)) {
		rec_fail(r, "proposition",
			"propositions: %.*s is %.*s, a probability from 0 to 1 "
			"is expected",
			SPAN_ARG(name), (int)(value.len > 80 ? 80 : value.len),
			value.s);
		return -1;
	}
	f->texts[f->n++] = value;
	return 0;
}

static int
read_props(struct features *f, struct rec *r, const struct rules_type *t)
{
	struct span all = rec_get(r, "propositions");
	enum json_kind kind = json_kind(all);

	if (kind != JSON_OBJECT && kind > JSON_NULL) {
		rec_fail(r, "proposition",
			"propositions: %s, an object of probabilities is "
			"expected",
			json_kind_name(kind));
		return -1;
	}
	columns_read(&f->columns, rec_iter(r, "propositions"), f->given);
	for (size_t i = 0; i < t->nneeds; i++)
		if (read_prop(f, r, t->needs[i]))
			return -1;
	return 0;
}

static void
write_classes(struct features *f, const double *p)
{
	size_t n = f->rules->nclasses;

	f->best = 0;
	for (size_t i = 0; i < n; i++) {
		char *to = f->text + i * EMIT_F64_MAX;

		f->texts[f->n++] = (struct span){ to, emit_f64_text(to, p[i]) };
		if (p[i] > p[f->best])
			f->best = i;
	}
}

int
features_read(struct features *f, struct rec *r, struct rules_type *t)
{
	double *classes = f->values + t->nneeds;
	bool possible;

	f->n = 0;
	if (f->rules->nclasses == 0)
		return 0;
	if (read_props(f, r, t))
		return -1;
	possible = f->exact ? logic_exact(&t->logic, f->values, classes)
	                    : logic_product(&t->logic, f->values, classes);
	if (!possible) {
		rec_fail(r, "no_class",
			"no class of %.*s is possible with these propositions",
			SPAN_ARG(t->key));
		return -1;
	}
	write_classes(f, classes);
	return 0;
}

int
features_conditions(struct features *f, struct rec *r, struct span json)
{
	for (size_t i = 0; i < f->rules->nconditions; i++) {
		const struct rules_condition *c = &f->rules->conditions[i];
		struct err e;
		bool holds;

		if (expr_test(c->holds, json, &holds, &e)) {
			rec_fail(r, "expression", "rule %.*s: %s",
				SPAN_ARG(c->name), e.msg);
			return -1;
		}
		f->values[f->n] = holds;
		f->texts[f->n++] = holds ? SPAN("1.0") : SPAN("0.0");
	}
	return 0;
}

void
features_release(struct features *f)
{
	columns_release(&f->columns);
	free(f->values);
	free(f->texts);
	free(f->given);
	free(f->text);
	*f = (struct features){ 0 };
}
