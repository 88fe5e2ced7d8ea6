/*
 * buf: a growing buffer of bytes.
 *
 * A buffer that grows from input is given its bound when it is made, and going
 * beyond it is remembered rather than fatal: further bytes are dropped, buf_over
 * says so, and the caller reports an error with the number in it. A zeroed
 * struct is an empty buffer without a bound.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "arena.h"

struct buf {
	char *s;
	size_t len, cap;
	size_t max; /* 0: no bound */
	bool over;  /* a byte was dropped: the bound was reached */
};

/* buf_room(b, n): Make room for ${n} more bytes; where they go, or NULL. */
char *buf_room(struct buf *b, size_t n);

void buf_add(struct buf *b, struct span text);
void buf_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

/* buf_file(b, path, e): Append a whole file, "-" for standard input; 0 or -1. */
int buf_file(struct buf *b, const char *path, struct err *e);

/*
 * buf_save(b, path, e): Make it the contents of a file, which has its name only
 * when it is complete, however many write it at once. A link leads to its file; a
 * device or a FIFO is written as it is. Returns 0, or -1 with the reason in ${e}.
 */
int buf_save(const struct buf *b, const char *path, struct err *e);

/*
 * buf_renew(b, path, e): The same for one of many files that can be made again:
 * the disk is not waited for, and when the power fails it may be empty.
 */
int buf_renew(const struct buf *b, const char *path, struct err *e);

/* buf_cstr(b): The text with a NUL behind it, which is not counted. */
const char *buf_cstr(struct buf *b);

static inline struct span
buf_span(const struct buf *b)
{
	return (struct span){ b->s ? b->s : "", b->len };
}

void buf_clear(struct buf *b);   /* empty, memory kept, bound kept */
void buf_release(struct buf *b); /* empty, memory freed, bound kept */

#endif
