#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "model/dialect.h"
#include "model/token.h"
#include "record/emit.h"

#define CREATED 1735689600 /* a fixed time: 2025-01-01 */

static void
key_str(struct buf *b, const char *key, struct span text)
{
	emit_key(b, key);
	if (text.s)
		emit_str(b, text);
	else
		emit_null(b);
}

static void
key_cstr(struct buf *b, const char *key, const char *text)
{
	key_str(b, key, span_str(text));
}

static void
key_u64(struct buf *b, const char *key, uint64_t u)
{
	emit_key(b, key);
	emit_u64(b, u);
}

static void
key_id(struct buf *b, const char *key, const char *prefix, uint64_t id)
{
	char text[48];

	snprintf(text, sizeof(text), "%s%016llx", prefix,
		(unsigned long long)id);
	key_cstr(b, key, text);
}

/* "key":[] or "key":{} or whatever literal. */
static void
key_raw(struct buf *b, const char *key, const char *json)
{
	emit_key(b, key);
	emit_raw(b, span_str(json));
}

/* Log probabilities, rounded so that no machine's log() shows. */

static void
emit_token(struct buf *b, struct span token, double p)
{
	emit_begin(b, '{');
	key_str(b, "token", token);
	emit_key(b, "logprob");
	emit_f64(b, floor(log(p) * 1e6 + 0.5) / 1e6);
	emit_key(b, "bytes");
	emit_begin(b, '[');
	for (size_t i = 0; i < token.len; i++)
		emit_u64(b, (unsigned char)token.s[i]);
	emit_end(b, ']');
}

/* ${n} tokens that the model might have chosen instead of ${token}. */
static void
emit_alternatives(struct buf *b, const struct dialect_choice *c,
	struct span token, double rest, uint64_t n)
{
	static const char *const words[DIALECT_TOP + 1] = { " the", " a",
		" and", " of", " to", " in", " it", " is", ",", ".", "\n",
		" that", " you", " for", " with", " your", " this", " on",
		" or", " be", " at" };
	bool first = c->sure > 0 && token.s == c->text.s;

	if (first && n > 0) {
		emit_token(b, c->instead, rest * 0.99);
		emit_end(b, '}');
		rest *= 0.01;
		n--;
	}
	for (size_t i = 0; n > 0 && i <= DIALECT_TOP; i++) {
		if (span_is(token, words[i]))
			continue;
		rest /= 2;
		emit_token(b, span_str(words[i]), rest);
		emit_end(b, '}');
		n--;
	}
}

/* The alternatives come behind the token, which the API counts among them. */
static void
emit_position(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *c, struct span token, struct rng *rng)
{
	double p = 0.6 + 0.39 * rng_unit(rng);

	if (token.s == c->text.s && c->sure > 0)
		p = c->sure;
	emit_token(b, token, p);
	emit_key(b, "top_logprobs");
	emit_begin(b, '[');
	if (a->top > 0) {
		emit_token(b, token, p);
		emit_end(b, '}');
		emit_alternatives(b, c, token, 1 - p, a->top - 1);
	}
	emit_end(b, ']');
	emit_end(b, '}');
}

static void
emit_logprobs(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *c, uint64_t id)
{
	struct span rest = c->text, token;
	struct rng rng;

	emit_key(b, "logprobs");
	if (c->logprobs.s || !a->logprobs) {
		emit_raw(b, c->logprobs.s ? c->logprobs : SPAN("null"));
		return;
	}
	rng_init(&rng, id, 1);
	emit_begin(b, '{');
	emit_key(b, "content");
	emit_begin(b, '[');
	while ((token = token_next(&rest)).s)
		emit_position(b, a, c, token, &rng);
	emit_end(b, ']');
	key_raw(b, "refusal", "null");
	emit_end(b, '}');
}

static uint64_t
input_tokens(const struct dialect_ask *a)
{
	uint64_t n = 3;

	for (size_t i = 0; i < a->nturns; i++)
		n += 4 + token_count(a->turns[i].text);
	return n;
}

static uint64_t
output_tokens(const struct dialect_choice *choices, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += token_count(choices[i].text) +
		         token_count(choices[i].reasoning) +
		         token_count(choices[i].refusal);
	return total;
}

static uint64_t
reasoning_tokens(const struct dialect_choice *choices, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += token_count(choices[i].reasoning);
	return total;
}

/* Members of the message that a program gave and that we know nothing of. */
static void
emit_more(struct buf *b, struct span more)
{
	struct json_iter it = json_iter(more);
	struct json_member m;

	while (more.s && json_next(&it, &m)) {
		emit_raw(b, m.key);
		buf_byte(b, ':');
		emit_raw(b, m.value);
	}
}

/* Chat completions. */

static void
write_choice(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *c, size_t index, uint64_t id)
{
	emit_begin(b, '{');
	key_u64(b, "index", index);
	emit_key(b, "message");
	emit_begin(b, '{');
	key_cstr(b, "role", "assistant");
	key_str(b, "content", c->text);
	key_str(b, "refusal", c->refusal);
	if (c->reasoning.s)
		key_str(b, "reasoning_content", c->reasoning);
	key_raw(b, "annotations", "[]");
	emit_more(b, c->more);
	emit_end(b, '}');
	emit_logprobs(b, a, c, id + index);
	key_cstr(b, "finish_reason", c->finish);
	emit_end(b, '}');
}

static void
write_completion(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *c, size_t n, uint64_t id)
{
	uint64_t in = input_tokens(a), out = output_tokens(c, n);

	key_id(b, "id", "chatcmpl-", id);
	key_cstr(b, "object", "chat.completion");
	key_u64(b, "created", CREATED);
	key_str(b, "model", a->model);
	emit_key(b, "choices");
	emit_begin(b, '[');
	for (size_t i = 0; i < n; i++)
		write_choice(b, a, &c[i], i, id);
	emit_end(b, ']');
	emit_key(b, "usage");
	emit_begin(b, '{');
	key_u64(b, "prompt_tokens", in);
	key_u64(b, "completion_tokens", out);
	key_u64(b, "total_tokens", in + out);
	key_raw(b, "prompt_tokens_details",
		"{\"cached_tokens\":0,\"audio_tokens\":0}");
	emit_key(b, "completion_tokens_details");
	emit_begin(b, '{');
	key_u64(b, "reasoning_tokens", reasoning_tokens(c, n));
	key_raw(b, "audio_tokens", "0");
	key_raw(b, "accepted_prediction_tokens", "0");
	key_raw(b, "rejected_prediction_tokens", "0");
	emit_end(b, '}');
	emit_end(b, '}');
	key_cstr(b, "service_tier", "default");
	key_raw(b, "system_fingerprint", "null");
}

/* Responses. */

static void
write_reasoning(struct buf *b, struct span text, uint64_t id)
{
	emit_begin(b, '{');
	key_id(b, "id", "rs_", id);
	key_cstr(b, "type", "reasoning");
	key_raw(b, "summary", "[]");
	emit_key(b, "content");
	emit_begin(b, '[');
	emit_begin(b, '{');
	key_cstr(b, "type", "reasoning_text");
	key_str(b, "text", text);
	emit_end(b, '}');
	emit_end(b, ']');
	emit_end(b, '}');
}

static void
write_output(struct buf *b, const struct dialect_choice *c, uint64_t id)
{
	if (c->reasoning.s)
		write_reasoning(b, c->reasoning, id);
	if (c->text.s == NULL && c->refusal.s == NULL)
		return;
	emit_begin(b, '{');
	key_id(b, "id", "msg_", id);
	key_cstr(b, "type", "message");
	key_cstr(b, "status",
		strcmp(c->finish, "stop") == 0 ? "completed" : "incomplete");
	key_cstr(b, "role", "assistant");
	emit_key(b, "content");
	emit_begin(b, '[');
	emit_begin(b, '{');
	if (c->refusal.s) {
		key_cstr(b, "type", "refusal");
		key_str(b, "refusal", c->refusal);
	} else {
		key_cstr(b, "type", "output_text");
		key_str(b, "text", c->text);
		key_raw(b, "annotations", "[]");
		key_raw(b, "logprobs", "[]");
	}
	emit_end(b, '}');
	emit_end(b, ']');
	emit_end(b, '}');
}

/* What came of it: the members in front of the output. */
static void
write_status(struct buf *b, const struct dialect_choice *c)
{
	const char *why = NULL;

	if (c && strcmp(c->finish, "length") == 0)
		why = "max_output_tokens";
	if (c && strcmp(c->finish, "content_filter") == 0)
		why = "content_filter";
	key_cstr(b, "status", why ? "incomplete" : "completed");
	key_raw(b, "error", "null");
	emit_key(b, "incomplete_details");
	if (why) {
		emit_begin(b, '{');
		key_cstr(b, "reason", why);
		emit_end(b, '}');
	} else {
		emit_null(b);
	}
}

static void
write_response(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *c, size_t n, uint64_t id)
{
	uint64_t in = input_tokens(a), out = output_tokens(c, n);

	key_id(b, "id", "resp_", id);
	key_cstr(b, "object", "response");
	key_u64(b, "created_at", CREATED);
	write_status(b, n ? c : NULL);
	key_raw(b, "instructions", "null");
	key_raw(b, "max_output_tokens", "null");
	key_str(b, "model", a->model);
	emit_key(b, "output");
	emit_begin(b, '[');
	if (n)
		write_output(b, c, id);
	emit_end(b, ']');
	key_raw(b, "parallel_tool_calls", "true");
	key_raw(b, "previous_response_id", "null");
	key_raw(b, "reasoning", "{\"effort\":null,\"summary\":null}");
	key_raw(b, "store", "false");
	emit_key(b, "temperature");
	emit_f64(b, a->temperature);
	key_raw(b, "text", "{\"format\":{\"type\":\"text\"}}");
	key_raw(b, "tool_choice", "\"auto\"");
	key_raw(b, "tools", "[]");
	key_raw(b, "top_p", "1.0");
	key_raw(b, "truncation", "\"disabled\"");
	emit_key(b, "usage");
	emit_begin(b, '{');
	key_u64(b, "input_tokens", in);
	key_raw(b, "input_tokens_details", "{\"cached_tokens\":0}");
	key_u64(b, "output_tokens", out);
	emit_key(b, "output_tokens_details");
	emit_begin(b, '{');
	key_u64(b, "reasoning_tokens", reasoning_tokens(c, n));
	emit_end(b, '}');
	key_u64(b, "total_tokens", in + out);
	emit_end(b, '}');
	key_raw(b, "user", "null");
	key_raw(b, "metadata", "{}");
}

/* Messages. */

static void
write_block(struct buf *b, const char *type, struct span text)
{
	emit_begin(b, '{');
	key_cstr(b, "type", type);
	key_str(b, type, text);
	if (strcmp(type, "thinking") == 0)
		key_cstr(b, "signature", "");
	emit_end(b, '}');
}

static const char *
stop_reason(const struct dialect_choice *c)
{
	static const char *const words[][2] = { { "length", "max_tokens" },
		{ "tool_calls", "tool_use" }, { "content_filter", "refusal" } };

	if (c->refusal.s)
		return "refusal";
	for (size_t i = 0; i < 3; i++)
		if (strcmp(c->finish, words[i][0]) == 0)
			return words[i][1];
	return c->stopped.s ? "stop_sequence" : "end_turn";
}

static void
write_message(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *c, size_t n, uint64_t id)
{
	key_id(b, "id", "msg_", id);
	key_cstr(b, "type", "message");
	key_cstr(b, "role", "assistant");
	key_str(b, "model", a->model);
	emit_key(b, "content");
	emit_begin(b, '[');
	if (n && c->reasoning.s)
		write_block(b, "thinking", c->reasoning);
	if (n && c->text.s)
		write_block(b, "text", c->text);
	if (n && c->refusal.s && c->text.s == NULL)
		write_block(b, "text", c->refusal);
	emit_end(b, ']');
	key_cstr(b, "stop_reason", n ? stop_reason(c) : "end_turn");
	key_str(b, "stop_sequence", n ? c->stopped : (struct span){ NULL, 0 });
	emit_key(b, "usage");
	emit_begin(b, '{');
	key_u64(b, "input_tokens", input_tokens(a));
	key_raw(b, "cache_creation_input_tokens", "0");
	key_raw(b, "cache_read_input_tokens", "0");
	key_u64(b, "output_tokens", output_tokens(c, n));
	key_cstr(b, "service_tier", "standard");
	emit_end(b, '}');
}

void
dialect_write(struct buf *b, const struct dialect_ask *a,
	const struct dialect_choice *choices, size_t n, uint64_t id)
{
	emit_begin(b, '{');
	if (a->api == CHAT_COMPLETIONS)
		write_completion(b, a, choices, n, id);
	else if (a->api == CHAT_RESPONSES)
		write_response(b, a, choices, n > 1 ? 1 : n, id);
	else
		write_message(b, a, choices, n > 1 ? 1 : n, id);
	emit_end(b, '}');
}

/* Errors. */

static const char *
error_type(enum chat_api api, unsigned status)
{
	static const struct {
		unsigned status;
		const char *openai, *anthropic;
	} types[] = {
		{ 401, "invalid_request_error", "authentication_error" },
		{ 402, "insufficient_quota", "billing_error" },
		{ 403, "invalid_request_error", "permission_error" },
		{ 404, "invalid_request_error", "not_found_error" },
		{ 413, "invalid_request_error", "request_too_large" },
		{ 429, "requests", "rate_limit_error" },
		{ 504, "server_error", "timeout_error" },
		{ 529, "server_error", "overloaded_error" },
	};
	bool theirs = api == CHAT_MESSAGES;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].status == status)
			return theirs ? types[i].anthropic : types[i].openai;
	if (status < 500)
		return "invalid_request_error";
	return theirs ? "api_error" : "server_error";
}

static void
fail_messages(struct buf *b, const struct dialect_error *e, uint64_t id)
{
	emit_begin(b, '{');
	key_cstr(b, "type", "error");
	emit_key(b, "error");
	emit_begin(b, '{');
	key_cstr(b, "type", error_type(CHAT_MESSAGES, e->status));
	key_cstr(b, "message", e->why.msg);
	if (e->type && e->code) {
		emit_key(b, "details");
		emit_begin(b, '{');
		key_cstr(b, "error_code", e->code);
		emit_end(b, '}');
	}
	emit_end(b, '}');
	key_id(b, "request_id", "req_", id);
	emit_end(b, '}');
}

void
dialect_fail(struct buf *b, enum chat_api api, const struct dialect_error *e,
	uint64_t id)
{
	if (api == CHAT_MESSAGES) {
		fail_messages(b, e, id);
		return;
	}
	emit_begin(b, '{');
	emit_key(b, "error");
	emit_begin(b, '{');
	key_cstr(b, "message", e->why.msg);
	key_cstr(b, "type", e->type ? e->type : error_type(api, e->status));
	key_cstr(b, "param", e->param);
	key_cstr(b, "code", e->code);
	emit_end(b, '}');
	emit_end(b, '}');
}

void
dialect_model(struct buf *b, struct span name)
{
	emit_begin(b, '{');
	key_str(b, "id", name);
	key_cstr(b, "object", "model");
	key_u64(b, "created", CREATED);
	key_cstr(b, "owned_by", "cupel-standin");
	emit_end(b, '}');
}
