#include <ctype.h>
#include <math.h>

#include "eval/yesno.h"

/* Servers write this, or less, for a probability of zero. */
#define ZERO_LOGPROB (-9999.0)

enum side { NEITHER, YES, NO };

struct mass {
	double yes, no, listed;
};

/* Marks of a blank in the vocabularies of GPT-2 and SentencePiece. */
static const struct span marks[] = { { "\xc4\xa0", 2 }, { "\xc4\x8a", 2 },
	{ "\xe2\x96\x81", 3 } };

static bool
is_edge(char c)
{
	return isspace((unsigned char)c) || ispunct((unsigned char)c);
}

/* How much at the start of the token is a blank or punctuation. */
static size_t
edge(struct span s)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (span_starts(s, marks[i]))
			return marks[i].len;
	return s.len && is_edge(*s.s);
}

/* The token without blanks and punctuation around it. */
static struct span
bare(struct span s)
{
	for (size_t n; (n = edge(s));)
		s.s += n, s.len -= n;
	while (s.len && is_edge(s.s[s.len - 1]))
		s.len--;
	return s;
}

static bool
is_word(struct span s, const char *word)
{
	size_t n = strlen(word);

	if (s.len != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (tolower((unsigned char)s.s[i]) != word[i])
			return false;
	return true;
}

static enum side
side_of(struct span token)
{
	token = bare(token);
	return is_word(token, "yes")  ? YES
	       : is_word(token, "no") ? NO
	                              : NEITHER;
}

/* "bytes" says what a token is even where it is half a character. */
static struct span
token_text(struct span item, struct arena *a)
{
	struct span bytes = json_get(item, "bytes");
	struct json_iter it = json_iter(bytes);
	struct json_member m;
	struct span text = { 0 };
	char *to;

	if (json_kind(bytes) != JSON_ARRAY || json_count(bytes) == 0)
		return json_str(json_get(item, "token"), a);
	text.s = to = arena_alloc(a, json_count(bytes));
	while (json_next(&it, &m)) {
		int64_t byte;

		if (!json_i64(m.value, &byte) || byte < 0 || byte > 255)
			return json_str(json_get(item, "token"), a);
		to[text.len++] = (char)byte;
	}
	return text;
}

/* Was the token listed before ${end}? The sampled one often is, twice. */
static bool
seen(struct span list, size_t end, struct span token, struct arena *a)
{
	struct json_iter it = json_iter(list);
	struct json_member m;

	for (size_t i = 0; i < end && json_next(&it, &m); i++)
		if (span_eq(token_text(m.value, a), token))
			return true;
	return false;
}

static void
add(struct mass *m, struct span item, struct span token)
{
	double logprob, p;

	if (!json_f64(json_get(item, "logprob"), &logprob))
		return;
	p = logprob <= ZERO_LOGPROB ? 0 : exp(logprob);
	m->listed += p;
	switch (side_of(token)) {
	case YES:
		m->yes += p;
		break;
	case NO:
		m->no += p;
		break;
	case NEITHER:
		break;
	}
}

/* All tokens that could have stood at this place, each once. */
static struct mass
weigh(struct span item, struct arena *a)
{
	struct span list = json_get(item, "top_logprobs");
	struct span sampled = token_text(item, a);
	struct json_iter it = json_iter(list);
	struct json_member m;
	struct mass mass = { 0 };
	size_t i = 0;

	for (; json_next(&it, &m); i++) {
		struct span token = token_text(m.value, a);

		if (!seen(list, i, token, a))
			add(&mass, m.value, token);
	}
	if (!seen(list, i, sampled, a))
		add(&mass, item, sampled);
	return mass;
}

static void
settle(struct yesno *y, const struct mass *m)
{
	double both = m->yes + m->no;
	double tail = m->listed < 1 ? 1 - m->listed : 0;

	*y = (struct yesno){ .high = 1, .coverage = both };
	if (!(both > 0))
		return;
	y->source = YESNO_LOGPROBS;
	y->p = m->yes / both;
	y->low = m->yes / (both + tail);
	y->high = (m->yes + tail) / (both + tail);
}

bool
yesno_logprobs(struct yesno *y, struct span logprobs)
{
	struct json_iter it = json_iter(json_get(logprobs, "content"));
	struct json_member m;
	struct arena a = { 0 };
	bool found = false;

	while (!found && json_next(&it, &m)) {
		struct mass mass;

		if (bare(token_text(m.value, &a)).len == 0)
			continue;
		mass = weigh(m.value, &a);
		settle(y, &mass);
		found = true;
	}
	arena_release(&a);
	return found;
}

bool
yesno_text(struct yesno *y, struct span text)
{
	size_t n = 0;
	enum side side;

	text = bare(text);
	while (n < text.len && isalpha((unsigned char)text.s[n]))
		n++;
	side = side_of((struct span){ text.s, n });
	*y = (struct yesno){ .high = 1 };
	if (side == NEITHER)
		return false;
	y->source = YESNO_VERBAL;
	y->p = y->low = y->high = side == YES;
	return true;
}
