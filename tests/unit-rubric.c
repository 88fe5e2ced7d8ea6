/* unit-rubric: reading criteria, and the score that follows from them. */
#include <stdlib.h>

#include "eval/rubric.h"
#include "tap.h"

#define MOST 8

/* Reads an array of criteria; how many, or -1 at one that is refused. */
static int
read_all(const char *json, struct rubric_item *items, struct err *e)
{
	struct json_iter it = json_iter(span_str(json));
	struct json_member m;
	int n = 0;

	for (; json_next(&it, &m); n++)
		if (rubric_read(m.value, &items[n], e))
			return -1;
	return n;
}

static void
scores(const char *json, double want, const char *name)
{
	struct rubric_item items[MOST];
	struct err e;
	double got = -99;
	int n = read_all(json, items, &e);

	ok(n >= 0 && rubric_score(items, (size_t)n, &got), "%s", name);
	is_f64(got, want, "  its value");
}

static void
has_no_score(const char *json, const char *name)
{
	struct rubric_item items[MOST];
	struct err e;
	double got;
	int n = read_all(json, items, &e);

	ok(n >= 0 && !rubric_score(items, (size_t)n, &got), "%s", name);
}

static void
refuses(const char *item, const char *message)
{
	struct rubric_item it;
	struct err e = { "" };

	ok(rubric_read(span_str(item), &it, &e) == -1, "%s is refused", item);
	is_str(e.msg, message, "  because");
}

static void
check_spans(void)
{
	struct rubric_item it;
	struct err e;

	ok(rubric_read(
		   span_str("{\"tags\": [\"axis:accuracy\"],"
			    "\"points\": -8.5, \"criterion\": \"a \\u0022\","
			    "\"criteria_met\": true, \"more\": [{}]}"),
		   &it, &e) == 0,
		"a criterion with everything");
	ok(span_is(it.tags, "[\"axis:accuracy\"]") &&
			span_is(it.criterion, "\"a \\u0022\""),
		"its spans are JSON text");
	is_f64(it.points, -8.5, "its points");
	is_int(it.verdict, VERDICT_TRUE, "its verdict");
	ok(rubric_read(span_str("{\"points\":1,\"tags\":null}"), &it, &e) == 0,
		"no verdict and null tags");
	is_int(it.verdict, VERDICT_NONE, "is ungraded");
	ok(it.tags.s == NULL && it.criterion.s == NULL, "and has no spans");
}

int
main(void)
{
	scores("[{\"points\":5,\"criteria_met\":true},"
	       "{\"points\":-8,\"criteria_met\":true},"
	       "{\"points\":2,\"criteria_met\":false}]",
		-3.0 / 7, "harm scores below zero");
	scores("[{\"points\":5,\"criteria_met\":true},"
	       "{\"points\":-8,\"criteria_met\":false}]",
		1, "negative points are not possible points");
	scores("[{\"points\":2.5,\"criteria_met\":true},"
	       "{\"points\":5e0,\"criteria_met\":false}]",
		2.5 / 7.5, "fractions");
	has_no_score("[]", "an empty rubric has no score");
	has_no_score("[{\"points\":-5,\"criteria_met\":true}]",
		"no positive points: no score");
	has_no_score("[{\"points\":5,\"criteria_met\":true},{\"points\":1}]",
		"one ungraded criterion: no score");
	check_spans();
	refuses("{\"criteria_met\":true}", "\"points\" is missing");
	refuses("{\"points\":\"5\"}",
		"\"points\" is a string, a finite number is expected");
	refuses("{\"points\":1e999}",
		"\"points\" is a number, a finite number is expected");
	refuses("{\"points\":-1e101}",
		"\"points\" is -1e101, beyond all reason");
	refuses("{\"points\":1e-320}",
		"\"points\" is 1e-320, beyond all reason");
	refuses("{\"points\":null}",
		"\"points\" is null, a finite number is expected");
	refuses("{\"points\":1,\"criteria_met\":\"true\"}",
		"\"criteria_met\" is a string, true, false or null is "
		"expected");
	refuses("{\"points\":1,\"criteria_met\":1}",
		"\"criteria_met\" is a number, true, false or null is "
		"expected");
	refuses("{\"points\":1,\"tags\":\"axis:x\"}",
		"\"tags\" is a string, an array is expected");
	refuses("[5]", "an array where an object is expected");
	return tap_done();
}
