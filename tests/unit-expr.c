/* unit-expr: jq programs, their results and their mistakes. */
#include <stdlib.h>

#include "record/expr.h"
#include "record/json.h"
#include "tap.h"

/* All results on one line, or "error" with its message. */
static void
gives(const char *program, const char *json, const char *want)
{
	struct err e = { "" };
	struct expr *x = expr_compile(program, &e);
	struct buf b = { 0 };

	if (!ok(x, "%s compiles", program))
		return;
	if (expr_run_all(x, span_str(json), &b, &e) < 0)
		is_str("error", want, e.msg);
	else {
		for (size_t i = 0; i < b.len; i++)
			if (b.s[i] == '\n')
				b.s[i] = ' ';
		is_str(buf_cstr(&b), want, json);
	}
	buf_release(&b);
	expr_free(x);
}

static void
does_not_compile(const char *program)
{
	struct err e = { "" };
	struct expr *x = expr_compile(program, &e);

	ok(x == NULL && strstr(e.msg, program), "refused: %s", e.msg);
	expr_free(x);
}

static void
check_paths(void)
{
	gives(".a", "{\"a\":1.0}", "1.0 ");
	gives(".a.b_2", "{\"a\":{\"b_2\":[1, 2]}}", "[1, 2] ");
	gives(".a", "{\"b\":1}", "null ");
	gives(".a.b", "{\"a\":null}", "null ");
	gives(".a.b", "{\"a\":[]}", "error");
	gives(".a", "12345678901234567890", "error");
	gives(".a", "{\"a\":12345678901234567890}", "12345678901234567890 ");
}

static void
check_programs(void)
{
	gives(".", "{\"a\":1}", "{\"a\":1} ");
	gives(".[]", "[1,2]", "1 2 ");
	gives("empty", "1", "");
	gives("{model,split}", "{\"model\":\"m\",\"split\":1}",
		"{\"model\":\"m\",\"split\":1} ");
	gives(".a|keys", "{\"a\":3}", "error");
	gives(".a[0]", "{\"a\":{\"b\":1}}", "error");
	gives("error(\"no\")", "1", "error");
	gives("error(null)", "1", "");
	gives("[.[]|implode]", "[[1114112]]", "[\"\xef\xbf\xbd\"] ");
	gives(".", "\"\\ud800\"", "\"\xef\xbf\xbd\" ");
	gives("halt", "1", "error");
}

/* After any failure the program still works. */
static void
check_again(void)
{
	struct err e;
	struct expr *x = expr_compile("[.]|implode", &e);
	struct buf b = { 0 };

	expr_run(x, SPAN("-1"), &b, &e);
	buf_clear(&b);
	is_int(expr_run(x, SPAN("65"), &b, &e), 1, "a run after a failed one");
	is_str(buf_cstr(&b), "\"A\"", "its result");
	buf_release(&b);
	expr_free(x);
}

static void
check_kinds(void)
{
	struct err e;
	struct expr *x = expr_compile(".n", &e);
	bool yes = true;
	double d = 0;

	is_int(expr_f64(x, SPAN("{\"n\":0.25}"), &d, &e), 0, "a number");
	is_f64(d, 0.25, "its value");
	is_int(expr_f64(x, SPAN("{\"n\":\"0.25\"}"), &d, &e), -1,
		"text is no number");
	is_int(expr_f64(x, SPAN("{}"), &d, &e), -1, "null is no number");
	is_int(expr_test(x, SPAN("{}"), &yes, &e), 0, "a condition");
	ok(!yes, "null is false");
	expr_test(x, SPAN("{\"n\":0}"), &yes, &e);
	ok(yes, "0 is true, as in jq");
	expr_free(x);
}

int
main(void)
{
	check_paths();
	check_programs();
	check_again();
	check_kinds();
	does_not_compile(".a |");
	does_not_compile("nosuch(1)");
	return tap_done();
}
