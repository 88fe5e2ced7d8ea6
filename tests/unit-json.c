/* unit-json: what is JSON, where a text stops being it, and how it is read. */
#include "record/json.h"
#include "tap.h"

/* Text that may hold NULs. */
#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *text;
	size_t len, at;
	const char *what;
} hostile[] = {
	{ TEXT(""), 0, "a value is expected" },
	{ TEXT(" \t\r\n"), 4, "a value is expected" },
	{ TEXT("\0"), 0, "a value is expected" },
	{ TEXT("1\0"), 1, "nothing may follow the value" },
	{ TEXT("{} {}"), 3, "nothing may follow the value" },
	{ TEXT("\xef\xbb\xbf{}"), 0, "JSON has no byte order mark; remove it" },
	{ TEXT("NaN"), 0, "JSON has no NaN or infinity; use null" },
	{ TEXT("[1,Infinity]"), 3, "JSON has no NaN or infinity; use null" },
	{ TEXT("-Infinity"), 1, "a digit is expected" },
	{ TEXT("'a'"), 0, "strings take double quotes" },
	{ TEXT("{'a':1}"), 1, "a name in double quotes is expected" },
	{ TEXT("{a:1}"), 1, "a name in double quotes is expected" },
	{ TEXT("{1:1}"), 1, "a name in double quotes is expected" },
	{ TEXT("{,}"), 1, "a name in double quotes is expected" },
	{ TEXT("{\"a\":1,}"), 7, "a name in double quotes is expected" },
	{ TEXT("{\"a\" 1}"), 5, "a colon is expected" },
	{ TEXT("{\"a\"}"), 4, "a colon is expected" },
	{ TEXT("{\"a\":}"), 5, "a value is expected" },
	{ TEXT("{\"a\":1"), 6, "a comma or } is expected" },
	{ TEXT("{\"a\":1 \"b\":2}"), 7, "a comma or } is expected" },
	{ TEXT("{\"a\":1]"), 6, "a comma or } is expected" },
	{ TEXT("{"), 1, "a name in double quotes is expected" },
	{ TEXT("["), 1, "a value is expected" },
	{ TEXT("[1,]"), 3, "a value is expected" },
	{ TEXT("[,1]"), 1, "a value is expected" },
	{ TEXT("[1 2]"), 3, "a comma or ] is expected" },
	{ TEXT("[1}"), 2, "a comma or ] is expected" },
	{ TEXT("]"), 0, "a value is expected" },
	{ TEXT("nul"), 0, "a value is expected" },
	{ TEXT("True"), 0, "a value is expected" },
	{ TEXT("truex"), 4, "nothing may follow the value" },
	{ TEXT("01"), 0, "a number has no leading zeros" },
	{ TEXT("-01"), 1, "a number has no leading zeros" },
	{ TEXT("+1"), 0, "a value is expected" },
	{ TEXT(".5"), 0, "a value is expected" },
	{ TEXT("5."), 2, "a digit is expected" },
	{ TEXT("1.e1"), 2, "a digit is expected" },
	{ TEXT("1e"), 2, "a digit is expected" },
	{ TEXT("1e+"), 3, "a digit is expected" },
	{ TEXT("-"), 1, "a digit is expected" },
	{ TEXT("--1"), 1, "a digit is expected" },
	{ TEXT("0x10"), 1, "nothing may follow the value" },
	{ TEXT("\""), 1, "the string has no end" },
	{ TEXT("\"abc"), 4, "the string has no end" },
	{ TEXT("\"abc\\"), 5, "the string has no end" },
	{ TEXT("\"abc\\\""), 6, "the string has no end" },
	{ TEXT("\"\\x\""), 2, "there is no such escape" },
	{ TEXT("\"\\U0041\""), 2, "there is no such escape" },
	{ TEXT("\"\\u00g0\""), 5, "four hexadecimal digits are expected" },
	{ TEXT("\"\\u12"), 5, "four hexadecimal digits are expected" },
	{ TEXT("\"\\u123\""), 6, "four hexadecimal digits are expected" },
	{ TEXT("\"a\nb\""), 2, "a control character must be escaped" },
	{ TEXT("\"a\0b\""), 2, "a control character must be escaped" },
	{ TEXT("\"\x1f\""), 1, "a control character must be escaped" },
	{ TEXT("\x89PNG"), 0, "no text: a line of JSON is expected" },
	{ TEXT("\"\x80\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xc0\x80\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xc1\xbf\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xe0\x9f\xbf\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xed\xa0\x80\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xf0\x8f\xbf\xbf\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xf4\x90\x80\x80\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"\xf5\x80\x80\x80\""), 1, "a byte is not UTF-8" },
	{ TEXT("\"a\xc3\""), 2, "a byte is not UTF-8" },
	{ TEXT("\"a\xe2\x82\""), 2, "a byte is not UTF-8" },
	{ TEXT("\"a\xf0\x9f\x98\""), 2, "a byte is not UTF-8" },
	{ TEXT("\"a\xf0\x9f\x98"), 2, "a byte is not UTF-8" },
	{ TEXT("\"0123456789abcdef\xff\""), 17, "a byte is not UTF-8" },
	{ TEXT("\xff"), 0, "no text: a line of JSON is expected" },
	{ TEXT("[1\xc2\xa0]"), 2, "a comma or ] is expected" },
	{ TEXT("{\"a\":\xe2\x80\x9cx\"}"), 5, "a value is expected" },
	{ TEXT("[1,]\xff"), 3, "a value is expected" },
};

static void
check_hostile(void)
{
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct json_fault f = { 0 };
		struct span text = { hostile[i].text, hostile[i].len };

		ok(json_scan(text, NULL, &f) == -1, "not JSON: %.*s",
			(int)strcspn(text.s, "\r\n"), text.s);
		is_int((intmax_t)f.at, (intmax_t)hostile[i].at, "  where");
		is_str(f.what, hostile[i].what, "  what is said");
	}
}

static void
check_accepted(void)
{
	static const char *const texts[] = { "0", "-0", " 1 ", "1E+2", "1e-999",
		"123456789012345678901234567890", "0.00000000000000000001",
		"\"\"", "\"\x7f\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
		"\"\xf4\x8f\xbf\xbf\"", "[]", "[ ]", "{}", "{ }",
		"[[],{},[{}]]", "{\"\":0}", "{\"a\":1,\"a\":2}",
		"\r\n{\"a\" :\t[ 1 , 2 ] }\n" };
	struct json_fault f;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ok(json_scan(span_str(texts[i]), NULL, &f) == 0,
			"JSON, text %zu", i);
}

/* ${n} brackets and as many behind them. */
static struct span
nested(struct arena *a, size_t n, const char *brackets)
{
	char *text = arena_alloc(a, 2 * n);

	memset(text, brackets[0], n);
	memset(text + n, brackets[1], n);
	return (struct span){ text, 2 * n };
}

static void
check_depth(void)
{
	struct arena a = { 0 };
	struct json_fault f;
	struct span deep = nested(&a, JSON_DEPTH, "[]");

	ok(json_scan(deep, NULL, &f) == 0, "10,000 levels");
	is_int((intmax_t)json_at(deep, 0).len, (intmax_t)deep.len - 2,
		"and what is in them");
	ok(json_scan(nested(&a, JSON_DEPTH + 1, "[]"), NULL, &f) == -1,
		"10,001 levels");
	is_int((intmax_t)f.at, JSON_DEPTH, "  where");
	is_str(f.what, "nested deeper than 10000 levels", "  what is said");
	deep = nested(&a, JSON_DEPTH, "[}");
	ok(json_scan(deep, NULL, &f) == -1, "the wrong bracket closes");
	is_int((intmax_t)f.at, JSON_DEPTH, "  where");
	arena_release(&a);
}

static void
check_members(void)
{
	static const char text[] =
		" {\"a\" : [1, {\"x\":2}] , \"\\u0062\":\"c\",\"a\":{} } ";
	struct json_members top = { 0 };
	struct json_fault f;

	ok(json_scan(span_str(text), &top, &f) == 0, "an object");
	is_int((intmax_t)top.n, 3, "  has its members");
	ok(span_is(top.v[0].key, "\"a\""), "  their names as they stand");
	ok(span_is(top.v[0].value, "[1, {\"x\":2}]"), "  their values");
	ok(span_is(top.v[1].key, "\"\\u0062\""), "  a name with an escape");
	ok(span_is(top.v[2].value, "{}"), "  a name for the second time");
	ok(json_scan(SPAN("[{\"a\":1}]"), &top, &f) == 0 && top.n == 0,
		"an array has no members");
	ok(json_scan(SPAN("{\"a\":1,}"), &top, &f) == -1 && top.n == 0,
		"nor has what is not JSON");
	ok(json_scan((struct span){ 0 }, &top, &f) == -1, "absent is not JSON");
	json_members_release(&top);
	json_members_release(&top);
}

static void
check_walk(void)
{
	struct span object = SPAN("{\"a\":1, \"b\" : [10, \"]\" ,[], {}, null],"
				  "\"\\u0062x\":true,\"a\":\"\\\"}\",\"\":5}");
	struct span array = json_get(object, "b");
	struct json_iter none = json_iter(SPAN("12"));
	struct json_member m;

	ok(span_is(json_get(object, "a"), "\"\\\"}\""), "the last a counts");
	ok(span_is(json_get(object, "bx"), "true"), "a name is decoded");
	ok(span_is(json_get(object, ""), "5"), "the empty name");
	ok(json_get(object, "x").s == NULL, "no such name");
	ok(json_get(array, "a").s == NULL, "an array has no names");
	ok(json_get((struct span){ 0 }, "a").s == NULL, "nor has nothing");
	is_int((intmax_t)json_count(object), 5, "members are counted");
	is_int((intmax_t)json_count(array), 5, "elements are counted");
	is_int((intmax_t)json_count(SPAN("[ ]")), 0, "an empty array");
	is_int((intmax_t)json_count(SPAN("\"[1]\"")), 0, "a string");
	ok(span_is(json_at(array, 1), "\"]\""), "a bracket in a string");
	ok(span_is(json_at(array, 4), "null"), "the last element");
	ok(json_at(array, 5).s == NULL, "the one behind it");
	ok(json_at(object, 0).s == NULL, "an object has no elements by number");
	ok(!json_next(&none, &m), "a number has none");
	ok(span_is(json_value(SPAN(" \t[ 1 ]\r\n")), "[ 1 ]"), "blanks go");
}

static void
check_kinds(void)
{
	static const struct {
		const char *text;
		enum json_kind kind;
		const char *name;
	} kinds[] = {
		{ NULL, JSON_ABSENT, "nothing" },
		{ "null", JSON_NULL, "null" },
		{ "false", JSON_FALSE, "false" },
		{ "true", JSON_TRUE, "true" },
		{ "-1", JSON_NUMBER, "a number" },
		{ "\"x\"", JSON_STRING, "a string" },
		{ "[]", JSON_ARRAY, "an array" },
		{ "{}", JSON_OBJECT, "an object" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct span value = span_str(kinds[i].text);

		is_int(json_kind(value), kinds[i].kind, kinds[i].name);
		is_str(json_kind_name(json_kind(value)), kinds[i].name,
			"  its name");
		is_int(json_true(value), kinds[i].kind == JSON_TRUE,
			"  is it true");
	}
}

static void
check_strings(void)
{
	static const struct {
		const char *json, *text;
		size_t len;
	} strings[] = {
		{ "\"\"", TEXT("") },
		{ "\"plain\"", TEXT("plain") },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", TEXT("\"\\/\b\f\n\r\t") },
		{ "\"\\u0041\\u00e9\\u20AC\"", TEXT("A\xc3\xa9\xe2\x82\xac") },
		{ "\"\\ud83d\\ude00!\"", TEXT("\xf0\x9f\x98\x80!") },
		{ "\"\\udbff\\udfff\"", TEXT("\xf4\x8f\xbf\xbf") },
		{ "\"a\\u0000b\"", TEXT("a\0b") },
		{ "\"\\ud800\"", TEXT("\xef\xbf\xbd") },
		{ "\"\\udc00x\"", TEXT("\xef\xbf\xbdx") },
		{ "\"\\ud800\\ud800\\udc00\"",
			TEXT("\xef\xbf\xbd\xf0\x90\x80\x80") },
		{ "\"\\udc00\\udc00\"", TEXT("\xef\xbf\xbd\xef\xbf\xbd") },
		{ "\"\\ud800\\u0041\"", TEXT("\xef\xbf\xbd"
					     "A") },
		{ "\"\\ud800\\\\dc00\"", TEXT("\xef\xbf\xbd\\dc00") },
		{ "\"\\ud800\\n\"", TEXT("\xef\xbf\xbd\n") },
		{ "\"0123456789abcdef0123456789abcde\\nf\"",
			TEXT("0123456789abcdef0123456789abcde\nf") },
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		struct span want = { strings[i].text, strings[i].len };
		struct span json = span_str(strings[i].json);

		ok(span_eq(json_str(json, &a), want), "decoded: %s", json.s);
		is_int(json_is(json, want.s), strlen(want.s) == want.len,
			"  it is that, but for what a C string ends at");
	}
	ok(json_str(SPAN("12"), &a).s == NULL, "a number is no text");
	ok(json_str((struct span){ 0 }, &a).s == NULL, "nothing is no text");
	ok(json_str(SPAN("\"\""), &a).s != NULL, "an empty string is text");
	ok(!json_is(SPAN("\"ab\""), "a"), "a longer string");
	ok(!json_is(SPAN("\"a\""), "ab"), "a shorter string");
	ok(!json_is(SPAN("\"a\\nb\""), "a\\nb"), "an escape is not itself");
	ok(!json_is(SPAN("true"), "true"), "a word is no string");
	arena_release(&a);
}

static void
f64(const char *json, double want)
{
	double got = 0;

	ok(json_f64(span_str(json), &got), "a number: %.40s", json);
	is_f64(got, want, "  its value");
}

static void
i64(const char *json, int64_t want)
{
	int64_t got = 0;

	ok(json_i64(span_str(json), &got), "a whole number: %s", json);
	is_int(got, want, "  its value");
}

static void
check_numbers(void)
{
	static const char *const broken[] = { "0.5", "1e-1", "1e19", "5.5",
		"9223372036854775808", "-9223372036854775809",
		"18446744073709551617", "1.00000000000000000000001",
		"100000000000000000000", "1e99999999999999999999", "true",
		"\"1\"" };
	double d;
	int64_t n;

	f64("0", 0.0);
	f64("-0", -0.0);
	f64("-0.0e5", -0.0);
	f64("0.1", 0.1);
	f64("-2.5E+3", -2500);
	f64("9007199254740993", 9007199254740992);
	f64("9007199254740993.00000000000000000001", 9007199254740994);
	f64("2.2250738585072011e-308", 0x0.fffffffffffffp-1022);
	f64("5e-324", 0x1p-1074);
	f64("2e-324", 0.0);
	f64("1e-99999999999999999999", 0.0);
	f64("0e99999999999999999999", 0.0);
	f64("1.7976931348623157e308", 0x1.fffffffffffffp1023);
	ok(!json_f64(SPAN("1.7976931348623159e308"), &d), "too large");
	ok(!json_f64(SPAN("-1e400"), &d), "far too large");
	ok(!json_f64(SPAN("null"), &d), "null is no number");
	ok(!json_f64((struct span){ 0 }, &d), "nor is nothing");
	i64("-0", 0);
	i64("9223372036854775807", INT64_MAX);
	i64("-9223372036854775808", INT64_MIN);
	i64("5.0", 5);
	i64("12e3", 12000);
	i64("1200e-2", 12);
	i64("0.0000012e7", 12);
	i64("0e99999999999999999999", 0);
	i64("12345678901234567890000e-4", 1234567890123456789);
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		ok(!json_i64(span_str(broken[i]), &n), "no whole number: %s",
			broken[i]);
}

int
main(void)
{
	check_hostile();
	check_accepted();
	check_depth();
	check_members();
	check_walk();
	check_kinds();
	check_strings();
	check_numbers();
	return tap_done();
}
