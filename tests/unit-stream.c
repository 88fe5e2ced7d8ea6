/* unit-stream: when what was written goes out. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
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

/* A stream into the pipe ${ends}. */
static void
begin(struct stream *st, int ends[2])
{
	if (pipe(ends))
		exit(99);
	stream_source(st);
	st->out_fd = ends[1];
}

static void
test_time(void)
{
	struct stream st;
	int ends[2];

	begin(&st, ends);
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
}

/* What a signal finds written, and what belongs to it, goes out. */
static void
test_signal(void)
{
	struct rec r = { 0 };
	struct stream st;
	int ends[2];

	begin(&st, ends);
	stream_count(&st, &r);
	ok(stream_goes_on(&st), "a stream goes on");
	raise(SIGTERM);
	ok(true, "what was only counted is something to lose");
	stream_put(&st, span_str("{}"));
	stream_put(&st, span_str("{}"));
	ok(!stream_goes_on(&st), "until a signal comes");
	ok(waiting(ends[0]) == 6, "what was at work is written");
	ok(stream_close(&st) == ST_CUT, "and the output is cut short");
}

/* By now a signal has come. */
static void
test_nobody_reads(void)
{
	static char line[1 << 18];
	struct stream st;
	double start = clock_now();
	int ends[2];

	begin(&st, ends);
	memset(line, '1', sizeof(line) - 1);
	stream_put(&st, span_str(line));
	ok(st.unwritable, "nobody reads: the rest is given up");
	ok(clock_now() - start < 10, "soon");
	ok(waiting(ends[0]) == 4096, "what there was room for is there");
	ok(stream_close(&st) == ST_CUT, "and the output is cut short");
}

int
main(void)
{
	progname = "unit-stream";
	test_time();
	test_signal();
	test_nobody_reads();
	return tap_done();
}
