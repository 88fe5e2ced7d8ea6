/*
 * json_laws: what holds for any text that json_scan is given.
 *
 * The property test states it on generated and damaged texts, the fuzz target
 * on whatever the fuzzer finds. A law that does not hold ends the program.
 */
#ifndef JSON_LAWS_H
#define JSON_LAWS_H

#include <math.h>
#include <stdlib.h>

#include "json_gen.h"
#include "must.h"
#include "record/emit.h"
#include "record/json.h"

#define LAW_DEPTH 500 /* to which the laws, which recurse, look */

static inline void
law_string(struct span value)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct json_fault f;
	struct span text = json_str(value, &a), again;

	must(text.s && utf8_valid(text) == text.len);
	must(utf8_count(text) <= text.len);
	must(memchr(text.s, 0, text.len) != NULL ||
		json_is(value, arena_dup(&a, text)));
	emit_str(&b, text);
	must(json_scan(buf_span(&b), NULL, &f) == 0);
	again = json_str(buf_span(&b), &a);
	must(span_eq(text, again));
	arena_release(&a);
	buf_release(&b);
}

static inline void
law_number(struct span value)
{
	struct buf copy = { 0 }, b = { 0 };
	double want, got, back;
	int64_t whole;

	buf_add(&copy, value);
	want = strtod(buf_cstr(&copy), NULL);
	must(json_f64(value, &got) == (isfinite(want) != 0));
	if (isfinite(want)) {
		must(memcmp(&want, &got, sizeof(got)) == 0);
		emit_f64(&b, got);
		must(json_f64(buf_span(&b), &back));
		must(memcmp(&got, &back, sizeof(got)) == 0);
	}
	if (json_i64(value, &whole)) {
		back = (double)whole;
		must(!(got < back) && !(got > back));
	}
	buf_release(&copy);
	buf_release(&b);
}

static inline void law_value(struct span value, int depth);

static inline void
law_container(struct span value, int depth)
{
	struct json_iter it = json_iter(value);
	struct json_member m;
	size_t n = 0;

	while (json_next(&it, &m)) {
		must(m.value.s > value.s);
		must(m.value.s + m.value.len < value.s + value.len);
		if (m.key.s)
			law_value(m.key, depth - 1);
		law_value(m.value, depth - 1);
		if (it.object == false && n < 4)
			must(json_at(value, n).s == m.value.s);
		n++;
	}
	must(json_count(value) == n);
}

static inline void
law_value(struct span value, int depth)
{
	struct json_fault f;

	if (depth == 0)
		return;
	must(span_eq(json_value(value), value));
	switch (json_kind(value)) {
	case JSON_STRING:
		law_string(value);
		break;
	case JSON_NUMBER:
		law_number(value);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		law_container(value, depth);
		break;
	default:
		must(json_scan(value, NULL, &f) == 0 && value.len <= 5);
	}
}

/* The members that scanning found are those that walking finds. */
static inline void
law_members(struct span value, const struct json_members *top)
{
	struct json_iter it = json_iter(value);
	struct arena a = { 0 };
	struct json_member m;
	size_t n = 0, last;

	for (; it.object && json_next(&it, &m); n++) {
		must(n < top->n);
		must(m.key.s == top->v[n].key.s);
		must(m.key.len == top->v[n].key.len);
		must(m.value.s == top->v[n].value.s);
		must(m.value.len == top->v[n].value.len);
	}
	must(n == top->n);
	for (size_t i = 0; i < n && i < 8; i++) {
		struct span name = json_str(top->v[i].key, &a);
		const char *text = arena_dup(&a, name);

		if (memchr(text, 0, name.len))
			continue;
		last = i;
		for (size_t k = i + 1; k < n; k++)
			if (json_is(top->v[k].key, text))
				last = k;
		must(json_get(value, text).s == top->v[last].value.s);
	}
	arena_release(&a);
}

/* The members that scanning found one level below are those of walking. */
static inline void
law_inner(const struct json_members *top, const struct json_members *inner)
{
	struct json_member m, want;
	size_t n = 0;

	for (size_t i = 0; i < top->n; i++) {
		struct span value = top->v[i].value;
		struct json_iter plain = json_iter(value);
		struct json_iter it = json_iter_inner(value, inner);

		while (json_next(&plain, &want)) {
			must(json_next(&it, &m));
			must(m.key.s == want.key.s);
			must(m.key.len == want.key.len);
			must(m.value.s == want.value.s);
			must(m.value.len == want.value.len);
			n += plain.object;
		}
		must(!json_next(&it, &m));
	}
	must(n == inner->n);
}

/* laws(text): All of them; is it JSON? */
static inline bool
laws(struct span text)
{
	struct json_members top = { 0 }, inner = { 0 };
	struct json_fault f = { SIZE_MAX, NULL };
	bool good = json_scan_inner(text, &top, &inner, &f) == 0;

	/* The plain one recurses: it is not asked about deep nesting. */
	if (text.len < 2000)
		must(good == plainly_json(text, JSON_DEPTH));
	if (good) {
		law_value(json_value(text), LAW_DEPTH);
		law_members(json_value(text), &top);
		law_inner(&top, &inner);
	} else {
		size_t at = f.at;

		must(at <= text.len && f.what && top.n + inner.n == 0);
		/* Nothing is wrong in front of the fault. */
		must(json_scan((struct span){ text.s, at }, NULL, &f) == 0 ||
			f.at == at);
	}
	json_members_release(&top);
	json_members_release(&inner);
	return good;
}

#endif
