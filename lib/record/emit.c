#include <math.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "emit.h"
#include "json.h"
#include "step.h"

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
	case '\t':
	case '\r':
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
	char text[6 * CHUNK + STEP_BLOCK], *to = text;
	const char *q;

	while ((q = step_copy(to, p, end)) < end) {
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

/* Most are names: plain ASCII, and short enough to look at twice. */
static bool
is_name(struct span text)
{
	size_t i = 0;

	while (i < text.len && i < 40 && step_is_plain(text.s[i]) &&
		(signed char)text.s[i] > 0)
		i++;
	return i == text.len;
}

static void
put_name(struct buf *b, struct span name)
{
	char *p = buf_room(b, name.len + 2);

	if (p == NULL)
		return;
	*p = '"';
	*span_put(p + 1, name) = '"';
	b->len += name.len + 2;
}

void
emit_str(struct buf *b, struct span text)
{
	comma(b);
	if (is_name(text)) {
		put_name(b, text);
		return;
	}
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

/*
 * One string of a valid text, from its quote on; what follows it. Without
 * escapes it is spelled as it would be here.
 */
static const char *
respell_string(struct buf *b, const char *p, const char *end, struct arena *a)
{
	const char *q = step_plain(p + 1, end);

	if (*q == '"') {
		q++;
		buf_add(b, (struct span){ p, (size_t)(q - p) });
		return q;
	}
	while (*q != '"')
		q = step_plain(q + 2, end);
	q++;
	emit_str(b, json_str((struct span){ p, (size_t)(q - p) }, a));
	arena_clear(a);
	return q;
}

/* Valid text needs no parsing for this: what is not a string is kept. */
void
emit_value(struct buf *b, struct span json)
{
	const char *p = json.s, *end = p + json.len, *from;
	struct arena a = { 0 };

	comma(b);
	while (p < end) {
		if (*p == '"') {
			p = respell_string(b, p, end, &a);
			continue;
		}
		for (from = p; p < end && *p != '"' && !step_is_blank(*p);)
			p++;
		buf_add(b, (struct span){ from, (size_t)(p - from) });
		p = step_blanks(p, end);
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

/* Numbers. */

#define DIGITS 20 /* of a number of 64 bits */

static const char pairs[] = "0001020304050607080910111213141516171819"
			    "2021222324252627282930313233343536373839"
			    "4041424344454647484950515253545556575859"
			    "6061626364656667686970717273747576777879"
			    "8081828384858687888990919293949596979899";

/* Eight digits, zeros in front; none of the four steps waits for another. */
static void
put_eight(char *p, uint32_t n)
{
	uint32_t high = n / 10000, low = n % 10000;

	memcpy(p, pairs + high / 100 * 2, 2);
	memcpy(p + 2, pairs + high % 100 * 2, 2);
	memcpy(p + 4, pairs + low / 100 * 2, 2);
	memcpy(p + 6, pairs + low % 100 * 2, 2);
}

/* Writes the digits of ${n} up to ${end}; where they begin. */
static char *
put_digits(char *end, uint64_t n)
{
	char *p = end;

	for (; n >= 100000000; n /= 100000000)
		put_eight(p -= 8, (uint32_t)(n % 100000000));
	for (; n >= 100; n /= 100)
		memcpy(p -= 2, pairs + n % 100 * 2, 2);
	if (n >= 10)
		memcpy(p -= 2, pairs + n * 2, 2);
	else
		*--p = (char)('0' + n);
	return p;
}

static void
emit_integer(struct buf *b, bool minus, uint64_t n)
{
	char text[1 + DIGITS], *end = text + sizeof(text);
	char *p = put_digits(end, n);

	if (minus)
		*--p = '-';
	comma(b);
	buf_add(b, (struct span){ p, (size_t)(end - p) });
}

void
emit_u64(struct buf *b, uint64_t u)
{
	emit_integer(b, false, u);
}

void
emit_i64(struct buf *b, int64_t i)
{
	emit_integer(b, i < 0, i < 0 ? -(uint64_t)i : (uint64_t)i);
}

static char *
put(char *p, const char *s, int n)
{
	return span_put(p, (struct span){ s, (size_t)n });
}

static char *
put_zeros(char *p, int n)
{
	memset(p, '0', (size_t)n);
	return p + n;
}

/* The decimal point is ${point} digits behind the first. */
static char *
put_fixed(char *p, const char *digits, int n, int point)
{
	if (point <= 0) {
		p = put_zeros(put(p, "0.", 2), -point);
		return put(p, digits, n);
	}
	if (point >= n) {
		p = put_zeros(put(p, digits, n), point - n);
		return put(p, ".0", 2);
	}
	*(p = put(p, digits, point)) = '.';
	return put(p + 1, digits + point, n - point);
}

/* One digit in front of the point; the exponent has two digits or more. */
static char *
put_scientific(char *p, const char *digits, int n, int exp)
{
	char text[DIGITS], *end = text + DIGITS, *start;

	*p++ = *digits;
	if (n > 1) {
		*p++ = '.';
		p = put(p, digits + 1, n - 1);
	}
	*p++ = 'e';
	*p++ = exp < 0 ? '-' : '+';
	start = put_digits(end, (uint64_t)abs(exp));
	if (abs(exp) < 10)
		*--start = '0';
	return put(p, start, (int)(end - start));
}

size_t
emit_f64_text(char to[EMIT_F64_MAX], double d)
{
	char text[DIGITS], *end = text + DIGITS, *p = to, *digits;
	struct decimal r;
	int n, point;

	if (!isfinite(d))
		return memcpy(to, "null", 4), 4;
	r = decimal_of(d);
	digits = put_digits(end, r.digits);
	n = (int)(end - digits);
	point = n + r.exp;
	if (r.minus)
		*p++ = '-';
	if (point > 16 || point < -3) /* where Python changes over */
		p = put_scientific(p, digits, n, point - 1);
	else
		p = put_fixed(p, digits, n, point);
	return (size_t)(p - to);
}

void
emit_f64(struct buf *b, double d)
{
	char text[EMIT_F64_MAX];
	size_t len = emit_f64_text(text, d);

	comma(b);
	buf_add(b, (struct span){ text, len });
}
