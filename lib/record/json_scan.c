#include "json.h"
#include "step.h"

/*
 * The grammar has two places: where a value is expected, and behind one. The
 * containers that are open are known by what closes them.
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

/* Digits and both cases of a to f, as a set of bits. */
static inline unsigned
is_hex(char c)
{
	static const uint64_t set[4] = { 0x03ff000000000000,
		0x0000007e0000007e };
	unsigned char u = (unsigned char)c;

	return set[u / 64] >> (u % 64) & 1;
}

/* At a backslash that begins none of them. */
static bool
scan_long_escape(struct scan *s, const char *p)
{
	if (s->end - p >= 6 && p[1] == 'u' &&
		is_hex(p[2]) & is_hex(p[3]) & is_hex(p[4]) & is_hex(p[5]))
		return true;
	if (s->end - p < 2)
		return fault(s, s->end, "the string has no end");
	if (p[1] != 'u')
		return fault(s, p + 1, "there is no such escape");
	for (p += 2; p < s->end && is_hex(*p); p++)
		;
	return fault(s, p, "four hexadecimal digits are expected");
}

/* At a backslash; one escape often follows another. */
static bool
scan_escapes(struct scan *s, const char *p)
{
	do {
		if (s->end - p >= 2 && step_escape(p[1]))
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
		const char *p = step_plain(s->p, s->end);

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
	s->p = step_digits(p, s->end);
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
	s->p = step_blanks(s->p, s->end);
	if (s->p == s->end || *s->p != ':')
		return fault(s, s->p, "a colon is expected");
	s->p = step_blanks(s->p + 1, s->end);
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
	s->p = step_blanks(s->p + 1, s->end);
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
		if (s->p < s->end && (*s->p == '-' || step_is_digit(*s->p)))
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
		s->p = step_blanks(s->p, s->end);
		if (s->p < s->end && *s->p == ',') {
			s->p = step_blanks(s->p + 1, s->end);
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

	s->p = step_blanks(s->p, s->end);
	do {
		if (!scan_value(s, &complete))
			return false;
		if (complete && !scan_behind(s))
			return false;
	} while (s->depth);
	s->p = step_blanks(s->p, s->end);
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
		*f = (struct json_fault){ valid,
			valid ? "a byte is not UTF-8"
			      : "no text: a line of JSON is expected" };
	if (top)
		top->n = 0;
	return -1;
}
