/*
 * talk: a record's conversation as a grader reads it.
 */
#ifndef EVAL_TALK_H
#define EVAL_TALK_H

#include "record/rec.h"

/* talk_prompt(r): "prompt", or "messages" where that is absent. */
struct span talk_prompt(const struct rec *r);

/*
 * talk_text(b, r, e): Append the conversation: the system turn that the model
 * was given, if the record names one ("system"), the prompt and the completion,
 * each turn as "role: content", with an empty line between turns. This is the
 * text that HealthBench's grader is given (simple-evals, healthbench_eval.py).
 * Reasoning is left out; of content in parts, the text is taken. Returns 0, or
 * -1 with the reason in ${e} where prompt or completion is missing or malformed.
 */
int talk_text(struct buf *b, const struct rec *r, struct err *e);

/* talk_context(b, r, e): The same without the completion. */
int talk_context(struct buf *b, const struct rec *r, struct err *e);

/*
 * talk_reply(b, r, e): Append the text of the completion alone: a string, or
 * the content of its messages.
 */
int talk_reply(struct buf *b, const struct rec *r, struct err *e);

#endif
