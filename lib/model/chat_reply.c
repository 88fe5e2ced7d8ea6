#include <strings.h>

#include "model/chat.h"
#include "model/chat_fail.h"

/* What is gathered while the parts of a reply are walked. */
struct parts {
	struct arena *arena;
	struct buf text, reasoning, refusal;
	struct span logprobs; /* an array, or absent */
	bool tool;
};

static bool
word_is(struct span word, const char *s)
{
	return word.len == strlen(s) && strncasecmp(word.s, s, word.len) == 0;
}

/* What the APIs, and servers that speak like them, call the end of a reply. */
static enum chat_end
end_of(struct span word)
{
	static const struct {
		const char *word;
		enum chat_end end;
	} ends[] = {
		{ "stop", CHAT_ANSWER },
		{ "end_turn", CHAT_ANSWER },
		{ "stop_sequence", CHAT_ANSWER },
		{ "completed", CHAT_ANSWER },
		{ "eos", CHAT_ANSWER },
		{ "eos_token", CHAT_ANSWER },
		{ "length", CHAT_LENGTH },
		{ "max_tokens", CHAT_LENGTH },
		{ "max_output_tokens", CHAT_LENGTH },
		{ "model_length", CHAT_LENGTH },
		{ "model_context_window_exceeded", CHAT_LENGTH },
		{ "content_filter", CHAT_FILTERED },
		{ "safety", CHAT_FILTERED },
		{ "prohibited_content", CHAT_FILTERED },
		{ "recitation", CHAT_FILTERED },
		{ "sensitive", CHAT_FILTERED },
		{ "refusal", CHAT_REFUSED },
		{ "tool_calls", CHAT_TOOL },
		{ "function_call", CHAT_TOOL },
		{ "tool_use", CHAT_TOOL },
		{ "pause_turn", CHAT_TOOL },
	};

	if (word.len == 0)
		return CHAT_ANSWER;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (word_is(word, ends[i].word))
			return ends[i].end;
	return CHAT_MALFORMED;
}

static void
add(struct buf *b, struct parts *p, struct span string)
{
	buf_add(b, json_str(string, p->arena));
}

static void
add_paragraph(struct buf *b, struct parts *p, struct span string)
{
	struct span text = json_str(string, p->arena);

	if (b->len && text.len)
		buf_add(b, SPAN("\n\n"));
	buf_add(b, text);
}

/* The texts of an array's elements that have one. */
static void
add_texts(struct buf *b, struct parts *p, struct span array)
{
	struct json_iter it = json_iter(array);
	struct json_member m;

	while (json_next(&it, &m))
		add_paragraph(b, p, json_get(m.value, "text"));
}

/*
 * A part of a message's content: a text, a refusal, a piece of reasoning, a call
 * of a tool. The names of all APIs are different or mean the same.
 */
static void
read_part(struct parts *p, struct span part)
{
	struct span type = json_get(part, "type");
	struct span thinking = json_get(part, "thinking");
	struct span logprobs = json_get(part, "logprobs");

	if (json_is(type, "text") || json_is(type, "output_text"))
		add(&p->text, p, json_get(part, "text"));
	else if (json_is(type, "refusal"))
		add(&p->refusal, p, json_get(part, "refusal"));
	else if (json_is(type, "thinking"))
		json_kind(thinking) == JSON_ARRAY
			? add_texts(&p->reasoning, p, thinking)
			: add_paragraph(&p->reasoning, p, thinking);
	else if (json_is(type, "tool_use") || json_is(type, "function_call"))
		p->tool = true;
	if (json_kind(logprobs) == JSON_ARRAY && !p->logprobs.s)
		p->logprobs = logprobs;
}

static void
read_content(struct parts *p, struct span content)
{
	struct json_iter it = json_iter(content);
	struct json_member m;

	if (json_kind(content) == JSON_STRING)
		add(&p->text, p, content);
	else if (json_kind(content) == JSON_ARRAY)
		while (json_next(&it, &m))
			read_part(p, m.value);
}

static void
malformed(struct chat_reply *r, const char *why)
{
	r->end = CHAT_MALFORMED;
	r->remedy = CHAT_AGAIN;
	r->error_message = span_str(why);
}

static void
read_completion(struct chat_reply *r, struct parts *p, struct span reply)
{
	struct span choice = json_at(json_get(reply, "choices"), 0);
	struct span message = json_get(choice, "message");
	struct span error = json_get(choice, "error");
	struct span reasoning = json_get(message, "reasoning_content");

	if (json_kind(error) == JSON_OBJECT) {
		chat_fail_in_band(r, choice, p->arena);
		return;
	}
	if (json_kind(message) != JSON_OBJECT) {
		malformed(r, "the reply has no choice with a message");
		return;
	}
	if (json_kind(reasoning) != JSON_STRING)
		reasoning = json_get(message, "reasoning");
	read_content(p, json_get(message, "content"));
	add(&p->reasoning, p, reasoning);
	add(&p->refusal, p, json_get(message, "refusal"));
	r->finish = json_str(json_get(choice, "finish_reason"), p->arena);
	r->end = end_of(r->finish);
	if (json_kind(json_get(choice, "logprobs")) == JSON_OBJECT)
		r->logprobs = json_get(choice, "logprobs");
}

static void
read_item(struct parts *p, struct span item)
{
	struct span type = json_get(item, "type");

	if (json_is(type, "message"))
		read_content(p, json_get(item, "content"));
	else if (json_is(type, "reasoning")) {
		add_texts(&p->reasoning, p, json_get(item, "summary"));
		add_texts(&p->reasoning, p, json_get(item, "content"));
	} else
		read_part(p, item);
}

static void
read_response(struct chat_reply *r, struct parts *p, struct span reply)
{
	struct span output = json_get(reply, "output");
	struct span details = json_get(reply, "incomplete_details");
	struct json_iter it = json_iter(output);
	struct json_member m;

	if (json_kind(output) != JSON_ARRAY) {
		malformed(r, "the reply has no output");
		return;
	}
	while (json_next(&it, &m))
		read_item(p, m.value);
	r->finish = json_str(json_get(details, "reason"), p->arena);
	if (r->finish.len == 0)
		r->finish = json_str(json_get(reply, "status"), p->arena);
	r->end = end_of(r->finish);
	if (p->logprobs.s)
		r->logprobs = arena_printf(
			p->arena, "{\"content\":%.*s}", SPAN_ARG(p->logprobs));
}

static void
read_message(struct chat_reply *r, struct parts *p, struct span reply)
{
	struct span content = json_get(reply, "content");

	if (json_kind(content) != JSON_ARRAY) {
		malformed(r, "the reply has no content");
		return;
	}
	read_content(p, content);
	r->finish = json_str(json_get(reply, "stop_reason"), p->arena);
	r->end = end_of(r->finish);
}

/* Usage. */

static uint64_t
count(struct span object, const char *name)
{
	int64_t n;

	return json_i64(json_get(object, name), &n) && n > 0 ? (uint64_t)n : 0;
}

static uint64_t
either(struct span object, const char *name, const char *other)
{
	uint64_t n = count(object, name);

	return n ? n : count(object, other);
}

static struct span
one_of(struct span object, const char *name, const char *other)
{
	struct span value = json_get(object, name);

	return json_kind(value) == JSON_OBJECT ? value
	                                       : json_get(object, other);
}

static void
read_usage(struct chat_usage *u, enum chat_api api, struct span usage)
{
	struct span in = one_of(
		usage, "prompt_tokens_details", "input_tokens_details");
	struct span out = one_of(
		usage, "completion_tokens_details", "output_tokens_details");

	if (json_kind(usage) != JSON_OBJECT)
		return;
	u->known = true;
	u->input = either(usage, "prompt_tokens", "input_tokens");
	u->output = either(usage, "completion_tokens", "output_tokens");
	u->cached = count(in, "cached_tokens");
	u->reasoning = count(out, "reasoning_tokens");
	if (api == CHAT_MESSAGES) {
		u->cached = count(usage, "cache_read_input_tokens");
		u->input += u->cached +
		            count(usage, "cache_creation_input_tokens");
	}
	u->total = count(usage, "total_tokens");
	if (u->total < u->input + u->output)
		u->total = u->input + u->output;
}

/* What the text itself says. */

static struct span
from(struct span text, const char *start)
{
	return (struct span){ start, (size_t)(text.s + text.len - start) };
}

/* Reasoning that the server left in the text, as the header says. */
static void
part_reasoning(struct chat_reply *r)
{
	static const char blank[] = " \t\r\n";
	struct span open = SPAN("<think>"), close = SPAN("</think>");
	struct span inside = span_trim(r->text, blank);
	bool opened = span_starts(inside, open);
	const char *end;

	if (opened)
		inside = from(inside, inside.s + open.len);
	end = span_find(inside, close);
	if (end == NULL && !opened)
		return;
	if (end == NULL) {
		r->reasoning = span_trim(inside, blank);
		r->text.len = 0;
		return;
	}
	r->text = span_trim(from(inside, end + close.len), blank);
	inside.len = (size_t)(end - inside.s);
	r->reasoning = span_trim(inside, blank);
}

static struct span
taken(struct parts *p, struct buf *b)
{
	struct span text = { NULL, b->len };

	if (b->len)
		text.s = arena_dup(p->arena, buf_span(b));
	buf_release(b);
	return text;
}

static const char *
explain(enum chat_end end)
{
	static const char *const why[] = {
		[CHAT_EMPTY] = "the reply holds no text",
		[CHAT_LENGTH] = "the reply was cut off by the limit on tokens",
		[CHAT_FILTERED] = "a content filter withheld the reply",
		[CHAT_REFUSED] = "the model refused",
		[CHAT_TOOL] = "the model calls a tool instead of answering",
		[CHAT_MALFORMED] = "the reply ended for a reason not known",
		[CHAT_FAILED] = "the request failed",
	};

	return why[end];
}

/* Everything is read: is it an answer? */
static void
settle(struct chat_reply *r, struct parts *p)
{
	r->text = taken(p, &p->text);
	r->reasoning = taken(p, &p->reasoning);
	r->refusal = taken(p, &p->refusal);
	if (!r->reasoning.s && r->text.s)
		part_reasoning(r);
	if (r->end == CHAT_FAILED)
		return;
	if (r->end == CHAT_ANSWER && r->refusal.len)
		r->end = CHAT_REFUSED;
	if (r->end == CHAT_ANSWER && span_trim(r->text, " \t\r\n").len == 0)
		r->end = p->tool ? CHAT_TOOL : CHAT_EMPTY;
	if (r->end == CHAT_MALFORMED)
		r->remedy = CHAT_AGAIN;
	if (r->end == CHAT_ANSWER)
		return;
	r->error_code = chat_code(r->end);
	if (!r->error_message.s)
		r->error_message = span_str(explain(r->end));
}

static bool
is_error(struct span error)
{
	enum json_kind kind = json_kind(error);

	return kind == JSON_OBJECT || (kind == JSON_STRING && error.len > 2);
}

static void
read_reply(struct chat_reply *r, enum chat_api api, struct parts *p,
	struct span reply)
{
	if (json_kind(reply) != JSON_OBJECT)
		malformed(r, "the reply is no JSON object");
	else if (is_error(json_get(reply, "error")))
		chat_fail_in_band(r, reply, p->arena);
	else if (api == CHAT_COMPLETIONS)
		read_completion(r, p, reply);
	else if (api == CHAT_RESPONSES)
		read_response(r, p, reply);
	else
		read_message(r, p, reply);
}

void
chat_read(struct chat_reply *r, enum chat_api api, struct span body,
	struct arena *a)
{
	struct parts p = { .arena = a };
	struct json_fault f;
	struct span reply;

	*r = (struct chat_reply){ 0 };
	if (json_scan(body, NULL, &f)) {
		malformed(r, "the reply is not JSON");
		settle(r, &p);
		return;
	}
	reply = json_value(body);
	read_reply(r, api, &p, reply);
	settle(r, &p);
	r->model = json_str(json_get(reply, "model"), a);
	read_usage(&r->usage, api, json_get(reply, "usage"));
}
