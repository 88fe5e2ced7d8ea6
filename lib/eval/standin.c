#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "eval/improv.h"
#include "eval/replay.h"
#include "eval/script.h"
#include "eval/standin.h"
#include "model/dialect.h"
#include "model/token.h"
#include "record/digest.h"
#include "record/emit.h"

/* What is remembered of a body. */
struct seen {
	uint32_t asked;  /* how often */
	uint32_t faults; /* how many of these went wrong */
	uint32_t drawn;  /* how many got a reply of their own */
};

struct standin {
	struct standin_conf conf;
	struct replay *replay;
	struct script script;
	struct bucket bucket;
	struct map bodies; /* from a body's hash to its place in ${seen} */
	struct seen *seen;
	size_t seen_cap;
	uint64_t count; /* requests */
	int log;
	int log_errno;
	struct arena arena; /* of the request in hand */
};

/* The request in hand. */
struct turn {
	struct standin *s;
	struct httpd_request *q;
	struct httpd_reply r;
	enum chat_api api;
	struct dialect_ask ask;
	struct dialect_choice *choices;
	struct seen *seen;
	uint64_t hash;      /* of the body */
	uint64_t id;        /* of the reply */
	uint64_t draw;      /* which of the replies to this body */
	uint32_t asked;     /* how often before */
	const char *source; /* of the reply: for the log */
	const struct fault *fault;
};

/* Errors. */

static void PRINTF(4, 5) fail(
	struct turn *t, unsigned status, const char *code, const char *fmt, ...)
{
	struct dialect_error e = { .status = status, .code = code };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e.why.msg, sizeof(e.why.msg), fmt, ap);
	va_end(ap);
	t->r.status = status;
	dialect_fail(&t->r.body, t->api, &e, t->id);
}

/* A fault of status 429 that no patience helps. */
static void
fail_billing(struct turn *t)
{
	struct dialect_error e = { .status = 429,
		.type = "insufficient_quota",
		.code = "insufficient_quota" };

	if (t->api == CHAT_MESSAGES)
		e.code = "enforced_spend_limit_reached";
	err_set(&e.why, "you exceeded your current quota: check your plan and "
			"billing details");
	t->r.status = 429;
	dialect_fail(&t->r.body, t->api, &e, t->id);
}

static void
fail_status(struct turn *t, unsigned status)
{
	if (status == 429 || status == 503 || status == 529)
		httpd_set(&t->r, "Retry-After", "%g", t->s->conf.retry_after);
	fail(t, status, status == 429 ? "rate_limit_exceeded" : NULL,
		"a fault on purpose: status %u", status);
}

static void
send_page(struct turn *t, unsigned status)
{
	t->r.status = status;
	t->r.type = "text/html";
	buf_printf(&t->r.body,
		"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
		"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
		"</body>\r\n</html>\r\n");
}

/* Making the answer. */

/* Each draw has a generator of its own. */
static void
improvise(struct turn *t, struct dialect_choice *c, uint64_t draw)
{
	struct rng rng;

	rng_init(&rng, t->s->conf.seed, hash_mix(t->hash + draw));
	improv_choice(c, &t->ask, &rng, &t->s->arena);
}

/* From the program; true where there is nothing more to do. */
static bool
recite(struct turn *t, struct dialect_choice *c, uint64_t draw)
{
	struct script_to to = { c, &t->r, &t->s->arena };
	struct err e;

	switch (script_take(&t->s->script, draw, &to, &e)) {
	case SCRIPT_ERROR:
		fail(t, 400, "standin_program", "--reply: %s", e.msg);
		return true;
	case SCRIPT_REPLY:
		return true;
	case SCRIPT_NOTHING:
		improvise(t, c, draw);
		return false;
	case SCRIPT_CHOICE:
		break;
	}
	t->source = "program";
	return false;
}

/* All choices; true where that made a reply already. */
static bool
make_choices(struct turn *t)
{
	struct script *script = &t->s->script;
	uint64_t first = t->ask.temperature > 0 ? t->draw * t->ask.n : 0;
	struct err e;

	t->source = "built-in";
	t->choices = arena_array(&t->s->arena, t->ask.n, sizeof(*t->choices));
	if (script->program && script_run(script, t->q->body, &e) < 0) {
		fail(t, 400, "standin_program", "--reply: %s", e.msg);
		return true;
	}
	for (uint64_t i = 0; i < t->ask.n; i++) {
		uint64_t draw = t->ask.temperature > 0 ? first + i : 0;

		if (recite(t, &t->choices[i], draw))
			return true;
		dialect_bound(&t->ask, &t->choices[i], &t->s->arena);
	}
	return false;
}

/* Faults that spoil an answer. */

static void
spoil_choice(struct dialect_choice *c, enum fault_kind kind)
{
	static const struct span none = { NULL, 0 };

	if (kind == FAULT_LENGTH) {
		c->text = token_prefix(c->text, token_count(c->text) / 2);
		c->finish = "length";
	} else if (kind == FAULT_FILTER) {
		c->text = none;
		c->finish = "content_filter";
	} else if (kind == FAULT_REFUSAL) {
		c->text = none;
		c->refusal = SPAN("I'm sorry, but I can't help with that.");
	} else if (kind == FAULT_HUGE) {
		c->text = SPAN("xx");
	}
}

/* Padding goes into the text, so that the body stays one valid reply. */
static void
inflate(struct turn *t)
{
	struct span text = t->api == CHAT_COMPLETIONS ? SPAN("\"content\":\"xx")
	                                              : SPAN("\"text\":\"xx");
	const char *at = span_find(buf_span(&t->r.body), text);

	if (at == NULL || t->r.body.len >= t->s->conf.huge)
		return;
	t->r.pad_at = (uint64_t)(at - t->r.body.s) + text.len;
	t->r.pad = t->s->conf.huge - t->r.body.len;
}

/* Is there an answer to be made up, and not merely to be sent badly? */
static bool
is_made_up(enum fault_kind kind)
{
	return kind == FAULT_EMPTY || kind == FAULT_LENGTH ||
	       kind == FAULT_FILTER || kind == FAULT_REFUSAL ||
	       kind == FAULT_HUGE;
}

/* The recorded reply; true where there is one, or should be. */
static bool
replay(struct turn *t)
{
	struct span reply = { NULL, 0 };

	if (t->s->replay)
		reply = replay_find(t->s->replay, t->q->body, t->draw);
	if (reply.s) {
		t->source = "journal";
		t->r.status = 200;
		buf_add(&t->r.body, reply);
	} else if (t->s->conf.strict) {
		fail(t, 404, "not_recorded",
			"the journal has no reply to this body");
	}
	return t->r.status != 0;
}

static void
compose(struct turn *t, enum fault_kind kind)
{
	size_t n = kind == FAULT_EMPTY ? 0 : t->ask.n;

	if (make_choices(t))
		return;
	for (size_t i = 0; i < n; i++)
		spoil_choice(&t->choices[i], kind);
	t->r.status = 200;
	dialect_write(&t->r.body, &t->ask, t->choices, n, t->id);
}

static void
answer(struct turn *t)
{
	enum fault_kind kind = t->fault ? t->fault->kind : FAULT_NONE;

	if (is_made_up(kind) || !replay(t))
		compose(t, kind);
	if (kind == FAULT_CUT)
		t->r.cut = t->r.body.len / 2;
	else if (kind == FAULT_MALFORMED)
		t->r.body.len /= 2;
	else if (kind == FAULT_HUGE)
		inflate(t);
}

static void
answer_or_fault(struct turn *t)
{
	switch (t->fault ? t->fault->kind : FAULT_NONE) {
	case FAULT_STATUS:
		fail_status(t, t->fault->status);
		break;
	case FAULT_BILLING:
		fail_billing(t);
		break;
	case FAULT_HTML:
		send_page(t, t->fault->status);
		break;
	case FAULT_STALL:
		break;
	case FAULT_FILTER:
		if (t->api == CHAT_MESSAGES) {
			fail(t, 400, NULL, "output blocked by content filter");
			break;
		}
		answer(t);
		break;
	default:
		answer(t);
	}
}

/* Whether and when. */

static bool
may_enter(struct turn *t)
{
	struct span key = span_str(t->s->conf.key), shown;

	if (key.s == NULL)
		return true;
	shown = httpd_header(t->q, "x-api-key");
	if (shown.s && span_eq(shown, key))
		return true;
	shown = httpd_header(t->q, "Authorization");
	if (shown.s && span_starts(shown, SPAN("Bearer "))) {
		shown.s += 7, shown.len -= 7;
		if (span_eq(shown, key))
			return true;
	}
	fail(t, 401, "invalid_api_key", "no API key, or not the right one");
	return false;
}

static bool
within_rate(struct turn *t)
{
	static const char *const names[2][3] = {
		{ "x-ratelimit-limit-requests",
			"x-ratelimit-remaining-requests",
			"x-ratelimit-reset-requests" },
		{ "anthropic-ratelimit-requests-limit",
			"anthropic-ratelimit-requests-remaining", NULL },
	};
	struct bucket *b = &t->s->bucket;
	const char *const *name = names[t->api == CHAT_MESSAGES];
	uint64_t wait;

	if (b->rate <= 0)
		return true;
	wait = bucket_take(b, clock_ms());
	httpd_set(&t->r, name[0], "%g", bucket_size(b));
	httpd_set(&t->r, name[1], "%g", floor(b->left));
	if (name[2])
		httpd_set(&t->r, name[2], "%llums",
			(unsigned long long)bucket_full_ms(b));
	if (wait == 0)
		return true;
	httpd_set(&t->r, "retry-after-ms", "%llu", (unsigned long long)wait);
	httpd_set(&t->r, "Retry-After", "%llu",
		(unsigned long long)(wait + 999) / 1000);
	fail(t, 429, "rate_limit_exceeded",
		"more than %g requests a second: try again in %llu ms", b->rate,
		(unsigned long long)wait);
	return false;
}

static bool
known_model(const struct standin_conf *conf, struct span model)
{
	const char *list = conf->models;

	while (list && *list) {
		size_t n = strcspn(list, ",");

		if (span_eq((struct span){ list, n }, model))
			return true;
		list += n + (list[n] == ',');
	}
	return conf->models == NULL;
}

static bool
read_body(struct turn *t)
{
	struct dialect_error e;

	if (dialect_read(&t->ask, t->api, t->q->body, &t->s->arena, &e)) {
		t->r.status = e.status;
		dialect_fail(&t->r.body, t->api, &e, t->id);
		return false;
	}
	if (known_model(&t->s->conf, t->ask.model))
		return true;
	fail(t, 404, "model_not_found", "the model '%.*s' does not exist",
		SPAN_ARG(t->ask.model));
	return false;
}

/* Remember the body, and draw what happens to it this time. */
static void
draw_lot(struct turn *t)
{
	const struct standin_conf *conf = &t->s->conf;
	uint64_t span = conf->latency_max - conf->latency_min + 1;
	struct rng rng;

	rng_init(&rng, conf->seed ^ t->hash, t->asked);
	t->r.delay_ms = conf->latency_min + rng_below(&rng, span);
	t->fault = faults_pick(&conf->faults, rng_unit(&rng));
	if (conf->fault_times && t->seen->faults >= conf->fault_times)
		t->fault = NULL;
	if (t->fault)
		t->seen->faults++;
	else
		t->seen->drawn++;
	t->draw = t->seen->drawn - !t->fault;
	t->id = hash_mix(t->hash ^ hash_mix(t->draw + 1));
}

static void
remember(struct turn *t)
{
	struct standin *s = t->s;
	size_t known = s->bodies.n, at;

	t->hash = hash_bytes(0, t->q->body);
	at = map_put(&s->bodies,
		(struct span){ (const char *)&t->hash, sizeof(t->hash) });
	s->seen = mem_grow(s->seen, &s->seen_cap, at + 1, sizeof(*s->seen));
	if (at == known)
		s->seen[at] = (struct seen){ 0 };
	t->seen = &s->seen[at];
	t->asked = t->seen->asked++;
	t->id = hash_mix(t->hash ^ t->asked);
}

static void
ask_model(struct turn *t)
{
	remember(t);
	if (strcmp(t->q->method, "POST") != 0)
		fail(t, 405, NULL, "%s %s: only POST is allowed", t->q->method,
			t->q->path);
	else if (t->q->over)
		fail(t, 413, NULL, "the body is too long");
	else if (may_enter(t) && within_rate(t) && read_body(t)) {
		draw_lot(t);
		answer_or_fault(t);
	}
}

/* What is not for the model. */

static void
list_models(struct turn *t)
{
	const char *list = t->s->conf.models;
	struct buf *b = &t->r.body;

	t->r.status = 200;
	emit_begin(b, '{');
	emit_key(b, "object");
	emit_cstr(b, "list");
	emit_key(b, "data");
	emit_begin(b, '[');
	for (list = list ? list : "standin"; *list; list += *list == ',') {
		size_t n = strcspn(list, ",");

		dialect_model(b, (struct span){ list, n });
		list += n;
	}
	emit_end(b, ']');
	emit_end(b, '}');
}

static void
show_model(struct turn *t, const char *name)
{
	if (known_model(&t->s->conf, span_str(name))) {
		t->r.status = 200;
		dialect_model(&t->r.body, span_str(name));
	} else {
		fail(t, 404, "model_not_found", "the model '%s' does not exist",
			name);
	}
}

static void
show(struct turn *t, const char *path)
{
	bool models = strncmp(path, "/models", 7) == 0;

	if (strcmp(t->q->method, "GET") != 0 &&
		strcmp(t->q->method, "HEAD") != 0)
		fail(t, 405, NULL, "%s %s: only GET is allowed", t->q->method,
			t->q->path);
	else if (models && !may_enter(t))
		return;
	else if (strcmp(path, "/models") == 0)
		list_models(t);
	else if (models)
		show_model(t, path + 8);
	else {
		t->r.status = 200;
		buf_add(&t->r.body, SPAN("{\"status\":\"ok\"}"));
	}
}

static void
dispatch(struct turn *t)
{
	const char *path = t->q->path;

	while (strncmp(path, "/v1", 3) == 0 &&
		(path[3] == '/' || path[3] == '\0'))
		path += 3;
	for (t->api = CHAT_COMPLETIONS; t->api <= CHAT_MESSAGES; t->api++)
		if (strcmp(path, chat_path(t->api)) == 0) {
			ask_model(t);
			return;
		}
	t->api = CHAT_COMPLETIONS;
	if (*path == '\0' || strcmp(path, "/") == 0 ||
		strcmp(path, "/health") == 0 || strcmp(path, "/models") == 0 ||
		(strncmp(path, "/models/", 8) == 0 && path[8]))
		show(t, path);
	else
		fail(t, 404, NULL, "there is nothing at %s", t->q->path);
}

/* The log. */

static void
log_turn(const struct turn *t, bool stalls)
{
	struct standin *s = t->s;
	struct buf b = { 0 };
	char hex[DIGEST_HEX + 1];

	digest_hex(t->q->body, hex);
	emit_begin(&b, '{');
	emit_key(&b, "n"), emit_u64(&b, s->count);
	emit_key(&b, "method"), emit_cstr(&b, t->q->method);
	emit_key(&b, "path"), emit_cstr(&b, t->q->path);
	emit_key(&b, "status");
	emit_u64(&b, stalls ? 0 : t->r.status);
	emit_key(&b, "body"), emit_str(&b, (struct span){ hex, 40 });
	emit_key(&b, "asked"), emit_u64(&b, t->asked);
	emit_key(&b, "fault");
	if (t->fault)
		emit_cstr(&b, t->fault->name);
	else
		emit_null(&b);
	emit_key(&b, "source");
	if (t->source)
		emit_cstr(&b, t->source);
	else
		emit_null(&b);
	emit_end(&b, '}');
	buf_byte(&b, '\n');
	if (write(s->log, b.s, b.len) != (ssize_t)b.len)
		s->log_errno = errno ? errno : ENOSPC;
	buf_release(&b);
}

void
standin_handle(struct httpd_request *q, void *own)
{
	struct standin *s = own;
	struct turn t = { .s = s, .q = q };
	bool stalls;

	arena_clear(&s->arena);
	s->count++;
	t.r.type = "application/json";
	dispatch(&t);
	stalls = t.fault && t.fault->kind == FAULT_STALL;
	if (s->log >= 0)
		log_turn(&t, stalls);
	httpd_set(&t.r, t.api == CHAT_MESSAGES ? "request-id" : "x-request-id",
		"req_%016llx", (unsigned long long)t.id);
	if (stalls)
		httpd_stall(q);
	else
		httpd_reply(q, &t.r);
}

struct standin *
standin_open(const struct standin_conf *conf, struct err *e)
{
	struct standin *s = mem_alloc(1, sizeof(*s));

	*s = (struct standin){ .conf = *conf, .log = -1 };
	s->bucket.rate = conf->rate;
	if (conf->reply) {
		s->script.program = expr_compile(conf->reply, e);
		if (s->script.program == NULL)
			goto out;
	}
	if (conf->journal) {
		s->replay = replay_open(conf->journal, e);
		if (s->replay == NULL)
			goto out;
		if (replay_count(s->replay) == 0)
			warn("%s: no reply there is kept under its request",
				conf->journal);
	}
	if (conf->log) {
		s->log = open(conf->log,
			O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
			0666);
		if (s->log < 0) {
			err_set(e, "%s: %s", conf->log, strerror(errno));
			goto out;
		}
	}
	return s;
out:
	standin_close(s, NULL);
	return NULL;
}

int
standin_close(struct standin *s, struct err *e)
{
	int failed = s->log_errno;

	if (s->log >= 0 && close(s->log) && !failed)
		failed = errno;
	if (failed)
		err_set(e, "%s: %s", s->conf.log, strerror(failed));
	replay_free(s->replay);
	script_release(&s->script);
	map_release(&s->bodies);
	arena_release(&s->arena);
	free(s->seen);
	free(s);
	return failed ? -1 : 0;
}
