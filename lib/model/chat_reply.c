#include <strings.h>

#include "model/chat.h"
#include "model/chat_fail.h"

#define QUOTE 200 /* bytes of a reply in a message */

/* The members of a reply that are looked at, of all APIs. */
enum {
	ERROR,
	MODEL,
	USAGE,
	CHOICES,
	OUTPUT,
	STATUS,
	DETAILS,
	CONTENT,
	STOP_REASON,
	MEMBERS
};
static const char *const member_names[MEMBERS] = { "error", "model", "usage",
	"choices", "output", "status", "incomplete_details", "content",
	"stop_reason" };

/* What is gathered while the parts of a reply are walked. */
struct parts {
	struct arena *arena;
	struct buf text, reasoning, refusal;
	struct span logprobs; /* an array, or absent */
	bool tool;
};

/* The members of these names, found in one pass; absent where there is none. */
static void
pick(struct span object, const char *const *names, struct span *to, size_t n)
{
	struct json_iter it = json_iter(object);
	struct json_member m;

	for (size_t i = 0; i < n; i++)
		to[i] = (struct span){ 0 };
	while (it.object && json_next(&it, &m))
		for (size_t i = 0; i < n; i++)
			if (json_is(m.key, names[i])) {
				to[i] = m.value;
				break;
			}
}

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
read_chat_message(struct parts *p, struct span message)
{
	enum { TEXT, REFUSAL, REASONING, OLD_REASONING, N };
	static const char *const names[N] = { "content", "refusal", "reasoning",
		"reasoning_content" };
	struct span m[N];
	bool old;

	pick(message, names, m, N);
	old = json_kind(m[OLD_REASONING]) == JSON_STRING;
	read_content(p, m[TEXT]);
	add(&p->refusal, p, m[REFUSAL]);
	add(&p->reasoning, p, m[old ? OLD_REASONING : REASONING]);
}

static void
read_completion(struct chat_reply *r, struct parts *p, struct span choices)
{
	enum { MESSAGE, FINISH, LOGPROBS, FAILURE, N };
	static const char *const names[N] = { "message", "finish_reason",
		"logprobs", "error" };
	struct span choice = json_at(choices, 0), m[N];

	pick(choice, names, m, N);
	if (json_kind(m[FAILURE]) == JSON_OBJECT) {
		chat_fail_in_band(r, choice, p->arena);
		return;
	}
	if (json_kind(m[MESSAGE]) != JSON_OBJECT) {
		malformed(r, "the reply has no choice with a message");
		return;
	}
	read_chat_message(p, m[MESSAGE]);
	r->finish = json_str(m[FINISH], p->arena);
	r->end = end_of(r->finish);
	if (json_kind(m[LOGPROBS]) == JSON_OBJECT)
		r->logprobs = m[LOGPROBS];
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
read_response(struct chat_reply *r, struct parts *p, const struct span *m)
{
	struct span output = m[OUTPUT], details = m[DETAILS];
	struct json_iter it = json_iter(output);
	struct json_member item;

	if (json_kind(output) != JSON_ARRAY) {
		malformed(r, "the reply has no output");
		return;
	}
	while (json_next(&it, &item))
		read_item(p, item.value);
	r->finish = json_str(json_get(details, "reason"), p->arena);
	if (r->finish.len == 0)
		r->finish = json_str(m[STATUS], p->arena);
	r->end = end_of(r->finish);
	if (p->logprobs.s)
		r->logprobs = arena_printf(
			p->arena, "{\"content\":%.*s}", SPAN_ARG(p->logprobs));
}

static void
read_message(struct chat_reply *r, struct parts *p, const struct span *m)
{
	if (json_kind(m[CONTENT]) != JSON_ARRAY) {
		malformed(r, "the reply has no content");
		return;
	}
	read_content(p, m[CONTENT]);
	r->finish = json_str(m[STOP_REASON], p->arena);
	r->end = end_of(r->finish);
}

/* Usage. */

static uint64_t
count(struct span number)
{
	int64_t n;

	return json_i64(number, &n) && n > 0 ? (uint64_t)n : 0;
}

static void
read_usage(struct chat_usage *u, struct span usage)
{
	enum {
		IN,
		IN2,
		OUT,
		OUT2,
		TOTAL,
		IN_MORE,
		IN_MORE2,
		OUT_MORE,
		OUT_MORE2,
		READ,
		WRITTEN,
		N
	};
	static const char *const names[N] = { "prompt_tokens", "input_tokens",
		"completion_tokens", "output_tokens", "total_tokens",
		"prompt_tokens_details", "input_tokens_details",
		"completion_tokens_details", "output_tokens_details",
		"cache_read_input_tokens", "cache_creation_input_tokens" };
	struct span m[N];
	bool in, out;

	if (json_kind(usage) != JSON_OBJECT)
		return;
	pick(usage, names, m, N);
	in = json_kind(m[IN_MORE]) == JSON_OBJECT;
	out = json_kind(m[OUT_MORE]) == JSON_OBJECT;
	u->known = true;
	u->cached = count(json_get(
			    m[in ? IN_MORE : IN_MORE2], "cached_tokens")) +
	            count(m[READ]);
	u->input = count(m[m[IN].s ? IN : IN2]) + count(m[READ]) +
	           count(m[WRITTEN]);
	u->output = count(m[m[OUT].s ? OUT : OUT2]);
	u->reasoning = count(
		json_get(m[out ? OUT_MORE : OUT_MORE2], "reasoning_tokens"));
	u->total = count(m[TOTAL]);
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

/* Why it is none, and the beginning of what came instead. */
static struct span
quoted(const struct chat_reply *r, struct arena *a)
{
	struct span what = r->refusal.len ? r->refusal : r->text;

	what = span_trim(what, " \t\r\n");
	if (r->end == CHAT_MALFORMED)
		what = r->finish;
	if (what.len > QUOTE)
		what.len = QUOTE;
	return arena_printf(a, "%s%s%.*s", explain(r->end),
		what.len ? ": " : "", SPAN_ARG(what));
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
		r->error_message = quoted(r, p->arena);
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
	struct span m[MEMBERS];

	pick(reply, member_names, m, MEMBERS);
	if (json_kind(reply) != JSON_OBJECT)
		malformed(r, "the reply is no JSON object");
	else if (is_error(m[ERROR]))
		chat_fail_in_band(r, reply, p->arena);
	else if (api == CHAT_COMPLETIONS)
		read_completion(r, p, m[CHOICES]);
	else if (api == CHAT_RESPONSES)
		read_response(r, p, m);
	else
		read_message(r, p, m);
	settle(r, p);
	r->model = json_str(m[MODEL], p->arena);
	read_usage(&r->usage, m[USAGE]);
}

/* A copy on one line: between JSON's tokens a line end may be a blank. */
static struct span
copy_of(struct span body, struct arena *a)
{
	char *copy = arena_dup(a, body);

	for (char *p = copy; (p = strpbrk(p, "\r\n"));)
		*p = ' ';
	return (struct span){ copy, body.len };
}

void
chat_read(struct chat_reply *r, enum chat_api api, struct span body,
	struct arena *a)
{
	struct parts p = { .arena = a };
	struct json_fault f;

	*r = (struct chat_reply){ 0 };
	if (json_scan(body, NULL, &f) == 0) {
		read_reply(r, api, &p, copy_of(json_value(body), a));
		return;
	}
	malformed(r, "the reply is not JSON");
	settle(r, &p);
}
