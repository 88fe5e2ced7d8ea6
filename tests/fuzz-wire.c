/*
 * fuzz-wire: HTTP replies from anywhere; the same, whole and byte by byte.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "model/wire.h"

#define MAX 10000 /* bytes of a body */

static enum wire_got
read_in_steps(struct wire *w, struct buf *b, struct span in, size_t step)
{
	enum wire_got got = WIRE_MORE;

	wire_init(w, MAX);
	while (got == WIRE_MORE && in.len) {
		size_t n = step < in.len ? step : in.len;

		buf_add(b, (struct span){ in.s, n });
		in.s += n;
		in.len -= n;
		got = wire_read(w, b, 1e9);
		if (w->body_at + w->body_len > b->len || w->body_len > MAX)
			abort();
	}
	return got == WIRE_MORE ? wire_end(w) : got;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = { (const char *)data, size };
	struct buf a = { 0 }, b = { 0 };
	struct wire whole, bytes;
	enum wire_got got = read_in_steps(&whole, &a, in, size + 1);

	if (read_in_steps(&bytes, &b, in, 1) != got)
		abort();
	if (got == WIRE_WHOLE &&
		(whole.status != bytes.status ||
			!span_eq(wire_body(&whole, &a), wire_body(&bytes, &b))))
		abort();
	buf_release(&a);
	buf_release(&b);
	return 0;
}
