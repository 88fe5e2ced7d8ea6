/*
 * lexical: a model that knows only words.
 *
 * What cupel-standin answers by itself, so that a pipeline can be rehearsed
 * without a model: plausible prose on the words of the question, and verdicts
 * by how many words of a criterion a reply uses. Its answers have the right
 * form and vary with their input; nobody should take them for judgements.
 * Pure functions: whatever looks like chance is drawn from the caller's
 * generator.
 *
 * A term is a word that carries content, whatever its ending: function words
 * are left out, ASCII letters lose their case, and only the first six
 * characters count. Text in Chinese, Japanese or Korean, which has no blanks,
 * gives a term for every two neighbouring characters.
 */
#ifndef EVAL_LEXICAL_H
#define EVAL_LEXICAL_H

#include "base/buf.h"
#include "base/rng.h"

struct lexical_term {
	uint64_t hash;
	struct span word; /* as it stands in the text */
	bool content;     /* no function word */
};

struct lexical_terms {
	struct lexical_term *v;
	size_t n;
};

/* lexical_terms(text, a): Its terms, each once, in their order. */
struct lexical_terms lexical_terms(struct span text, struct arena *a);

/*
 * lexical_words(text, a): Its words, function words among them, each once, in
 * the order of their hashes.
 */
struct lexical_terms lexical_words(struct span text, struct arena *a);

/*
 * lexical_cover(wanted, text, a): The share of the terms of ${wanted} that
 * ${text} has, 0 to 1; 0 where ${wanted} has none.
 */
double lexical_cover(struct span wanted, struct span text, struct arena *a);

/* A question whether a reply meets a criterion. */
struct lexical_item {
	struct span criterion; /* without its points */
	double points;         /* 1 where there are none */
	struct span reply;     /* the last assistant turn */
};

/*
 * lexical_item(prompt, i): Is ${prompt} such a question? Knows the layout of the
 * project's own grader files (<conversation>, <criterion>) and of simple-evals
 * ("# Conversation", "# Rubric item").
 */
bool lexical_item(struct span prompt, struct lexical_item *i);

/*
 * lexical_grade(b, i, noise, a): Append the verdict, a fenced JSON object with
 * "explanation" and "criteria_met". ${noise} in [-1, 1] tips close ones.
 */
void lexical_grade(struct buf *b, const struct lexical_item *i, double noise,
	struct arena *a);

/* A question that is to be answered by one of two words. */
struct lexical_choice {
	struct span yes, no; /* as the prompt spells them */
	struct span question, reply;
};

/* lexical_choice(prompt, c): Is ${prompt} such a question? */
bool lexical_choice(struct span prompt, struct lexical_choice *c);

/* lexical_yes(c, noise, a): How probable "yes" is, strictly within 0 and 1. */
double lexical_yes(
	const struct lexical_choice *c, double noise, struct arena *a);

/* lexical_write(b, about, rng, a): Append a reply to a user who says ${about}. */
void lexical_write(
	struct buf *b, struct span about, struct rng *rng, struct arena *a);

#endif
