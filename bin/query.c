/* cupel-query: ask a model for each record. */
#include <inttypes.h>

#include "base/opt.h"
#include "eval/form.h"
#include "model/ask.h"
#include "record/emit.h"

static struct {
	uint64_t draws;
	const char *system, *template;
	bool logprobs;
} cfg = { .draws = 1 };

static const struct opt opts[] = {
	{ 'n', "count", "N", "ask N times, one record for each (default 1)",
		OPT_U64(&cfg.draws) },
	{ 0, "system", "TEXT", "put a system turn with TEXT in front",
		OPT_STR(&cfg.system) },
	{ 0, "template", "FILE", "send the text in FILE, filled in, as prompt",
		OPT_STR(&cfg.template) },
	{ 0, "logprobs", NULL, "ask for the tokens' log probabilities",
		OPT_FLAG(&cfg.logprobs) },
	{ 0 },
};
static const struct tool tool = { "query", "ask a model for each record",
	"[file ...]",
	(const struct opt *const[]){ opts, ask_opts, stream_opts, NULL } };

static struct form form;

/* A user's message; ${json} is its text as a JSON string. */
static struct span
one_message(struct rec *r, struct span json)
{
	return arena_printf(&r->arena, "[{\"role\":\"user\",\"content\":%.*s}]",
		SPAN_ARG(json));
}

/* What the template makes of the record; it is the record's prompt then. */
static struct span
fill_in(struct rec *r)
{
	struct buf text = { 0 }, json = { 0 };
	struct span messages = { 0 };
	struct err e;

	if (form_fill(&form, r->raw, &text, &e))
		rec_fail(r, "template", "%s: %s", cfg.template, e.msg);
	else {
		emit_str(&json, buf_span(&text));
		messages = one_message(r, buf_span(&json));
		rec_set(r, "prompt", messages);
	}
	buf_release(&text);
	buf_release(&json);
	return messages;
}

/* The messages to send: "prompt", else "messages"; a text is a user's. */
static struct span
messages_of(struct rec *r)
{
	struct span prompt = rec_get(r, "prompt");
	enum json_kind kind;

	if (json_kind(prompt) <= JSON_NULL)
		prompt = rec_get(r, "messages");
	kind = json_kind(prompt);
	if (kind == JSON_ARRAY && json_count(prompt))
		return prompt;
	if (kind == JSON_STRING)
		return one_message(r, prompt);
	rec_fail(r, "no_prompt", "%s",
		kind <= JSON_NULL    ? "neither prompt nor messages is there"
		: kind == JSON_ARRAY ? "the prompt has no message"
				     : "the prompt is no list of messages");
	return (struct span){ 0 };
}

static void
begin(struct ask_job *job)
{
	struct chat_ask ask = {
		.system = span_str(cfg.system),
		.model = ask_model(),
		.logprobs = cfg.logprobs,
	};

	uint64_t first = rec_sample(&job->rec) * cfg.draws;

	if (json_kind(rec_get(&job->rec, "completion")) > JSON_NULL)
		return;
	ask.messages = cfg.template ? fill_in(&job->rec)
	                            : messages_of(&job->rec);
	if (!ask.messages.s)
		return;
	job->own = arena_array(
		&job->rec.arena, cfg.draws, sizeof(struct chat_reply));
	for (uint64_t i = 0; i < cfg.draws; i++)
		ask_put(job, &ask, (unsigned)(first + i));
}

static bool
answer(struct ask_job *job, size_t index, const struct chat_reply *r)
{
	struct chat_reply *replies = job->own;

	replies[index] = *r;
	return r->end != CHAT_EMPTY; /* others would come out the same */
}

static void
set_completion(struct rec *r, const struct chat_reply *reply)
{
	struct buf b = { 0 };

	emit_begin(&b, '['), emit_begin(&b, '{');
	emit_key(&b, "role"), emit_cstr(&b, "assistant");
	emit_key(&b, "content"), emit_str(&b, reply->text);
	if (reply->reasoning.len) {
		emit_key(&b, "reasoning_content");
		emit_str(&b, reply->reasoning);
	}
	emit_end(&b, '}'), emit_end(&b, ']');
	rec_set_buf(r, "completion", &b);
	buf_release(&b);
}

static void
set_usage(struct rec *r, const struct chat_usage *u)
{
	struct buf b = { 0 };

	if (!u->known)
		return;
	emit_begin(&b, '{');
	emit_key(&b, "input_tokens"), emit_u64(&b, u->input);
	emit_key(&b, "input_cached_tokens"), emit_u64(&b, u->cached);
	emit_key(&b, "output_tokens"), emit_u64(&b, u->output);
	emit_key(&b, "output_reasoning_tokens"), emit_u64(&b, u->reasoning);
	emit_key(&b, "total_tokens"), emit_u64(&b, u->total);
	emit_end(&b, '}');
	rec_set_buf(r, "usage", &b);
	buf_release(&b);
}

static void
set_text(struct rec *r, const char *name, struct span text)
{
	struct buf b = { 0 };

	if (!text.len)
		return;
	emit_str(&b, text);
	rec_set_buf(r, name, &b);
	buf_release(&b);
}

/* Draws of one record share it: what the one before had is not this one's. */
static void
forget_draw(struct rec *r)
{
	static const char *const names[] = { "completion", "error",
		"finish_reason", "usage", "logprobs" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		rec_unset(r, names[i]);
}

static void
write_draw(struct rec *r, const struct chat_reply *reply, struct stream *st)
{
	if (cfg.draws > 1)
		forget_draw(r);
	if (cfg.system)
		set_text(r, "system", span_str(cfg.system));
	if (reply->end == CHAT_ANSWER)
		set_completion(r, reply);
	else
		rec_fail(r, reply->error_code, "%.*s",
			SPAN_ARG(reply->error_message));
	set_text(r, "finish_reason", reply->finish);
	set_text(r, "model", reply->model);
	set_usage(r, &reply->usage);
	if (cfg.logprobs && reply->logprobs.s)
		rec_set(r, "logprobs", reply->logprobs);
	stream_write(st, r);
}

static void
finish(struct ask_job *job, struct stream *st)
{
	const struct chat_reply *replies = job->own;
	uint64_t first;

	if (replies == NULL) {
		stream_write(st, &job->rec);
		return;
	}
	first = rec_sample(&job->rec) * cfg.draws;
	for (uint64_t i = 0; i < cfg.draws; i++) {
		if (cfg.draws > 1)
			rec_set(&job->rec, "sample",
				arena_printf(&job->rec.arena, "%" PRIu64,
					first + i));
		write_draw(&job->rec, &replies[i], st);
	}
}

static void
prepare(void)
{
	struct err e;

	ask_model();
	if (cfg.draws < 1 || cfg.draws > 100000)
		die(ST_USAGE, "-n: a number from 1 to 100000 is expected");
	if (cfg.template == NULL)
		return;
	if (form_load(&form, cfg.template, &e))
		die(ST_USAGE, "--template %s", e.msg);
	if (span_trim(buf_span(&form.text), " \t\r\n").len == 0)
		die(ST_USAGE, "--template %s: the file is empty", cfg.template);
}

int
main(int argc, char **argv)
{
	static const struct ask_tool asking = { begin, answer, finish };
	struct stream st;
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare();
	stream_open(&st, argv);
	status = ask_run(&st, &asking);
	form_release(&form);
	return status;
}
