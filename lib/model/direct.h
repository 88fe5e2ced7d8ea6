/*
 * direct: one request and its reply on a connection that is open already.
 *
 * The quick way for plain HTTP, as servers of local models speak it: setting up
 * a transfer costs libcurl several times what sending it costs. http uses it for
 * all connections without TLS and proxies, and libcurl for the others. The
 * socket is http's, non-blocking, and closed by it.
 */
#ifndef MODEL_DIRECT_H
#define MODEL_DIRECT_H

#include "model/wire.h"

enum direct_got {
	DIRECT_MORE,    /* wait until the socket is ready for direct_events */
	DIRECT_WHOLE,   /* the reply is there */
	DIRECT_BROKEN,  /* the connection ended, or it is no HTTP: ${why} */
	DIRECT_STALE,   /* an old connection ended before it: use a new one */
	DIRECT_TOO_BIG, /* the reply is */
};

struct direct {
	int fd;           /* negative: not connected */
	bool used;        /* it has carried a reply before */
	struct buf out;   /* the request */
	size_t sent;      /* of it */
	struct wire wire; /* the reply */
	struct buf in;    /* its bytes */
	const char *why;  /* DIRECT_BROKEN */
};

/*
 * direct_start(d, head, body, max): Send the request: ${head} as far as the
 * value of Content-Length, which is put behind it; then ${body}. A reply may
 * have ${max} bytes.
 */
void direct_start(
	struct direct *d, struct span head, struct span body, uint64_t max);

/* direct_events(d): What to poll the socket for. */
short direct_events(const struct direct *d);

/* direct_step(d, now): The socket is ready: go on; ${now} is for hints. */
enum direct_got direct_step(struct direct *d, double now);

/* direct_release(d): Free what it holds; the socket is not its own. */
void direct_release(struct direct *d);

#endif
