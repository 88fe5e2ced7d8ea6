/*
 * tally: what a run of requests has done so far, and how to say it in a line.
 */
#ifndef MODEL_TALLY_H
#define MODEL_TALLY_H

#include "base/buf.h"
#include "base/map.h"
#include "model/chat.h"

struct tally {
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
	size_t cap;
};

/* tally_reply(t, u): A reply to a request came. */
void tally_reply(struct tally *t, const struct chat_usage *u);

/* tally_failure(t, code): A question ended without an answer. */
void tally_failure(struct tally *t, const char *code);

/* tally_failures(t): How many did. */
uint64_t tally_failures(const struct tally *t);

/* tally_now(b, t, now, flying): The line while it goes on, for people. */
void tally_now(
	struct buf *b, const struct tally *t, double now, unsigned flying);

/* tally_end(b, t, now): The line at the end. */
void tally_end(struct buf *b, const struct tally *t, double now);

void tally_release(struct tally *t);

#endif
