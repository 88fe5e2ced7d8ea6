#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "model/direct.h"

#define READ (32 << 10) /* bytes asked for at once */

static enum direct_got
broken(struct direct *d, const char *why)
{
	bool silent = d->in.len == 0;

	d->why = why;
	return d->used && silent ? DIRECT_STALE : DIRECT_BROKEN;
}

/*
 * Sends what it can. Where that fails there may still be a reply, such as a
 * refusal of so long a body: reading finds out.
 */
static void
send_some(struct direct *d)
{
	while (d->sent < d->out.len) {
		ssize_t n = send(d->fd, d->out.s + d->sent,
			d->out.len - d->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		d->sent = n < 0 ? d->out.len : d->sent + (size_t)n;
	}
}

static void
add_number(struct buf *b, size_t n)
{
	char text[20], *p = text + sizeof(text);

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	buf_add(b, (struct span){ p, (size_t)(text + sizeof(text) - p) });
}

void
direct_start(struct direct *d, struct span head, struct span body, uint64_t max)
{
	buf_clear(&d->out);
	buf_add(&d->out, head);
	add_number(&d->out, body.len);
	buf_add(&d->out, SPAN("\r\n\r\n"));
	buf_add(&d->out, body);
	d->sent = 0;
	buf_clear(&d->in);
	wire_init(&d->wire, max);
	send_some(d);
}

short
direct_events(const struct direct *d)
{
	return d->sent < d->out.len ? POLLIN | POLLOUT : POLLIN;
}

static enum direct_got
understood(struct direct *d, enum wire_got got)
{
	switch (got) {
	case WIRE_MORE:
		return DIRECT_MORE;
	case WIRE_WHOLE:
		d->used = true;
		return DIRECT_WHOLE;
	case WIRE_TOO_BIG:
		return DIRECT_TOO_BIG;
	case WIRE_BAD:
		break;
	}
	d->why = "what came back is not HTTP";
	return DIRECT_BROKEN;
}

/* Reads once; a large reply takes several rounds, in turn with the others. */
static enum direct_got
receive(struct direct *d, double now)
{
	size_t want = d->in.len > READ ? d->in.len : READ;
	char *to = buf_room(&d->in, want);
	ssize_t n = recv(d->fd, to, want, 0);

	if (n < 0 &&
		(errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return DIRECT_MORE;
	if (n < 0)
		return broken(d, strerror(errno));
	if (n == 0 && wire_end(&d->wire) == WIRE_WHOLE)
		return DIRECT_WHOLE;
	if (n == 0)
		return broken(d, "the connection was closed before the whole "
				 "reply was there");
	d->in.len += (size_t)n;
	return understood(d, wire_read(&d->wire, &d->in, now));
}

enum direct_got
direct_step(struct direct *d, double now)
{
	if (direct_events(d) & POLLOUT)
		send_some(d);
	return receive(d, now);
}

void
direct_release(struct direct *d)
{
	buf_release(&d->out);
	buf_release(&d->in);
}
