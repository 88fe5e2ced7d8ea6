#include "eval/script.h"
#include "record/emit.h"

int
script_run(struct script *s, struct span body, struct err *e)
{
	int n;

	buf_clear(&s->results);
	s->n = 0;
	n = expr_run_all(s->program, body, &s->results, e);
	if (n > 0)
		s->n = (size_t)n;
	return n;
}

static struct span
line(const struct buf *lines, uint64_t index)
{
	struct span rest = buf_span(lines);

	for (;;) {
		const char *lf = memchr(rest.s, '\n', rest.len);
		size_t n = (size_t)(lf - rest.s);

		if (index-- == 0)
			return (struct span){ rest.s, n };
		rest.s += n + 1, rest.len -= n + 1;
	}
}

/* A whole reply. */

static void
take_headers(struct httpd_reply *r, struct span headers, struct arena *a)
{
	struct json_iter it = json_iter(headers);
	struct json_member m;

	while (json_kind(headers) == JSON_OBJECT && json_next(&it, &m)) {
		struct span value = json_str(m.value, a);

		httpd_set(r, arena_dup(a, json_str(m.key, a)), "%.*s",
			SPAN_ARG(value.s ? value : m.value));
	}
}

static enum script_made
take_reply(struct span object, const struct script_to *to, struct err *e)
{
	struct httpd_reply *r = to->reply;
	struct span body = json_get(object, "body"), text;
	int64_t status;

	if (!json_i64(json_get(object, "status"), &status) || status < 200 ||
		status > 599)
		return err_set(e, "\"status\": 200 to 599 is expected");
	r->status = (unsigned)status;
	take_headers(r, json_get(object, "headers"), to->arena);
	text = json_str(body, to->arena);
	r->type = text.s ? "text/plain; charset=utf-8" : "application/json";
	buf_add(&r->body, text.s || !body.s ? text : body);
	return SCRIPT_REPLY;
}

/* A message. */

static const char *const known[] = { "content", "reasoning_content",
	"reasoning", "refusal", "finish_reason", "logprobs", "role" };

static bool
is_known(struct span key)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (json_is(key, known[i]))
			return true;
	return false;
}

/* The members that are not known, as an object. */
static struct span
take_more(struct span object, struct arena *a)
{
	struct json_iter it = json_iter(object);
	struct json_member m;
	struct buf b = { 0 };
	struct span more = { NULL, 0 };

	emit_begin(&b, '{');
	while (json_next(&it, &m))
		if (!is_known(m.key)) {
			emit_raw(&b, m.key);
			buf_byte(&b, ':');
			emit_raw(&b, m.value);
		}
	emit_end(&b, '}');
	if (b.len > 2)
		more = (struct span){ arena_dup(a, buf_span(&b)), b.len };
	buf_release(&b);
	return more;
}

static enum script_made
take_message(struct span object, struct dialect_choice *c, struct arena *a)
{
	struct span finish = json_str(json_get(object, "finish_reason"), a);

	c->text = json_str(json_get(object, "content"), a);
	c->reasoning = json_str(json_get(object, "reasoning_content"), a);
	if (c->reasoning.s == NULL)
		c->reasoning = json_str(json_get(object, "reasoning"), a);
	c->refusal = json_str(json_get(object, "refusal"), a);
	c->logprobs = json_get(object, "logprobs");
	c->finish = finish.s ? arena_dup(a, finish) : "stop";
	c->more = take_more(object, a);
	return SCRIPT_CHOICE;
}

enum script_made
script_take(const struct script *s, uint64_t draw, const struct script_to *to,
	struct err *e)
{
	struct span result;

	if (s->n == 0)
		return SCRIPT_NOTHING;
	result = line(&s->results, draw % s->n);
	switch (json_kind(result)) {
	case JSON_STRING:
		to->choice->text = json_str(result, to->arena);
		to->choice->finish = "stop";
		return SCRIPT_CHOICE;
	case JSON_OBJECT:
		if (json_get(result, "status").s)
			return take_reply(result, to, e);
		return take_message(result, to->choice, to->arena);
	default:
		return err_set(e,
			"the reply is %s: a string or an object is expected",
			json_kind_name(json_kind(result)));
	}
}

void
script_release(struct script *s)
{
	expr_free(s->program);
	buf_release(&s->results);
	*s = (struct script){ 0 };
}
