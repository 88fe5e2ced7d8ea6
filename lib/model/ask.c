#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "model/ask.h"
#include "model/ask_conf.h"
#include "model/journal.h"
#include "model/pace.h"

#define WINDOW 16          /* records in hand for each request in flight */
#define HELD (16 << 20)    /* bytes of records in hand that are plenty */
#define SMALL (64 << 10)   /* a job that held less is used again */
#define RETRY_FOR 600      /* seconds after the first failure */
#define FIRST_RETRIES 4    /* of a server that was never reached */
#define SYNC_EVERY 1       /* seconds between syncs of the journal */
#define CONNECT_TIMEOUT 15 /* seconds */
#define STALL 60           /* seconds without a byte of a reply that began */
#define TICK 0.5           /* seconds that a signal may go unnoticed */

struct ask_question {
	struct chat_ask ask;
	unsigned draw, again;
};

/* A request on its way: in flight, or waiting to be tried again. */
struct slot {
	struct slot *next; /* in the list of the idle */
	struct ask_job *job;
	size_t index; /* of the question */
	struct buf body;
	char key[JOURNAL_KEY + 1];
	unsigned tries; /* attempts that have been started */
	double failed;  /* when the first one failed */
	double due;     /* when it is tried again */
	bool waiting;
};

struct run {
	struct stream *st;
	const struct ask_tool *tool;
	const struct ask_conf *conf;
	struct http *http;
	struct journal *journal;
	struct pace pace;
	double now, synced;

	struct ask_job *head, *tail; /* the window, in input order */
	struct ask_job *asking;      /* the first with questions to ask */
	struct ask_job *pool;
	size_t njobs, held;
	size_t unasked; /* questions that are on nobody's way */
	bool waiting;   /* for input */

	struct slot *slots, *idle;
	size_t nwaiting;
	struct buf reply; /* read from the journal */

	uint64_t requests, answered, skipped;
	double succeeded; /* when a request last did, or -1 */
	bool stopping;
	enum status status; /* why it stops */
};

static volatile sig_atomic_t interrupted;

static void
on_signal(int number)
{
	if (interrupted) {
		signal(number, SIG_DFL);
		raise(number);
	}
	interrupted = number;
}

static double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Stopping. */

/* Asks nothing more; what is in flight is awaited. The first reason is told. */
static void
stop(struct run *run, enum status status, const char *fmt, ...)
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

static const char *
how_to_go_on(const struct run *run)
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
take_job(struct run *run)
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
put_job(struct run *run, struct ask_job *job)
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
append_job(struct run *run, struct ask_job *job)
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
has_room(const struct run *run)
{
	uint64_t jobs = run->conf->jobs;

	if (run->stopping || run->st->ended)
		return false;
	return run->unasked < jobs && run->njobs < WINDOW * jobs &&
	       (run->held < HELD || run->njobs < jobs);
}

/* Reads records until the window is full or there is none at the moment. */
static void
admit(struct run *run)
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

/* Writes the records at the front of the window that are done. */
static void
emit(struct run *run)
{
	while (run->head && (run->head->open == 0 || run->stopping)) {
		struct ask_job *job = run->head;

		if (job->open && (http_flying(run->http) || run->nwaiting))
			break;
		run->head = job->next;
		run->njobs--;
		run->held -= job->weight;
		if (job->open)
			run->skipped++;
		else if (job->passes)
			stream_write(run->st, &job->rec);
		else
			run->tool->finish(job, run->st);
		put_job(run, job);
	}
}

/* Requests. */

/* The slot's request as bytes, and its key. */
static void
make_request(struct run *run, struct slot *s)
{
	const struct ask_question *q = &s->job->questions[s->index];
	struct chat_ask ask = q->ask;

	ask.more = buf_span(&run->conf->more);
	buf_clear(&s->body);
	chat_body(&s->body, (enum chat_api)run->conf->api, &ask);
	if (run->journal)
		journal_key(s->key, buf_span(&s->body), run->conf->address.url,
			q->draw, q->again);
	s->tries = 0;
}

static void
free_slot(struct run *run, struct slot *s)
{
	s->job = NULL;
	s->next = run->idle;
	run->idle = s;
}

/*
 * Hands the reply to the tool. True where that is the end of the question; false
 * where it is to be asked once more.
 */
static bool
deliver(struct run *run, struct slot *s, const struct chat_reply *r)
{
	struct ask_question *q = &s->job->questions[s->index];
	bool good = run->tool->answer(s->job, s->index, r);

	if (!good && r->end != CHAT_FAILED && r->end != CHAT_MALFORMED &&
		q->again + 1 < run->conf->tries) {
		q->again++;
		return false;
	}
	s->job->open--;
	return true;
}

static void
read_reply(
	struct run *run, struct slot *s, struct span body, struct chat_reply *r)
{
	chat_read(r, (enum chat_api)run->conf->api, body, &s->job->rec.arena);
	s->job->weight += body.len;
	run->held += body.len;
}

static void
launch(struct run *run, struct slot *s)
{
	if (run->requests >= run->conf->max_requests) {
		stop(run, ST_CUT, "stopped at %" PRIu64 " requests; %s",
			run->requests, how_to_go_on(run));
		free_slot(run, s);
		return;
	}
	run->requests++;
	s->tries++;
	http_start(run->http, buf_span(&s->body), s);
}

/* Answers the slot's question from the journal, or else asks it. */
static void
settle(struct run *run, struct slot *s)
{
	struct chat_reply r;

	for (;;) {
		make_request(run, s);
		buf_clear(&run->reply);
		if (!run->journal ||
			!journal_find(run->journal, s->key, &run->reply))
			break;
		read_reply(run, s, buf_span(&run->reply), &r);
		if (deliver(run, s, &r)) {
			free_slot(run, s);
			return;
		}
	}
	launch(run, s);
}

static void
next_asking(struct run *run)
{
	run->asking->asked++;
	run->unasked--;
	while (run->asking && run->asking->asked == run->asking->nquestions)
		run->asking = run->asking->next;
}

/* Starts what may start: first what waited, then the next questions. */
static void
start(struct run *run)
{
	for (size_t i = 0; run->nwaiting && i < run->conf->jobs; i++) {
		struct slot *s = &run->slots[i];

		if (!s->waiting || s->due > run->now ||
			!pace_room(
				&run->pace, run->now, http_flying(run->http)))
			continue;
		s->waiting = false;
		run->nwaiting--;
		launch(run, s);
	}
	while (!run->stopping && run->asking && run->idle &&
		pace_room(&run->pace, run->now, http_flying(run->http))) {
		struct slot *s = run->idle;

		run->idle = s->next;
		s->job = run->asking;
		s->index = run->asking->asked;
		next_asking(run);
		settle(run, s);
	}
}

/* Replies. */

/* Never shows the key, should a server repeat it. */
static void
hide_key(struct run *run, struct chat_reply *r, struct arena *a)
{
	struct span key = span_trim(buf_span(&run->conf->key), " \t\r\n");
	const char *at;
	char *copy;

	if (key.len < 4 || !r->error_message.s)
		return;
	while ((at = span_find(r->error_message, key))) {
		copy = arena_dup(a, r->error_message);
		memset(copy + (at - r->error_message.s), '*', key.len);
		r->error_message.s = copy;
	}
}

static void
failed(struct chat_reply *r, const char *code, const char *why,
	enum chat_remedy remedy)
{
	*r = (struct chat_reply){ .end = CHAT_FAILED,
		.error_code = code,
		.error_message = span_str(why),
		.remedy = remedy };
}

static bool
gives_up(const struct run *run, const struct slot *s, bool unreached)
{
	uint64_t retries = run->conf->retries;

	if (unreached && run->succeeded < 0 && retries > FIRST_RETRIES)
		retries = FIRST_RETRIES;
	return s->tries > retries || run->now - s->failed > RETRY_FOR;
}

/* The last word on a request: an answer, or why there is none. */
static void
conclude(struct run *run, struct slot *s, const struct chat_reply *r)
{
	if (r->end != CHAT_MALFORMED && r->end != CHAT_FAILED) {
		run->answered++;
		run->succeeded = run->now;
	}
	if (deliver(run, s, r))
		free_slot(run, s);
	else if (run->stopping)
		free_slot(run, s);
	else
		settle(run, s);
}

/* Gives up a request that nothing has helped, and the run if nothing will. */
static void
give_up(struct run *run, struct slot *s, struct chat_reply *r, bool unreached)
{
	struct arena *a = &s->job->rec.arena;

	if (unreached && run->succeeded < s->failed) {
		stop(run, ST_CUT, "%s cannot be reached: %.*s; %s",
			run->conf->address.shown, SPAN_ARG(r->error_message),
			run->succeeded < 0 ? "is it running, and is -u right?"
					   : how_to_go_on(run));
		free_slot(run, s);
		return;
	}
	if (s->tries > 1)
		r->error_message = arena_printf(a,
			"%.*s; given up after %u attempts",
			SPAN_ARG(r->error_message), s->tries);
	conclude(run, s, r);
}

/* The server asks for a pause that nobody wants to sit out. */
static bool
asks_too_long(struct run *run, struct slot *s, const struct http_reply *h)
{
	if (h->hints.after <= run->conf->max_wait)
		return false;
	stop(run, ST_CUT,
		"%s asks to wait %.0f seconds, more than --max-wait; %s",
		run->conf->address.shown, h->hints.after, how_to_go_on(run));
	free_slot(run, s);
	return true;
}

static void
try_again(struct run *run, struct slot *s, const struct http_reply *h,
	struct chat_reply *r)
{
	bool unreached = h->end == HTTP_UNREACHED;
	double wait;

	if (s->tries == 1)
		s->failed = run->now;
	wait = h->end == HTTP_DONE && h->status == 429
	               ? pace_slow(&run->pace, run->now, s->tries, &h->hints)
	               : pace_bad(&run->pace, run->now, s->tries, &h->hints);
	if (asks_too_long(run, s, h))
		return;
	if (run->stopping) {
		free_slot(run, s);
		return;
	}
	if (gives_up(run, s, unreached)) {
		give_up(run, s, r, unreached);
		return;
	}
	if (unreached && run->succeeded < 0 && run->requests == 1)
		warn("%s cannot be reached: %.*s; trying again",
			run->conf->address.shown, SPAN_ARG(r->error_message));
	s->due = run->now + wait;
	s->waiting = true;
	run->nwaiting++;
}

static const char *
advice(const struct chat_reply *r)
{
	if (strcmp(r->error_code, "auth") == 0)
		return "check the key";
	if (strcmp(r->error_code, "billing") == 0)
		return "the account has no credit left";
	if (strcmp(r->error_code, "not_found") == 0)
		return "check -m and -u";
	return "no request of this kind will succeed";
}

static void
stop_for(struct run *run, struct slot *s, const struct chat_reply *r)
{
	bool usage = run->st->written == 0 && run->succeeded < 0;

	stop(run, usage ? ST_USAGE : ST_CUT, "%s: %.*s; %s%s%s",
		run->conf->address.shown, SPAN_ARG(r->error_message), advice(r),
		usage ? "" : "; ", usage ? "" : how_to_go_on(run));
	free_slot(run, s);
}

/* What came back as a reply, whatever it is. */
static void
understand(struct run *run, struct slot *s, const struct http_reply *h,
	struct chat_reply *r)
{
	struct arena *a = &s->job->rec.arena;

	switch (h->end) {
	case HTTP_DONE:
		if (h->status >= 200 && h->status < 300)
			read_reply(run, s, h->body, r);
		else
			chat_fail(r, h->status, h->body, a);
		break;
	case HTTP_UNREACHED:
		failed(r, "unreachable", h->detail, CHAT_AGAIN);
		break;
	case HTTP_UNTRUSTED:
		failed(r, "untrusted", h->detail, CHAT_STOP);
		break;
	case HTTP_TIMEOUT:
		failed(r, "timeout", h->detail, CHAT_AGAIN);
		break;
	case HTTP_CUT:
		failed(r, "cut", h->detail, CHAT_AGAIN);
		break;
	case HTTP_TOO_BIG:
		failed(r, "too_big",
			"the reply is longer than --max-reply allows",
			CHAT_NONE);
		break;
	}
	if (r->error_message.s)
		r->error_message = (struct span){
			arena_dup(a, r->error_message), r->error_message.len
		};
	hide_key(run, r, a);
}

/* What helps, the server's own opinion and the run's experience heard. */
static enum chat_remedy
remedy_of(const struct run *run, const struct http_reply *h,
	const struct chat_reply *r)
{
	if (r->end != CHAT_FAILED && r->end != CHAT_MALFORMED)
		return CHAT_NONE;
	if (r->remedy == CHAT_PROVE)
		return run->succeeded < 0 ? CHAT_STOP : CHAT_NONE;
	if (r->remedy == CHAT_AGAIN && h->hints.retry == HINTS_GIVE_UP)
		return CHAT_NONE;
	if (r->remedy == CHAT_NONE && h->hints.retry == HINTS_RETRY)
		return CHAT_AGAIN;
	return r->remedy;
}

/* A reply, paid for: it is on disk before anybody sees it. */
static void
record_reply(struct run *run, struct slot *s, const struct http_reply *h)
{
	struct err e;

	if (s->tries == 1)
		pace_good(&run->pace, run->now);
	if (run->journal &&
		journal_add(run->journal, s->key, h->hints.id, h->body, &e))
		stop(run, ST_CUT, "the journal cannot be written: %s", e.msg);
}

static void
take(struct run *run, const struct http_reply *h)
{
	struct slot *s = h->tag;
	struct chat_reply r;

	understand(run, s, h, &r);
	switch (remedy_of(run, h, &r)) {
	case CHAT_AGAIN:
		try_again(run, s, h, &r);
		break;
	case CHAT_STOP:
		stop_for(run, s, &r);
		break;
	default:
		if (r.end != CHAT_FAILED && r.end != CHAT_MALFORMED)
			record_reply(run, s, h);
		conclude(run, s, &r);
		break;
	}
}

static void
collect(struct run *run)
{
	struct http_reply h;

	while (http_take(run->http, &h))
		take(run, &h);
}

/* The run. */

/* Where requests that wait for their next try stand when no more are made. */
static void
abandon_waiting(struct run *run)
{
	for (size_t i = 0; i < run->conf->jobs && run->nwaiting; i++) {
		struct slot *s = &run->slots[i];

		if (!s->waiting)
			continue;
		s->waiting = false;
		run->nwaiting--;
		free_slot(run, s);
	}
	run->asking = NULL;
}

static void
look_around(struct run *run)
{
	struct err e;

	run->now = clock_now();
	if (interrupted)
		stop(run, ST_CUT,
			"interrupted; waiting for the answers under way, a "
			"second signal gives them up; %s",
			how_to_go_on(run));
	if (run->st->unwritable)
		stop(run, ST_CUT, "nothing more is asked; %s",
			how_to_go_on(run));
	if (run->stopping)
		abandon_waiting(run);
	if (run->journal && run->now - run->synced > SYNC_EVERY) {
		run->synced = run->now;
		if (journal_sync(run->journal, &e))
			stop(run, ST_CUT, "the journal cannot be written: %s",
				e.msg);
	}
}

static bool
is_done(const struct run *run)
{
	return run->head == NULL && (run->st->ended || run->stopping);
}

/* How long nothing can happen, unless the network or the input has news. */
static double
idle_time(const struct run *run)
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
loop(struct run *run)
{
	for (;;) {
		int input;

		look_around(run);
		admit(run);
		start(run);
		emit(run);
		if (is_done(run))
			break;
		input = has_room(run) ? run->st->fd : -1;
		if (idle_time(run) > 0)
			stream_flush(run->st);
		http_wait(run->http, input, idle_time(run));
		run->now = clock_now();
		collect(run);
	}
}

static void
catch_signals(void)
{
	struct sigaction stops = { .sa_handler = on_signal };
	struct sigaction none = { .sa_handler = SIG_IGN };

	sigemptyset(&stops.sa_mask);
	sigaction(SIGINT, &stops, NULL);
	sigaction(SIGTERM, &stops, NULL);
	sigaction(SIGPIPE, &none, NULL); /* a server may hang up any time */
}

static void
open_run(struct run *run)
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
	if (c->journal && !(run->journal = journal_open(c->journal, &e)))
		die(ST_USAGE, "--journal %s", e.msg);
	run->slots = mem_alloc(c->jobs, sizeof(*run->slots));
	memset(run->slots, 0, c->jobs * sizeof(*run->slots));
	for (size_t i = c->jobs; i-- > 0;)
		free_slot(run, &run->slots[i]);
	pace_init(&run->pace, (unsigned)c->jobs,
		(uint64_t)getpid() ^ (uint64_t)time(NULL));
	run->succeeded = -1;
}

static void
close_run(struct run *run)
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
	ask_conf_release();
}

enum status
ask_run(struct stream *st, const struct ask_tool *tool)
{
	struct run run = { .st = st, .tool = tool };
	enum status status;

	run.conf = ask_conf_load();
	open_run(&run);
	catch_signals();
	loop(&run);
	if (run.skipped)
		warn("%" PRIu64 " records that were begun are missing from the "
		     "output",
			run.skipped);
	st->cut |= run.stopping;
	close_run(&run);
	status = stream_close(st);
	return run.stopping ? run.status : status;
}
