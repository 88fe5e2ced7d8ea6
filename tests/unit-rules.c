/* unit-rules: what a rule file says, as the tools that use it see it. */
#include <stdlib.h>

#include "eval/columns.h"
#include "eval/rules.h"
#include "eval/weights.h"
#include "record/json.h"
#include "tap.h"

static const char first[] =
	"# in the order of the published file: classes, derived, simple\n"
	"prompt_template: |-\n"
	"  About {response}:\n"
	"  {question}\n"
	"completion_class_order: [good, bad]\n"
	"completion_classes:\n"
	"  good: {hard_refuse: {fine: true}, Comply: {yes: true}}\n"
	"  bad: {hard_refuse: {fine: false}, comply: {yes: false}}\n"
	"derived_propositions:\n"
	"  fine: {clean: true, rude: false}\n"
	"  clean: {no: true, yes: false}\n"
	"  unused: {odd: true}\n"
	"simple_propositions:\n"
	"  yes:\n"
	"    prompt: |-\n"
	"        Does it comply?\n"
	"  no: {prompt: Does it decline?}\n"
	"  rude: {prompt: Is it rude?}\n"
	"  odd: {}\n";
static const char second[] = "rules: [{name: long, if: .x > 3, weight: -0.5}]\n"
			     "features: {Comply: [rude]}\n";

static void
save(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f))
		printf("Bail out! cannot write %s\n", path);
}

/* The names of the features, a blank between them. */
static const char *
features(const struct rules *r, const struct rules_type *t, struct buf *b)
{
	buf_clear(b);
	for (size_t i = 0; i < rules_nfeatures(r, t); i++)
		buf_printf(b, "%s%.*s", i ? " " : "",
			SPAN_ARG(rules_feature(r, t, i)));
	return buf_cstr(b);
}

static const char *
text(struct span s, struct buf *b)
{
	buf_clear(b);
	buf_add(b, s);
	return s.s ? buf_cstr(b) : NULL;
}

static void
check_types(const struct rules *r, struct buf *b)
{
	struct rules_type *t = rules_type(r, SPAN("Hard Refuse"));

	ok(t && t == rules_type(r, SPAN("hard_refuse")),
		"a type has a name and a key");
	ok(!rules_type(r, SPAN("Hard Refuse ")) && !rules_type(r, SPAN("")),
		"and no other");
	is_str(features(r, t, b), "yes no rude good bad long",
		"its features: what its classes need, in the file's order");
	is_int((intmax_t)t->nneeds, 3, "of which so many are propositions");
	t = rules_type(r, SPAN("comply"));
	is_str(features(r, t, b), "yes rude good bad long",
		"another's: and what \"features\" adds");
}

static void
check_props(const struct rules *r, struct buf *b)
{
	size_t yes = rules_prop(r, SPAN("yes"));

	is_int((intmax_t)r->nsimple, 4, "the simple propositions");
	is_str(text(r->simple[yes].prompt, b), "Does it comply?",
		"a proposition's prompt");
	is_str(text(r->simple[rules_prop(r, SPAN("odd"))].prompt, b), NULL,
		"a proposition without one");
	ok(rules_prop(r, SPAN("fine")) == MAP_NONE &&
			rules_prop(r, SPAN("good")) == MAP_NONE,
		"derived ones and classes are no simple propositions");
	is_str(text(r->template, b), "About {response}:\n{question}",
		"the template");
	ok(r->nconditions == 1 && r->conditions[0].weighted &&
			r->conditions[0].weight < -0.4,
		"the rule of the other file");
}

static void
check_weights(void)
{
	struct weights w;
	struct err e;

	save("unit-rules.json",
		"{\"weights\":{\"Hard Refuse\":{\"a\":1,\"b\":-2.5}}}\n");
	ok(weights_load(&w, "unit-rules.json", &e) == 0, "weights");
	ok(w.n == 1 && w.types[0].n == 2, "of one type");
	is_f64(w.types[0].items[1].weight, -2.5, "a weight");
	ok(span_is(w.types[0].key, "hard_refuse"), "the type's key");
	weights_release(&w);
	remove("unit-rules.json");
}

static const char *
value(const struct span *values, size_t i, struct buf *b)
{
	return text(values[i], b);
}

static void
check_columns(struct buf *b)
{
	struct columns c = { 0 };
	struct span v[2];

	columns_add(&c, SPAN("a"));
	columns_add(&c, SPAN("b"));
	is_int((intmax_t)columns_add(&c, SPAN("a")), 0, "a known column");
	columns_read(&c, json_iter(SPAN("{\"a\":1,\"x\":2,\"b\":[3]}")), v);
	is_str(value(v, 1, b), "[3]", "a member behind an unknown one");
	columns_read(&c, json_iter(SPAN("{\"b\":4,\"a\":5}")), v);
	is_str(value(v, 0, b), "5", "another order");
	columns_read(&c, json_iter(SPAN("{\"\\u0062\":6}")), v);
	is_str(value(v, 1, b), "6", "an escaped name");
	is_str(value(v, 0, b), NULL, "nothing stays from the object before");
	columns_read(&c, json_iter(SPAN("{\"b\":6,\"b\":7}")), v);
	is_str(value(v, 1, b), "7", "of equal names the last");
	columns_read(&c, json_iter(SPAN("[1,2]")), v);
	is_str(value(v, 1, b), NULL, "an array has no members");
	columns_release(&c);
}

int
main(void)
{
	static const char *const names[] = { "./unit-rules-1.yaml",
		"./unit-rules-2.yaml" };
	struct rules r;
	struct buf b = { 0 };
	struct err e = { "" };

	save(names[0], first);
	save(names[1], second);
	if (ok(rules_load(&r, names, 2, &e) == 0, "two files make one set")) {
		check_types(&r, &b);
		check_props(&r, &b);
		rules_release(&r);
	} else
		tap_note("%s", e.msg);
	remove(names[0]);
	remove(names[1]);
	check_weights();
	check_columns(&b);
	buf_release(&b);
	return tap_done();
}
