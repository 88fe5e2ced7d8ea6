#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/ask_run.h"

#define WINDOW 16          /* records in hand for each request in flight */
#define HELD (16 << 20)    /* bytes of records in hand that are plenty */
#define SMALL (64 << 10)   /* a job that held less is used again */
#define CONNECT_TIMEOUT 15 /* seconds */
#define STALL 60           /* seconds without a byte of a reply that began */
#define LONGEST (ASK_MAX_REPLY + (64 << 10)) /* line of a journal */
#define TICK 0.5 /* seconds that a signal may go unnoticed */

/* Stopping. */

void
ask_stop(struct ask_run *run, enum status status, const char *fmt, ...)
{
	char why[768];
	va_list ap;

	if (run->stopping)
		return;
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	warn("%s", why);
	run->stopping = true;
	run->status = status;
}

const char *
ask_go_on(const struct ask_run *run)
{
	return run->journal ? "run again with the same journal to go on"
	                    : "with --journal a run can go on where it stopped";
}

/* Jobs. */

void
ask_put(struct ask_job *job, const struct chat_ask *ask, unsigned draw)
{
	struct ask_question *q;

	job->questions = mem_grow(job->questions, &job->cap,
		job->nquestions + 1, sizeof(*job->questions));
	q = &job->questions[job->nquestions++];
	*q = (struct ask_question){ .ask = *ask, .draw = draw };
	job->weight += ask->messages.len + ask->params.len;
}

static struct ask_job *
take_job(struct ask_run *run)
{
	struct ask_job *job = run->pool;

	if (job) {
		run->pool = job->next;
		return job;
	}
	job = mem_alloc(1, sizeof(*job));
	*job = (struct ask_job){ 0 };
	return job;
}

static void
free_job(struct ask_job *job)
{
	rec_release(&job->rec);
	free(job->questions);
	free(job);
}

/* Small ones are kept, with their memory, for records to come. */
static void
put_job(struct ask_run *run, struct ask_job *job)
{
	if (job->weight > SMALL) {
		free_job(job);
		return;
	}
	*job = (struct ask_job){ .rec = job->rec,
		.questions = job->questions,
		.cap = job->cap,
		.next = run->pool };
	run->pool = job;
}

static void
append_job(struct ask_run *run, struct ask_job *job)
{
	job->next = NULL;
	*(run->head ? &run->tail->next : &run->head) = job;
	run->tail = job;
	run->njobs++;
	run->held += job->weight;
	run->unasked += job->nquestions;
	job->open = job->nquestions;
	if (run->asking == NULL && job->nquestions)
		run->asking = job;
}

/* Is there room for another record in the window? */
static bool
has_room(const struct ask_run *run)
{
	uint64_t jobs = run->conf->jobs;

	if (run->stopping || run->st->ended)
		return false;
	return run->unasked < jobs && run->njobs < WINDOW * jobs &&
	       (run->held < HELD || run->njobs < jobs);
}

/* Reads records until the window is full or there is none at the moment. */
static void
admit(struct ask_run *run)
{
	enum stream_got got = STREAM_REC;

	run->waiting = false;
	while (got == STREAM_REC && has_room(run)) {
		struct ask_job *job = take_job(run);

		got = stream_try(run->st, &job->rec);
		run->waiting = got == STREAM_WAIT;
		if (got != STREAM_REC) {
			put_job(run, job);
			break;
		}
		rec_hold(&job->rec);
		job->weight = job->rec.raw.len;
		job->passes = rec_failed(&job->rec);
		if (!job->passes)
			run->tool->begin(job);
		append_job(run, job);
	}
}

/* Is the job to be written, now that nothing more is asked for it? */
static void
finish_job(struct ask_run *run, struct ask_job *job)
{
	if (job->open) {
		run->skipped++;
		return;
	}
	run->progress.records++;
	run->progress.bytes += job->rec.raw.len + 1;
	if (run->conf->batch)
		return; /* the output is requests */
	if (job->passes)
		stream_write(run->st, &job->rec);
	else
		run->tool->finish(job, run->st);
}

/* Writes the records at the front of the window that are done. */
static void
emit(struct ask_run *run)
{
	bool all = run->stopping && http_flying(run->http) == 0;

	while (run->head && (run->head->open == 0 || all)) {
		struct ask_job *job = run->head;

		run->head = job->next;
		run->njobs--;
		run->held -= job->weight;
		finish_job(run, job);
		put_job(run, job);
	}
}

/* The run. */

static bool
is_done(const struct ask_run *run)
{
	return run->head == NULL && (run->st->ended || run->stopping);
}

/* How long nothing can happen, unless the network or the input has news. */
static double
idle_time(const struct ask_run *run)
{
	double until = run->now + TICK;

	if (has_room(run) && !run->waiting)
		return 0;
	if (run->pace.cool > run->now)
		until = fmin(until, run->pace.cool);
	for (size_t i = 0; run->nwaiting && i < run->conf->jobs; i++)
		if (run->slots[i].waiting && run->slots[i].due > run->now)
			until = fmin(until, run->slots[i].due);
	return until - run->now;
}

static void
loop(struct ask_run *run)
{
	for (;;) {
		double idle;

		run->now = clock_now();
		ask_watch(run);
		admit(run);
		ask_start(run);
		emit(run);
		if (is_done(run))
			break;
		idle = idle_time(run);
		if (idle > 0)
			stream_flush(run->st);
		http_wait(run->http, has_room(run) ? run->st->fd : -1, idle);
		run->now = clock_now();
		ask_collect(run);
	}
}

static void
open_http(struct ask_run *run)
{
	const struct ask_conf *c = run->conf;
	struct http_conf http = { .url = c->address.url,
		.headers = c->headers,
		.jobs = (unsigned)c->jobs,
		.max_reply = c->max_reply,
		.connect_timeout = fmin(c->timeout, CONNECT_TIMEOUT),
		.timeout = c->timeout,
		.stall = fmin(c->timeout, STALL),
		.http1 = c->http1 };
	struct err e;

	run->http = http_open(&http, &e);
	if (run->http == NULL)
		die(ST_USAGE, "%s", e.msg);
}

static void
load_price(struct ask_run *run)
{
	const struct ask_conf *c = run->conf;
	struct err e;
	bool limited = isfinite(c->max_cost);
	int rc = price_load(&run->price, c->prices, c->model, &e);

	run->progress.priced = rc == 1;
	if (rc < 0 && (c->prices || limited))
		die(ST_USAGE, "--prices: %s", e.msg);
	if (rc == 1 || !(limited || c->dry_run))
		return;
	err_set(&e,
		"the price of %.100s is not known; give it with --prices FILE, "
		"where FILE holds {\"models\":{\"%.100s\":{\"input\":DOLLARS,"
		"\"output\":DOLLARS}}}, for a million tokens",
		c->model, c->model);
	if (limited)
		die(ST_USAGE, "--max-cost: %s", e.msg);
	warn("%s", e.msg);
}

/* Where nothing is asked there is nothing to keep: no file is made then. */
static void
open_journal(struct ask_run *run)
{
	const struct ask_conf *c = run->conf;
	struct err e;

	if (c->journal == NULL)
		return;
	if ((c->dry_run || c->batch) && access(c->journal, F_OK) &&
		errno == ENOENT)
		return;
	run->journal = journal_open(c->journal, LONGEST, &e);
	if (run->journal == NULL)
		die(ST_USAGE, "--journal %s", e.msg);
}

static void
open_run(struct ask_run *run)
{
	const struct ask_conf *c = run->conf;

	load_price(run);
	open_http(run);
	open_journal(run);
	run->slots = mem_alloc(c->jobs, sizeof(*run->slots));
	memset(run->slots, 0, c->jobs * sizeof(*run->slots));
	for (size_t i = c->jobs; i-- > 0;)
		ask_free_slot(run, &run->slots[i]);
	pace_init(&run->pace, (unsigned)c->jobs,
		(uint64_t)getpid() ^ (uint64_t)time(NULL));
	run->succeeded = -1;
	run->now = run->progress.begun = clock_now();
}

static void
close_run(struct ask_run *run)
{
	struct err e;

	if (journal_close(run->journal, &e)) {
		warn("the journal cannot be written: %s", e.msg);
		run->st->cut = true;
	}
	http_close(run->http);
	for (size_t i = 0; i < run->conf->jobs; i++)
		buf_release(&run->slots[i].body);
	free(run->slots);
	buf_release(&run->reply);
	for (struct ask_job *job = run->pool, *next; job; job = next) {
		next = job->next;
		free_job(job);
	}
	map_release(&run->asked);
	progress_release(&run->progress);
	ask_conf_release();
}

enum status
ask_run(struct stream *st, const struct ask_tool *tool)
{
	struct ask_run run = { .st = st, .tool = tool };
	enum status status;

	run.conf = ask_conf_load();
	open_run(&run);
	ask_watch_open(&run);
	if (run.conf->dry_run)
		ask_dry(&run);
	else
		loop(&run);
	ask_watch_close(&run);
	st->cut |= run.stopping;
	close_run(&run);
	status = stream_close(st);
	return run.stopping ? run.status : status;
}
