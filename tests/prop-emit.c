/* prop-emit: what is written is JSON, says what it was given, no longer than
 * it must be. */
#include "emit_laws.h"
#include "tap.h"

#define SEED 20250713

static struct json_gen g = { .lone = true };

static double
of_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

static void
check_f64(void)
{
	for (int i = 0; i < 20000; i++)
		law_f64(of_bits(rng_u64(&g.r)));
	ok(true, "doubles of random bits");
	for (uint64_t exp = 0; exp < 2047; exp++)
		for (uint64_t m = 0; m < 3; m++)
			law_f64(of_bits((exp << 52) + m - 1));
	ok(true, "powers of two and their neighbours");
	for (int i = 0; i < 20000; i++)
		law_f64((double)gen_below(&g, 1000000) /
			(double)(1 + gen_below(&g, 1000)));
	ok(true, "quotients");
	for (int i = 0; i < 10000; i++)
		law_f64((double)(rng_u64(&g.r) >> gen_below(&g, 64)));
	ok(true, "whole numbers");
}

static void
check_text(void)
{
	char text[600];

	for (int i = 0; i < 3000; i++) {
		size_t len = gen_below(&g, gen_below(&g, 4) ? 40 : 600);
		uint64_t most = gen_below(&g, 2) ? 256 : 64;

		for (size_t k = 0; k < len; k++)
			text[k] = (char)gen_below(&g, most);
		law_text((struct span){ text, len });
	}
	ok(true, "strings of random bytes");
	for (int i = 0; i < 3000; i++) {
		gen_text(&g, 0);
		if (g.text.len && gen_below(&g, 2))
			g.text.s[gen_below(&g, g.text.len)] = (char)gen_below(
				&g, 256);
		law_text(buf_span(&g.text));
	}
	ok(true, "strings of UTF-8, some of it damaged");
	law_text((struct span){ 0 });
	ok(true, "no string");
}

/* Writes a value again, in compact form. */
static void
copy(struct buf *b, struct span value)
{
	struct json_iter it = json_iter(value);
	enum json_kind kind = json_kind(value);
	struct arena a = { 0 };
	struct json_member m;

	if (kind != JSON_ARRAY && kind != JSON_OBJECT) {
		if (kind == JSON_STRING)
			emit_str(b, json_str(value, &a));
		else
			emit_raw(b, value);
		arena_release(&a);
		return;
	}
	emit_begin(b, kind == JSON_ARRAY ? '[' : '{');
	while (json_next(&it, &m)) {
		if (it.object)
			emit_key_span(b, json_str(m.key, &a));
		copy(b, m.value);
	}
	emit_end(b, kind == JSON_ARRAY ? ']' : '}');
	arena_release(&a);
}

static void
check_trees(void)
{
	struct buf once = { 0 }, twice = { 0 };
	struct json_fault f;
	int bad = 0;

	for (int i = 0; i < 2000; i++) {
		struct span text = json_value(gen_text(&g, 5));

		buf_clear(&once);
		buf_clear(&twice);
		copy(&once, text);
		bad += json_scan(buf_span(&once), NULL, &f) != 0;
		bad += json_count(buf_span(&once)) != json_count(text);
		copy(&twice, buf_span(&once));
		bad += !span_eq(buf_span(&once), buf_span(&twice));
		buf_clear(&twice);
		emit_value(&twice, text);
		bad += !span_eq(buf_span(&once), buf_span(&twice));
	}
	is_int(bad, 0, "a value written again is the same, in one spelling");
	buf_release(&once);
	buf_release(&twice);
}

int
main(void)
{
	rng_init(&g.r, SEED, 0);
	tap_note("seed %d", SEED);
	check_f64();
	check_text();
	check_trees();
	buf_release(&g.text);
	return tap_done();
}
