/*
 * stream: records in, records out.
 *
 * A stream reads records from file operands ("-" or none: standard input) and
 * writes lines to standard output, or with -o to a file that takes its name only
 * when it is complete; what is no plain file (a device, a FIFO) is written to.
 * What was written is flushed whenever the next read would block, and where a
 * second has passed since it last was, so that a pipeline is prompt and yet fast.
 *
 * SIGINT and SIGTERM end a stream that has written something: what was written
 * goes out, and nothing more is read. A loop that writes and does not read asks
 * stream_goes_on.
 *
 * A line that is no record is told to people with file, line and column, and
 * ends the input; with -k it becomes a record that carries an "error" instead.
 * Likewise a line longer than --max-line. The tool goes on to finish what it has
 * in hand, and stream_close turns it into the exit status.
 */
#ifndef RECORD_STREAM_H
#define RECORD_STREAM_H

#include "base/buf.h"
#include "base/map.h"
#include "base/opt.h"
#include "record/rec.h"

/* -k, -o, --max-line: belongs to the tables of every tool with a stream. */
extern const struct opt stream_opts[];

/* -o alone: for a tool that makes records and reads none. */
extern const struct opt stream_source_opts[];

struct stream {
	/* input */
	char **files;     /* operands that are still to be read */
	const char *file; /* the one being read, for messages */
	int fd;           /* of it, or -1 */
	uint64_t line;    /* of the last record */
	struct buf in;    /* what was read; used up to ${at} */
	size_t at;
	size_t seen;   /* bytes from ${at} on that hold no line end */
	bool skipping; /* the rest of the line is not wanted */
	bool ended;    /* nothing more comes, for better or worse */

	/* output */
	struct buf out; /* written, not flushed yet */
	double flushed; /* when it last was, by clock_now */
	int out_fd;
	const char *out_name;
	bool unwritable;   /* output failed: no more is attempted */
	bool stops_itself; /* set it where signals are the tool's own matter */
	struct buf target; /* -o: the file; empty: written to as it goes */
	struct buf part;   /* its name while it is incomplete */
	struct buf bad;    /* -k: the record made of the last bad line */

	uint64_t read, written, failed; /* records; failed: carrying "error" */
	struct map codes; /* of the errors that this tool put on records */
	uint64_t *ncodes; /* how many have each */
	size_t codes_cap;
	struct buf first; /* where and why the first of them failed */
	bool cut;         /* input or output failed */
};

enum stream_got { STREAM_END, STREAM_REC, STREAM_WAIT };

/* stream_open(st, files): Begin; ${files} is what opt_parse returned. */
void stream_open(struct stream *st, char **files);

/* stream_source(st): Begin to write without anything to read. */
void stream_source(struct stream *st);

/* stream_read(st, r): The next record, or false at the end of the input. */
bool stream_read(struct stream *st, struct rec *r);

/*
 * stream_try(st, r): The same without waiting: STREAM_WAIT means that the next
 * record is not there yet and that ${st->fd} becomes readable when more is.
 */
enum stream_got stream_try(struct stream *st, struct rec *r);

/* stream_write(st, r): Write the record, and count it if it carries "error". */
void stream_write(struct stream *st, const struct rec *r);

/*
 * stream_count(st, r): Do not write the record, but count it if it carries
 * "error": for output in which it has no place.
 */
void stream_count(struct stream *st, const struct rec *r);

/* stream_put(st, json): Write a line that is no record that was read. */
void stream_put(struct stream *st, struct span json);

/* stream_goes_on(st): False once output failed or a signal asked for the end. */
bool stream_goes_on(struct stream *st);

/* stream_flush(st): Everything written so far goes out. */
void stream_flush(struct stream *st);

/*
 * stream_close(st): Flush, check, release; tell people how many records failed
 * here, by code, and why the first one did. Returns the exit status: ST_CUT if
 * input or output failed, the files beside the records (the code "write")
 * included, else ST_SOME if records carry "error", else ST_OK.
 */
enum status stream_close(struct stream *st);

#endif
