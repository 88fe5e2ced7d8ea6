/* unit-stream: when what was written goes out. */
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "record/stream.h"
#include "tap.h"

/* Bytes that wait in the pipe, which are taken. */
static ssize_t
waiting(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char b[4096];

	return poll(&p, 1, 0) > 0 ? read(fd, b, sizeof(b)) : 0;
}

int
main(void)
{
	struct stream st;
	int ends[2];

	if (pipe(ends))
		return 1;
	stream_source(&st);
	st.out_fd = ends[1];
	stream_put(&st, span_str("{}"));
	ok(waiting(ends[0]) == 3, "the first line goes out at once");
	stream_put(&st, span_str("{}"));
	ok(waiting(ends[0]) == 0, "one right behind it is held back");
	st.flushed = clock_now() - 2;
	stream_put(&st, span_str("{}"));
	ok(waiting(ends[0]) == 6, "two seconds later both go out");
	stream_put(&st, span_str("{}"));
	ok(stream_close(&st) == ST_OK, "the end is no failure");
	ok(waiting(ends[0]) == 3, "and lets the last line go");
	return tap_done();
}
