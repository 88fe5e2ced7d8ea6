#include <stdlib.h>

#include "base/decimal.h"
#include "json.h"
#include "plain.h"

/* Steps through text. Every function below takes where it is and the end. */

static inline bool
blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && blank(*p))
		p++;
	return p;
}

static inline const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && digit(*p))
		p++;
	return p;
}

/*
 * Validation. The grammar has two places: where a value is expected, and
 * behind one. The containers that are open are known by what closes them.
 */
struct scan {
	const char *p, *end;
	const char *what; /* the fault, at ${p} */
	size_t depth;
	struct json_members *top; /* NULL: nobody wants them, or no object */
	char *closers;            /* by depth, from the outermost on */
};

static bool
fault(struct scan *s, const char *at, const char *what)
{
	s->p = at;
	s->what = what;
	return false;
}

/* Hexadecimal digits: their value, and a bit that says they are ones. */
#define IS_HEX 0x10

static unsigned
hex(char c)
{
	static const unsigned char values[256] = { ['0'] = 0x10,
		0x11,
		0x12,
		0x13,
		0x14,
		0x15,
		0x16,
		0x17,
		0x18,
		0x19,
		['A'] = 0x1a,
		0x1b,
		0x1c,
		0x1d,
		0x1e,
		0x1f,
		['a'] = 0x1a,
		0x1b,
		0x1c,
		0x1d,
		0x1e,
		0x1f };

	return values[(unsigned char)c];
}

/* The bytes of the escapes other than \u; 0 where there is no such escape. */
static const char escapes[256] = {
	['"'] = '"',
	['\\'] = '\\',
	['/'] = '/',
	['b'] = '\b',
	['f'] = '\f',
	['n'] = '\n',
	['r'] = '\r',
	['t'] = '\t',
};

/* At a backslash that begins none of them. */
static bool
scan_long_escape(struct scan *s, const char *p)
{
	if (s->end - p >= 6 && p[1] == 'u' &&
		hex(p[2]) & hex(p[3]) & hex(p[4]) & hex(p[5]) & IS_HEX)
		return true;
	if (s->end - p < 2)
		return fault(s, s->end, "the string has no end");
	if (p[1] != 'u')
		return fault(s, p + 1, "there is no such escape");
	for (p += 2; p < s->end && hex(*p); p++)
		;
	return fault(s, p, "four hexadecimal digits are expected");
}

/* At a backslash; one escape often follows another. */
static bool
scan_escapes(struct scan *s, const char *p)
{
	do {
		if (s->end - p >= 2 && escapes[(unsigned char)p[1]])
			p += 2;
		else if (scan_long_escape(s, p))
			p += 6;
		else
			return false;
	} while (p < s->end && *p == '\\');
	s->p = p;
	return true;
}

static bool
scan_string(struct scan *s)
{
	for (s->p++;;) {
		const char *p = plain_skip(s->p, s->end);

		if (p == s->end)
			return fault(s, p, "the string has no end");
		if (*p == '"')
			return s->p = p + 1, true;
		if (*p != '\\')
			return fault(
				s, p, "a control character must be escaped");
		if (!scan_escapes(s, p))
			return false;
	}
}

static bool
scan_digits(struct scan *s, const char *p)
{
	s->p = skip_digits(p, s->end);
	return s->p > p || fault(s, p, "a digit is expected");
}

static bool
scan_number(struct scan *s)
{
	const char *p = s->p + (*s->p == '-');

	if (!scan_digits(s, p))
		return false;
	if (*p == '0' && s->p > p + 1)
		return fault(s, p, "a number has no leading zeros");
	if (s->p < s->end && *s->p == '.' && !scan_digits(s, s->p + 1))
		return false;
	if (s->p == s->end || (*s->p | 0x20) != 'e')
		return true;
	p = s->p + 1;
	return scan_digits(s, p + (p < s->end && (*p == '+' || *p == '-')));
}

static bool
scan_word(struct scan *s, struct span word)
{
	if ((size_t)(s->end - s->p) < word.len ||
		memcmp(s->p, word.s, word.len) != 0)
		return fault(s, s->p, "a value is expected");
	s->p += word.len;
	return true;
}

/* Tells people about the usual strangers. */
static bool
no_value(struct scan *s)
{
	struct span rest = { s->p, (size_t)(s->end - s->p) };

	if (span_starts(rest, SPAN("\xef\xbb\xbf")))
		return fault(s, s->p, "JSON has no byte order mark; remove it");
	if (span_starts(rest, SPAN("NaN")) || span_starts(rest, SPAN("Inf")))
		return fault(s, s->p, "JSON has no NaN or infinity; use null");
	if (span_starts(rest, SPAN("'")))
		return fault(s, s->p, "strings take double quotes");
	return fault(s, s->p, "a value is expected");
}

/* The member begins; its value's end is filled in when it is found. */
static void
begin_member(struct json_members *top, const char *key, size_t len)
{
	top->v = mem_grow(top->v, &top->cap, top->n + 1, sizeof(*top->v));
	top->v[top->n++].key = (struct span){ key, len };
}

/* Name, colon and the blanks around them. */
static bool
scan_name(struct scan *s)
{
	const char *key = s->p;

	if (key == s->end || *key != '"')
		return fault(s, key, "a name in double quotes is expected");
	if (!scan_string(s))
		return false;
	if (s->depth == 1 && s->top)
		begin_member(s->top, key, (size_t)(s->p - key));
	s->p = skip_blanks(s->p, s->end);
	if (s->p == s->end || *s->p != ':')
		return fault(s, s->p, "a colon is expected");
	s->p = skip_blanks(s->p + 1, s->end);
	if (s->depth == 1 && s->top)
		s->top->v[s->top->n - 1].value.s = s->p;
	return true;
}

/*
 * At a bracket: true with ${s} where a value is expected, or with ${*closed}
 * behind an empty container.
 */
static bool
scan_open(struct scan *s, bool *closed)
{
	char close = *s->p == '{' ? '}' : ']';

	if (s->depth == JSON_DEPTH)
		return fault(s, s->p, "nested deeper than 10000 levels");
	if (s->depth == 0 && close == ']')
		s->top = NULL;
	s->p = skip_blanks(s->p + 1, s->end);
	*closed = s->p < s->end && *s->p == close;
	if (*closed)
		return s->p++, true;
	s->closers[s->depth++] = close;
	return close == '}' ? scan_name(s) : true;
}

/* The first byte of a value decides. */
static bool
scan_value(struct scan *s, bool *complete)
{
	*complete = true;
	switch (s->p < s->end ? *s->p : '\0') {
	case '"':
		return scan_string(s);
	case '{':
	case '[':
		return scan_open(s, complete);
	case 't':
		return scan_word(s, SPAN("true"));
	case 'f':
		return scan_word(s, SPAN("false"));
	case 'n':
		return scan_word(s, SPAN("null"));
	default:
		if (s->p < s->end && (*s->p == '-' || digit(*s->p)))
			return scan_number(s);
		return no_value(s);
	}
}

/*
 * Behind a value: closes what ends here. True with ${s} where the next value
 * is expected, or at depth 0 behind the last.
 */
static bool
scan_behind(struct scan *s)
{
	while (s->depth) {
		char close = s->closers[s->depth - 1];

		if (s->depth == 1 && s->top) {
			struct span *v = &s->top->v[s->top->n - 1].value;

			v->len = (size_t)(s->p - v->s);
		}
		s->p = skip_blanks(s->p, s->end);
		if (s->p < s->end && *s->p == ',') {
			s->p = skip_blanks(s->p + 1, s->end);
			return close == '}' ? scan_name(s) : true;
		}
		if (s->p == s->end || *s->p != close)
			return fault(s, s->p,
				close == '}' ? "a comma or } is expected"
					     : "a comma or ] is expected");
		s->p++;
		s->depth--;
	}
	return true;
}

static bool
scan_text(struct scan *s)
{
	bool complete;

	s->p = skip_blanks(s->p, s->end);
	do {
		if (!scan_value(s, &complete))
			return false;
		if (complete && !scan_behind(s))
			return false;
	} while (s->depth);
	s->p = skip_blanks(s->p, s->end);
	return s->p == s->end || fault(s, s->p, "nothing may follow the value");
}

/*
 * The grammar is scanned with any bytes in strings; whether they are UTF-8 is
 * a question of its own that needs no grammar. The earlier fault counts.
 */
int
json_scan(struct span text, struct json_members *top, struct json_fault *f)
{
	const char *start = text.s ? text.s : "";
	char closers[JSON_DEPTH];
	struct scan s = {
		.p = start,
		.end = start + text.len,
		.top = top,
		.closers = closers,
	};
	size_t valid;
	bool good;

	if (top)
		top->n = 0;
	good = scan_text(&s);
	*f = (struct json_fault){ (size_t)(s.p - start), s.what };
	valid = utf8_valid((struct span){ start, text.len });
	if (good && valid == text.len)
		return 0;
	if (valid < text.len && (good || valid <= f->at))
		*f = (struct json_fault){ valid, "a byte is not UTF-8" };
	if (top)
		top->n = 0;
	return -1;
}

void
json_members_release(struct json_members *m)
{
	free(m->v);
	*m = (struct json_members){ 0 };
}

/* Walking. From here on the text is known to be valid. */

struct span
json_value(struct span text)
{
	return span_trim(text, " \n\r\t");
}

enum json_kind
json_kind(struct span value)
{
	if (value.s == NULL || value.len == 0)
		return JSON_ABSENT;
	switch (*value.s) {
	case 'n':
		return JSON_NULL;
	case 'f':
		return JSON_FALSE;
	case 't':
		return JSON_TRUE;
	case '"':
		return JSON_STRING;
	case '[':
		return JSON_ARRAY;
	case '{':
		return JSON_OBJECT;
	default:
		return JSON_NUMBER;
	}
}

const char *
json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_ABSENT] = "nothing",
		[JSON_NULL] = "null",
		[JSON_FALSE] = "false",
		[JSON_TRUE] = "true",
		[JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string",
		[JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object",
	};

	return names[kind];
}

/* From a string's opening quote to behind its closing one. */
static const char *
pass_string(const char *p, const char *end)
{
	for (p = plain_skip(p + 1, end); p < end && *p != '"';)
		p = plain_skip(p + 2, end);
	return p + 1;
}

static const char *
pass_container(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		switch (*p) {
		case '"':
			p = pass_string(p, end);
			continue;
		case '[':
		case '{':
			depth++;
			break;
		case ']':
		case '}':
			if (--depth == 0)
				return p + 1;
			break;
		}
		p++;
	}
	return end;
}

/* A number or a word: up to what may follow a value. */
static const char *
pass_scalar(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i comma = _mm_set1_epi8(','), space = _mm_set1_epi8(' ');
	const __m128i array = _mm_set1_epi8(']'), object = _mm_set1_epi8('}');

	for (; end - p >= 16; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i hit = _mm_cmpeq_epi8(_mm_min_epu8(v, space), v);
		int mask;

		hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, comma));
		hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, array));
		hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, object));
		mask = _mm_movemask_epi8(hit);
		if (mask)
			return p + __builtin_ctz((unsigned)mask);
	}
#endif
	while (p < end && *p != ',' && *p != ']' && *p != '}' && !blank(*p))
		p++;
	return p;
}

static const char *
pass_value(const char *p, const char *end)
{
	if (*p == '"')
		return pass_string(p, end);
	if (*p == '[' || *p == '{')
		return pass_container(p, end);
	return pass_scalar(p, end);
}

struct json_iter
json_iter(struct span container)
{
	enum json_kind kind = json_kind(container);

	if (kind != JSON_ARRAY && kind != JSON_OBJECT)
		return (struct json_iter){ 0 };
	return (struct json_iter){
		.p = container.s + 1,
		.end = container.s + container.len - 1,
		.object = kind == JSON_OBJECT,
	};
}

bool
json_next(struct json_iter *it, struct json_member *m)
{
	const char *p = skip_blanks(it->p, it->end), *q;

	m->key = (struct span){ 0 };
	if (p == it->end)
		return false;
	if (it->object) {
		q = pass_string(p, it->end);
		m->key = (struct span){ p, (size_t)(q - p) };
		p = skip_blanks(q, it->end);
		p = skip_blanks(p + 1, it->end);
	}
	q = pass_value(p, it->end);
	m->value = (struct span){ p, (size_t)(q - p) };
	q = skip_blanks(q, it->end);
	it->p = q < it->end ? q + 1 : q;
	return true;
}

size_t
json_count(struct span container)
{
	struct json_iter it = json_iter(container);
	struct json_member m;
	size_t n = 0;

	while (json_next(&it, &m))
		n++;
	return n;
}

struct span
json_at(struct span array, size_t index)
{
	struct json_iter it = json_iter(array);
	struct json_member m;

	if (it.object)
		return (struct span){ 0 };
	while (json_next(&it, &m))
		if (index-- == 0)
			return m.value;
	return (struct span){ 0 };
}

struct span
json_get(struct span object, const char *name)
{
	struct json_iter it = json_iter(object);
	struct span found = { 0 };
	struct json_member m;

	while (it.object && json_next(&it, &m))
		if (json_is(m.key, name))
			found = m.value;
	return found;
}

/* Decoding. */

/* What a string has between its quotes; absent for any other kind. */
static struct span
inner(struct span string)
{
	if (json_kind(string) != JSON_STRING)
		return (struct span){ 0 };
	return (struct span){ string.s + 1, string.len - 2 };
}

static uint32_t
four_digits(const char *p)
{
	uint32_t code = 0;

	for (int i = 0; i < 4; i++)
		code = code << 4 | (hex(p[i]) & 0xf);
	return code;
}

/* At the escape of a surrogate: of a pair, or else of one that is alone. */
static const char *
decode_surrogate(const char *p, const char *end, uint32_t *code)
{
	uint32_t high = four_digits(p + 2), low = 0;

	if (high < 0xdc00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u')
		low = four_digits(p + 8);
	if ((low & 0xfc00) != 0xdc00) {
		*code = UTF8_BAD;
		return p + 6;
	}
	*code = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
	return p + 12;
}

/* Decodes the escape at ${p}, of length ${*n} then; returns what is behind. */
static const char *
decode_escape(const char *p, const char *end, char to[UTF8_MAX], size_t *n)
{
	uint32_t code;

	*n = 1;
	if ((*to = escapes[(unsigned char)p[1]]))
		return p + 2;
	code = four_digits(p + 2);
	if ((code & 0xf800) == 0xd800)
		p = decode_surrogate(p, end, &code);
	else
		p += 6;
	*n = utf8_put(to, code);
	return p;
}

bool
json_is(struct span string, const char *text)
{
	struct span in = inner(string);
	const char *p = in.s, *end = p + in.len;
	char code[UTF8_MAX];
	size_t n;

	if (p == NULL)
		return false;
	while (p < end) {
		if (*p != '\\') {
			if (*p++ != *text++)
				return false;
			continue;
		}
		p = decode_escape(p, end, code, &n);
		if (*code == '\0' || strncmp(text, code, n) != 0)
			return false;
		text += n;
	}
	return *text == '\0';
}

struct span
json_str(struct span string, struct arena *a)
{
	struct span in = inner(string);
	const char *p = in.s, *end = p + in.len, *q;
	char *text, *to;
	size_t n;

	if (p == NULL || plain_skip(p, end) == end)
		return in;
	text = to = arena_alloc(a, in.len + PLAIN_BLOCK);
	for (; (q = plain_copy(to, p, end)) < end; to += n) {
		to += q - p;
		p = decode_escape(q, end, to, &n);
	}
	return (struct span){ text, (size_t)(to + (q - p) - text) };
}

bool
json_f64(struct span number, double *to)
{
	return json_kind(number) == JSON_NUMBER && decimal_f64(number, to);
}

bool
json_i64(struct span number, int64_t *to)
{
	return json_kind(number) == JSON_NUMBER && decimal_i64(number, to);
}

bool
json_true(struct span value)
{
	return json_kind(value) == JSON_TRUE;
}
