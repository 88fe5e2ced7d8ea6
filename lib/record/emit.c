#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "emit.h"
#include "json.h"
#include "plain.h"

#define CHUNK 512 /* bytes of a string that are escaped in one go */

/* The last byte tells whether a value or key that comes next needs a comma. */
static void
comma(struct buf *b)
{
	switch (b->len ? b->s[b->len - 1] : '\n') {
	case '{':
	case '[':
	case ':':
	case ',':
	case ' ':
	case '\n':
		return;
	}
	buf_byte(b, ',');
}

void
emit_begin(struct buf *b, char open)
{
	comma(b);
	buf_byte(b, open);
}

void
emit_end(struct buf *b, char close)
{
	buf_byte(b, close);
}

/* Escapes one byte; the length. */
static size_t
put_escape(char to[6], unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	static const char letters[256] = {
		['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};

	to[0] = '\\';
	if ((to[1] = letters[c]))
		return 2;
	memcpy(to + 1, "u00", 3);
	to[4] = digits[c >> 4];
	to[5] = digits[c & 0xf];
	return 6;
}

/* At the most CHUNK bytes of UTF-8. */
static void
put_chunk(struct buf *b, const char *p, const char *end)
{
	char text[6 * CHUNK + PLAIN_BLOCK], *to = text;
	const char *q;

	while ((q = plain_copy(to, p, end)) < end) {
		to += q - p;
		to += put_escape(to, (unsigned char)*q);
		p = q + 1;
	}
	buf_add(b, (struct span){ text, (size_t)(to + (q - p) - text) });
}

/* Any text: what is UTF-8 of it, and U+FFFD for what is not. */
static void
put_text(struct buf *b, struct span text)
{
	const char *p = text.s, *end = p + text.len, *valid;
	size_t n;

	for (;;) {
		valid = p + utf8_valid((struct span){ p, (size_t)(end - p) });
		for (; p < valid; p += n) {
			n = valid - p < CHUNK ? (size_t)(valid - p) : CHUNK;
			put_chunk(b, p, p + n);
		}
		if (p == end)
			break;
		utf8_step((struct span){ p, (size_t)(end - p) }, &n);
		p += n;
		buf_add(b, SPAN("\xef\xbf\xbd"));
	}
}

void
emit_str(struct buf *b, struct span text)
{
	comma(b);
	buf_byte(b, '"');
	if (text.len)
		put_text(b, text);
	buf_byte(b, '"');
}

void
emit_cstr(struct buf *b, const char *text)
{
	emit_str(b, span_str(text));
}

void
emit_key_span(struct buf *b, struct span name)
{
	emit_str(b, name);
	buf_byte(b, ':');
}

void
emit_key(struct buf *b, const char *name)
{
	emit_key_span(b, span_str(name));
}

void
emit_raw(struct buf *b, struct span json)
{
	comma(b);
	buf_add(b, json_value(json));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* One string of a valid text, from its quote on; what follows it. */
static const char *
respell_string(struct buf *b, const char *p, struct arena *a)
{
	const char *end = p + 1;

	while (*end != '"')
		end += *end == '\\' ? 2 : 1;
	end++;
	emit_str(b, json_str((struct span){ p, (size_t)(end - p) }, a));
	arena_clear(a);
	return end;
}

/* Valid text needs no parsing for this: what is not a string is kept. */
void
emit_value(struct buf *b, struct span json)
{
	const char *p = json.s, *end = json.s + json.len;
	struct arena a = { 0 };

	comma(b);
	while (p < end) {
		const char *from = p;

		if (*p == '"') {
			p = respell_string(b, p, &a);
			continue;
		}
		while (p < end && *p != '"' && !is_blank(*p))
			p++;
		buf_add(b, (struct span){ from, (size_t)(p - from) });
		while (p < end && is_blank(*p))
			p++;
	}
	arena_release(&a);
}

void
emit_bool(struct buf *b, bool yes)
{
	emit_raw(b, yes ? SPAN("true") : SPAN("false"));
}

void
emit_null(struct buf *b)
{
	emit_raw(b, SPAN("null"));
}

void
emit_u64(struct buf *b, uint64_t u)
{
	char text[20], *p = text + sizeof(text);

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	comma(b);
	buf_add(b, (struct span){ p, (size_t)(text + sizeof(text) - p) });
}

void
emit_i64(struct buf *b, int64_t i)
{
	if (i >= 0) {
		emit_u64(b, (uint64_t)i);
		return;
	}
	comma(b);
	buf_printf(b, "%" PRId64, i);
}

/*
 * Spells ${n} digits with the decimal point behind ${point} of them as Python's
 * repr does.
 */
static size_t
spell(char *to, const char *digits, int n, int point)
{
	if (point > 16 || point < -3)
		return (size_t)snprintf(to, EMIT_F64_MAX - 1, "%c%s%.*se%c%02d",
			digits[0], n > 1 ? "." : "", n - 1, digits + 1,
			point > 0 ? '+' : '-', abs(point - 1));
	if (point <= 0)
		return (size_t)snprintf(to, EMIT_F64_MAX - 1, "0.%.*s%.*s",
			-point, "0000", n, digits);
	if (point >= n)
		return (size_t)snprintf(to, EMIT_F64_MAX - 1, "%.*s%.*s.0", n,
			digits, point - n, "0000000000000000");
	return (size_t)snprintf(to, EMIT_F64_MAX - 1, "%.*s.%.*s", point,
		digits, n - point, digits + point);
}

size_t
emit_f64_text(char to[EMIT_F64_MAX], double d)
{
	char text[32], digits[20];
	int n = 0, precision = 0;

	if (!isfinite(d))
		return memcpy(to, "null", 5), 4;
	do
		snprintf(text, sizeof(text), "%.*e", precision, fabs(d));
	while (strtod(text, NULL) != fabs(d) && ++precision < 17);
	for (const char *p = text; *p != 'e'; p++)
		if (*p != '.')
			digits[n++] = *p;
	*to = '-';
	return spell(to + !!signbit(d), digits, n,
		       1 + (int)strtol(strchr(text, 'e') + 1, NULL, 10)) +
	       !!signbit(d);
}

void
emit_f64(struct buf *b, double d)
{
	char text[EMIT_F64_MAX];

	emit_raw(b, (struct span){ text, emit_f64_text(text, d) });
}
