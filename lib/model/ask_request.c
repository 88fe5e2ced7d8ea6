#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/ask_run.h"

#define RETRY_FOR 600   /* seconds after the first failure */
#define PATIENCE 5      /* seconds until it is told again */
#define FIRST_RETRIES 4 /* of a server that was never reached */
#define HOLD 0.05       /* seconds between looks at what is in the way */

void
ask_free_slot(struct ask_run *run, struct ask_slot *s)
{
	s->job = NULL;
	s->next = run->idle;
	run->idle = s;
}

void
ask_make(struct ask_run *run, struct ask_slot *s)
{
	const struct ask_question *q = &s->job->questions[s->index];
	struct chat_ask ask = q->ask;

	ask.more = buf_span(&run->conf->more);
	buf_clear(&s->body);
	chat_body(&s->body, (enum chat_api)run->conf->api, &ask);
	if (run->journal || run->conf->batch)
		journal_key(s->key, buf_span(&s->body), run->conf->address.url,
			q->draw, q->again);
	s->tries = 0;
}

/* Answers. */

/*
 * Hands the reply to the tool. True where that is the end of the question; false
 * where it is to be asked once more.
 */
static bool
deliver(struct ask_run *run, struct ask_slot *s, const struct chat_reply *r)
{
	struct ask_question *q = &s->job->questions[s->index];
	bool good = run->tool->answer(s->job, s->index, r);

	if (!good && r->end != CHAT_FAILED && r->end != CHAT_MALFORMED &&
		q->again + 1 < run->conf->tries) {
		q->again++;
		return false;
	}
	if (r->end != CHAT_ANSWER)
		progress_failure(&run->progress, span_str(r->error_code),
			r->error_message);
	s->job->open--;
	return true;
}

static void
read_reply(struct ask_run *run, struct ask_slot *s, struct span body,
	struct chat_reply *r)
{
	chat_read(r, (enum chat_api)run->conf->api, body, &s->job->rec.arena);
	s->job->weight += body.len;
	run->held += body.len;
}

/* Sending. */

static void
wait_until(struct ask_run *run, struct ask_slot *s, double due)
{
	s->due = due;
	s->waiting = true;
	run->nwaiting++;
}

/* What one more request may cost: as the dearest before, or by its length. */
static double
expected_cost(const struct ask_run *run, const struct ask_slot *s)
{
	return run->progress.replies
	               ? run->dearest
	               : run->price.input * (double)s->body.len / ASK_TOKEN;
}

/*
 * Would another request exceed a ceiling? Near that of cost it waits for what is
 * in flight, which may turn out cheaper than expected.
 */
static bool
is_held(struct ask_run *run, struct ask_slot *s)
{
	const struct ask_conf *c = run->conf;
	unsigned flying = http_flying(run->http);
	double cost = run->progress.cost +
	              expected_cost(run, s) * ((double)flying + 1);

	if (run->progress.requests >= c->max_requests)
		ask_stop(run, ST_CUT, "stopped after %" PRIu64 " requests; %s",
			run->progress.requests, ask_go_on(run));
	else if (cost <= c->max_cost)
		return false;
	else if (flying)
		wait_until(run, s, run->now + HOLD);
	else
		ask_stop(run, ST_CUT,
			"stopped at $%.4f: another request may exceed "
			"--max-cost; %s",
			run->progress.cost, ask_go_on(run));
	if (run->stopping)
		ask_free_slot(run, s);
	return true;
}

static void
launch(struct ask_run *run, struct ask_slot *s)
{
	if (is_held(run, s))
		return;
	run->progress.requests++;
	run->progress.retries += s->tries > 0;
	s->tries++;
	http_start(run->http, buf_span(&s->body), s);
}

/*
 * With a journal equal requests have one reply, as they would have, were they
 * asked one after the other: is one of them on its way?
 */
static bool
has_twin(const struct ask_run *run, const struct ask_slot *s)
{
	for (size_t i = 0; run->journal && i < run->conf->jobs; i++) {
		const struct ask_slot *o = &run->slots[i];

		if (o != s && o->job && o->tries &&
			memcmp(o->key, s->key, 16) == 0 &&
			strcmp(o->key, s->key) == 0)
			return true;
	}
	return false;
}

/* Answers the slot's question from the journal as far as that goes. */
static bool
from_journal(struct ask_run *run, struct ask_slot *s)
{
	struct chat_reply r;
	struct err e;
	int got;

	for (;;) {
		ask_make(run, s);
		buf_clear(&run->reply);
		got = run->journal ? journal_find(run->journal, s->key,
					     &run->reply, &e)
		                   : 0;
		if (got < 0)
			ask_stop(run, ST_CUT, "the journal cannot be read: %s",
				e.msg);
		if (got <= 0)
			return false;
		run->progress.kept++;
		read_reply(run, s, buf_span(&run->reply), &r);
		if (deliver(run, s, &r))
			return true;
	}
}

/* Answers the slot's question from the journal, or else asks it. */
static void
settle(struct ask_run *run, struct ask_slot *s)
{
	if (from_journal(run, s) || run->stopping)
		ask_free_slot(run, s);
	else if (run->conf->batch) {
		ask_write_request(run, s);
		s->job->open--;
		ask_free_slot(run, s);
	} else if (has_twin(run, s))
		wait_until(run, s, run->now + HOLD);
	else
		launch(run, s);
}

static void
next_asking(struct ask_run *run)
{
	run->asking->asked++;
	run->unasked--;
	while (run->asking && run->asking->asked == run->asking->nquestions)
		run->asking = run->asking->next;
}

static bool
may_send(const struct ask_run *run)
{
	return !run->stopping &&
	       pace_room(&run->pace, run->now, http_flying(run->http));
}

/* First what waited, then the next questions. */
void
ask_start(struct ask_run *run)
{
	for (size_t i = 0; run->nwaiting && i < run->conf->jobs; i++) {
		struct ask_slot *s = &run->slots[i];

		if (!s->waiting || s->due > run->now || !may_send(run))
			continue;
		s->waiting = false;
		run->nwaiting--;
		if (s->tries)
			launch(run, s);
		else
			settle(run, s);
	}
	while (run->asking && run->idle && may_send(run)) {
		struct ask_slot *s = run->idle;

		run->idle = s->next;
		s->job = run->asking;
		s->index = run->asking->asked;
		next_asking(run);
		settle(run, s);
	}
}

void
ask_abandon(struct ask_run *run)
{
	for (size_t i = 0; run->nwaiting && i < run->conf->jobs; i++) {
		struct ask_slot *s = &run->slots[i];

		if (!s->waiting)
			continue;
		s->waiting = false;
		run->nwaiting--;
		ask_free_slot(run, s);
	}
	run->asking = NULL;
}

/* Replies. */

/* The last word on a request: an answer, or why there is none. */
static void
conclude(struct ask_run *run, struct ask_slot *s, const struct chat_reply *r)
{
	s->tries = 0;
	if (deliver(run, s, r))
		ask_free_slot(run, s);
	else
		settle(run, s);
}

static bool
is_unreached(const struct http_reply *h)
{
	return h->end == HTTP_UNREACHED || h->end == HTTP_NO_FILES;
}

static uint64_t
retries_of(const struct ask_run *run, const struct http_reply *h)
{
	uint64_t retries = run->conf->retries;

	return is_unreached(h) && run->succeeded < 0 && retries > FIRST_RETRIES
	               ? FIRST_RETRIES
	               : retries;
}

/* Gives up a request that nothing has helped, and the run if nothing will. */
static void
give_up(struct ask_run *run, struct ask_slot *s, const struct http_reply *h,
	struct chat_reply *r)
{
	bool never = run->succeeded < 0;

	if (is_unreached(h) && run->succeeded < s->failed) {
		ask_stop(run,
			never && run->st->written == 0 ? ST_USAGE : ST_CUT,
			"%s cannot be reached: %.*s; %s",
			run->conf->address.shown, SPAN_ARG(r->error_message),
			h->end == HTTP_UNREACHED && never
				? "is it running, and is -u right?"
				: ask_go_on(run));
		ask_free_slot(run, s);
		return;
	}
	if (s->tries > 1)
		r->error_message = arena_printf(&s->job->rec.arena,
			"%.*s; given up after %u attempts",
			SPAN_ARG(r->error_message), s->tries);
	conclude(run, s, r);
}

/* Does the server ask for a pause that nobody wants to sit out? */
static bool
asks_too_much(
	struct ask_run *run, struct ask_slot *s, const struct http_reply *h)
{
	if (h->hints.after <= run->conf->max_wait)
		return false;
	ask_stop(run, ST_CUT,
		"%s asks to wait %.0f seconds, more than --max-wait; %s",
		run->conf->address.shown, h->hints.after, ask_go_on(run));
	ask_free_slot(run, s);
	return true;
}

static double
pause_before_retry(
	struct ask_run *run, struct ask_slot *s, const struct http_reply *h)
{
	if (s->tries == 1)
		s->failed = run->now;
	if (h->end != HTTP_DONE || h->status != 429)
		return pace_bad(&run->pace, run->now, s->tries, &h->hints);
	run->progress.refusals++;
	return pace_slow(&run->pace, run->now, s->tries, &h->hints);
}

/* Tells at once that nobody is there, and then ever more seldom. */
static void
tell_unreached(struct ask_run *run, const struct http_reply *h,
	const struct chat_reply *r)
{
	char since[64] = "";

	if (run->lost <= fmax(run->succeeded, 0))
		run->lost = run->now;
	if (run->now < run->tell)
		return;
	if (run->now - run->lost >= 1)
		snprintf(since, sizeof(since), " for %.0f seconds",
			run->now - run->lost);
	warn("%s cannot be reached%s: %.*s; trying again, each request at "
	     "most %" PRIu64 " time%s and for %d minutes",
		run->conf->address.shown, since, SPAN_ARG(r->error_message),
		retries_of(run, h), retries_of(run, h) == 1 ? "" : "s",
		RETRY_FOR / 60);
	run->patience = run->patience > 0 ? 2 * run->patience : PATIENCE;
	run->tell = run->now + run->patience;
}

static void
try_again(struct ask_run *run, struct ask_slot *s, const struct http_reply *h,
	struct chat_reply *r)
{
	double wait = pause_before_retry(run, s, h);

	if (asks_too_much(run, s, h))
		return;
	if (run->stopping) {
		ask_free_slot(run, s);
		return;
	}
	if (s->tries > retries_of(run, h) || run->now - s->failed > RETRY_FOR) {
		give_up(run, s, h, r);
		return;
	}
	if (is_unreached(h))
		tell_unreached(run, h, r);
	wait_until(run, s, run->now + wait);
}

/* Which key was it that the server does not like? */
static const char *
key_advice(const struct ask_conf *c, struct arena *a)
{
	if (!c->sends_key)
		return arena_printf(a,
			"no key was sent%s; a key comes from %s or --key-file",
			c->key.len ? ", see above" : "", c->key_variable)
		        .s;
	if (c->key_file)
		return arena_printf(a,
			"check the key, which came from --key-file %s",
			c->key_file)
		        .s;
	return arena_printf(
		a, "check the key, which came from %s", c->key_variable)
	        .s;
}

/* Whom does one mend so that the certificate is good? TLS libraries differ. */
static const char *
trust_advice(struct span why)
{
	if (span_find(why, SPAN("expired")) ||
		span_find(why, SPAN("not yet valid")))
		return "the certificate is to be renewed, or the clock here to "
		       "be set";
	if (span_find(why, SPAN("subject name")))
		return "the certificate is another host's: check -u";
	return "where its authority is a private one, SSL_CERT_FILE names the "
	       "file of that one's certificate";
}

static const char *
advice(const struct ask_conf *c, const struct chat_reply *r, struct arena *a)
{
	if (strcmp(r->error_code, "auth") == 0)
		return key_advice(c, a);
	if (strcmp(r->error_code, "billing") == 0)
		return "the account has no credit left";
	if (strcmp(r->error_code, "not_found") == 0)
		return "check -m and -u";
	if (strcmp(r->error_code, "untrusted") == 0)
		return trust_advice(r->error_message);
	if (strcmp(r->error_code, "proxy") == 0)
		return "the proxy wants another user or password, in "
		       "https_proxy or http_proxy: "
		       "http://USER:PASSWORD@HOST:PORT";
	return "no request of this kind will succeed";
}

static void
stop_for(struct ask_run *run, struct ask_slot *s, const struct chat_reply *r)
{
	bool usage = run->st->written == 0 && run->succeeded < 0;

	ask_stop(run, usage ? ST_USAGE : ST_CUT, "%s: %.*s; %s%s%s",
		run->conf->address.shown, SPAN_ARG(r->error_message),
		advice(run->conf, r, &s->job->rec.arena), usage ? "" : "; ",
		usage ? "" : ask_go_on(run));
	ask_free_slot(run, s);
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

static void
read_failure(struct chat_reply *r, const struct http_reply *h, struct arena *a)
{
	chat_fail(r, h->status, h->body, a);
	if (h->status < 400 && *h->hints.location)
		r->error_message = arena_printf(a,
			"status %d: the server redirects to %s", h->status,
			h->hints.location);
}

/* Never shows the key, should a server repeat it. */
static void
hide_key(const struct ask_run *run, struct chat_reply *r, struct arena *a)
{
	struct span key = span_trim(buf_span(&run->conf->key), " \t\r\n");
	struct span rest;
	char *copy;

	if (key.len < 8 || !span_find(r->error_message, key))
		return;
	copy = arena_dup(a, r->error_message);
	rest = r->error_message = (struct span){ copy, r->error_message.len };
	for (const char *at; (at = span_find(rest, key));) {
		memset(copy + (at - copy), '*', key.len);
		rest.len -= (size_t)(at - rest.s) + key.len;
		rest.s = at + key.len;
	}
}

/* What came back as a reply, whatever it is. */
static void
understand(struct ask_run *run, struct ask_slot *s, const struct http_reply *h,
	struct chat_reply *r)
{
	struct arena *a = &s->job->rec.arena;

	switch (h->end) {
	case HTTP_DONE:
		if (h->status >= 200 && h->status < 300)
			read_reply(run, s, h->body, r);
		else
			read_failure(r, h, a);
		break;
	case HTTP_UNREACHED:
		failed(r, "unreachable", h->detail, CHAT_AGAIN);
		break;
	case HTTP_NO_FILES:
		failed(r, "unreachable",
			"too many files are open on this machine, which a "
			"smaller -j or a higher ulimit -n helps",
			CHAT_AGAIN);
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
		failed(r, "too_big", "the reply is longer than --max-reply",
			CHAT_NONE);
		break;
	}
	if (!r->error_message.s)
		return;
	r->error_message.s = arena_dup(a, r->error_message);
	hide_key(run, r, a);
}

/* What helps, the server's own opinion and the run's experience heard. */
static enum chat_remedy
remedy_of(const struct ask_run *run, const struct http_reply *h,
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

/* A server that does not count tokens is not free of charge for that. */
static double
cost_of(const struct ask_run *run, const struct ask_slot *s,
	const struct chat_reply *r)
{
	struct chat_usage u = r->usage;

	if (!u.known) {
		u.input = s->body.len / ASK_TOKEN;
		u.output = (r->text.len + r->reasoning.len) / ASK_TOKEN;
		u.total = u.input + u.output;
	}
	return price_of(&run->price, &u);
}

/* A reply, paid for: it is on disk before anybody sees it. */
static void
keep_reply(struct ask_run *run, struct ask_slot *s, const struct http_reply *h,
	const struct chat_reply *r)
{
	double cost = cost_of(run, s, r);
	struct err e;

	run->succeeded = run->now;
	if (s->tries == 1)
		pace_good(&run->pace, run->now);
	progress_reply(&run->progress, &r->usage);
	run->progress.cost += cost;
	run->dearest = fmax(run->dearest, cost);
	if (run->journal &&
		journal_add(run->journal, s->key, h->hints.id, h->body, &e))
		ask_stop(run, ST_CUT, "the journal cannot be written: %s",
			e.msg);
}

static void
take(struct ask_run *run, const struct http_reply *h)
{
	struct ask_slot *s = h->tag;
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
			keep_reply(run, s, h, &r);
		conclude(run, s, &r);
		break;
	}
}

void
ask_collect(struct ask_run *run)
{
	struct http_reply h;

	while (http_take(run->http, &h))
		take(run, &h);
}
