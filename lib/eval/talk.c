#include "eval/talk.h"

struct span
talk_prompt(const struct rec *r)
{
	struct span prompt = rec_get(r, "prompt");

	return json_kind(prompt) > JSON_NULL ? prompt : rec_get(r, "messages");
}

/* The text of a part {"type": "text", "text": ...}; others are only named. */
static void
put_part(struct buf *b, struct span part, struct arena *a)
{
	struct span text = json_str(json_get(part, "text"), a);
	struct span type = json_str(json_get(part, "type"), a);

	if (text.s)
		buf_add(b, text);
	else
		buf_printf(b, "[%.*s]", SPAN_ARG(type.s ? type : SPAN("part")));
}

static int
put_content(struct buf *b, struct span content, struct err *e)
{
	struct arena a = { 0 };
	struct json_iter it = json_iter(content);
	struct json_member part;
	enum json_kind kind = json_kind(content);

	if (kind == JSON_STRING)
		buf_add(b, json_str(content, &a));
	else if (kind == JSON_ARRAY)
		while (json_next(&it, &part))
			put_part(b, part.value, &a);
	else if (kind > JSON_NULL)
		return err_set(e, "content: text is expected, not %s",
			json_kind_name(kind));
	arena_release(&a);
	return 0;
}

static void
put_role(struct buf *b, struct span role)
{
	struct arena a = { 0 };

	if (b->len)
		buf_add(b, SPAN("\n\n"));
	buf_add(b, json_str(role, &a));
	buf_add(b, SPAN(": "));
	arena_release(&a);
}

/* An array of messages; ${name} is what the record calls it. */
static int
put_messages(
	struct buf *b, struct span messages, const char *name, struct err *e)
{
	struct json_iter it = json_iter(messages);
	struct json_member m;

	for (size_t i = 0; json_next(&it, &m); i++) {
		struct span role = json_get(m.value, "role");

		if (json_kind(role) != JSON_STRING)
			return err_set(e,
				"%s[%zu]: {role, content} is expected", name,
				i);
		put_role(b, role);
		if (put_content(b, json_get(m.value, "content"), e))
			return -1;
	}
	return 0;
}

/* Text stands for one message of ${role}. */
static int
put_side(struct buf *b, struct span side, const char *name, struct span role,
	struct err *e)
{
	enum json_kind kind = json_kind(side);

	if (kind == JSON_ARRAY && json_count(side))
		return put_messages(b, side, name, e);
	if (kind != JSON_STRING)
		return err_set(e, "%s: %s; messages or text are expected", name,
			kind == JSON_ARRAY ? "it is empty"
					   : json_kind_name(kind));
	put_role(b, role);
	return put_content(b, side, e);
}

int
talk_context(struct buf *b, const struct rec *r, struct err *e)
{
	struct span system = rec_get(r, "system");

	if (json_kind(system) == JSON_STRING) {
		put_role(b, SPAN("\"system\""));
		put_content(b, system, e);
	}
	return put_side(b, talk_prompt(r), "prompt", SPAN("\"user\""), e);
}

int
talk_text(struct buf *b, const struct rec *r, struct err *e)
{
	if (talk_context(b, r, e))
		return -1;
	return put_side(b, rec_get(r, "completion"), "completion",
		SPAN("\"assistant\""), e);
}

int
talk_reply(struct buf *b, const struct rec *r, struct err *e)
{
	struct span completion = rec_get(r, "completion");
	struct json_iter it = json_iter(completion);
	struct json_member m;

	if (json_kind(completion) <= JSON_NULL)
		return err_set(e, "completion: it is missing");
	if (json_kind(completion) != JSON_ARRAY)
		return put_content(b, completion, e);
	while (json_next(&it, &m))
		if (put_content(b, json_get(m.value, "content"), e))
			return -1;
	return 0;
}
