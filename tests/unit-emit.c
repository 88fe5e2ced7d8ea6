/* unit-emit: commas, escapes, and how numbers are spelled. */
#include <math.h>

#include "record/emit.h"
#include "tap.h"

static struct buf b;

/* What was written since the last time. */
static void
is(const char *want)
{
	is_str(buf_cstr(&b), want, "what was written");
	buf_clear(&b);
}

static void
check_commas(void)
{
	emit_begin(&b, '{');
	emit_key(&b, "a"), emit_f64(&b, 0.5);
	emit_key(&b, "b"), emit_begin(&b, '[');
	emit_begin(&b, '['), emit_end(&b, ']');
	emit_begin(&b, '{'), emit_end(&b, '}');
	emit_bool(&b, true), emit_bool(&b, false), emit_null(&b);
	emit_cstr(&b, "x"), emit_cstr(&b, ""), emit_str(&b, (struct span){ 0 });
	emit_i64(&b, -1), emit_u64(&b, 2);
	emit_raw(&b, SPAN(" {\"y\" :1}\n")), emit_raw(&b, SPAN("3"));
	emit_end(&b, ']');
	emit_key_span(&b, SPAN("c")), emit_null(&b);
	emit_end(&b, '}');
	is("{\"a\":0.5,\"b\":[[],{},true,false,null,\"x\",\"\",\"\",-1,2,"
	   "{\"y\" :1},3],\"c\":null}");
	emit_cstr(&b, "["), emit_cstr(&b, "a:"), emit_cstr(&b, "{,");
	is("\"[\",\"a:\",\"{,\"");
	emit_null(&b), buf_byte(&b, '\n'), emit_null(&b);
	is("null\nnull");
	buf_add(&b, SPAN("data: ")), emit_null(&b);
	is("data: null");
}

static void
check_escapes(void)
{
	emit_str(&b, SPAN("\"\\/\b\f\n\r\t\0\x01\x1f\x7f"));
	is("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u0001\\u001f\x7f\"");
	emit_cstr(&b, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	is("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	emit_cstr(&b, "a\xff\xfe"
		      "b\xe2\x82"
		      "c\xed\xa0\x80\xf0\x9f\x98");
	is("\"a\xef\xbf\xbd\xef\xbf\xbd"
	   "b\xef\xbf\xbd"
	   "c\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

/* A string across the pieces in which it is escaped. */
static void
check_long(void)
{
	char text[3000], want[6003];

	for (size_t n = 0; n < sizeof(text); n++) {
		text[n] = '\n';
		memcpy(want + 1 + 2 * n, "\\n", 2);
	}
	want[0] = want[6001] = '"';
	emit_str(&b, (struct span){ text, sizeof(text) });
	ok(span_eq(buf_span(&b), (struct span){ want, 6002 }),
		"a long string of nothing but escapes");
	buf_clear(&b);
}

static void
check_numbers(void)
{
	static const struct {
		double d;
		const char *text;
	} spelled[] = {
		{ 0.0, "0.0" },
		{ -0.0, "-0.0" },
		{ 0.5, "0.5" },
		{ 1, "1.0" },
		{ -100, "-100.0" },
		{ 0.1, "0.1" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 2.0 / 3, "0.6666666666666666" },
		{ 123456.789, "123456.789" },
		{ 0.0001, "0.0001" },
		{ 0.00012345, "0.00012345" },
		{ 0.00001, "1e-05" },
		{ 1.5e-7, "1.5e-07" },
		{ 1e-9, "1e-09" },
		{ 1e-10, "1e-10" },
		{ 1e15, "1000000000000000.0" },
		{ 9999999999999998, "9999999999999998.0" },
		{ 1e16, "1e+16" },
		{ 12345678901234567890.0, "1.2345678901234567e+19" },
		{ 1e22, "1e+22" },
		{ 1e23, "1e+23" },
		{ 9007199254740993.0, "9007199254740992.0" },
		{ 0x1p-1074, "5e-324" },
		{ 0x1p-1022, "2.2250738585072014e-308" },
		{ 0x1.fffffffffffffp1023, "1.7976931348623157e+308" },
		{ 0x1p-44, "5.684341886080802e-14" },
		{ INFINITY, "null" },
		{ -INFINITY, "null" },
		{ NAN, "null" },
	};

	for (size_t i = 0; i < sizeof(spelled) / sizeof(*spelled); i++) {
		emit_f64(&b, spelled[i].d);
		is(spelled[i].text);
	}
	emit_i64(&b, INT64_MIN);
	is("-9223372036854775808");
	emit_i64(&b, INT64_MAX);
	is("9223372036854775807");
	emit_u64(&b, UINT64_MAX);
	is("18446744073709551615");
	emit_i64(&b, 0);
	is("0");
}

int
main(void)
{
	check_commas();
	check_escapes();
	check_long();
	check_numbers();
	buf_release(&b);
	return tap_done();
}
