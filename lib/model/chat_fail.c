#include "model/chat_fail.h"

#define PREFIX 300 /* bytes of a body that are shown to people */

/* What a server says about a failure, in whatever shape. */
struct complaint {
	struct span message; /* for people */
	struct span code;    /* as text, also where it is a number */
	struct span type;
	struct span detail; /* a code within the details */
	bool flagged;       /* the input was judged by a moderation */
};

static struct span
as_text(struct span value, struct arena *a)
{
	return json_kind(value) == JSON_NUMBER ? value : json_str(value, a);
}

static void
read_error(struct complaint *c, struct span error, struct arena *a)
{
	struct span metadata = json_get(error, "metadata");

	c->message = json_str(json_get(error, "message"), a);
	c->code = as_text(json_get(error, "code"), a);
	c->type = json_str(json_get(error, "type"), a);
	c->detail = json_str(
		json_get(json_get(error, "details"), "error_code"), a);
	c->flagged = json_get(metadata, "flagged_input").s != NULL;
}

/* {"error":{...}}, {"error":"..."}, {"message":...}, {"detail":...}, [{...}] */
static void
read_complaint(struct complaint *c, struct span json, struct arena *a)
{
	struct span error;

	if (json_kind(json) == JSON_ARRAY)
		json = json_at(json, 0);
	error = json_get(json, "error");
	if (json_kind(error) == JSON_OBJECT) {
		read_error(c, error, a);
		return;
	}
	read_error(c, json, a);
	if (json_kind(error) == JSON_STRING)
		c->message = json_str(error, a);
	if (!c->message.s)
		c->message = json_str(json_get(json, "detail"), a);
	if (json_get(json, "error_type").s)
		c->type = json_str(json_get(json, "error_type"), a);
}

static bool
says(const struct complaint *c, const char *const *words)
{
	for (; *words; words++)
		if (span_is(c->code, *words) || span_is(c->type, *words) ||
			span_is(c->detail, *words))
			return true;
	return false;
}

static const char *const billing[] = { "insufficient_quota",
	"credit_balance_exhausted", "organization_spend_limit_exceeded",
	"project_spend_limit_exceeded", "organization_usage_limit_exceeded",
	"billing_hard_limit_reached", "billing_not_active", "billing_error",
	"enforced_spend_limit_reached", "quota_exceeded", NULL };
static const char *const no_model[] = { "model_not_found", "invalid_model",
	"model_not_available", NULL };
static const char *const bad_field[] = { "unsupported_parameter",
	"unsupported_value", "unknown_parameter", NULL };
static const char *const filtered[] = { "content_filter",
	"content_policy_violation", "content_policy", NULL };
static const char *const too_long[] = { "context_length_exceeded",
	"exceed_context_size_error", "string_above_max_length",
	"request_too_large", NULL };

static void
mean(struct chat_reply *r, const char *code, enum chat_remedy remedy)
{
	r->error_code = code;
	r->remedy = remedy;
}

static bool
is_billing(const struct complaint *c, int status)
{
	return status == 402 || says(c, billing) ||
	       span_starts(c->message, SPAN("Your credit balance is too low"));
}

static void
judge_request(struct chat_reply *r, const struct complaint *c)
{
	if (says(c, no_model))
		mean(r, "not_found", CHAT_PROVE);
	else if (says(c, bad_field))
		mean(r, "bad_request", CHAT_PROVE);
	else if (says(c, filtered))
		mean(r, "filtered", CHAT_NONE);
	else if (says(c, too_long))
		mean(r, "too_long", CHAT_NONE);
	else
		mean(r, "bad_request", CHAT_NONE);
}

static void
judge(struct chat_reply *r, const struct complaint *c, int status)
{
	if (is_billing(c, status))
		mean(r, "billing", CHAT_STOP);
	else if (status >= 500 || status == 409)
		mean(r, "server", CHAT_AGAIN);
	else if (status == 429)
		mean(r, "rate_limited", CHAT_AGAIN);
	else if (status == 408)
		mean(r, "timeout", CHAT_AGAIN);
	else if (status == 401)
		mean(r, "auth", CHAT_STOP);
	else if (status == 407)
		mean(r, "proxy", CHAT_STOP);
	else if (status == 403 && c->flagged)
		mean(r, "filtered", CHAT_NONE);
	else if (status == 403)
		mean(r, "auth", CHAT_PROVE);
	else if (status == 404 || status == 405 || status == 410 ||
		 status < 400)
		mean(r, "not_found", CHAT_PROVE);
	else if (status == 413)
		mean(r, "too_long", CHAT_NONE);
	else
		judge_request(r, c);
}

/* The beginning of something that is no JSON, as one line of text. */
static struct span
prefix(struct span body, struct arena *a)
{
	struct span text = span_trim(body, " \t\r\n");
	char *copy;

	if (text.len > PREFIX)
		text.len = PREFIX;
	copy = arena_dup(a, text);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)copy[i] < ' ')
			copy[i] = ' ';
	return (struct span){ copy, text.len };
}

static void
explain(struct chat_reply *r, const struct complaint *c, int status,
	struct arena *a)
{
	struct span what = c->message, code = c->code.len ? c->code : c->type;

	if (what.len > PREFIX)
		what.len = PREFIX;
	if (what.len == 0)
		what = SPAN("the server does not say why");
	r->error_message = arena_printf(a, "status %d: %.*s%s%.*s%s", status,
		SPAN_ARG(what), code.len ? " (" : "", SPAN_ARG(code),
		code.len ? ")" : "");
}

void
chat_fail(struct chat_reply *r, int status, struct span body, struct arena *a)
{
	struct complaint c = { .message = { NULL, 0 } };
	struct json_fault f;

	*r = (struct chat_reply){ .end = CHAT_FAILED };
	if (json_scan(body, NULL, &f) == 0)
		read_complaint(&c, json_value(body), a);
	else
		c.message = prefix(body, a);
	judge(r, &c, status);
	explain(r, &c, status, a);
}

/* The status that an error would have had, had it come with one. */
static int
status_of(const struct complaint *c)
{
	static const char *const slow[] = { "rate_limit_exceeded",
		"rate_limit_error", "slow_down", NULL };
	static const char *const request[] = { "invalid_request_error",
		"invalid_prompt", "invalid_image", "BadRequestError", NULL };
	static const char *const key[] = { "authentication_error",
		"invalid_api_key", NULL };
	const char *d = c->code.s;

	if (c->code.len == 3 && (d[0] == '4' || d[0] == '5') && d[1] >= '0' &&
		d[1] <= '9' && d[2] >= '0' && d[2] <= '9')
		return (d[0] - '0') * 100 + (d[1] - '0') * 10 + d[2] - '0';
	if (says(c, slow))
		return 429;
	if (says(c, key))
		return 401;
	if (says(c, request) || says(c, no_model) || says(c, bad_field) ||
		says(c, filtered) || says(c, too_long))
		return 400;
	return 500;
}

void
chat_fail_in_band(struct chat_reply *r, struct span json, struct arena *a)
{
	struct complaint c = { .message = { NULL, 0 } };
	int status;

	*r = (struct chat_reply){ .end = CHAT_FAILED };
	read_complaint(&c, json, a);
	status = status_of(&c);
	judge(r, &c, status);
	explain(r, &c, status, a);
}
