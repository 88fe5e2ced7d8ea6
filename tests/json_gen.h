/*
 * json_gen: random JSON, and a second opinion on what is JSON.
 *
 * The generator writes what the grammar allows: blanks, escapes, any script,
 * numbers of all spellings, the same name twice. The validator is the grammar
 * written down as plainly as possible, to hold the fast scanner against.
 */
#ifndef JSON_GEN_H
#define JSON_GEN_H

#include "base/buf.h"
#include "base/rng.h"
#include "base/utf8.h"

struct json_gen {
	struct rng r;
	struct buf text;
	bool lone; /* write escapes of lone surrogates, too */
};

static inline uint64_t
gen_below(struct json_gen *g, uint64_t n)
{
	return rng_below(&g->r, n);
}

static inline void
gen_blanks(struct json_gen *g)
{
	while (gen_below(g, 8) == 0)
		buf_byte(&g->text, " \n\r\t"[gen_below(g, 4)]);
}

/* A code point that is no surrogate, of each length in UTF-8 alike. */
static inline uint32_t
gen_code(struct json_gen *g)
{
	static const uint32_t below[] = { 0x80, 0x800, 0x10000, 0x110000 };
	uint32_t code;

	do
		code = (uint32_t)gen_below(g, below[gen_below(g, 4)]);
	while (code >= 0xd800 && code < 0xe000);
	return code;
}

static inline void
gen_escape(struct json_gen *g)
{
	uint32_t code = gen_code(g);

	if (gen_below(g, 2)) {
		buf_byte(&g->text, '\\');
		buf_byte(&g->text, "\"\\/bfnrt"[gen_below(g, 8)]);
		return;
	}
	if (g->lone && gen_below(g, 4) == 0)
		code = 0xd800 + (uint32_t)gen_below(g, 0x800);
	if (code >= 0x10000) {
		buf_printf(
			&g->text, "\\u%04x", 0xd800 + ((code - 0x10000) >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	buf_printf(&g->text, gen_below(g, 2) ? "\\u%04x" : "\\u%04X", code);
}

static inline void
gen_plain(struct json_gen *g)
{
	uint32_t code = gen_code(g);
	char text[UTF8_MAX];

	if (code >= 0x20 && code != '"' && code != '\\')
		buf_add(&g->text, (struct span){ text, utf8_put(text, code) });
}

static inline void
gen_string(struct json_gen *g)
{
	size_t n = gen_below(g, gen_below(g, 8) ? 12 : 120);
	bool ascii = gen_below(g, 2);

	buf_byte(&g->text, '"');
	while (n--)
		if (gen_below(g, 10) == 0)
			gen_escape(g);
		else if (ascii)
			buf_byte(&g->text, (char)('a' + gen_below(g, 26)));
		else
			gen_plain(g);
	buf_byte(&g->text, '"');
}

static inline void
gen_digits(struct json_gen *g, size_t n)
{
	while (n--)
		buf_byte(&g->text, (char)('0' + gen_below(g, 10)));
}

static inline void
gen_number(struct json_gen *g)
{
	if (gen_below(g, 3) == 0)
		buf_byte(&g->text, '-');
	if (gen_below(g, 4)) {
		buf_byte(&g->text, (char)('1' + gen_below(g, 9)));
		gen_digits(g, gen_below(g, gen_below(g, 4) ? 4 : 20));
	} else {
		buf_byte(&g->text, '0');
	}
	if (gen_below(g, 2)) {
		buf_byte(&g->text, '.');
		gen_digits(g, 1 + gen_below(g, gen_below(g, 4) ? 4 : 20));
	}
	if (gen_below(g, 4) == 0) {
		buf_byte(&g->text, "eE"[gen_below(g, 2)]);
		if (gen_below(g, 2))
			buf_byte(&g->text, "+-"[gen_below(g, 2)]);
		gen_digits(g, 1 + gen_below(g, 2));
	}
}

static inline void gen_value(struct json_gen *g, int depth);

static inline void
gen_container(struct json_gen *g, int depth)
{
	bool object = gen_below(g, 2);
	size_t n = gen_below(g, 6);

	buf_byte(&g->text, object ? '{' : '[');
	gen_blanks(g);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(&g->text, ',');
		gen_blanks(g);
		if (object && gen_below(g, 3))
			gen_string(g);
		else if (object)
			buf_printf(&g->text, "\"%c\"",
				(int)('a' + gen_below(g, 3)));
		gen_blanks(g);
		if (object)
			buf_byte(&g->text, ':');
		gen_blanks(g);
		gen_value(g, depth - 1);
		gen_blanks(g);
	}
	buf_byte(&g->text, object ? '}' : ']');
}

/* gen_value(g, depth): Append a value, nested at most ${depth} deep. */
static inline void
gen_value(struct json_gen *g, int depth)
{
	static const char *const words[] = { "null", "true", "false" };

	switch (gen_below(g, depth > 0 ? 10 : 5)) {
	case 0:
		buf_add(&g->text, span_str(words[gen_below(g, 3)]));
		break;
	case 1:
	case 2:
		gen_number(g);
		break;
	case 3:
	case 4:
		gen_string(g);
		break;
	default:
		gen_container(g, depth);
	}
}

/* gen_text(g, depth): Make ${g->text} a whole text with blanks around it. */
static inline struct span
gen_text(struct json_gen *g, int depth)
{
	buf_clear(&g->text);
	gen_blanks(g);
	gen_value(g, depth);
	gen_blanks(g);
	return buf_span(&g->text);
}

/* The second opinion: each takes a place and returns what is behind, or NULL. */

static inline const char *
plainly_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p;
}

static inline const char *
plainly_digits(const char *p, const char *end)
{
	if (p == NULL || p == end || *p < '0' || *p > '9')
		return NULL;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static inline const char *
plainly_number(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	p = p < end && *p == '0' ? p + 1 : plainly_digits(p, end);
	if (p && p < end && *p == '.')
		p = plainly_digits(p + 1, end);
	if (p && p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = plainly_digits(p, end);
	}
	return p;
}

/* One character as it stands, by the table of RFC 3629, section 4. */
static inline const char *
plainly_utf8(const char *p, const char *end)
{
	static const unsigned char rows[][5] = {
		{ 0x00, 0x7f, 1, 0, 0 },
		{ 0xc2, 0xdf, 2, 0x80, 0xbf },
		{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
		{ 0xe1, 0xec, 3, 0x80, 0xbf },
		{ 0xed, 0xed, 3, 0x80, 0x9f },
		{ 0xee, 0xef, 3, 0x80, 0xbf },
		{ 0xf0, 0xf0, 4, 0x90, 0xbf },
		{ 0xf1, 0xf3, 4, 0x80, 0xbf },
		{ 0xf4, 0xf4, 4, 0x80, 0x8f },
	};
	const unsigned char *u = (const unsigned char *)p;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const unsigned char *row = rows[i];

		if (u[0] < row[0] || u[0] > row[1])
			continue;
		if (end - p < row[2])
			return NULL;
		if (row[2] > 1 && (u[1] < row[3] || u[1] > row[4]))
			return NULL;
		for (int k = 2; k < row[2]; k++)
			if (u[k] < 0x80 || u[k] > 0xbf)
				return NULL;
		return p + row[2];
	}
	return NULL;
}

static inline const char *
plainly_string(const char *p, const char *end)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (p == end || *p++ != '"')
		return NULL;
	while (p && p < end && *p != '"') {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p != '\\') {
			p = plainly_utf8(p, end);
			continue;
		}
		if (++p == end || !memchr("\"\\/bfnrtu", *p, 9))
			return NULL;
		if (*p++ != 'u')
			continue;
		for (int i = 0; i < 4; i++, p++)
			if (p == end || !memchr(hex, *p, 22))
				return NULL;
	}
	return p == NULL || p == end ? NULL : p + 1;
}

static inline const char *plainly_value(
	const char *p, const char *end, int depth);

static inline const char *
plainly_container(const char *p, const char *end, int depth)
{
	bool object = *p == '{';
	char close = object ? '}' : ']';

	p = plainly_blanks(p + 1, end);
	if (p < end && *p == close)
		return p + 1;
	for (;;) {
		if (object) {
			p = plainly_string(plainly_blanks(p, end), end);
			p = p ? plainly_blanks(p, end) : NULL;
			if (p == NULL || p == end || *p++ != ':')
				return NULL;
		}
		p = plainly_value(p, end, depth - 1);
		p = p ? plainly_blanks(p, end) : NULL;
		if (p == NULL || p == end)
			return NULL;
		if (*p == close)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static inline const char *
plainly_value(const char *p, const char *end, int depth)
{
	static const char *const words[] = { "null", "true", "false" };

	p = plainly_blanks(p, end);
	if (p == end)
		return NULL;
	for (int i = 0; i < 3; i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(end - p) >= n && memcmp(p, words[i], n) == 0)
			return p + n;
	}
	if (*p == '"')
		return plainly_string(p, end);
	if (*p == '{' || *p == '[')
		return depth ? plainly_container(p, end, depth) : NULL;
	return plainly_number(p, end);
}

/* plainly_json(text, depth): Is it one value, nested at most ${depth} deep? */
static inline bool
plainly_json(struct span text, int depth)
{
	const char *end = text.s + text.len;
	const char *p = plainly_value(text.s, end, depth);

	return p && plainly_blanks(p, end) == end;
}

#endif
