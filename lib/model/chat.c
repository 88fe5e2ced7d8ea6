#include <stdlib.h>

#include "model/chat.h"
#include "record/emit.h"

/* The fields behind the model and the messages, sorted by name. */
struct fields {
	struct field {
		struct span name; /* decoded */
		struct span json; /* absent: taken out */
	} * v;
	size_t n, cap;
	struct arena arena;
};

static void
set_field(struct fields *f, struct span name, struct span json)
{
	size_t i = 0;

	while (i < f->n && span_cmp(f->v[i].name, name) < 0)
		i++;
	if (i == f->n || !span_eq(f->v[i].name, name)) {
		f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
		memmove(f->v + i + 1, f->v + i, (f->n - i) * sizeof(*f->v));
		f->n++;
	}
	f->v[i] = (struct field){ name, json };
}

static bool
has_field(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (span_is(f->v[i].name, name))
			return true;
	return false;
}

static void
set_fields(struct fields *f, struct span object)
{
	struct json_iter it = json_iter(json_value(object));
	struct json_member m;

	while (json_next(&it, &m)) {
		if (json_kind(m.value) == JSON_NULL)
			m.value = (struct span){ 0 };
		set_field(f, json_str(m.key, &f->arena), m.value);
	}
}

static bool
is_system(struct span message)
{
	struct span role = json_get(message, "role");

	return json_is(role, "system") || json_is(role, "developer");
}

/* One message with its fields in one order: role, content, the others. */
static void
put_message(struct buf *b, enum chat_api api, struct span message)
{
	struct span role = json_get(message, "role");
	struct span content = json_get(message, "content");
	struct json_iter it = json_iter(message);
	struct json_member m;

	if (json_kind(message) != JSON_OBJECT) {
		emit_value(b, message);
		return;
	}
	emit_begin(b, '{');
	if (role.s)
		emit_key(b, "role"), emit_value(b, role);
	if (content.s)
		emit_key(b, "content"), emit_value(b, content);
	while (api != CHAT_MESSAGES && json_next(&it, &m))
		if (!json_is(m.key, "role") && !json_is(m.key, "content"))
			emit_value(b, m.key), buf_byte(b, ':'),
				emit_value(b, m.value);
	emit_end(b, '}');
}

static void
put_messages(struct buf *b, enum chat_api api, const struct chat_ask *a)
{
	struct json_iter it = json_iter(json_value(a->messages));
	struct json_member m;

	emit_key(b, api == CHAT_RESPONSES ? "input" : "messages");
	emit_begin(b, '[');
	if (a->system.s && api != CHAT_MESSAGES) {
		emit_begin(b, '{');
		emit_key(b, "role"), emit_cstr(b, "system");
		emit_key(b, "content"), emit_str(b, a->system);
		emit_end(b, '}');
	}
	while (json_next(&it, &m))
		if (api != CHAT_MESSAGES || !is_system(m.value))
			put_message(b, api, m.value);
	emit_end(b, ']');
}

/* The contents of the system turns are blocks if one of them is. */
static bool
system_in_blocks(struct span messages)
{
	struct json_iter it = json_iter(json_value(messages));
	struct json_member m;

	while (json_next(&it, &m))
		if (is_system(m.value) &&
			json_kind(json_get(m.value, "content")) == JSON_ARRAY)
			return true;
	return false;
}

static void
put_block(struct buf *b, struct span text)
{
	emit_begin(b, '{');
	emit_key(b, "type"), emit_cstr(b, "text");
	emit_key(b, "text"), emit_str(b, text);
	emit_end(b, '}');
}

static void
system_blocks(struct buf *b, struct fields *f, const struct chat_ask *a)
{
	struct json_iter it = json_iter(json_value(a->messages));
	struct json_member m, block;

	emit_begin(b, '[');
	if (a->system.s)
		put_block(b, a->system);
	while (json_next(&it, &m)) {
		struct span content = json_get(m.value, "content");
		struct json_iter blocks = json_iter(content);

		if (!is_system(m.value))
			continue;
		if (json_kind(content) == JSON_STRING)
			put_block(b, json_str(content, &f->arena));
		while (json_next(&blocks, &block))
			emit_value(b, block.value);
	}
	emit_end(b, ']');
}

static void
add_paragraph(struct buf *text, struct span more)
{
	if (text->len && more.len)
		buf_add(text, SPAN("\n\n"));
	buf_add(text, more);
}

static void
system_text(struct buf *b, struct fields *f, const struct chat_ask *a)
{
	struct json_iter it = json_iter(json_value(a->messages));
	struct json_member m;
	struct buf text = { 0 };

	add_paragraph(&text, a->system);
	while (json_next(&it, &m))
		if (is_system(m.value))
			add_paragraph(
				&text, json_str(json_get(m.value, "content"),
					       &f->arena));
	if (text.len)
		emit_str(b, buf_span(&text));
	buf_release(&text);
}

/* What the messages API wants outside of the messages. */
static void
set_messages_fields(struct fields *f, const struct chat_ask *a)
{
	struct buf b = { 0 };

	set_field(f, SPAN("max_tokens"), SPAN("4096"));
	if (system_in_blocks(a->messages))
		system_blocks(&b, f, a);
	else
		system_text(&b, f, a);
	if (b.len)
		set_field(f, SPAN("system"),
			(struct span){
				arena_dup(&f->arena, buf_span(&b)), b.len });
	buf_release(&b);
}

static void
set_defaults(struct fields *f, enum chat_api api, const struct chat_ask *a)
{
	if (api == CHAT_MESSAGES)
		set_messages_fields(f, a);
	if (api == CHAT_RESPONSES)
		set_field(f, SPAN("store"), SPAN("false"));
	if (a->logprobs && api == CHAT_COMPLETIONS)
		set_field(f, SPAN("logprobs"), SPAN("true"));
	if (a->logprobs && api == CHAT_RESPONSES)
		set_field(f, SPAN("include"),
			SPAN("[\"message.output_text.logprobs\"]"));
	if (a->logprobs && a->alternatives && api != CHAT_MESSAGES)
		set_field(f, SPAN("top_logprobs"),
			arena_printf(&f->arena, "%u", a->alternatives));
}

void
chat_body(struct buf *b, enum chat_api api, const struct chat_ask *a)
{
	struct fields f = { 0 };

	set_defaults(&f, api, a);
	set_fields(&f, a->params);
	set_fields(&f, a->more);
	emit_begin(b, '{');
	if (!has_field(&f, "model"))
		emit_key(b, "model"), emit_cstr(b, a->model);
	put_messages(b, api, a);
	for (size_t i = 0; i < f.n; i++)
		if (f.v[i].json.s)
			emit_key_span(b, f.v[i].name),
				emit_value(b, f.v[i].json);
	emit_end(b, '}');
	arena_release(&f.arena);
	free(f.v);
}

const char *
chat_path(enum chat_api api)
{
	static const char *const paths[] = {
		[CHAT_COMPLETIONS] = "/chat/completions",
		[CHAT_RESPONSES] = "/responses",
		[CHAT_MESSAGES] = "/messages",
	};

	return paths[api];
}

const char *
chat_code(enum chat_end end)
{
	static const char *const codes[] = {
		[CHAT_ANSWER] = "answer",
		[CHAT_EMPTY] = "empty",
		[CHAT_LENGTH] = "length",
		[CHAT_FILTERED] = "filtered",
		[CHAT_REFUSED] = "refused",
		[CHAT_TOOL] = "tool_call",
		[CHAT_MALFORMED] = "malformed",
		[CHAT_FAILED] = "failed",
	};

	return codes[end];
}
