/*
 * HTTP/2 of the server for tests (RFC 9113). What the headers of requests say is
 * not asked, so there is no need to decode them; those of replies are written
 * plainly (RFC 7541).
 */
#include <stdio.h>

#include "server.h"

#define PREFACE SPAN("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
#define HEAD 9      /* bytes of a frame's head */
#define LONG 16384  /* bytes of a frame at the most */
#define WINDOW 8192 /* bytes of a body that are allowed for at once */

enum {
	DATA,
	HEADERS,
	PRIORITY,
	RST_STREAM,
	SETTINGS,
	PUSH,
	PING,
	GOAWAY,
	WINDOW_UPDATE
};
enum { MAX_CONCURRENT_STREAMS = 3, REFUSED_STREAM = 7 };
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4, PADDED = 8 };

static void
add_number(struct buf *b, uint32_t n, int bytes)
{
	while (bytes--)
		buf_byte(b, (char)(n >> (8 * bytes)));
}

static void
add_frame(struct buf *b, int type, int flags, uint32_t stream,
	struct span payload)
{
	add_number(b, (uint32_t)payload.len, 3);
	add_number(b, (uint32_t)type, 1);
	add_number(b, (uint32_t)flags, 1);
	add_number(b, stream, 4);
	buf_add(b, payload);
}

/* A frame whose payload is one or two numbers. */
static void
send_numbers(struct conn *c, int type, uint32_t stream, uint32_t a,
	const uint32_t *then)
{
	struct buf payload = { 0 }, b = { 0 };

	add_number(&payload, a, 4);
	if (then)
		add_number(&payload, *then, 4);
	add_frame(&b, type, 0, stream, buf_span(&payload));
	server_send(c, buf_span(&b));
	buf_release(&payload);
	buf_release(&b);
}

static void
send_frame(struct conn *c, int type, int flags, struct span payload)
{
	struct buf b = { 0 };

	add_frame(&b, type, flags, 0, payload);
	server_send(c, buf_span(&b));
	buf_release(&b);
}

static void
send_settings(struct conn *c)
{
	struct buf b = { 0 };

	if (server_cfg.streams) {
		add_number(&b, MAX_CONCURRENT_STREAMS, 2);
		add_number(&b, (uint32_t)server_cfg.streams, 4);
	}
	send_frame(c, SETTINGS, 0, buf_span(&b));
	buf_release(&b);
}

/* Streams from here on are not served; the connection ends with the others. */
static void
go_away(struct request *r)
{
	struct conn *c = r->conn;
	uint32_t no_error = 0;

	c->last = r->stream - 1;
	send_numbers(
		c, GOAWAY, 0, r->stream > 1 ? r->stream - 2 : 0, &no_error);
	request_free(r);
	c->ending = request_count(c, c->last) == 0;
}

static void
read_data(struct conn *c, uint32_t stream, int flags, struct span payload)
{
	struct request *r = request_of(c, stream);

	if (r == NULL)
		return;
	buf_add(&r->body, payload);
	if (payload.len) {
		send_numbers(c, WINDOW_UPDATE, 0, (uint32_t)payload.len, NULL);
		send_numbers(
			c, WINDOW_UPDATE, stream, (uint32_t)payload.len, NULL);
	}
	if (!(flags & END_STREAM))
		return;
	request_whole(r);
	if (r->fault == FAULT_GOAWAY)
		go_away(r);
}

static void
begin(struct conn *c, uint32_t stream)
{
	uint64_t most = server_cfg.streams;

	if (most == 0 || request_count(c, UINT32_MAX) < most) {
		request_begin(c, stream);
		return;
	}
	server_log("refused %u %u", c->number, stream);
	send_numbers(c, RST_STREAM, stream, REFUSED_STREAM, NULL);
}

static void
read_frame(struct conn *c, const uint8_t *head, struct span payload)
{
	uint32_t stream = (uint32_t)(head[5] & 0x7f) << 24 | head[6] << 16 |
	                  head[7] << 8 | head[8];

	if (head[3] == PING && !(head[4] & ACK))
		send_frame(c, PING, ACK, payload);
	else if (head[3] == SETTINGS && !(head[4] & ACK))
		send_frame(c, SETTINGS, ACK, SPAN(""));
	else if (head[3] == RST_STREAM)
		request_free(request_of(c, stream));
	else if (c->last && stream > c->last)
		return;
	else if (head[3] == HEADERS)
		begin(c, stream);
	else if (head[3] == DATA && !(head[4] & PADDED))
		read_data(c, stream, head[4], payload);
}

void
h2_read(struct conn *c)
{
	size_t at = 0;

	if (!c->greeted) {
		if (c->in.len < PREFACE.len)
			return;
		c->ending = !span_starts(buf_span(&c->in), PREFACE);
		c->greeted = true;
		at = PREFACE.len;
		send_settings(c);
	}
	while (!c->ending && c->in.len - at >= HEAD) {
		const uint8_t *p = (const uint8_t *)c->in.s + at;
		size_t n = (size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2];

		if (c->in.len - at < HEAD + n)
			break;
		read_frame(c, p, (struct span){ c->in.s + at + HEAD, n });
		at += HEAD + n;
	}
	c->in.len -= at;
	memmove(c->in.s, c->in.s + at, c->in.len);
}

/* A header whose name is in HPACK's static table, and which is not indexed. */
static void
add_header(struct buf *b, unsigned name, const char *value)
{
	if (name < 15)
		buf_byte(b, (char)name);
	else {
		buf_byte(b, 15);
		buf_byte(b, (char)(name - 15));
	}
	buf_byte(b, (char)strlen(value));
	buf_add(b, span_str(value));
}

static void
add_headers(struct buf *b, int status)
{
	char text[12];

	snprintf(text, sizeof(text), "%d", status);
	add_header(b, 8, text);                /* :status */
	add_header(b, 31, "application/json"); /* content-type */
	if (status == 429)
		add_header(b, 53, "1"); /* retry-after */
}

static void
add_body(struct buf *b, const struct request *r, struct span body)
{
	bool breaks = r->fault == FAULT_CUT || r->fault == FAULT_RESET;

	if (breaks)
		body.len /= 2;
	do {
		struct span part = body;

		if (part.len > LONG)
			part.len = LONG;
		body.s += part.len;
		body.len -= part.len;
		add_frame(b, DATA, body.len || breaks ? 0 : END_STREAM,
			r->stream, part);
	} while (body.len);
}

void
h2_reply(struct request *r, int status, struct span body)
{
	struct buf headers = { 0 }, b = { 0 };
	struct conn *c = r->conn;

	add_headers(&headers, status);
	add_frame(&b, HEADERS, END_HEADERS, r->stream, buf_span(&headers));
	add_body(&b, r, body);
	if (r->fault != FAULT_DROP)
		server_send(c, buf_span(&b));
	if (r->fault == FAULT_RESET)
		send_numbers(c, RST_STREAM, r->stream, 2, NULL);
	c->ending |= r->fault == FAULT_CUT || r->fault == FAULT_DROP ||
	             (c->last && request_count(c, c->last) <= 1);
	buf_release(&headers);
	buf_release(&b);
}
