#include "eval/verdict.h"

/* What Python's str.strip and \s take for blanks, in UTF-8. */
static const struct span blanks[] = {
	{ " ", 1 },
	{ "\t", 1 },
	{ "\n", 1 },
	{ "\v", 1 },
	{ "\f", 1 },
	{ "\r", 1 },
	{ "\x1c", 1 },
	{ "\x1d", 1 },
	{ "\x1e", 1 },
	{ "\x1f", 1 },
	{ "\xc2\x85", 2 },
	{ "\xc2\xa0", 2 },
	{ "\xe1\x9a\x80", 3 },
	{ "\xe2\x80\x80", 3 },
	{ "\xe2\x80\x81", 3 },
	{ "\xe2\x80\x82", 3 },
	{ "\xe2\x80\x83", 3 },
	{ "\xe2\x80\x84", 3 },
	{ "\xe2\x80\x85", 3 },
	{ "\xe2\x80\x86", 3 },
	{ "\xe2\x80\x87", 3 },
	{ "\xe2\x80\x88", 3 },
	{ "\xe2\x80\x89", 3 },
	{ "\xe2\x80\x8a", 3 },
	{ "\xe2\x80\xa8", 3 },
	{ "\xe2\x80\xa9", 3 },
	{ "\xe2\x80\xaf", 3 },
	{ "\xe2\x81\x9f", 3 },
	{ "\xe3\x80\x80", 3 },
};

static bool
ends(struct span text, struct span tail)
{
	return text.len >= tail.len &&
	       memcmp(text.s + text.len - tail.len, tail.s, tail.len) == 0;
}

/* The length of the blank at the start (or end) of the text; 0 for none. */
static size_t
blank_at(struct span text, bool (*has)(struct span, struct span))
{
	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
		if (has(text, blanks[i]))
			return blanks[i].len;
	return 0;
}

static struct span
strip_start(struct span text)
{
	for (size_t n; (n = blank_at(text, span_starts));)
		text.s += n, text.len -= n;
	return text;
}

static struct span
strip_end(struct span text)
{
	for (size_t n; (n = blank_at(text, ends));)
		text.len -= n;
	return text;
}

static struct span
without_fence(struct span text)
{
	text = strip_end(strip_start(text));
	if (span_starts(text, SPAN("```json"))) {
		text.s += 7, text.len -= 7;
		text = strip_start(text);
	}
	if (ends(text, SPAN("```"))) {
		text.len -= 3;
		text = strip_end(text);
	}
	return text;
}

/*
 * Python reads NaN and Infinity as numbers; here they become zeroes, since
 * nobody asks for them. Returns false where that is not what is wrong.
 */
static bool
mend_number(struct span text, size_t at, struct span *mended, struct arena *a)
{
	static const struct span words[] = { { "NaN", 3 }, { "Infinity", 8 } };
	struct span rest = { text.s + at, text.len - at };

	for (size_t i = 0; i < 2; i++) {
		if (!span_starts(rest, words[i]))
			continue;
		if (mended->s == NULL)
			*mended = (struct span){ arena_dup(a, text), text.len };
		memset((char *)mended->s + at, ' ', words[i].len);
		((char *)mended->s)[at] = '0';
		return true;
	}
	return false;
}

static int
read_object(
	struct span text, struct span *object, struct arena *a, struct err *e)
{
	struct span mended = { 0 };
	struct json_fault f;

	while (json_scan(text, NULL, &f)) {
		if (!mend_number(text, f.at, &mended, a))
			return err_set(e, "not JSON: %s at byte %zu", f.what,
				f.at + 1);
		text = mended;
	}
	*object = json_value(text);
	if (json_kind(*object) != JSON_OBJECT)
		return err_set(e, "%s rather than an object",
			json_kind_name(json_kind(*object)));
	return 0;
}

enum verdict
verdict_json(struct span reply, const char *field, struct span *object,
	struct arena *a, struct err *e)
{
	struct span value;

	if (read_object(without_fence(reply), object, a, e))
		return VERDICT_NONE;
	value = json_get(*object, field);
	switch (json_kind(value)) {
	case JSON_TRUE:
		return VERDICT_TRUE;
	case JSON_FALSE:
		return VERDICT_FALSE;
	default:
		err_set(e, "\"%s\" is %s; true or false is expected", field,
			value.s ? json_kind_name(json_kind(value)) : "missing");
		return VERDICT_NONE;
	}
}

enum verdict
verdict_majority(const enum verdict *votes, size_t n)
{
	size_t yes = 0, no = 0;

	for (size_t i = 0; i < n; i++) {
		yes += votes[i] == VERDICT_TRUE;
		no += votes[i] == VERDICT_FALSE;
	}
	return yes > no   ? VERDICT_TRUE
	       : no > yes ? VERDICT_FALSE
	                  : VERDICT_NONE;
}
