/*
 * ask: a filter whose records become questions to a model.
 *
 * ask_run reads records, lets the tool turn each into questions, asks them with
 * a window of requests in flight, and gives the records back in input order.
 * Retries, pace, cool-down, ceilings, the journal, progress and signals are
 * dealt with here, the same for every tool. Memory is bounded by the window.
 *
 * A tool gives three functions. Everything that a job holds is allocated from
 * its record's arena (job->rec.arena) and goes with it. A record that carries
 * "error" when it is read passes untouched, without them.
 */
#ifndef MODEL_ASK_H
#define MODEL_ASK_H

#include "base/opt.h"
#include "model/chat.h"
#include "record/stream.h"

/* The options of tools that ask models: -m, -u, -j, --api, --journal ... */
extern const struct opt ask_opts[];

/*
 * A record in hand and its questions, answered or not.
 */
struct ask_job {
	struct rec rec;
	void *own; /* the tool's, from rec.arena */
	/* the rest belongs to ask.c */
	struct ask_question *questions;
	size_t nquestions, cap;
	size_t asked;  /* questions that are on their way or answered */
	size_t open;   /* questions not answered */
	size_t weight; /* bytes held, about */
	bool passes;   /* it came with an error */
	struct ask_job *next;
};

struct ask_tool {
	/*
	 * begin(job): Put the record's questions with ask_put. None, because
	 * there is nothing to ask or the record is wrong (rec_fail): finish
	 * follows at once.
	 */
	void (*begin)(struct ask_job *job);
	/*
	 * answer(job, index, r): The answer to question ${index} (counted as
	 * put) is there; ${r} and its text live as long as the record. Return
	 * false to have it asked again, which happens at most --tries times in
	 * all and only for replies: not for CHAT_FAILED and CHAT_MALFORMED,
	 * which have been tried again before; the last one stands.
	 */
	bool (*answer)(
		struct ask_job *job, size_t index, const struct chat_reply *r);
	/*
	 * finish(job, st): All questions are answered: set what the tool owns
	 * and write the record, or several, with stream_write.
	 */
	void (*finish)(struct ask_job *job, struct stream *st);
};

/*
 * ask_put(job, ask, draw): One question more. Equal questions with different
 * ${draw} are different draws, and the journal tells them apart. The spans in
 * ${ask} live as long as the record; ${ask->more} is what --set says.
 */
void ask_put(struct ask_job *job, const struct chat_ask *ask, unsigned draw);

/* ask_model(): What -m says; dies of usage where it is not given. */
const char *ask_model(void);

/*
 * ask_run(st, tool): Until the input ends, a ceiling is reached, a signal comes
 * or billing fails. Returns the exit status, having closed ${st}.
 */
enum status ask_run(struct stream *st, const struct ask_tool *tool);

#endif
