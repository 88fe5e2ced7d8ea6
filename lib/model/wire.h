/*
 * wire: HTTP/1.1 replies, as they come off a connection.
 *
 * Incremental and without I/O: bytes are appended to a buffer as they come, and
 * wire_read makes of them what it can. Bodies by length, in chunks, and up to the
 * end of the connection; interim replies (1xx) are passed over. What is not
 * certain is refused: two different lengths, an unknown transfer coding.
 */
#ifndef MODEL_WIRE_H
#define MODEL_WIRE_H

#include "base/buf.h"
#include "model/hints.h"

#define WIRE_HEAD (64 << 10) /* bytes of a head, or of trailers, at the most */

enum wire_got {
	WIRE_MORE,    /* the reply is not whole */
	WIRE_WHOLE,   /* it is: ${status}, the body, ${keep} are known */
	WIRE_BAD,     /* this is no HTTP; nothing more can be read */
	WIRE_TOO_BIG, /* the body is longer than ${max} */
};

struct wire {
	uint64_t max; /* bytes of a body at the most */
	int status;
	bool keep; /* the connection can be used again */
	struct hints hints;
	size_t body_at, body_len; /* in the buffer */

	/* from here on for wire.c only */
	enum wire_state {
		WIRE_AT_HEAD,
		WIRE_AT_LENGTH,
		WIRE_AT_CHUNK,
		WIRE_IN_CHUNK,
		WIRE_AT_CHUNK_END,
		WIRE_AT_TRAILER,
		WIRE_AT_CLOSE,
		WIRE_AT_END,
	} state;
	size_t at;     /* in the buffer: bytes from here on are not read */
	uint64_t left; /* of the body or of the chunk */
	bool chunked, sized;
};

/* wire_init(w, max): A reply is to come. */
void wire_init(struct wire *w, uint64_t max);

/*
 * wire_read(w, b, now): Read what has come: ${b} holds all bytes of the reply
 * since wire_init, but for what wire_read itself took out. ${now} is for hints.
 */
enum wire_got wire_read(struct wire *w, struct buf *b, double now);

/* wire_end(w): The connection has ended: was that the end of the reply? */
enum wire_got wire_end(struct wire *w);

/* wire_body(w, b): The body; valid until the buffer changes. */
struct span wire_body(const struct wire *w, const struct buf *b);

#endif
