/*
 * progress: what a run of requests has done so far, and how to say it in a line.
 */
#ifndef MODEL_PROGRESS_H
#define MODEL_PROGRESS_H

#include "base/buf.h"
#include "base/map.h"
#include "model/chat.h"

struct progress {
	double begun;           /* seconds on any clock */
	uint64_t records;       /* finished */
	uint64_t bytes, size;   /* of the input: finished, and in all, or 0 */
	uint64_t requests;      /* sent, of which */
	uint64_t retries;       /* were sent before, and */
	uint64_t refusals;      /* got status 429 */
	uint64_t replies;       /* requests that were replied to */
	uint64_t kept;          /* replies found in the journal */
	uint64_t input, output; /* tokens */
	bool priced;            /* is ${cost} known? */
	double cost;            /* dollars */
	struct map codes;       /* of questions without an answer */
	uint64_t *failures;     /* how many of each code */
	struct buf first;       /* what the first of them says */
	size_t cap;
};

/* progress_reply(t, u): A reply to a request came. */
void progress_reply(struct progress *t, const struct chat_usage *u);

/* progress_failure(t, code, message): A question ended without an answer. */
void progress_failure(
	struct progress *t, struct span code, struct span message);

/* progress_failures(t): How many did. */
uint64_t progress_failures(const struct progress *t);

/* progress_now(b, t, now, flying): The line while it goes on, for people. */
void progress_now(
	struct buf *b, const struct progress *t, double now, unsigned flying);

/* progress_end(b, t, now): The line at the end. */
void progress_end(struct buf *b, const struct progress *t, double now);

void progress_release(struct progress *t);

#endif
