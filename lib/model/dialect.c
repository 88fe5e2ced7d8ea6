#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "model/dialect.h"
#include "model/token.h"

#define CHOICES_MAX 128

/* Reading a request. */

static int PRINTF(4, 5) bad(struct dialect_error *e, const char *param,
	const char *code, const char *fmt, ...)
{
	va_list ap;

	*e = (struct dialect_error){ 400, NULL, code, param, { "" } };
	va_start(ap, fmt);
	vsnprintf(e->why.msg, sizeof(e->why.msg), fmt, ap);
	va_end(ap);
	return -1;
}

static int
missing(struct dialect_error *e, const char *param)
{
	return bad(e, param, "missing_required_parameter",
		"missing required parameter: '%s'", param);
}

static int
wrong_kind(struct dialect_error *e, const char *param, const char *expected,
	struct span value)
{
	return bad(e, param, "invalid_type", "'%s': %s is expected, not %s",
		param, expected, json_kind_name(json_kind(value)));
}

static bool
absent(struct span value)
{
	return value.s == NULL || json_kind(value) == JSON_NULL;
}

/* A number between two bounds into ${to}, which is left alone where absent. */
struct range {
	const char *name;
	double min, max;
	bool whole;
};

static int
read_number(struct span body, const struct range *r, double *to,
	struct dialect_error *e)
{
	struct span v = json_get(body, r->name);
	double d;

	if (absent(v))
		return 0;
	if (!json_f64(v, &d) || (r->whole && d != floor(d)))
		return wrong_kind(e, r->name,
			r->whole ? "a whole number" : "a number", v);
	if (d < r->min || d > r->max)
		return bad(e, r->name, "invalid_value",
			"'%s': %.*s is not between %g and %g", r->name,
			SPAN_ARG(v), r->min, r->max);
	*to = d;
	return 0;
}

static int
read_flag(struct span body, const char *name, bool *to, struct dialect_error *e)
{
	struct span v = json_get(body, name);
	enum json_kind kind = json_kind(v);

	if (absent(v))
		return 0;
	if (kind != JSON_TRUE && kind != JSON_FALSE)
		return wrong_kind(e, name, "true or false", v);
	*to = kind == JSON_TRUE;
	return 0;
}

/* The text of a message: a string, or an array of parts of which some are. */
static struct span
content_text(struct span content, struct arena *arena)
{
	struct json_iter it = json_iter(content);
	struct span all = SPAN("");
	struct json_member part;

	if (json_kind(content) != JSON_ARRAY)
		return absent(content) ? all : json_str(content, arena);
	while (json_next(&it, &part)) {
		struct span text = json_kind(part.value) == JSON_OBJECT
		                           ? json_str(json_get(part.value,
							      "text"),
						     arena)
		                           : (struct span){ NULL, 0 };

		if (text.s && all.len)
			all = arena_printf(arena, "%.*s\n%.*s", SPAN_ARG(all),
				SPAN_ARG(text));
		else if (text.s)
			all = text;
	}
	return all;
}

static bool
known_role(enum chat_api api, struct span role)
{
	static const char *const roles[] = { "user", "assistant", "system",
		"developer", "tool", "function" };
	size_t n = api == CHAT_COMPLETIONS ? 6 : api == CHAT_RESPONSES ? 4 : 2;

	for (size_t i = 0; i < n; i++)
		if (json_is(role, roles[i]))
			return true;
	return false;
}

static int
read_turn(struct dialect_ask *a, struct span m, struct arena *arena,
	struct dialect_error *e)
{
	const char *list = a->api == CHAT_RESPONSES ? "input" : "messages";
	struct span role = json_get(m, "role"), content;
	enum json_kind kind;

	if (json_kind(m) != JSON_OBJECT)
		return bad(e, list, "invalid_type",
			"'%s[%zu]': an object is expected, not %s", list,
			a->nturns, json_kind_name(json_kind(m)));
	if (json_kind(role) != JSON_STRING || !known_role(a->api, role))
		return bad(e, list, "invalid_value",
			"'%s[%zu].role': %.*s is no role of this API", list,
			a->nturns, SPAN_ARG(role.s ? role : SPAN("nothing")));
	content = json_get(m, "content");
	kind = json_kind(content);
	if (kind != JSON_STRING && kind != JSON_ARRAY &&
		!(absent(content) && json_is(role, "assistant")))
		return bad(e, list, "invalid_type",
			"'%s[%zu].content': a string or an array of parts is "
			"expected, not %s",
			list, a->nturns, json_kind_name(kind));
	a->turns[a->nturns].role = json_str(role, arena);
	a->turns[a->nturns++].text = content_text(content, arena);
	return 0;
}

/* Items of a responses request that are no message are passed over. */
static int
read_list(struct dialect_ask *a, struct span list, struct arena *arena,
	struct dialect_error *e)
{
	struct json_iter it = json_iter(list);
	struct json_member m;

	while (json_next(&it, &m)) {
		struct span type = json_kind(m.value) == JSON_OBJECT
		                           ? json_get(m.value, "type")
		                           : (struct span){ NULL, 0 };

		if (a->api == CHAT_RESPONSES && type.s &&
			!json_is(type, "message"))
			continue;
		if (read_turn(a, m.value, arena, e))
			return -1;
	}
	return 0;
}

static int
read_turns(struct dialect_ask *a, struct span body, struct arena *arena,
	struct dialect_error *e)
{
	static const char *const over[] = { NULL, "instructions", "system" };
	const char *name = a->api == CHAT_RESPONSES ? "input" : "messages";
	struct span list = json_get(body, name), system;
	enum json_kind kind = json_kind(list);

	if (absent(list))
		return missing(e, name);
	if (kind != JSON_ARRAY &&
		!(kind == JSON_STRING && a->api == CHAT_RESPONSES))
		return wrong_kind(e, name, "an array", list);
	if (kind == JSON_ARRAY && json_count(list) == 0)
		return bad(e, name, "empty_array",
			"'%s': at least one message is expected", name);
	a->turns = arena_array(arena, json_count(list) + 2, sizeof(*a->turns));
	system = over[a->api] ? json_get(body, over[a->api]) : list;
	if (over[a->api] && !absent(system))
		a->turns[a->nturns++] = (struct dialect_turn){ SPAN("system"),
			content_text(system, arena) };
	if (kind == JSON_ARRAY)
		return read_list(a, list, arena, e);
	a->turns[a->nturns++] = (struct dialect_turn){ SPAN("user"),
		json_str(list, arena) };
	return 0;
}

static int
read_limits(struct dialect_ask *a, struct span body, struct dialect_error *e)
{
	static const struct range limits[][2] = {
		{ { "max_tokens", 1, 1e9, true },
			{ "max_completion_tokens", 1, 1e9, true } },
		{ { "max_output_tokens", 1, 1e9, true }, { "n", 1, 1, true } },
		{ { "max_tokens", 1, 1e9, true }, { "n", 1, 1, true } },
	};
	const struct range *r = limits[a->api];
	double limit = 0, other = 0;

	if (a->api == CHAT_MESSAGES && absent(json_get(body, "max_tokens")))
		return missing(e, "max_tokens");
	if (read_number(body, &r[0], &limit, e) ||
		read_number(body, &r[1], &other, e))
		return -1;
	if (a->api == CHAT_COMPLETIONS && other > 0)
		limit = other;
	a->limit = limit > 0 ? (uint64_t)limit : UINT64_MAX;
	return 0;
}

static int
read_params(struct dialect_ask *a, struct span body, struct dialect_error *e)
{
	static const struct range choices = { "n", 1, CHOICES_MAX, true },
				  warmth = { "temperature", 0, 2, false },
				  top_n = { "top_logprobs", 0, DIALECT_TOP,
					  true };
	double n = 1, top = 0;
	bool stream = false;

	a->temperature = 1;
	if (read_limits(a, body, e) || read_flag(body, "stream", &stream, e) ||
		read_number(body, &choices, &n, e) ||
		read_number(body, &warmth, &a->temperature, e) ||
		read_number(body, &top_n, &top, e))
		return -1;
	if (a->api == CHAT_COMPLETIONS &&
		read_flag(body, "logprobs", &a->logprobs, e))
		return -1;
	if (a->api == CHAT_COMPLETIONS && top > 0 && !a->logprobs)
		return bad(e, "top_logprobs", "invalid_value",
			"'top_logprobs' needs 'logprobs': true");
	if (stream)
		return bad(e, "stream", "unsupported_value",
			"'stream': whole replies only");
	a->n = (uint64_t)n;
	a->top = (uint64_t)top;
	a->stop = json_get(
		body, a->api == CHAT_MESSAGES ? "stop_sequences" : "stop");
	return 0;
}

int
dialect_read(struct dialect_ask *a, enum chat_api api, struct span body,
	struct arena *arena, struct dialect_error *e)
{
	struct json_fault f;
	struct span model;

	*a = (struct dialect_ask){ .api = api, .n = 1 };
	if (json_scan(body, NULL, &f))
		return bad(e, NULL, NULL,
			"the body is not JSON: %s at byte %zu", f.what, f.at);
	body = json_value(body);
	if (json_kind(body) != JSON_OBJECT)
		return bad(e, NULL, NULL,
			"the body is %s: an object is expected",
			json_kind_name(json_kind(body)));
	model = json_get(body, "model");
	if (absent(model))
		return missing(e, "model");
	if (json_kind(model) != JSON_STRING)
		return wrong_kind(e, "model", "a string", model);
	a->model = json_str(model, arena);
	if (read_turns(a, body, arena, e))
		return -1;
	return read_params(a, body, e);
}

static void
stop_at(struct dialect_choice *c, struct span stop)
{
	const char *at = stop.len ? span_find(c->text, stop) : NULL;

	if (at == NULL)
		return;
	c->text.len = (size_t)(at - c->text.s);
	c->stopped = stop;
	c->finish = "stop";
}

void
dialect_bound(const struct dialect_ask *a, struct dialect_choice *c,
	struct arena *arena)
{
	struct json_iter it = json_iter(a->stop);
	struct json_member m;
	struct span kept;

	if (c->text.s == NULL)
		return;
	if (json_kind(a->stop) == JSON_STRING)
		stop_at(c, json_str(a->stop, arena));
	while (json_kind(a->stop) == JSON_ARRAY && json_next(&it, &m))
		if (json_kind(m.value) == JSON_STRING)
			stop_at(c, json_str(m.value, arena));
	kept = a->limit == UINT64_MAX ? c->text
	                              : token_prefix(c->text, a->limit);
	if (kept.len < c->text.len) {
		c->text = kept;
		c->stopped = (struct span){ NULL, 0 };
		c->finish = "length";
	}
}
