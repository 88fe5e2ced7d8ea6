#include <math.h>
#include <stdlib.h>

#include "model/ask_run.h"
#include "record/emit.h"

#define MICRO 1e-6 /* of a dollar: estimates have no more digits */

struct forecast {
	uint64_t records, requests, kept;
	struct progress failed; /* only for its codes */
	double input, output;   /* tokens; output: at most */
	bool bounded;           /* is output known? */
};

/* The request's own limit on tokens, under any of its names. */
static bool
limit_of(struct span body, double *tokens)
{
	static const char *const names[] = { "max_completion_tokens",
		"max_output_tokens", "max_tokens" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_f64(json_get(body, names[i]), tokens))
			return true;
	return false;
}

static void
foresee(struct ask_run *run, struct forecast *f, struct ask_slot *s)
{
	double limit;

	ask_make(run, s);
	if (run->journal && journal_has(run->journal, s->key)) {
		f->kept++;
		return;
	}
	f->requests++;
	f->input += (double)s->body.len / ASK_TOKEN;
	if (limit_of(buf_span(&s->body), &limit))
		f->output += limit;
	else
		f->bounded = false;
}

static void
put_dollars(struct buf *b, const char *name, double dollars, bool known)
{
	emit_key(b, name);
	if (known)
		emit_f64(b, round(dollars / MICRO) / (1 / MICRO));
	else
		emit_null(b);
}

/* How many, and why. */
static void
put_failed(struct buf *b, const struct progress *failed)
{
	emit_key(b, "failed"), emit_u64(b, progress_failures(failed));
	if (failed->codes.n == 0)
		return;
	emit_key(b, "codes"), emit_begin(b, '{');
	for (size_t i = 0; i < failed->codes.n; i++) {
		emit_key_span(b, map_key(&failed->codes, i));
		emit_u64(b, failed->failures[i]);
	}
	emit_end(b, '}');
}

static void
put_forecast(struct ask_run *run, const struct forecast *f)
{
	const struct price *p = &run->price;
	bool priced = run->progress.priced;
	struct buf b = { 0 };

	emit_begin(&b, '{');
	emit_key(&b, "model"), emit_cstr(&b, run->conf->model);
	emit_key(&b, "records"), emit_u64(&b, f->records);
	put_failed(&b, &f->failed);
	emit_key(&b, "in_journal"), emit_u64(&b, f->kept);
	emit_key(&b, "requests"), emit_u64(&b, f->requests);
	emit_key(&b, "input_tokens"), emit_u64(&b, (uint64_t)f->input);
	emit_key(&b, "max_output_tokens");
	f->bounded ? emit_u64(&b, (uint64_t)f->output) : emit_null(&b);
	put_dollars(&b, "input_cost", f->input * p->input, priced);
	put_dollars(&b, "max_cost", f->input * p->input + f->output * p->output,
		priced && f->bounded);
	emit_end(&b, '}');
	stream_put(run->st, buf_span(&b));
	buf_release(&b);
}

/* A record that was wrong before anything could be asked. */
static void
count_failed(struct forecast *f, struct rec *r)
{
	struct span error = rec_get(r, "error");
	struct span code = json_str(json_get(error, "code"), &r->arena);

	progress_failure(&f->failed, code.len ? code : SPAN("unknown"),
		json_str(json_get(error, "message"), &r->arena));
}

static void
tell_bound(const struct ask_run *run)
{
	warn("replies may be of any length, so that the most they cost is not "
	     "known; --set %s=N bounds them",
		run->conf->api == CHAT_RESPONSES ? "max_output_tokens"
						 : "max_tokens");
}

void
ask_dry(struct ask_run *run)
{
	struct forecast f = { .bounded = true };
	struct ask_slot *s = &run->slots[0];
	struct ask_job job = { 0 };

	s->job = &job;
	while (stream_read(run->st, &job.rec)) {
		bool passes = rec_failed(&job.rec);

		job.nquestions = 0;
		if (!passes)
			run->tool->begin(&job);
		for (s->index = 0; s->index < job.nquestions; s->index++)
			foresee(run, &f, s);
		f.records++;
		if (rec_failed(&job.rec))
			count_failed(&f, &job.rec);
	}
	s->job = NULL;
	put_forecast(run, &f);
	if (!f.bounded)
		tell_bound(run);
	progress_release(&f.failed);
	rec_release(&job.rec);
	free(job.questions);
}

void
ask_write_request(struct ask_run *run, struct ask_slot *s)
{
	bool anthropic = run->conf->api == CHAT_MESSAGES;
	size_t known = run->asked.n;
	struct buf b = { 0 };

	if (map_put(&run->asked, span_str(s->key)) < known)
		return;
	emit_begin(&b, '{');
	emit_key(&b, "custom_id"), emit_cstr(&b, s->key);
	if (!anthropic) {
		emit_key(&b, "method"), emit_cstr(&b, "POST");
		emit_key(&b, "url"), buf_byte(&b, '"');
		buf_printf(&b, "/v1%s\"",
			chat_path((enum chat_api)run->conf->api));
	}
	emit_key(&b, anthropic ? "params" : "body");
	emit_raw(&b, buf_span(&s->body));
	emit_end(&b, '}');
	stream_put(run->st, buf_span(&b));
	buf_release(&b);
}
