/*
 * yesno: how probable a judge thinks that the answer is yes.
 *
 * From the log probabilities of the answer's first token: with Y the mass of all
 * ways to write yes and N that of no, P(yes) = Y / (Y + N). A server lists only
 * the most probable tokens, so what it does not list, the tail T, could be
 * either: P(yes) lies between Y / (Y + N + T) and (Y + T) / (Y + N + T). Where
 * neither is listed there is no probability. Rule Based Rewards (arXiv
 * 2411.01111) takes its propositions' probabilities from these two tokens.
 */
#ifndef EVAL_YESNO_H
#define EVAL_YESNO_H

#include "record/json.h"

enum yesno_source {
	YESNO_NONE,     /* there is no probability */
	YESNO_LOGPROBS, /* from log probabilities */
	YESNO_VERBAL,   /* from the words: 0 or 1 */
};

struct yesno {
	enum yesno_source source;
	double p;
	double low, high; /* what p could be, were the tail known */
	double coverage;  /* Y + N */
};

/*
 * yesno_logprobs(y, logprobs): Read a chat completion's {"content": [...]}: the
 * first token that is more than blanks and punctuation. False where there are
 * no log probabilities at all; where neither side is listed the source is
 * YESNO_NONE.
 */
bool yesno_logprobs(struct yesno *y, struct span logprobs);

/* yesno_text(y, text): By the first word: yes or no. False for any other. */
bool yesno_text(struct yesno *y, struct span text);

#endif
