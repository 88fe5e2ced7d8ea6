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
	struct span more;   /* the same, and stronger */
	bool logprobs;      /* of the reply's tokens, where the API has them */
	unsigned alternatives; /* and of so many others at each place */
};

/*
 * chat_body(b, api, a): The request body as compact JSON. Equal questions give
 * equal bytes, whatever the spacing, the escapes and the order of fields they
 * came with: the body is what a reply is kept under. A field of ${a->params} or
 * ${a->more} replaces what is there already, and null takes it out.
 *
 * The messages API has no system turns: theirs, wherever they stand, become its
 * "system"; and as it demands "max_tokens", that is 4096 where nobody says more.
 * The responses API is told not to store ("store" is false).
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
	CHAT_TOOL,      /* it calls a tool instead of answering */
	CHAT_MALFORMED, /* not a reply of this API, or without choices */
	CHAT_FAILED,    /* the request failed: ${error_*} say how */
};

/* What helps against a failure. */
enum chat_remedy {
	CHAT_NONE,  /* nothing: this request fails every time */
	CHAT_AGAIN, /* time */
	CHAT_STOP,  /* nothing, and the other requests fail as well */
	CHAT_PROVE, /* as CHAT_STOP, unless a request has succeeded before */
};

struct chat_usage {
	/* tokens; cached is part of input, reasoning part of output */
	uint64_t input, cached, output, reasoning;
	uint64_t total; /* may be more: some count reasoning only here */
	bool known;
};

struct chat_reply {
	enum chat_end end;
	struct span text;      /* the answer, decoded; what there is of it */
	struct span reasoning; /* decoded, or absent */
	struct span refusal;   /* decoded, or absent */
	struct span finish;    /* the API's own word for the end */
	struct span logprobs;  /* JSON, {"content":[...]}, or absent */
	struct span model;     /* who answered, as the server says, decoded */
	struct chat_usage usage;
	const char *error_code;    /* no answer: as cupel-record(5) lists */
	struct span error_message; /* no answer: why, for people */
	enum chat_remedy remedy;   /* CHAT_FAILED, CHAT_MALFORMED */
};

/*
 * chat_read(r, api, body, a): Read a body that came with status 200. All that
 * ${r} points to is allocated from ${a}, and ${r->logprobs} is on one line.
 *
 * A text that begins with <think> and ends that again, or that only ends it
 * (</think>: the server's template began it), is from a server that does not
 * tell reasoning apart: what is inside goes to ${r->reasoning}, unless the reply
 * has a field for that.
 */
void chat_read(struct chat_reply *r, enum chat_api api, struct span body,
	struct arena *a);

/*
 * chat_fail(r, status, body, a): The same for a body that came with another
 * ${status}: what it says is in ${r->error_code}, ${r->error_message} and
 * ${r->remedy}. The body may be anything: JSON of several shapes, HTML, empty.
 */
void chat_fail(
	struct chat_reply *r, int status, struct span body, struct arena *a);

/* chat_code(end): "empty", "length", "filtered", "refused", "tool_call" ... */
const char *chat_code(enum chat_end end);

#endif
