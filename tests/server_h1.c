/* HTTP/1.1 of the server for tests: requests with a length, one at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "server.h"

/* The header's value, up to the end of its line. */
static struct span
header(struct span head, const char *name)
{
	struct span line;

	while (span_line(&head, &line))
		if (line.len > strlen(name) && line.s[strlen(name)] == ':' &&
			strncasecmp(line.s, name, strlen(name)) == 0) {
			line.s += strlen(name) + 1;
			line.len -= strlen(name) + 1;
			return span_trim(line, " ");
		}
	return (struct span){ NULL, 0 };
}

static void
log_head(const struct conn *c, struct span head)
{
	struct span line;

	while (span_line(&head, &line))
		server_log("head %u %.*s", c->number, SPAN_ARG(line));
}

static bool
is_allowed(struct span head)
{
	return server_cfg.proxy == NULL ||
	       span_is(header(head, "Proxy-Authorization"), server_cfg.proxy);
}

static void
refuse(struct conn *c, const char *status)
{
	struct buf b = { 0 };

	buf_printf(&b,
		"HTTP/1.1 %s\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
		"Content-Length: 0\r\nConnection: close\r\n\r\n",
		status);
	server_send(c, buf_span(&b));
	buf_release(&b);
	c->ending = true;
}

/* CONNECT HOST:PORT: whatever the name, the port is one of this machine. */
static void
connect_to(struct conn *c, struct span head)
{
	struct span line = head;
	const char *end, *colon = NULL;

	span_line(&head, &line);
	end = line.s + line.len;
	for (const char *p = line.s; p < end; p++)
		if (*p == ':')
			colon = p + 1;
	if (colon && server_tunnel(c, (unsigned)strtoul(colon, NULL, 10)))
		server_send(c, SPAN("HTTP/1.1 200 Connected\r\n\r\n"));
	else
		refuse(c, "502 Bad Gateway");
}

static void
drop(struct buf *b, size_t n)
{
	b->len -= n;
	memmove(b->s, b->s + n, b->len);
}

void
h1_read(struct conn *c)
{
	struct span in = buf_span(&c->in), head = in, length;
	const char *end = span_find(in, SPAN("\r\n\r\n"));
	struct request *r;
	size_t n;

	if (end == NULL || c->to || c->ending || request_count(c, 0))
		return;
	head.len = (size_t)(end - in.s);
	length = header(head, "Content-Length");
	n = length.s ? strtoul(length.s, NULL, 10) : 0;
	if (in.len < head.len + 4 + n)
		return;
	log_head(c, head);
	if (!is_allowed(head))
		refuse(c, "407 Proxy Authentication Required");
	else if (span_starts(head, SPAN("CONNECT ")))
		connect_to(c, head);
	else {
		r = request_begin(c, 0);
		buf_add(&r->body, (struct span){ end + 4, n });
		request_whole(r);
	}
	drop(&c->in, head.len + 4 + n);
}

void
h1_reply(struct request *r, int status, struct span body)
{
	struct buf b = { 0 };

	buf_printf(&b,
		"HTTP/1.1 %d What\r\nContent-Type: application/json\r\n"
		"%sContent-Length: %zu\r\n\r\n",
		status, status == 429 ? "Retry-After: 1\r\n" : "", body.len);
	buf_add(&b, body);
	if (r->fault == FAULT_CUT || r->fault == FAULT_RESET)
		b.len -= body.len / 2;
	else if (r->fault == FAULT_DROP)
		b.len = 0;
	r->conn->ending = r->fault != FAULT_NONE && r->fault != FAULT_SLOW;
	server_send(r->conn, buf_span(&b));
	buf_release(&b);
}
