/*
 * ask_run: the state of a run, shared by the files that make up ask: ask.c moves
 * records, ask_request.c questions and replies, ask_watch.c tells people, and
 * ask_dry.c does without a network.
 */
#ifndef MODEL_ASK_RUN_H
#define MODEL_ASK_RUN_H

#include "base/ticker.h"
#include "model/ask.h"
#include "model/ask_conf.h"
#include "model/journal.h"
#include "model/pace.h"
#include "model/price.h"
#include "model/progress.h"

#define ASK_TOKEN 4 /* bytes of text, about, for estimates */

struct ask_question {
	struct chat_ask ask;
	unsigned draw, again;
};

/* A request on its way: in flight, or waiting for its time. */
struct ask_slot {
	struct ask_slot *next; /* in the list of the idle */
	struct ask_job *job;   /* NULL: idle */
	size_t index;          /* of the question */
	struct buf body;
	char key[JOURNAL_KEY + 1]; /* with a journal */
	unsigned tries;            /* attempts that have been started */
	double failed;             /* when the first one failed */
	double due;                /* when the next one is */
	bool waiting;              /* for that time */
};

struct ask_run {
	struct stream *st;
	const struct ask_tool *tool;
	const struct ask_conf *conf;
	struct http *http;
	struct journal *journal;
	struct pace pace;
	struct price price;
	struct progress progress;
	double now;

	/* the window, in input order */
	struct ask_job *head, *tail;
	struct ask_job *asking; /* the first with questions to ask */
	struct ask_job *pool;   /* for records to come */
	size_t njobs, held;     /* how many, and their bytes */
	size_t unasked;         /* questions that are on nobody's way */
	bool waiting;           /* for input */

	/* requests */
	struct ask_slot *slots, *idle;
	size_t nwaiting;
	struct buf reply; /* read from the journal */
	struct map asked; /* keys of requests that were written for a batch */

	double succeeded; /* when a request last did, or -1 */
	double dearest;   /* what the dearest one cost, in dollars */
	double lost;      /* when the server was first not reached, or 0 */
	double tell;      /* when to tell again that it is not */
	double patience;  /* seconds between the last two times */
	bool stopping;
	enum status status; /* why it stops */
	uint64_t skipped;   /* records that were begun and not finished */

	/* what people see */
	double synced;
	struct ticker ticker;
};

/* ask.c */

/* Asks nothing more; what is in flight is awaited. The first reason is told. */
void ask_stop(struct ask_run *run, enum status status, const char *fmt, ...)
	PRINTF(3, 4);

/* "run again with the same journal ..." */
const char *ask_go_on(const struct ask_run *run);

/* ask_request.c */

void ask_free_slot(struct ask_run *run, struct ask_slot *s);

/* Makes the question's request: the slot's body and, with a journal, key. */
void ask_make(struct ask_run *run, struct ask_slot *s);

/* Starts what may start now, questions and retries. */
void ask_start(struct ask_run *run);

/* Takes all replies that have come. */
void ask_collect(struct ask_run *run);

/* Gives up what waits: nothing more is to be started. */
void ask_abandon(struct ask_run *run);

/* ask_watch.c */

void ask_watch_open(struct ask_run *run);

/* Once a round: signals, the journal's sync, progress. */
void ask_watch(struct ask_run *run);

/* The last line. */
void ask_watch_close(struct ask_run *run);

/* ask_dry.c */

/* Counts what would be asked, and says so in one line of JSON. */
void ask_dry(struct ask_run *run);

/* Writes the slot's request as a line for a batch. */
void ask_write_request(struct ask_run *run, struct ask_slot *s);

#endif
