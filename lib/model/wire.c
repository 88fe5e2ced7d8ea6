#include <strings.h>

#include "model/wire.h"

void
wire_init(struct wire *w, uint64_t max)
{
	*w = (struct wire){ .max = max };
	hints_init(&w->hints);
}

struct span
wire_body(const struct wire *w, const struct buf *b)
{
	return (struct span){ b->s ? b->s + w->body_at : "", w->body_len };
}

/* Takes the next line, without its end; false where it is not whole. */
static bool
next_line(struct wire *w, const struct buf *b, struct span *line)
{
	size_t left = b->len - w->at;
	const char *s = b->s + w->at;
	const char *lf = left ? memchr(s, '\n', left) : NULL;

	if (lf == NULL)
		return false;
	*line = (struct span){ s, (size_t)(lf - s) };
	w->at += line->len + 1;
	if (line->len && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* The head. */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* HTTP/1.1 200 OK */
static bool
read_status(struct wire *w, struct span line)
{
	const char *s = line.s;

	if (line.len < 12 || memcmp(s, "HTTP/1.", 7) || !is_digit(s[7]) ||
		s[8] != ' ' || !is_digit(s[9]) || !is_digit(s[10]) ||
		!is_digit(s[11]) || (line.len > 12 && is_digit(s[12])))
		return false;
	w->status = (s[9] - '0') * 100 + (s[10] - '0') * 10 + s[11] - '0';
	w->keep = s[7] != '0';
	return w->status >= 100;
}

static bool
same(struct span a, const char *b)
{
	return a.len == strlen(b) && strncasecmp(a.s, b, a.len) == 0;
}

/* Is ${word} one of the words of a list with commas? */
static bool
lists(struct span list, const char *word)
{
	while (list.len) {
		const char *comma = memchr(list.s, ',', list.len);
		size_t n = comma ? (size_t)(comma - list.s) : list.len;

		if (same(span_trim((struct span){ list.s, n }, " \t"), word))
			return true;
		n += comma != NULL;
		list.s += n;
		list.len -= n;
	}
	return false;
}

static bool
read_length(struct wire *w, struct span value)
{
	uint64_t n = 0;

	if (value.len == 0 || value.len > 18)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (!is_digit(value.s[i]))
			return false;
		n = n * 10 + (uint64_t)(value.s[i] - '0');
	}
	if (w->sized && w->left != n)
		return false;
	w->sized = true;
	w->left = n;
	return true;
}

static bool
read_header(struct wire *w, struct span line, double now)
{
	const char *colon = memchr(line.s, ':', line.len);
	struct span name, value;

	if (colon == NULL || colon == line.s)
		return false;
	name = (struct span){ line.s, (size_t)(colon - line.s) };
	value = (struct span){ colon + 1, line.len - name.len - 1 };
	value = span_trim(value, " \t");
	if (same(name, "content-length"))
		return read_length(w, value);
	if (same(name, "transfer-encoding"))
		return w->chunked = same(value, "chunked");
	if (same(name, "connection")) {
		if (lists(value, "close"))
			w->keep = false;
		else if (lists(value, "keep-alive"))
			w->keep = true;
	} else
		hints_line(&w->hints, line, now);
	return true;
}

/* The head ended: what comes next, if anything. */
static void
begin_body(struct wire *w)
{
	w->body_at = w->at;
	if (w->status == 204 || w->status == 304)
		w->state = WIRE_AT_END;
	else if (w->chunked)
		w->state = WIRE_AT_CHUNK;
	else if (w->sized)
		w->state = w->left ? WIRE_AT_LENGTH : WIRE_AT_END;
	else
		w->state = WIRE_AT_CLOSE;
	hints_done(&w->hints);
}

static bool
head_is_whole(const struct buf *b, size_t at)
{
	for (const char *p = b->s + at, *end = b->s + b->len;
		(p = memchr(p, '\n', (size_t)(end - p))); p++)
		if (end - p > 1 &&
			(p[1] == '\n' ||
				(end - p > 2 && p[1] == '\r' && p[2] == '\n')))
			return true;
	return false;
}

static enum wire_got
read_head(struct wire *w, const struct buf *b, double now)
{
	struct span line;

	if (!head_is_whole(b, w->at))
		return b->len - w->at > WIRE_HEAD ? WIRE_BAD : WIRE_MORE;
	if (!next_line(w, b, &line))
		return WIRE_BAD;
	w->sized = w->chunked = false;
	hints_init(&w->hints);
	if (!read_status(w, line))
		return WIRE_BAD;
	while (next_line(w, b, &line) && line.len)
		if (!read_header(w, line, now))
			return WIRE_BAD;
	if (w->status == 101)
		return WIRE_BAD;
	if (w->status >= 200)
		begin_body(w);
	return WIRE_WHOLE;
}

/* Bodies. */

/* Moves ${n} bytes of the body to where those before them end. */
static void
take_bytes(struct wire *w, struct buf *b, size_t n)
{
	size_t to = w->body_at + w->body_len;

	if (to != w->at)
		memmove(b->s + to, b->s + w->at, n);
	w->body_len += n;
	w->at += n;
	w->left -= n;
}

static enum wire_got
read_sized(struct wire *w, struct buf *b, enum wire_state next)
{
	size_t have = b->len - w->at;

	if (w->left > w->max || w->body_len > w->max - w->left)
		return WIRE_TOO_BIG;
	take_bytes(w, b, have < w->left ? have : (size_t)w->left);
	if (w->left)
		return WIRE_MORE;
	w->state = next;
	return WIRE_WHOLE;
}

static int
hex(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum wire_got
read_chunk(struct wire *w, const struct buf *b)
{
	struct span line;
	size_t i = 0;

	if (!next_line(w, b, &line))
		return b->len - w->at > WIRE_HEAD ? WIRE_BAD : WIRE_MORE;
	for (w->left = 0; i < line.len && hex(line.s[i]) >= 0; i++)
		w->left = w->left << 4 | (uint64_t)hex(line.s[i]);
	if (i == 0 || i > 15 || (i < line.len && !strchr("; \t", line.s[i])))
		return WIRE_BAD;
	w->state = w->left ? WIRE_IN_CHUNK : WIRE_AT_TRAILER;
	return WIRE_WHOLE;
}

/* An empty line behind a chunk; trailers up to one at the end. */
static enum wire_got
read_line_end(struct wire *w, const struct buf *b)
{
	struct span line;

	if (!next_line(w, b, &line))
		return b->len - w->at > WIRE_HEAD ? WIRE_BAD : WIRE_MORE;
	if (w->state == WIRE_AT_TRAILER)
		w->state = line.len ? WIRE_AT_TRAILER : WIRE_AT_END;
	else if (line.len)
		return WIRE_BAD;
	else
		w->state = WIRE_AT_CHUNK;
	return WIRE_WHOLE;
}

static enum wire_got
read_to_close(struct wire *w, struct buf *b)
{
	w->left = b->len - w->at;
	if (w->left > w->max - w->body_len)
		return WIRE_TOO_BIG;
	take_bytes(w, b, b->len - w->at);
	return WIRE_MORE;
}

/* One step; WIRE_WHOLE says that another can be made. */
static enum wire_got
step(struct wire *w, struct buf *b, double now)
{
	switch (w->state) {
	case WIRE_AT_HEAD:
		return read_head(w, b, now);
	case WIRE_AT_LENGTH:
		return read_sized(w, b, WIRE_AT_END);
	case WIRE_AT_CHUNK:
		return read_chunk(w, b);
	case WIRE_IN_CHUNK:
		return read_sized(w, b, WIRE_AT_CHUNK_END);
	case WIRE_AT_CHUNK_END:
	case WIRE_AT_TRAILER:
		return read_line_end(w, b);
	case WIRE_AT_CLOSE:
		return read_to_close(w, b);
	case WIRE_AT_END:
		break;
	}
	return WIRE_WHOLE;
}

/* What was read behind the body is not needed any more. */
static void
close_gap(struct wire *w, struct buf *b)
{
	size_t end = w->body_at + w->body_len;

	if (w->state == WIRE_AT_HEAD || end == w->at)
		return;
	memmove(b->s + end, b->s + w->at, b->len - w->at);
	b->len -= w->at - end;
	w->at = end;
}

enum wire_got
wire_read(struct wire *w, struct buf *b, double now)
{
	enum wire_got got;

	do
		got = step(w, b, now);
	while (got == WIRE_WHOLE && w->state != WIRE_AT_END);
	if (got == WIRE_WHOLE && w->at != b->len)
		w->keep = false; /* more than was asked for */
	if (got == WIRE_MORE)
		close_gap(w, b);
	return got;
}

enum wire_got
wire_end(struct wire *w)
{
	w->keep = false;
	if (w->state != WIRE_AT_CLOSE)
		return w->state == WIRE_AT_END ? WIRE_WHOLE : WIRE_BAD;
	w->state = WIRE_AT_END;
	return WIRE_WHOLE;
}
