/*
 * fuzz-reply: whatever a server sends as the body of a reply, it is told what it
 * is. The first byte chooses: the API of a reply (0 to 2), the status of a
 * failure (3), or the API of a request whose messages the rest is (4 to 6).
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "model/chat.h"

static void
must(bool yes)
{
	if (!yes)
		abort();
}

static void
must_be_text(struct span text)
{
	must(text.s == NULL || utf8_valid(text) == text.len);
}

static void
check_reply(const struct chat_reply *r)
{
	struct json_fault f;

	must((r->end == CHAT_ANSWER) == (r->error_code == NULL));
	must(r->end == CHAT_ANSWER || r->error_message.len > 0);
	must_be_text(r->text);
	must_be_text(r->reasoning);
	must_be_text(r->refusal);
	must_be_text(r->finish);
	must_be_text(r->model);
	if (r->end == CHAT_ANSWER)
		must(span_trim(r->text, " \t\r\n").len > 0);
	if (r->logprobs.s) {
		must(json_scan(r->logprobs, NULL, &f) == 0);
		must(!memchr(r->logprobs.s, '\n', r->logprobs.len));
	}
	must(r->usage.total >= r->usage.input + r->usage.output);
}

static void
check_failure(const struct chat_reply *r)
{
	must(r->end == CHAT_FAILED);
	must(r->error_code && *r->error_code);
	must(r->error_message.len > 0 && r->error_message.len < 2000);
}

/* A body is JSON, and the same for messages that are spelled like it. */
static void
check_body(enum chat_api api, struct span json)
{
	struct chat_ask ask = { .model = "m", .messages = json_value(json) };
	struct buf a = { 0 }, b = { 0 };
	struct json_fault f;

	if (json_scan(json, NULL, &f))
		return;
	chat_body(&a, api, &ask);
	must(json_scan(buf_span(&a), NULL, &f) == 0);
	if (api == CHAT_COMPLETIONS) {
		ask.messages = json_get(buf_span(&a), "messages");
		chat_body(&b, api, &ask);
		must(span_eq(buf_span(&a), buf_span(&b)));
	}
	buf_release(&a);
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data + 1, size - 1 };
	struct arena arena = { 0 };
	struct chat_reply r;

	if (size == 0)
		return 0;
	switch (data[0] % 8) {
	case 3:
		chat_fail(&r, 300 + data[0], rest, &arena);
		check_failure(&r);
		break;
	case 4:
	case 5:
	case 6:
		check_body((enum chat_api)(data[0] % 8 - 4), rest);
		break;
	default:
		chat_read(&r, (enum chat_api)(data[0] % 8 % 3), rest, &arena);
		check_reply(&r);
		break;
	}
	arena_release(&arena);
	return 0;
}
