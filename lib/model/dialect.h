/*
 * dialect: the chat APIs as a server speaks them.
 *
 * The counterpart of chat.h. dialect_read checks a request body as the real
 * APIs do and takes from it what bears on the reply; dialect_write makes the
 * reply's body with every member that clients look for. Nothing in it depends
 * on the time: equal questions and equal ids give equal bytes. Pure functions:
 * no network here.
 */
#ifndef MODEL_DIALECT_H
#define MODEL_DIALECT_H

#include "model/chat.h"

#define DIALECT_TOP 20 /* alternatives of a token at the most */

/* One message of the conversation, its text parts joined. */
struct dialect_turn {
	struct span role, text;
};

/* What a request asks for. Spans live as long as its body and arena do. */
struct dialect_ask {
	enum chat_api api;
	struct span model;
	struct dialect_turn *turns; /* the system's first, if there is one */
	size_t nturns;
	uint64_t n;         /* choices */
	uint64_t limit;     /* tokens of a choice; UINT64_MAX: none */
	double temperature; /* 1 if not given */
	struct span stop;   /* JSON: a string or an array of them, or absent */
	bool logprobs;
	uint64_t top; /* alternatives for each token */
};

/* What is wrong, and how the API calls it. */
struct dialect_error {
	unsigned status;
	const char *type;  /* OpenAI's word, or NULL for the status' own */
	const char *code;  /* or NULL */
	const char *param; /* the member of the body, or NULL */
	struct err why;
};

/* One of the replies; whatever is absent is left out, or null. */
struct dialect_choice {
	struct span text, reasoning, refusal;
	const char *finish;   /* chat completions' word: "stop", "length" ... */
	struct span stopped;  /* the stop sequence that ended it, or absent */
	struct span more;     /* JSON object: further members of the message */
	struct span logprobs; /* JSON, instead of those that are made up */
	double sure;          /* the probability of the first token, or 0 */
	struct span instead; /* the first token's alternative, where sure > 0 */
};

/*
 * dialect_read(a, api, body, arena, e): Read a request. Returns 0, or -1 with
 * ${e} filled; ${a->model} and ${a->api} are set as far as they are known.
 */
int dialect_read(struct dialect_ask *a, enum chat_api api, struct span body,
	struct arena *arena, struct dialect_error *e);

/* dialect_bound(a, c, arena): Apply the request's stop sequences and limit. */
void dialect_bound(const struct dialect_ask *a, struct dialect_choice *c,
	struct arena *arena);

/*
 * dialect_write(b, a, choices, n, id): The reply's body, with ${n} choices; APIs
 * that have no choices give the first one. ${id} names the reply.
 */
void dialect_write(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *choices, size_t n, uint64_t id);

/* dialect_fail(b, api, e, id): The body that reports an error. */
void dialect_fail(struct buf *b, enum chat_api api,
	const struct dialect_error *e, uint64_t id);

/* dialect_model(b, name): A model as GET /models lists it. */
void dialect_model(struct buf *b, struct span name);

#endif
