/* What the server for tests answers, and when. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "record/json.h"
#include "server.h"

#define BODIES 65536 /* bodies told apart */

static struct request *requests;
static uint8_t attempts[BODIES];

static const char *const fault_names[FAULTS] = { "-", "cut", "drop", "reset",
	"goaway", "429", "freeze" };

struct request *
request_begin(struct conn *c, uint32_t stream)
{
	struct request *r = mem_alloc(1, sizeof(*r));

	*r = (struct request){ .next = requests, .conn = c, .stream = stream };
	requests = r;
	return r;
}

struct request *
request_of(const struct conn *c, uint32_t stream)
{
	struct request *r = requests;

	while (r && (r->conn != c || r->stream != stream))
		r = r->next;
	return r;
}

void
request_free(struct request *r)
{
	struct request **at = &requests;

	if (r == NULL)
		return;
	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	buf_release(&r->body);
	free(r);
}

void
request_free_all(const struct conn *c)
{
	for (struct request *r = requests, *next; r; r = next) {
		next = r->next;
		if (r->conn == c)
			request_free(r);
	}
}

size_t
request_count(const struct conn *c, uint32_t last)
{
	size_t n = 0;

	for (const struct request *r = requests; r; r = r->next)
		n += r->conn == c && r->stream <= last;
	return n;
}

/* The first attempt of every so manieth body. */
static enum fault
fault_of(uint64_t hash)
{
	static uint64_t bodies;

	if (attempts[hash % BODIES]++)
		return FAULT_NONE;
	bodies++;
	for (int i = FAULT_CUT; i < FAULTS; i++)
		if (server_cfg.faults[i] &&
			(bodies + (uint64_t)i) % server_cfg.faults[i] == 0)
			return (enum fault)i;
	return FAULT_NONE;
}

void
request_whole(struct request *r)
{
	uint64_t hash = hash_bytes(0, buf_span(&r->body));
	unsigned n = attempts[hash % BODIES];

	r->whole = true;
	r->fault = fault_of(hash);
	r->due = clock_now();
	if (server_cfg.latency)
		r->due += (double)(hash_mix(hash + n) % server_cfg.latency) /
		          1000;
	r->conn->frozen |= r->fault == FAULT_FREEZE;
	server_log("request %u %u %zu %s", r->conn->number, r->stream,
		request_count(r->conn, UINT32_MAX), fault_names[r->fault]);
}

/* What the last message says, as it was written. */
static struct span
last_words(struct span body)
{
	struct json_fault f;
	struct span messages, message = { NULL, 0 };

	if (json_scan(body, NULL, &f))
		return SPAN("\"no JSON\"");
	messages = json_get(json_value(body), "messages");
	for (size_t i = 0; json_at(messages, i).s; i++)
		message = json_get(json_at(messages, i), "content");
	return message.s ? message : SPAN("\"no message\"");
}

static void
reply(struct request *r)
{
	struct buf body = { 0 };
	struct span words = last_words(buf_span(&r->body));

	if (r->fault == FAULT_SLOW)
		buf_add(&body, SPAN("{\"error\":{\"message\":\"slowly\"}}"));
	else
		buf_printf(&body,
			"{\"id\":\"x\",\"object\":\"chat.completion\","
			"\"model\":\"echo\",\"choices\":[{\"index\":0,"
			"\"finish_reason\":\"stop\",\"message\":{"
			"\"role\":\"assistant\",\"content\":%.*s}}]}",
			SPAN_ARG(words));
	(r->conn->h2 ? h2_reply : h1_reply)(
		r, r->fault == FAULT_SLOW ? 429 : 200, buf_span(&body));
	buf_release(&body);
	request_free(r);
}

int
reply_due(void)
{
	double now = clock_now(), first = now + 3600;

	for (struct request *r = requests, *next; r; r = next) {
		next = r->next;
		if (r->conn->frozen)
			continue;
		if (r->whole && r->due <= now)
			reply(r);
		else if (r->whole && r->due < first)
			first = r->due;
	}
	return requests ? (int)((first - now) * 1000) + 1 : -1;
}
