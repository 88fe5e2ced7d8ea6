#include "model/token.h"

#define WORD_MAX 7 /* letters in one token */

enum kind { LETTER, DIGIT, BLANK, OTHER };

static enum kind
kind_of(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return LETTER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' ? BLANK : OTHER;
}

/* Bytes of the run of ${kind} that starts at ${i}, at most ${max}. */
static size_t
run(struct span text, size_t i, enum kind kind, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < text.len &&
		kind_of((unsigned char)text.s[i + n]) == kind)
		n++;
	return n;
}

/* One character: a byte and what continues it. */
static size_t
character(struct span text, size_t i)
{
	size_t n = 1;

	while (n < 4 && i + n < text.len && (text.s[i + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static size_t
length(struct span text)
{
	size_t lead = text.len > 1 && text.s[0] == ' ' &&
	              kind_of((unsigned char)text.s[1]) != BLANK;
	enum kind kind = kind_of((unsigned char)text.s[lead]);

	if (kind == LETTER)
		return lead + run(text, lead, kind, WORD_MAX);
	if (kind == DIGIT)
		return lead + run(text, lead, kind, 3);
	if (kind == BLANK)
		return run(text, 0, kind, 8);
	return lead + character(text, lead);
}

struct span
token_next(struct span *text)
{
	struct span token = { NULL, 0 };

	if (text->len == 0)
		return token;
	token.s = text->s;
	token.len = length(*text);
	text->s += token.len;
	text->len -= token.len;
	return token;
}

uint64_t
token_count(struct span text)
{
	uint64_t n = 0;

	while (token_next(&text).s)
		n++;
	return n;
}

struct span
token_prefix(struct span text, uint64_t n)
{
	struct span rest = text;

	while (n-- > 0 && token_next(&rest).s)
		;
	return (struct span){ text.s, text.len - rest.len };
}
