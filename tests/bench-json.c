/*
 * bench-json: how fast lib/record reads and writes JSON, beside memcpy and jq.
 *
 * bench-json [file] takes the lines of a file, or without one those it writes
 * itself: conversations of 2 to 10 KB in which strings are long, some have
 * escapes and some are not English. Each figure is the best of several rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/rng.h"
#include "record/emit.h"
#include "record/json.h"

#define ROUNDS 40
#define NUMBERS 200000

static struct {
	struct buf text;    /* all lines */
	struct span *lines; /* without their ends */
	size_t n, cap;
	double f64[NUMBERS];
	char numbers[NUMBERS][EMIT_F64_MAX];
	size_t lens[NUMBERS];
} data;

static size_t sink; /* what a round computed, so that it is not left out */

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The least time of a round. */
static double
best(void (*round)(void))
{
	double least = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		double start = now();

		round();
		start = now() - start;
		least = start < least ? start : least;
	}
	return least;
}

/* Making conversations. */

static const char *const words[][8] = {
	{ "pressure", "the", "a", "should", "medication", "of", "and",
		"**dose**" },
	{ "presi\303\263n", "la", "m\303\251dico", "de", "que",
		"coraz\303\263n", "una", "d\303\255a" },
	{ "\xe8\xa1\x80\xe5\x8e\x8b", "\xe5\x8c\xbb\xe7\x94\x9f\xe7\x9a\x84",
		"\xe8\x8d\xaf\xe7\x89\xa9",
		"\xe6\x82\xa3\xe8\x80\x85\xe5\xba\x94\xe8\xaf\xa5",
		"\xe5\xbf\x83\xe8\x84\x8f", "\xe3\x80\x82",
		"\xe5\x89\x82\xe9\x87\x8f", "\xe4\xb8\x80\xe5\xa4\xa9" },
};

static void
make_text(struct buf *b, struct rng *r, size_t len)
{
	static struct buf text;
	const char *const *w =
		words[rng_below(r, 10) < 7 ? 0 : 1 + rng_below(r, 2)];

	buf_clear(&text);
	while (text.len < len) {
		buf_add(&text, span_str(w[rng_below(r, 8)]));
		buf_byte(&text, ' ');
		if (rng_below(r, 30) == 0)
			buf_add(&text, SPAN("\n\n- \"x\xe2\x80\x99s\" "));
	}
	emit_str(b, buf_span(&text));
}

static void
make_message(struct buf *b, struct rng *r, const char *role, size_t len)
{
	emit_begin(b, '{');
	emit_key(b, "role"), emit_cstr(b, role);
	emit_key(b, "content"), make_text(b, r, len);
	emit_end(b, '}');
}

static void
make_line(struct buf *b, struct rng *r)
{
	emit_begin(b, '{');
	emit_key(b, "prompt_id"), emit_u64(b, rng_u64(r));
	emit_key(b, "prompt"), emit_begin(b, '[');
	make_message(b, r, "user", 50 + rng_below(r, 1000));
	make_message(b, r, "assistant", 500 + rng_below(r, 3000));
	make_message(b, r, "user", 50 + rng_below(r, 300));
	emit_end(b, ']');
	emit_key(b, "rubrics"), emit_begin(b, '[');
	for (size_t n = rng_below(r, 10); n; n--) {
		emit_begin(b, '{');
		emit_key(b, "criterion"), make_text(b, r, 150);
		emit_key(b, "points"),
			emit_i64(b, (int64_t)rng_below(r, 20) - 10);
		emit_key(b, "tags"), emit_begin(b, '[');
		emit_cstr(b, "level:example"), emit_cstr(b, "axis:accuracy");
		emit_end(b, ']'), emit_end(b, '}');
	}
	emit_end(b, ']');
	emit_key(b, "completion"), emit_begin(b, '[');
	make_message(b, r, "assistant", 500 + rng_below(r, 4000));
	emit_end(b, ']'), emit_end(b, '}');
	buf_byte(b, '\n');
}

static void
make(void)
{
	struct rng r;

	rng_init(&r, 1, 0);
	for (int i = 0; i < 1000; i++)
		make_line(&data.text, &r);
}

static void
split(void)
{
	const char *p = data.text.s, *end = p + data.text.len, *q;

	for (; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		q = q ? q : end;
		data.lines = mem_grow(
			data.lines, &data.cap, data.n + 1, sizeof(*data.lines));
		data.lines[data.n++] = (struct span){ p, (size_t)(q - p) };
	}
}

/* What is measured. */

static void
round_memcpy(void)
{
	static char *copy;

	if (copy == NULL)
		copy = mem_alloc(data.text.len, 1);
	for (size_t i = 0; i < data.n; i++)
		memcpy(copy + (data.lines[i].s - data.text.s), data.lines[i].s,
			data.lines[i].len);
	sink += (unsigned char)copy[data.text.len / 2];
}

static void
round_scan(void)
{
	static struct json_members top;
	struct json_fault f;

	for (size_t i = 0; i < data.n; i++) {
		if (json_scan(data.lines[i], &top, &f))
			die(ST_CUT, "line %zu: %s", i + 1, f.what);
		sink += top.n;
	}
}

static void
round_utf8(void)
{
	for (size_t i = 0; i < data.n; i++)
		sink += utf8_valid(data.lines[i]);
}

static void
round_get(void)
{
	for (size_t i = 0; i < data.n; i++)
		sink += json_get(json_value(data.lines[i]), "completion").len;
}

/* Every value there is, decoded. */
static void
walk(struct span value, struct arena *a)
{
	struct json_iter it = json_iter(value);
	struct json_member m;

	while (json_next(&it, &m))
		walk(m.value, a);
	sink += json_str(value, a).len;
}

static void
round_walk(void)
{
	static struct arena a;

	for (size_t i = 0; i < data.n; i++) {
		walk(json_value(data.lines[i]), &a);
		arena_clear(&a);
	}
}

/* A line as a string: what a journal or a request body does. */
static void
round_str(void)
{
	static struct buf b;

	for (size_t i = 0; i < data.n; i++) {
		buf_clear(&b);
		emit_str(&b, data.lines[i]);
		sink += b.len;
	}
}

static void
round_write(void)
{
	for (size_t i = 0; i < NUMBERS; i++)
		data.lens[i] = emit_f64_text(data.numbers[i], data.f64[i]);
}

static void
round_read(void)
{
	double d;

	for (size_t i = 0; i < NUMBERS; i++) {
		json_f64((struct span){ data.numbers[i], data.lens[i] }, &d);
		sink += d > 0;
	}
}

/* Everything through "jq -c .", which must be there; the time. */
static double
time_jq(void)
{
	double start = now();
	int to[2], status;
	pid_t child;
	FILE *f;

	if (pipe(to) || (child = fork()) < 0)
		die(ST_CUT, "cannot start jq");
	if (child == 0) {
		dup2(to[0], STDIN_FILENO);
		close(to[1]);
		if (freopen("/dev/null", "w", stdout))
			execlp("jq", "jq", "-c", ".", (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	f = fdopen(to[1], "w");
	if (f == NULL || fwrite(data.text.s, 1, data.text.len, f) == 0 ||
		fclose(f) || waitpid(child, &status, 0) < 0 || status)
		die(ST_CUT, "jq does not run");
	return now() - start;
}

static void
report_numbers(const char *kind)
{
	printf("%-28s %8.1f M/s\n", kind, NUMBERS / best(round_write) * 1e-6);
	printf("%-28s %8.1f M/s\n", "  read back",
		NUMBERS / best(round_read) * 1e-6);
}

static void
bench_numbers(void)
{
	struct rng r;

	rng_init(&r, 2, 0);
	for (size_t i = 0; i < NUMBERS; i++)
		data.f64[i] = (double)rng_below(&r, 100) - 50;
	report_numbers("write small whole numbers");
	for (size_t i = 0; i < NUMBERS; i++)
		data.f64[i] = (double)rng_below(&r, 1000000) / 10000;
	report_numbers("write 12.3456");
	for (size_t i = 0; i < NUMBERS; i++)
		data.f64[i] = rng_unit(&r);
	report_numbers("write 0.4833333333333334");
	for (size_t i = 0; i < NUMBERS; i++)
		data.f64[i] = (rng_unit(&r) + 1) * (i & 1 ? 1e-100 : 1e200);
	report_numbers("write 1.48333333333333e+200");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*round)(void);
	} rounds[] = {
		{ "memcpy", round_memcpy },
		{ "json_scan", round_scan },
		{ "  of it utf8_valid", round_utf8 },
		{ "json_get of the last member", round_get },
		{ "walk and decode everything", round_walk },
		{ "emit_str of whole lines", round_str },
	};
	double copy, jq;
	struct err e;

	if (argc > 1 ? buf_file(&data.text, argv[1], &e) : (make(), 0))
		die(ST_CUT, "%s", e.msg);
	split();
	copy = best(round_memcpy);
	jq = time_jq();
	printf("%zu lines, %.1f MB, jq -c . %.0f MB/s\n", data.n,
		(double)data.text.len * 1e-6,
		(double)data.text.len / jq * 1e-6);
	for (size_t i = 0; i < sizeof(rounds) / sizeof(*rounds); i++) {
		double t = best(rounds[i].round);

		printf("%-28s %8.2f GB/s %6.2f of memcpy %6.0f times jq\n",
			rounds[i].name, (double)data.text.len / t * 1e-9,
			copy / t, jq / t);
	}
	bench_numbers();
	return sink == 0;
}
