#include "json.h"
#include "step.h"

/*
 * The grammar has two places: where a value is expected, and behind one. The
 * containers that are open are known by what closes them.
 *
 * scan_* take a place and return what is behind what they scan there, or NULL
 * where there is a fault.
 */
#define KEPT 2 /* depths at which members are remembered */

struct scan {
	const char *end;
	const char *at, *what; /* the fault */
	size_t depth;
	char *closers; /* by depth, from the outermost on */
	struct json_members *kept[KEPT + 1]; /* by depth; NULL: not wanted */
	struct json_members *members;        /* of the open object, if kept */
};

static const char *
fault(struct scan *s, const char *at, const char *what)
{
	s->at = at;
	s->what = what;
	return NULL;
}

/* Digits and both cases of a to f, as a set of bits. */
static inline unsigned
is_hex(char c)
{
	static const uint64_t set[4] = { 0x03ff000000000000,
		0x0000007e0000007e };
	unsigned char u = (unsigned char)c;

	return set[u / 64] >> (u % 64) & 1;
}

/* At a backslash that begins none of the short ones. */
static const char *
scan_long_escape(struct scan *s, const char *p)
{
	if (s->end - p >= 6 && p[1] == 'u' &&
		is_hex(p[2]) & is_hex(p[3]) & is_hex(p[4]) & is_hex(p[5]))
		return p + 6;
	if (s->end - p < 2)
		return fault(s, s->end, "the string has no end");
	if (p[1] != 'u')
		return fault(s, p + 1, "there is no such escape");
	for (p += 2; p < s->end && is_hex(*p); p++)
		;
	return fault(s, p, "four hexadecimal digits are expected");
}

/* At a backslash; one escape often follows another. */
static const char *
scan_escapes(struct scan *s, const char *p)
{
	do {
		if (s->end - p >= 2 && step_escape(p[1]))
			p += 2;
		else
			p = scan_long_escape(s, p);
	} while (p && p < s->end && *p == '\\');
	return p;
}

/* What no string may hold, or the end of the text. */
static const char *
scan_stranger(struct scan *s, const char *p)
{
	if (p == s->end)
		return fault(s, p, "the string has no end");
	return fault(s, p, "a control character must be escaped");
}

static const char *
scan_string(struct scan *s, const char *p)
{
	p = step_plain(p + 1, s->end);
	while (p < s->end && *p == '\\') {
		p = scan_escapes(s, p);
		if (p == NULL)
			return NULL;
		p = step_plain(p, s->end);
	}
	return p < s->end && *p == '"' ? p + 1 : scan_stranger(s, p);
}

static const char *
scan_digits(struct scan *s, const char *p)
{
	const char *q = step_digits(p, s->end);

	return q > p ? q : fault(s, p, "a digit is expected");
}

static const char *
scan_exponent(struct scan *s, const char *p)
{
	return scan_digits(s, p + (p < s->end && (*p == '+' || *p == '-')));
}

static const char *
scan_number(struct scan *s, const char *p)
{
	const char *q;

	p += *p == '-';
	q = scan_digits(s, p);
	if (q && *p == '0' && q > p + 1)
		return fault(s, p, "a number has no leading zeros");
	if (q && q < s->end && *q == '.')
		q = scan_digits(s, q + 1);
	if (q && q < s->end && (*q | 0x20) == 'e')
		q = scan_exponent(s, q + 1);
	return q;
}

static const char *
scan_word(struct scan *s, const char *p, struct span word)
{
	if ((size_t)(s->end - p) < word.len || memcmp(p, word.s, word.len) != 0)
		return fault(s, p, "a value is expected");
	return p + word.len;
}

/* Tells people about the usual strangers. */
static const char *
no_value(struct scan *s, const char *p)
{
	struct span rest = { p, (size_t)(s->end - p) };

	if (span_starts(rest, SPAN("\xef\xbb\xbf")))
		return fault(s, p, "JSON has no byte order mark; remove it");
	if (span_starts(rest, SPAN("NaN")) || span_starts(rest, SPAN("Inf")))
		return fault(s, p, "JSON has no NaN or infinity; use null");
	if (span_starts(rest, SPAN("'")))
		return fault(s, p, "strings take double quotes");
	return fault(s, p, "a value is expected");
}

static inline bool
in_object(const struct scan *s)
{
	return s->depth && s->closers[s->depth - 1] == '}';
}

/* The innermost container that is open has become another one. */
static void
enter(struct scan *s)
{
	bool keep = s->depth <= KEPT && in_object(s);

	s->members = keep ? s->kept[s->depth] : NULL;
}

/* The member begins; its value's end is filled in when it is found. */
static void
begin_member(struct json_members *m, struct span key, const char *value)
{
	if (m->n == m->cap)
		m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
	m->v[m->n++] = (struct json_member){ key, { value, 0 } };
}

static void
end_member(struct json_members *m, const char *end)
{
	struct span *value = &m->v[m->n - 1].value;

	value->len = (size_t)(end - value->s);
}

/* Name, colon and the blanks around them. */
static const char *
scan_name(struct scan *s, const char *p)
{
	struct span key = { p, 0 };

	if (p == s->end || *p != '"')
		return fault(s, p, "a name in double quotes is expected");
	p = scan_string(s, p);
	if (p == NULL)
		return NULL;
	key.len = (size_t)(p - key.s);
	p = step_blanks(p, s->end);
	if (p == s->end || *p != ':')
		return fault(s, p, "a colon is expected");
	p = step_blanks(p + 1, s->end);
	if (s->members)
		begin_member(s->members, key, p);
	return p;
}

/*
 * At a bracket: a value is expected at what is returned, or with ${*closed} the
 * container was empty and it is behind it.
 */
static const char *
scan_open(struct scan *s, const char *p, bool *closed)
{
	char close = *p == '{' ? '}' : ']';

	if (s->depth == JSON_DEPTH)
		return fault(s, p, "nested deeper than 10000 levels");
	if (s->depth == 0 && close == ']')
		s->kept[1] = s->kept[2] = NULL;
	p = step_blanks(p + 1, s->end);
	*closed = p < s->end && *p == close;
	if (*closed)
		return p + 1;
	s->closers[s->depth++] = close;
	enter(s);
	return p;
}

/* The first byte of a value decides. */
static const char *
scan_value(struct scan *s, const char *p, bool *complete)
{
	*complete = true;
	switch (p < s->end ? *p : '\0') {
	case '"':
		return scan_string(s, p);
	case '{':
	case '[':
		return scan_open(s, p, complete);
	case 't':
		return scan_word(s, p, SPAN("true"));
	case 'f':
		return scan_word(s, p, SPAN("false"));
	case 'n':
		return scan_word(s, p, SPAN("null"));
	default:
		if (p < s->end && (*p == '-' || step_is_digit(*p)))
			return scan_number(s, p);
		return no_value(s, p);
	}
}

/*
 * Behind a value: closes what ends here. The next value is expected at what is
 * returned, or at depth 0 it is behind the last.
 */
static const char *
scan_behind(struct scan *s, const char *p)
{
	while (s->depth) {
		char close = s->closers[s->depth - 1];

		if (s->members)
			end_member(s->members, p);
		p = step_blanks(p, s->end);
		if (p < s->end && *p == ',')
			return step_blanks(p + 1, s->end);
		if (p == s->end || *p != close)
			return fault(s, p,
				close == '}' ? "a comma or } is expected"
					     : "a comma or ] is expected");
		p++;
		s->depth--;
		enter(s);
	}
	return p;
}

static const char *
scan_text(struct scan *s, const char *p)
{
	bool complete;

	p = step_blanks(p, s->end);
	do {
		if (in_object(s))
			p = scan_name(s, p);
		if (p)
			p = scan_value(s, p, &complete);
		if (p && complete)
			p = scan_behind(s, p);
	} while (p && s->depth);
	if (p == NULL)
		return NULL;
	p = step_blanks(p, s->end);
	return p == s->end ? p : fault(s, p, "nothing may follow the value");
}

static void
forget(struct json_members *m)
{
	if (m)
		m->n = 0;
}

/*
 * The grammar is scanned with any bytes in strings; whether they are UTF-8 is
 * a question of its own that needs no grammar. The earlier fault counts.
 */
int
json_scan_inner(struct span text, struct json_members *top,
	struct json_members *inner, struct json_fault *f)
{
	const char *start = text.s ? text.s : "";
	char closers[JSON_DEPTH];
	struct scan s = {
		.end = start + text.len,
		.closers = closers,
		.kept = { NULL, top, inner },
	};
	size_t valid;
	bool good;

	forget(top), forget(inner);
	good = scan_text(&s, start);
	*f = (struct json_fault){ good ? 0 : (size_t)(s.at - start), s.what };
	valid = utf8_valid((struct span){ start, text.len });
	if (good && valid == text.len)
		return 0;
	if (valid < text.len && (good || valid <= f->at))
		*f = (struct json_fault){ valid,
			valid ? "a byte is not UTF-8"
			      : "no text: a line of JSON is expected" };
	forget(top), forget(inner);
	return -1;
}

int
json_scan(struct span text, struct json_members *top, struct json_fault *f)
{
	return json_scan_inner(text, top, NULL, f);
}
