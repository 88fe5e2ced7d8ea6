/*
 * emit_laws: what holds for everything that emit writes.
 */
#ifndef EMIT_LAWS_H
#define EMIT_LAWS_H

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "json_gen.h"
#include "must.h"
#include "record/emit.h"
#include "record/json.h"

/* The text with U+FFFD for what is not UTF-8, found the slow way. */
static inline void
law_repaired(struct buf *b, struct span text)
{
	const char *p = text.s, *end = p + text.len, *q;
	size_t n;

	for (; p < end; p = q) {
		if ((q = plainly_utf8(p, end))) {
			buf_add(b, (struct span){ p, (size_t)(q - p) });
			continue;
		}
		utf8_step((struct span){ p, (size_t)(end - p) }, &n);
		buf_add(b, SPAN("\xef\xbf\xbd"));
		q = p + n;
	}
}

/* Whatever the bytes are, the string is valid and says what it can. */
static inline void
law_text(struct span text)
{
	struct buf b = { 0 }, want = { 0 };
	struct arena a = { 0 };
	struct json_fault f;
	size_t quotes = 2;

	emit_str(&b, text);
	must(json_scan(buf_span(&b), NULL, &f) == 0);
	must(json_kind(buf_span(&b)) == JSON_STRING);
	law_repaired(&want, text);
	must(span_eq(json_str(buf_span(&b), &a), buf_span(&want)));
	for (size_t i = 0; i < want.len; i++) {
		unsigned char c = (unsigned char)want.s[i];

		if (c < 0x20)
			quotes += memchr("\b\f\n\r\t", c, 5) ? 1 : 5;
		quotes += c == '"' || c == '\\';
	}
	must(b.len == want.len + quotes);
	arena_release(&a);
	buf_release(&b);
	buf_release(&want);
}

static inline bool
law_same(const char *text, double d)
{
	double back = strtod(text, NULL);

	return memcmp(&back, &d, sizeof(d)) == 0;
}

/* A decimal: m * 10^e, where m does not end in 0. */
struct law_decimal {
	uint64_t m;
	int e, digits;
};

static inline struct law_decimal
law_parse(const char *text)
{
	struct law_decimal r = { 0 };
	bool fraction = false;

	for (text += *text == '-'; *text && *text != 'e'; text++)
		if (*text == '.') {
			fraction = true;
		} else {
			r.m = r.m * 10 + (uint64_t)(*text - '0');
			r.e -= fraction;
		}
	if (*text == 'e')
		r.e += (int)strtol(text + 1, NULL, 10);
	for (; r.m && r.m % 10 == 0; r.m /= 10)
		r.e++;
	for (uint64_t m = r.m; m; m /= 10)
		r.digits++;
	return r;
}

/* Does (m + way) * 10^e read back as ${d}? */
static inline bool
law_reads(struct law_decimal r, int way, double d)
{
	char text[64];

	snprintf(
		text, sizeof(text), "%" PRIu64 "e%d", r.m + (uint64_t)way, r.e);
	return law_same(text, d);
}

/*
 * Fewer digits do not read back: not the nearest decimal that has them, nor
 * those beside it, which count where a double's neighbours are not at the same
 * distance. And the nearest one with as many digits is ours, if it reads back.
 */
static inline void
law_shortest(const char *text, double d)
{
	struct law_decimal ours = law_parse(text), nearest;
	char other[64];

	if (ours.m == 0)
		return;
	snprintf(other, sizeof(other), "%.*e", ours.digits - 1, d);
	nearest = law_parse(other);
	if (law_reads(nearest, 0, d))
		must(nearest.m == ours.m && nearest.e == ours.e);
	if (ours.digits < 2)
		return;
	snprintf(other, sizeof(other), "%.*e", ours.digits - 2, d);
	nearest = law_parse(other);
	for (; nearest.digits < ours.digits - 1; nearest.digits++) {
		nearest.m *= 10;
		nearest.e--;
	}
	for (int way = -1; way <= 1; way++)
		must(!law_reads(nearest, way, d));
}

static inline void
law_f64(double d)
{
	char exact[EMIT_F64_MAX], text[EMIT_F64_MAX + 1];
	struct json_fault f;
	size_t n = emit_f64_text(exact, d);
	struct span json = { exact, n };
	double back;

	must(n <= EMIT_F64_MAX);
	must(json_scan(json, NULL, &f) == 0);
	if (!isfinite(d)) {
		must(span_is(json, "null"));
		return;
	}
	memcpy(text, exact, n);
	text[n] = '\0';
	must(law_same(text, d));
	must(json_f64(json, &back) && memcmp(&back, &d, sizeof(d)) == 0);
	must(strpbrk(text, ".e") != NULL);
	law_shortest(text, fabs(d));
}

#endif
