/* unit-rec: a record keeps its bytes but for what was set. */
#include "record/rec.h"
#include "tap.h"

/* Sets (or with NULL takes out) one member and compares the line. */
static void
edit(const char *line, const char *name, const char *json, const char *want)
{
	struct rec r = { 0 };
	struct json_fault f;
	struct buf b = { 0 };

	if (!ok(rec_parse(&r, span_str(line), &f) == 0, "%s: %s", line, name))
		return;
	if (json)
		rec_set(&r, name, span_str(json));
	else
		rec_unset(&r, name);
	rec_print(&r, &b);
	is_str(buf_cstr(&b), want, "  as printed");
	is_int(json ? span_is(rec_get(&r, name), json)
		    : rec_get(&r, name).s == NULL,
		1, "  as read back");
	ok(rec_parse(&r, buf_span(&b), &f) == 0, "  it is a record again");
	buf_release(&b);
	rec_release(&r);
}

static void
check_edits(void)
{
	edit("{}", "a", "1", "{\"a\":1}");
	edit(" { } ", "a", "1", " { \"a\":1} ");
	edit("{\"a\" : 1.0 , \"b\":2}", "c", "3",
		"{\"a\" : 1.0 , \"b\":2,\"c\":3}");
	edit("{\"a\" : 1.0 , \"b\":2}", "a", "[]", "{\"a\" : [] , \"b\":2}");
	edit("{\"a\":1,\"b\":2 }", "b", "3", "{\"a\":1,\"b\":3 }");
	edit("{\"a\":1,\"a\":2}", "a", "3", "{\"a\":1,\"a\":3}");
	edit("{\"\\u0061\":1}", "a", "3", "{\"\\u0061\":3}");
	edit("{\"a\":1, \"b\":2, \"c\":3}", "a", NULL, "{\"b\":2, \"c\":3}");
	edit("{\"a\":1, \"b\":2, \"c\":3}", "b", NULL, "{\"a\":1, \"c\":3}");
	edit("{\"a\":1, \"b\":2, \"c\":3}", "c", NULL, "{\"a\":1, \"b\":2}");
	edit("{\"a\":1}", "a", NULL, "{}");
	edit("{\"a\":1,\"b\":2,\"a\":3}", "a", NULL, "{\"b\":2}");
	edit("{\"a\":1}", "b", NULL, "{\"a\":1}");
}

static void
check_several(void)
{
	struct rec r = { 0 };
	struct json_fault f;
	struct buf b = { 0 };

	rec_parse(&r, SPAN("{\"a\":1,\"b\":2,\"c\":3}"), &f);
	rec_unset(&r, "a");
	rec_set(&r, "d", SPAN("4"));
	rec_set(&r, "b", SPAN("null"));
	rec_unset(&r, "c");
	rec_set(&r, "d", SPAN("5"));
	rec_hold(&r);
	rec_print(&r, &b);
	is_str(buf_cstr(&b), "{\"b\":null,\"d\":5}", "several edits at once");
	rec_parse(&r, SPAN("{\"x\":0}"), &f);
	buf_clear(&b);
	rec_print(&r, &b);
	is_str(buf_cstr(&b), "{\"x\":0}",
		"the next record knows nothing of it");
	buf_release(&b);
	rec_release(&r);
}

/* The members that rec_iter finds, as "x=1 y=2". */
static const char *
inner(const struct rec *r, const char *name, struct buf *b)
{
	struct json_iter it = rec_iter(r, name);
	struct json_member m;

	buf_clear(b);
	while (json_next(&it, &m)) {
		struct span key = { m.key.s + 1, m.key.len - 2 };

		buf_printf(b, "%s%.*s=%.*s", b->len ? " " : "", SPAN_ARG(key),
			SPAN_ARG(m.value));
	}
	return buf_cstr(b);
}

/* Those that the scan kept, wherever the record is, and those that were set. */
static void
check_inner(void)
{
	struct rec r = { 0 };
	struct json_fault f;
	struct buf b = { 0 };

	rec_parse(&r,
		SPAN("{\"a\":{\"x\":1, \"y\":{\"z\":2}},\"b\":{},\"c\":3,"
		     "\"d\":[{\"x\":4}],\"e\":{\"x\":5}}"),
		&f);
	is_str(inner(&r, "a", &b), "x=1 y={\"z\":2}", "inner members");
	is_str(inner(&r, "b", &b), "", "an empty object has none");
	is_str(inner(&r, "c", &b), "", "nor has a number");
	rec_hold(&r);
	is_str(inner(&r, "e", &b), "x=5", "they move with the record");
	rec_set(&r, "a", SPAN("{\"x\":6}"));
	is_str(inner(&r, "a", &b), "x=6", "a value that was set has its own");
	rec_unset(&r, "a");
	is_str(inner(&r, "a", &b), "", "one that was taken out has none");
	rec_parse(&r, SPAN("{\"a\":7}"), &f);
	is_str(inner(&r, "a", &b), "", "nothing stays from the record before");
	buf_release(&b);
	rec_release(&r);
}

static void
check_failures(void)
{
	struct rec r = { 0 };
	struct json_fault f;
	struct buf b = { 0 };

	ok(rec_parse(&r, SPAN("[1]"), &f) == -1, "an array is no record");
	ok(rec_parse(&r, SPAN("{\"a\":}"), &f) == -1 && f.at == 5,
		"what is no JSON is no record");
	rec_parse(&r, SPAN("{\"error\":null}"), &f);
	ok(!rec_failed(&r), "a null error is none");
	rec_fail(&r, "no_prompt", "it is %s", "\"missing\"");
	ok(rec_failed(&r), "a failed record says so");
	rec_print(&r, &b);
	is_str(buf_cstr(&b),
		"{\"error\":{\"tool\":\"cupel\",\"code\":\"no_prompt\","
		"\"message\":\"it is \\\"missing\\\"\"}}",
		"what it says");
	buf_release(&b);
	rec_release(&r);
}

int
main(void)
{
	check_edits();
	check_several();
	check_inner();
	check_failures();
	return tap_done();
}
