/*
 * chat: what is asked of a model and what came back, in three dialects.
 *
 * The chat completions, responses and messages APIs differ in the shape of the
 * body and of the reply; everything else in the project sees only struct
 * chat_ask and struct chat_reply. Pure functions: no network here.
 *
 * Reasoning text ("reasoning", "reasoning_content", reasoning and thinking
 * items) is kept apart from the answer, always: a grader never sees it.
 */
#ifndef MODEL_CHAT_H
#define MODEL_CHAT_H

#include "base/buf.h"
#include "record/json.h"

enum chat_api { CHAT_COMPLETIONS, CHAT_RESPONSES, CHAT_MESSAGES };

/* One question. Spans live as long as the caller says, usually a record. */
struct chat_ask {
	struct span messages; /* JSON array of {role, content} */
	struct span
		system; /* text put in front as the system turn, or absent */
	const char *model;
	struct span params; /* JSON object of body fields, or absent */
	struct span more;   /* the same, and stronger: null removes a field */
	bool logprobs;
};

/*
 * chat_body(b, api, a): The request body as compact JSON. Equal questions give
 * equal bytes, whatever the spacing and escapes of the record they came from:
 * the body is what a reply is kept under.
 */
void chat_body(struct buf *b, enum chat_api api, const struct chat_ask *a);

/* chat_path(api): What follows the base URL: "/chat/completions" say. */
const char *chat_path(enum chat_api api);

/* Why a reply is no answer. Each has a word for "error".code: chat_code. */
enum chat_end {
	CHAT_ANSWER,    /* text, and the model says that it was done */
	CHAT_EMPTY,     /* done, and no text */
	CHAT_LENGTH,    /* cut off by a limit on tokens */
	CHAT_FILTERED,  /* withheld by a content filter */
	CHAT_REFUSED,   /* a refusal in the field made for it */
	CHAT_MALFORMED, /* not a reply of this API, or without choices */
	CHAT_FAILED,    /* the request failed: ${error_*} say how */
};

struct chat_usage {
	uint64_t input, cached, output,
		reasoning; /* tokens; cached: of input */
	bool known;
};

struct chat_reply {
	enum chat_end end;
	struct span text;      /* the answer, decoded; what there is of it */
	struct span reasoning; /* decoded, or absent */
	struct span refusal;   /* decoded, or absent */
	struct span finish;    /* the API's own word for the end */
	struct span
		logprobs;  /* JSON: the first choice's "logprobs", or absent */
	struct span model; /* who answered, as the server says */
	struct chat_usage usage;
	const char *error_code;    /* CHAT_FAILED: as cupel-record(5) lists */
	struct span error_message; /* CHAT_FAILED, CHAT_MALFORMED: for people */
};

/*
 * chat_read(r, api, body, a): Read a body that came with status 200. Decoded
 * text is allocated from ${a}; the rest points into ${body}.
 */
void chat_read(struct chat_reply *r, enum chat_api api, struct span body,
	struct arena *a);

/* chat_code(end): "empty", "length", "filtered", "refused", ... */
const char *chat_code(enum chat_end end);

#endif
