/* diff-json: on valid text our walk sees what libjq sees. */
#include <jv.h>

#include "json_gen.h"
#include "record/json.h"
#include "tap.h"

#define SEED 20250716
#define ROUNDS 3000

static struct json_gen g;

static bool same(struct span ours, jv theirs);

static bool
same_string(struct span ours, jv theirs)
{
	struct arena a = { 0 };
	struct span text = json_str(ours, &a);
	struct span want = { jv_string_value(theirs),
		(size_t)jv_string_length_bytes(jv_copy(theirs)) };
	bool yes = text.s && span_eq(text, want);

	arena_release(&a);
	return yes;
}

static bool
same_array(struct span ours, jv theirs)
{
	struct json_iter it = json_iter(ours);
	struct json_member m;
	int n = jv_array_length(jv_copy(theirs));

	for (int i = 0; i < n; i++)
		if (!json_next(&it, &m) ||
			!same(m.value, jv_array_get(jv_copy(theirs), i)))
			return false;
	return !json_next(&it, &m);
}

/* jq keeps the last of several members: each of ours must be found or hidden. */
static bool
same_object(struct span ours, jv theirs)
{
	struct json_iter it = json_iter(ours);
	struct arena a = { 0 };
	struct json_member m;
	int seen = 0, n = jv_object_length(jv_copy(theirs));
	bool yes = true;

	while (yes && json_next(&it, &m)) {
		struct span name = json_str(m.key, &a);
		jv value = jv_object_get(jv_copy(theirs),
			jv_string_sized(name.s, (int)name.len));
		bool last = memchr(name.s, 0, name.len) ||
		            json_get(ours, arena_dup(&a, name)).s == m.value.s;

		yes = jv_is_valid(value);
		seen += last;
		if (yes && last && !memchr(name.s, 0, name.len))
			yes = same(m.value, jv_copy(value));
		jv_free(value);
	}
	arena_release(&a);
	return yes && seen >= n;
}

/* Consumes ${theirs}. */
static bool
same(struct span ours, jv theirs)
{
	static const jv_kind kinds[] = {
		[JSON_NULL] = JV_KIND_NULL,
		[JSON_FALSE] = JV_KIND_FALSE,
		[JSON_TRUE] = JV_KIND_TRUE,
		[JSON_NUMBER] = JV_KIND_NUMBER,
		[JSON_STRING] = JV_KIND_STRING,
		[JSON_ARRAY] = JV_KIND_ARRAY,
		[JSON_OBJECT] = JV_KIND_OBJECT,
	};
	enum json_kind kind = json_kind(ours);
	bool yes = kinds[kind] == jv_get_kind(theirs);
	double d, want;

	if (yes && kind == JSON_NUMBER) {
		want = jv_number_value(theirs);
		yes = json_f64(ours, &d) && memcmp(&d, &want, sizeof(d)) == 0;
	} else if (yes && kind == JSON_STRING) {
		yes = same_string(ours, theirs);
	} else if (yes && kind == JSON_ARRAY) {
		yes = same_array(ours, theirs);
	} else if (yes && kind == JSON_OBJECT) {
		yes = same_object(ours, theirs);
	}
	jv_free(theirs);
	return yes;
}

static void
check(const char *name, int depth)
{
	int bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct span text = gen_text(&g, depth);
		struct json_fault f;
		jv theirs = jv_parse_sized(text.s, (int)text.len);

		if (json_scan(text, NULL, &f) || !jv_is_valid(theirs)) {
			jv_free(theirs);
			bad++;
		} else if (!same(json_value(text), theirs)) {
			bad++;
		} else {
			continue;
		}
		if (bad < 10)
			tap_note("%.*s", SPAN_ARG(text));
	}
	is_int(bad, 0, name);
}

int
main(void)
{
	rng_init(&g.r, SEED, 0);
	tap_note("seed %d", SEED);
	check("single values", 0);
	check("shallow ones", 3);
	check("deep ones", 9);
	buf_release(&g.text);
	return tap_done();
}
