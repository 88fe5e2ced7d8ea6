/*
 * script: replies that a jq program makes from the request's body.
 *
 * A string is the answer's text. An object is the answer's message: content,
 * reasoning_content, refusal, finish_reason and logprobs are known, and further
 * members go into the message as they are. An object with "status" is a whole
 * reply: {"status":503,"headers":{"Retry-After":"2"},"body":...}, where a body
 * that is a string goes out as text. Several results are several draws.
 */
#ifndef EVAL_SCRIPT_H
#define EVAL_SCRIPT_H

#include "model/dialect.h"
#include "model/httpd.h"
#include "record/expr.h"

enum script_made {
	SCRIPT_ERROR = -1,
	SCRIPT_NOTHING, /* the program is silent: somebody else's turn */
	SCRIPT_CHOICE,
	SCRIPT_REPLY, /* a whole one */
};

struct script {
	struct expr *program;
	struct buf results; /* of the last request, a line each */
	size_t n;
};

/* script_run(s, body, e): Run on a request; how many results, or -1. */
int script_run(struct script *s, struct span body, struct err *e);

/*
 * script_take(s, draw, c, r, e): The result for the draw of this number, the
 * first again after the last, into ${c} or ${r}. Decoded text is allocated from
 * ${arena}.
 */
struct script_to {
	struct dialect_choice *choice;
	struct httpd_reply *reply;
	struct arena *arena;
};

enum script_made script_take(const struct script *s, uint64_t draw,
	const struct script_to *to, struct err *e);

void script_release(struct script *s);

#endif
