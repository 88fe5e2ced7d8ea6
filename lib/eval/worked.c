#include <math.h>

#include "eval/lexical.h"
#include "eval/worked.h"

/* Function words tell "I can't" from a description, but say less. */
#define FUNCTION_WEIGHT 0.4
/* How much liker yes than no a sentence must be, how sharply that counts. */
#define ENOUGH 0.08
#define SHARPNESS 12.0
#define NOISE 0.04

struct example {
	struct lexical_terms words;
	bool yes;
	struct example *next;
};

/* Up to and without the first LF; ${rest} goes behind it. */
static struct span
next_line(struct span *rest)
{
	const char *lf = memchr(rest->s, '\n', rest->len);
	struct span line = { rest->s, lf ? (size_t)(lf - rest->s) : rest->len };
	size_t n = line.len + (lf != NULL);

	rest->s += n, rest->len -= n;
	return line;
}

/* "yes" or "no" at the start of ${text}, and then no further letter. */
static bool
starts_with_word(struct span text, struct span word)
{
	return span_starts(text, word) &&
	       (text.len == word.len || text.s[word.len] < 'a' ||
		       text.s[word.len] > 'z');
}

/* Where the last ${needle} of ${hay} begins, or NULL. */
static const char *
last_of(struct span hay, struct span needle)
{
	const char *last = NULL, *at;

	while (hay.len && (at = span_find(hay, needle))) {
		last = at;
		hay.len -= (size_t)(at + 1 - hay.s);
		hay.s = at + 1;
	}
	return last;
}

/* What is quoted last, which is what the assistant says; else all of it. */
static struct span
spoken(struct span said)
{
	const char *close = last_of(said, SPAN("\"")), *open = NULL;

	if (close)
		open = last_of(
			(struct span){ said.s, (size_t)(close - said.s) },
			SPAN("\""));
	if (open == NULL)
		return said;
	return (struct span){ open + 1, (size_t)(close - open - 1) };
}

/* The example that ${line} is, in front of ${list}; ${list} if it is none. */
static struct example *
take_example(struct span line, struct example *list, struct arena *a)
{
	const char *arrow = last_of(line, SPAN("-> "));
	struct example *x;
	struct span verdict;
	bool yes;

	if (arrow == NULL)
		return list;
	verdict = (struct span){ arrow + 3,
		(size_t)(line.s + line.len - arrow - 3) };
	yes = starts_with_word(verdict, SPAN("yes"));
	if (!yes && !starts_with_word(verdict, SPAN("no")))
		return list;
	x = arena_alloc(a, sizeof(*x));
	line.len = (size_t)(arrow - line.s);
	*x = (struct example){ lexical_words(spoken(line), a), yes, list };
	return x;
}

static struct example *
examples(struct span question, struct span reply, struct arena *a)
{
	struct example *list = NULL;

	while (question.len) {
		struct span line = next_line(&question);
		bool own = reply.s && line.s + line.len > reply.s &&
		           line.s < reply.s + reply.len;

		if (!own)
			list = take_example(line, list, a);
	}
	return list;
}

static double
weight(const struct lexical_terms *t)
{
	double sum = 0;

	for (size_t i = 0; i < t->n; i++)
		sum += t->v[i].content ? 1 : FUNCTION_WEIGHT;
	return sum;
}

/* Dice's coefficient of two lists in the order of hashes: 0 to 1. */
static double
likeness(const struct lexical_terms *x, const struct lexical_terms *y)
{
	double both = 0, all = weight(x) + weight(y);

	for (size_t i = 0, j = 0; i < x->n && j < y->n;) {
		if (x->v[i].hash == y->v[j].hash)
			both += x->v[i].content ? 2 : 2 * FUNCTION_WEIGHT;
		if (x->v[i].hash <= y->v[j].hash)
			i++;
		else
			j++;
	}
	return all > 0 ? both / all : 0;
}

/* By how much a sentence is liker its nearest yes than its nearest no. */
static double
lead_of(struct span sentence, const struct example *list, struct arena *a)
{
	struct lexical_terms words = lexical_words(sentence, a);
	double near[2] = { 0, 0 };

	if (words.n == 0)
		return -1;
	for (; list; list = list->next)
		near[list->yes] = fmax(
			near[list->yes], likeness(&words, &list->words));
	return near[true] - near[false];
}

/* Up to and with the next full stop or the like; ${rest} goes behind it. */
static struct span
next_sentence(struct span *rest)
{
	struct span s = *rest;
	size_t n = 0;

	while (n < s.len && !strchr(".!?;\n", s.s[n]))
		n++;
	s.len = n + (n < s.len);
	rest->s += s.len, rest->len -= s.len;
	return s;
}

bool
worked_yes(struct span question, struct span reply, double noise, double *p,
	struct arena *a)
{
	const struct example *list = examples(question, reply, a);
	bool either[2] = { false, false };
	double lead = -1;

	for (const struct example *x = list; x; x = x->next)
		either[x->yes] = true;
	if (!either[true] || !either[false])
		return false;
	while (reply.len)
		lead = fmax(lead, lead_of(next_sentence(&reply), list, a));
	*p = 1 / (1 + exp(-SHARPNESS * (lead - ENOUGH + noise * NOISE)));
	return true;
}
