/* HTTP replies: what is read of them, however the bytes arrive. */
#include "base/rng.h"
#include "model/wire.h"
#include "tap.h"

#define MAX 1000 /* bytes of a body */

/* As "status keep body", or why not. */
struct sample {
	const char *name, *bytes, *want;
	bool closes; /* the connection ends behind the bytes */
};

#define H "HTTP/1.1 200 OK\r\n"

static const struct sample samples[] = {
	{ "by length", H "Content-Length: 5\r\n\r\nhello", "200 keep hello",
		0 },
	{ "no body", H "Content-Length: 0\r\n\r\n", "200 keep ", 0 },
	{ "names in any case, bare line feeds",
		"HTTP/1.1 429 Slow\ncontent-LENGTH:  2  \n\nno", "429 keep no",
		0 },
	{ "no reason", "HTTP/1.1 500\r\nContent-Length: 1\r\n\r\nx",
		"500 keep x", 0 },
	{ "closing", H "Connection: Close\r\nContent-Length: 2\r\n\r\nhi",
		"200 close hi", 0 },
	{ "one of several options",
		H "Connection: x, close\r\nContent-Length: 2\r\n\r\nhi",
		"200 close hi", 0 },
	{ "HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
		"200 close hi", 0 },
	{ "HTTP/1.0 that stays",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"
		"Content-Length: 2\r\n\r\nhi",
		"200 keep hi", 0 },
	{ "chunks",
		H
		"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\n"
		"A\r\n0123456789\r\n0\r\n\r\n",
		"200 keep hello 0123456789", 0 },
	{ "chunks with a trailer, and a length that does not count",
		H "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "00002\r\nhi\r\n000\r\nX: y\r\n\r\n",
		"200 keep hi", 0 },
	{ "up to the end", H "\r\nhello", "200 close hello", 1 },
	{ "an interim reply",
		"HTTP/1.1 100 Continue\r\n\r\n" H "Content-Length: 2\r\n\r\nhi",
		"200 keep hi", 0 },
	{ "no content", "HTTP/1.1 204 No\r\nX: y\r\n\r\n", "204 keep ", 0 },
	{ "more than was asked for", H "Content-Length: 2\r\n\r\nhi!",
		"200 close hi", 0 },
	{ "the same length twice",
		H "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
		"200 keep hi", 0 },
	{ "two lengths", H "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!",
		"bad", 0 },
	{ "a length that is none", H "Content-Length: -1\r\n\r\n", "bad", 0 },
	{ "a length beyond all bounds",
		H "Content-Length: 99999999999999999999\r\n\r\n", "bad", 0 },
	{ "another coding", H "Transfer-Encoding: gzip\r\n\r\n", "bad", 0 },
	{ "no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "bad", 0 },
	{ "HTTP/2", "HTTP/2 200\r\n\r\n", "bad", 0 },
	{ "a header that is none", H "nonsense\r\n\r\n", "bad", 0 },
	{ "another protocol", "HTTP/1.1 101 Switching\r\n\r\n", "bad", 0 },
	{ "a chunk that is none", H "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"bad", 0 },
	{ "a chunk longer than it says",
		H "Transfer-Encoding: chunked\r\n\r\n2\r\nhi!\r\n", "bad", 0 },
	{ "a chunk of a huge size",
		H "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
		"bad", 0 },
	{ "cut in the head", "HTTP/1.1 20", "bad", 1 },
	{ "cut by length", H "Content-Length: 5\r\n\r\nhell", "bad", 1 },
	{ "cut in a chunk", H "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"bad", 1 },
	{ "cut between chunks",
		H "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "bad", 1 },
	{ "not there", "", "bad", 1 },
	{ "too long", H "Content-Length: 1001\r\n\r\n", "too big", 0 },
	{ "a chunk too long", H "Transfer-Encoding: chunked\r\n\r\n3e9\r\n",
		"too big", 0 },
};
#define SAMPLES (sizeof(samples) / sizeof(*samples))

/* Feeds the bytes in random pieces; the outcome as text. */
static const char *
outcome(const struct sample *s, struct rng *rng, size_t longest)
{
	static char text[2000];
	struct span left = span_str(s->bytes), body;
	enum wire_got got = WIRE_MORE;
	struct buf b = { 0 };
	struct wire w;

	wire_init(&w, MAX);
	while (got == WIRE_MORE && left.len) {
		size_t n = 1 + rng_below(rng, longest);

		n = n < left.len ? n : left.len;
		buf_add(&b, (struct span){ left.s, n });
		left.s += n;
		left.len -= n;
		got = wire_read(&w, &b, 0);
	}
	if (got == WIRE_MORE && s->closes)
		got = wire_end(&w);
	body = wire_body(&w, &b);
	if (got == WIRE_WHOLE)
		snprintf(text, sizeof(text), "%d %s %.*s", w.status,
			w.keep && left.len == 0 ? "keep" : "close",
			SPAN_ARG(body));
	else
		snprintf(text, sizeof(text), "%s",
			got == WIRE_BAD       ? "bad"
			: got == WIRE_TOO_BIG ? "too big"
					      : "more");
	buf_release(&b);
	return text;
}

static void
all_splits(const struct sample *s, struct rng *rng)
{
	is_str(outcome(s, rng, 1000000), s->want, s->name);
	for (int i = 0; i < 200; i++) {
		const char *got = outcome(s, rng, 1 + rng_below(rng, 8));

		if (strcmp(got, s->want) == 0)
			continue;
		is_str(got, s->want, "the same in pieces");
		return;
	}
	ok(true, "the same in pieces");
}

/* Bytes at random, most of them from what a reply is made of. */
static void
nonsense(struct rng *rng)
{
	static const char *const parts[] = { H, "Content-Length: ", "5", "\r\n",
		"\n", "Transfer-Encoding: chunked\r\n", "0", "a", "hello", ":",
		"HTTP/1.1 100 \r\n\r\n", "Connection: close\r\n", "\r\n\r\n",
		"ffffffff", ";", " " };
	char bytes[600];

	for (int i = 0; i < 20000; i++) {
		struct sample s = { "", bytes, "", rng_below(rng, 2) };
		size_t n = 0, parts_n = rng_below(rng, 12);

		for (size_t k = 0; k < parts_n; k++) {
			const char *p = parts[rng_below(
				rng, sizeof(parts) / sizeof(*parts))];

			memcpy(bytes + n, p, strlen(p));
			n += strlen(p);
		}
		bytes[n] = '\0';
		if (n && rng_below(rng, 4) == 0)
			bytes[rng_below(rng, n)] = (char)(1 +
							  rng_below(rng, 255));
		outcome(&s, rng, 40);
	}
	ok(true, "20000 replies of nonsense harm nothing");
}

static void
long_head(void)
{
	struct buf b = { 0 };
	enum wire_got got = WIRE_MORE;
	struct wire w;

	wire_init(&w, MAX);
	buf_add(&b, SPAN(H));
	while (got == WIRE_MORE && b.len < 1 << 20) {
		buf_add(&b, SPAN("X-Header: again and again\r\n"));
		got = wire_read(&w, &b, 0);
	}
	ok(got == WIRE_BAD && b.len < 2 * WIRE_HEAD, "a head has its bound");
	buf_release(&b);
}

int
main(void)
{
	uint64_t seed = 20261122;
	struct rng rng;

	tap_note("seed %" PRIu64, seed);
	rng_init(&rng, seed, 0);
	for (size_t i = 0; i < SAMPLES; i++)
		all_splits(&samples[i], &rng);
	nonsense(&rng);
	long_head();
	return tap_done();
}
