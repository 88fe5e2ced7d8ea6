#include <jq.h>
#include <jv.h>
#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/emit.h"
#include "record/expr.h"
#include "record/json.h"

/*
 * Most programs that people write are paths such as .example_tags or
 * .usage.output_tokens. Those walk the record's own text, a hundred times
 * faster than libjq, which parses and prints the whole record; and they leave
 * numbers as they were written. Everything else is libjq's.
 */
struct expr {
	char *text;
	struct arena arena;
	const char **path; /* names from the outside in, where it is a path */
	size_t depth;
	jq_state *jq; /* where it is not */
	int rescues;  /* aborts that were caught */
	struct buf clean;
};

/*
 * libjq asserts where a program goes wrong in certain ways ([-1] | implode in
 * 1.6), which would end a run of hours. The abort is caught, and the program
 * compiled anew; what libjq had in hand leaks.
 */
#define MOST_RESCUES 1000

static sigjmp_buf rescue;

static void
on_abort(int sig)
{
	(void)sig;
	siglongjmp(rescue, 1);
}

static void
catch_abort(struct sigaction *old)
{
	struct sigaction sa = { .sa_handler = on_abort,
		.sa_flags = SA_NODEFER };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGABRT, &sa, old);
}

/* How much of jq's message says what is wrong: not where, not what follows. */
static size_t
first_part(const char *s)
{
	const char *where = strstr(s, " at <top-level>");
	size_t line = strcspn(s, "\n");

	return where && (size_t)(where - s) < line ? (size_t)(where - s) : line;
}

/* jq prints a compile error over several lines; the first says what it is. */
static void
keep_message(void *data, jv msg)
{
	struct err *e = data;

	if (e && e->msg[0] == '\0' && jv_get_kind(msg) == JV_KIND_STRING) {
		const char *s = jv_string_value(msg);

		if (strncmp(s, "jq: error: ", 11) == 0)
			s += 11;
		err_set(e, "%.*s", (int)first_part(s), s);
	}
	jv_free(msg);
}

static int
compile(struct expr *x, struct err *e)
{
	struct err unused = { "" };

	if (e == NULL)
		e = &unused;
	e->msg[0] = '\0';
	x->jq = jq_init();
	if (x->jq == NULL)
		return err_set(e, "cannot start jq");
	jq_set_error_cb(x->jq, keep_message, e);
	if (!jq_compile(x->jq, x->text)) {
		jq_teardown(&x->jq);
		return -1;
	}
	jq_set_error_cb(x->jq, keep_message, NULL);
	return 0;
}

static size_t
name_length(const char *s)
{
	size_t n = 0;

	if (isalpha((unsigned char)*s) || *s == '_')
		while (isalnum((unsigned char)s[n]) || s[n] == '_')
			n++;
	return n;
}

/* Reads ".a.b" into ${x->path}; false where the text is anything else. */
static bool
read_path(struct expr *x)
{
	size_t cap = 0;
	const char *p = x->text;

	for (size_t n; *p == '.' && (n = name_length(p + 1)); p += n + 1) {
		struct span name = { p + 1, n };

		x->path = mem_grow(
			x->path, &cap, x->depth + 1, sizeof(*x->path));
		x->path[x->depth++] = arena_dup(&x->arena, name);
	}
	if (*p == '\0' && x->depth)
		return true;
	x->depth = 0;
	return false;
}

struct expr *
expr_compile(const char *text, struct err *e)
{
	struct expr *x = mem_alloc(1, sizeof(*x));
	struct err why;

	*x = (struct expr){ 0 };
	x->text = arena_dup(&x->arena, span_str(text));
	if (read_path(x) || compile(x, &why) == 0)
		return x;
	err_set(e, "the jq program %s: %s", text, why.msg);
	expr_free(x);
	return NULL;
}

/* Running a path. */

static int
run_path(struct expr *x, struct span json, struct buf *out, struct err *e)
{
	struct span v = json;

	for (size_t i = 0; i < x->depth && v.s; i++) {
		enum json_kind kind = json_kind(v);

		if (kind != JSON_OBJECT && kind != JSON_NULL)
			return err_set(e,
				"%s: .%s of %s: an object is expected", x->text,
				x->path[i], json_kind_name(kind));
		v = json_get(v, x->path[i]);
	}
	buf_add(out, v.s ? v : SPAN("null"));
	return 1;
}

/* Running libjq. */

/* libjq rejects a text with the escape of a lone surrogate, so none is left. */
static struct span
without_lone_surrogates(struct expr *x, struct span json)
{
	if (span_find(json, SPAN("\\u")) == NULL)
		return json;
	buf_clear(&x->clean);
	emit_value(&x->clean, json);
	return buf_span(&x->clean);
}

static jv
parse(struct expr *x, struct span json, struct err *e)
{
	jv v;

	json = without_lone_surrogates(x, json);
	if (json.len > INT32_MAX) {
		err_set(e, "%s: %zu bytes are too many for jq", x->text,
			json.len);
		return jv_invalid();
	}
	v = jv_parse_sized(json.s, (int)json.len);
	if (!jv_is_valid(v))
		err_set(e, "%s: jq cannot read the value (nested too deeply?)",
			x->text);
	return v;
}

/* The reason of an invalid value: 0 where it only ends the results. */
static int
failure(struct expr *x, jv v, struct err *e)
{
	jv msg = jv_invalid_get_msg(v);
	int rc = 0;

	if (jq_halted(x->jq))
		rc = err_set(e, "%s: the program halts", x->text);
	else if (jv_get_kind(msg) == JV_KIND_STRING)
		rc = err_set(e, "%s: %.300s", x->text, jv_string_value(msg));
	else if (jv_get_kind(msg) != JV_KIND_INVALID &&
		 jv_get_kind(msg) != JV_KIND_NULL)
		rc = err_set(e, "%s: the program raises an error", x->text);
	jv_free(msg);
	return rc;
}

static void
print(jv v, struct buf *out)
{
	jv text = jv_dump_string(v, 0);

	buf_add(out, span_str(jv_string_value(text)));
	jv_free(text);
}

/* At most ${limit} results, each followed by a line feed. */
static int
results(struct expr *x, jv input, int limit, struct buf *out, struct err *e)
{
	int n = 0, rc = 0;

	jq_start(x->jq, input, 0);
	while (n < limit) {
		jv v = jq_next(x->jq);

		if (!jv_is_valid(v)) {
			rc = failure(x, v, e);
			break;
		}
		print(v, out);
		buf_byte(out, '\n');
		n++;
	}
	return rc ? rc : n;
}

/* Parses and runs; it may not return, where libjq aborts, so it stays whole. */
__attribute__((noinline)) static int
parse_and_run(struct expr *x, struct span json, int limit, struct buf *out,
	struct err *e)
{
	jv input = parse(x, json, e);

	if (jv_is_valid(input))
		return results(x, input, limit, out, e);
	jv_free(input);
	return -1;
}

/*
 * An assertion leaves the heap alone; if it was the heap itself that made libjq
 * abort, that shows soon, and then nothing it says can be relied on.
 */
static void
start_again(struct expr *x)
{
	if (++x->rescues > MOST_RESCUES)
		die(ST_CUT,
			"%s: jq gave up %d times; the program asks what "
			"this jq cannot do",
			x->text, MOST_RESCUES);
	if (compile(x, NULL))
		die(ST_CUT, "%s: jq does not start again", x->text);
}

static int
run_jq(struct expr *x, struct span json, int limit, struct buf *out,
	struct err *e)
{
	struct sigaction old;
	volatile int rc = -1;

	catch_abort(&old);
	if (sigsetjmp(rescue, 1) == 0) {
		rc = parse_and_run(x, json, limit, out, e);
	} else {
		err_set(e, "%s: jq cannot do that with this record", x->text);
		start_again(x);
	}
	sigaction(SIGABRT, &old, NULL);
	return rc;
}

int
expr_run_all(struct expr *x, struct span json, struct buf *out, struct err *e)
{
	if (x->depth == 0)
		return run_jq(x, json, INT32_MAX, out, e);
	if (run_path(x, json, out, e) < 0)
		return -1;
	buf_byte(out, '\n');
	return 1;
}

int
expr_run(struct expr *x, struct span json, struct buf *out, struct err *e)
{
	int rc;

	if (x->depth)
		return run_path(x, json, out, e);
	rc = run_jq(x, json, 1, out, e);
	if (rc == 1)
		out->len--; /* the line feed */
	return rc;
}

int
expr_test(struct expr *x, struct span json, bool *yes, struct err *e)
{
	struct buf b = { 0 };
	int rc = expr_run(x, json, &b, e);

	*yes = rc == 1 && !span_is(buf_span(&b), "false") &&
	       !span_is(buf_span(&b), "null");
	buf_release(&b);
	return rc < 0 ? -1 : 0;
}

int
expr_f64(struct expr *x, struct span json, double *to, struct err *e)
{
	struct buf b = { 0 };
	int rc = expr_run(x, json, &b, e);

	if (rc == 0)
		rc = err_set(e, "%s: no result; a number is expected", x->text);
	else if (rc == 1 && !json_f64(json_value(buf_span(&b)), to))
		rc = err_set(e, "%s: %s; a number is expected", x->text,
			json_kind_name(json_kind(json_value(buf_span(&b)))));
	buf_release(&b);
	return rc < 0 ? -1 : 0;
}

void
expr_free(struct expr *x)
{
	if (x == NULL)
		return;
	if (x->jq)
		jq_teardown(&x->jq);
	buf_release(&x->clean);
	arena_release(&x->arena);
	free(x->path);
	free(x);
}
