#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "record/emit.h"
#include "record/stream.h"

#define READ_SIZE (256 * 1024)
#define WRITE_SIZE (256 * 1024)
#define WRITE_SECONDS 1 /* what is written is held back no longer */

static bool keep_going;
static uint64_t max_line = 64 << 20;
static const char *output;

const struct opt stream_opts[] = {
	{ 'k', "keep-going", NULL, "turn a malformed line into an error record",
		OPT_FLAG(&keep_going) },
	{ 'o', "output", "FILE", "write to FILE, which appears when complete",
		OPT_STR(&output) },
	{ 0, "max-line", "SIZE", "longest line to accept (default 64M)",
		OPT_SIZE(&max_line) },
	{ 0 },
};

const struct opt stream_source_opts[] = {
	{ 'o', "output", "FILE", "write to FILE, which appears when complete",
		OPT_STR(&output) },
	{ 0 },
};

/* Opening. */

/* A mistake found after this leaves no empty file behind. */
static const char *empty_part;

static void
drop_empty_part(void)
{
	if (empty_part)
		unlink(empty_part);
}

static _Noreturn void
no_output(const char *why)
{
	die(ST_USAGE, "-o %s: %s", output, why);
}

/* Opens FILE.part beside the file that the name leads to, with its mode. */
static void
open_part(struct stream *st, mode_t mode)
{
	char *real = realpath(output, NULL);

	buf_add(&st->target, span_str(real ? real : output));
	free(real);
	buf_printf(&st->part, "%s.part", buf_cstr(&st->target));
	st->out_name = buf_cstr(&st->part);
	st->out_fd = open(
		st->out_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (st->out_fd < 0)
		no_output(strerror(errno));
	empty_part = st->out_name;
	atexit(drop_empty_part);
}

/* A device or a FIFO is what it is: nothing may take its place. */
static void
open_special(struct stream *st)
{
	st->out_name = output;
	st->out_fd = open(output, O_WRONLY | O_CLOEXEC);
	if (st->out_fd < 0)
		no_output(strerror(errno));
}

static void
open_output(struct stream *st)
{
	struct stat there;
	bool exists;

	st->out_fd = STDOUT_FILENO;
	st->out_name = "standard output";
	if (output == NULL || strcmp(output, "-") == 0)
		return;
	exists = stat(output, &there) == 0;
	if (*output == '\0' || output[strlen(output) - 1] == '/' ||
		(exists && S_ISDIR(there.st_mode)))
		no_output("a file is expected");
	if (exists && !S_ISREG(there.st_mode))
		open_special(st);
	else
		open_part(st, exists ? there.st_mode & 0777 : 0666);
}

/* A name that cannot be read is a mistake to find before anything is done. */
static void
check_operand(const char *name)
{
	if (strcmp(name, "-") == 0 || access(name, R_OK) == 0)
		return;
	if (*name == '-')
		die(ST_USAGE, "%s: options stand before the files", name);
	die(ST_USAGE, "%s: %s", name, strerror(errno));
}

void
stream_open(struct stream *st, char **files)
{
	static char dash[] = "-", *standard_input[] = { dash, NULL };

	*st = (struct stream){ .fd = -1 };
	st->files = *files ? files : standard_input;
	for (char **f = st->files; *f; f++)
		check_operand(*f);
	if (!*files && isatty(STDIN_FILENO))
		warn("reading records from the terminal; ctrl-D ends them");
	open_output(st);
}

void
stream_source(struct stream *st)
{
	static char *nothing[] = { NULL };

	*st = (struct stream){ .fd = -1, .files = nothing };
	open_output(st);
}

/* Reading. */

static void
cut(struct stream *st)
{
	st->cut = st->ended = true;
}

/* Opens the next operand; false where there is none or it cannot be read. */
static bool
next_file(struct stream *st)
{
	const char *name = *st->files;

	if (name == NULL) {
		st->ended = true;
		return false;
	}
	st->files++;
	st->line = 0;
	st->skipping = false;
	st->file = strcmp(name, "-") ? name : "standard input";
	st->fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC)
	                           : STDIN_FILENO;
	if (st->fd < 0) {
		warn("%s: %s", name, strerror(errno));
		cut(st);
	}
	return st->fd >= 0;
}

/* Not for ever: a signal may have come just before. */
static bool
wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 1000) > 0;
}

static bool
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

/* Reads once: 1 more bytes, 0 end of file, -1 failed. */
static int
fill(struct stream *st)
{
	ssize_t n;

	if (st->at) {
		st->in.len -= st->at;
		memmove(st->in.s, st->in.s + st->at, st->in.len);
		st->at = 0;
	}
	do
		n = read(st->fd, buf_room(&st->in, READ_SIZE), READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		warn("%s: %s", st->file, strerror(errno));
		cut(st);
		return -1;
	}
	st->in.len += (size_t)n;
	return n > 0;
}

static void
end_file(struct stream *st)
{
	if (st->fd != STDIN_FILENO)
		close(st->fd);
	st->fd = -1;
}

/*
 * The record that stands for a line that is none: with -k only. It keeps what
 * was on the line, as far as text can.
 */
static void
make_failed(struct stream *st, struct rec *r, struct span line, const char *why)
{
	struct json_fault f;

	buf_clear(&st->bad);
	emit_begin(&st->bad, '{');
	emit_key(&st->bad, "input"), emit_str(&st->bad, line);
	emit_end(&st->bad, '}');
	rec_parse(r, buf_span(&st->bad), &f);
	rec_fail(r, "malformed", "%s", why);
}

/* What to do about it. */
static const char *
advice(struct span line)
{
	if (span_starts(line, SPAN("\x89PNG")) ||
		span_starts(line, SPAN("\xff\xd8\xff")))
		return "; a picture is named by one: {\"image\":\"FILE\"}";
	return keep_going ? "" : "; -k would go on with an error record";
}

/* A line that is no record, for the reason in ${why}. */
static enum stream_got
refuse(struct stream *st, struct rec *r, struct span line, const char *why)
{
	warn("%s%s", why, advice(line));
	if (!keep_going) {
		cut(st);
		return STREAM_END;
	}
	make_failed(st, r, line, why);
	return STREAM_REC;
}

static enum stream_got
refuse_long(struct stream *st, struct rec *r, struct span start)
{
	char why[512];

	snprintf(why, sizeof(why),
		"%s:%llu: the line is longer than %llu bytes; raise --max-line",
		st->file, (unsigned long long)r->line,
		(unsigned long long)max_line);
	if (start.len > 1024)
		start.len = 1024;
	return refuse(st, r, start, why);
}

static enum stream_got
take_line(struct stream *st, struct rec *r, struct span line)
{
	struct json_fault f;
	char why[512];

	r->file = st->file;
	r->line = st->line;
	st->read++;
	if (line.len > max_line)
		return refuse_long(st, r, line);
	if (rec_parse(r, line, &f) == 0)
		return STREAM_REC;
	snprintf(why, sizeof(why), "%s:%llu:%zu: %s", st->file,
		(unsigned long long)st->line, f.at + 1,
		f.at >= line.len ? "the line ends in the middle of a record"
				 : f.what);
	return refuse(st, r, line, why);
}

/* Takes the next whole line out of what was read; false where there is none. */
static bool
whole_line(struct stream *st, bool at_end, struct span *line)
{
	size_t have = st->in.len - st->at, fresh = have - st->seen;
	const char *start, *lf;

	if (fresh == 0 && !(at_end && have))
		return false;
	start = st->in.s + st->at;
	lf = fresh ? memchr(start + st->seen, '\n', fresh) : NULL;
	if (lf == NULL && !at_end) {
		st->seen = have;
		return false;
	}
	*line = (struct span){ start, lf ? (size_t)(lf - start) : have };
	st->at += line->len + (lf != NULL);
	st->seen = 0;
	st->line++;
	if (line->len && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Byte order marks and blank lines are not records, and no mistakes. */
static bool
nothing_on(struct stream *st, struct span *line)
{
	if (st->line == 1 && span_starts(*line, SPAN("\xef\xbb\xbf")))
		line->s += 3, line->len -= 3;
	return span_trim(*line, " \t").len == 0;
}

/* What stands in the buffer: STREAM_WAIT where that is no whole record. */
static enum stream_got
take_read(struct stream *st, struct rec *r, bool at_end)
{
	struct span line;

	while (whole_line(st, at_end, &line)) {
		bool rest = st->skipping;

		st->skipping = false;
		if (!rest && !nothing_on(st, &line))
			return take_line(st, r, line);
	}
	return STREAM_WAIT;
}

/* Drops the start of a line that outgrew the bound before its end came. */
static enum stream_got
drop_start(struct stream *st, struct rec *r)
{
	struct span start = { NULL, st->in.len - st->at };

	if (start.len <= max_line && !st->skipping)
		return STREAM_WAIT;
	start.s = st->in.s + st->at;
	st->at = st->in.len;
	st->seen = 0;
	if (st->skipping)
		return STREAM_WAIT;
	st->skipping = true;
	st->read++;
	r->file = st->file;
	r->line = st->line + 1;
	return refuse_long(st, r, start);
}

static bool
is_asked_to_stop(const struct stream *st)
{
	return stop_asked() && !st->stops_itself;
}

/* A signal came: what is written goes out, and nothing more is read. */
static void
heed_stop(struct stream *st)
{
	if (!is_asked_to_stop(st) || st->cut)
		return;
	stream_flush(st);
	warn("interrupted; %llu %s written", (unsigned long long)st->written,
		st->written == 1 ? "record is" : "records are");
	cut(st);
}

bool
stream_goes_on(struct stream *st)
{
	heed_stop(st);
	return !st->unwritable && !is_asked_to_stop(st);
}

enum stream_got
stream_try(struct stream *st, struct rec *r)
{
	bool at_end = false;

	heed_stop(st);
	while (!st->ended) {
		enum stream_got got;

		if (st->fd < 0 && !next_file(st))
			break;
		got = take_read(st, r, at_end);
		if (got == STREAM_WAIT)
			got = drop_start(st, r);
		if (got != STREAM_WAIT)
			return got;
		if (at_end)
			end_file(st);
		else if (!readable(st->fd))
			return STREAM_WAIT;
		at_end = st->fd >= 0 && fill(st) == 0;
	}
	return STREAM_END;
}

bool
stream_read(struct stream *st, struct rec *r)
{
	enum stream_got got;

	while ((got = stream_try(st, r)) == STREAM_WAIT) {
		stream_flush(st);
		wait_for(st->fd, POLLIN);
	}
	return got == STREAM_REC;
}

/* Writing. */

/* Nobody reads any more: die of it quietly, even where SIGPIPE is ignored. */
static void
end_of_pipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

static void
give_up(struct stream *st, const char *why)
{
	st->unwritable = true;
	cut(st);
	warn("%s: %s", st->out_name, why);
}

/* Writes some of it. After a signal a reader has a second for each bit. */
static size_t
write_some(struct stream *st, struct span text)
{
	ssize_t n;

	if (is_asked_to_stop(st)) {
		if (text.len > PIPE_BUF)
			text.len = PIPE_BUF;
		if (!wait_for(st->out_fd, POLLOUT)) {
			give_up(st, "nobody reads it");
			return 0;
		}
	}
	n = write(st->out_fd, text.s, text.len);
	if (n >= 0)
		return (size_t)n;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		wait_for(st->out_fd, POLLOUT);
	else if (errno == EPIPE)
		st->unwritable = true, cut(st), end_of_pipe();
	else if (errno != EINTR)
		give_up(st, strerror(errno));
	return 0;
}

void
stream_flush(struct stream *st)
{
	struct span left = buf_span(&st->out);

	while (left.len && !st->unwritable) {
		size_t n = write_some(st, left);

		left.s += n;
		left.len -= n;
	}
	buf_clear(&st->out);
	st->flushed = clock_now();
}

/* There is something to lose from the first record on. */
static void
count_written(struct stream *st)
{
	if (st->written++ == 0)
		stop_watch();
}

static void
end_line(struct stream *st)
{
	buf_byte(&st->out, '\n');
	count_written(st);
	if (st->out.len >= WRITE_SIZE ||
		clock_now() - st->flushed > WRITE_SECONDS)
		stream_flush(st);
}

/* Counts an error by its code, if this tool found it. */
static void
count_failed(struct stream *st, const struct rec *r)
{
	struct span error = rec_get(r, "error");
	struct arena a = { 0 };
	struct span code = json_str(json_get(error, "code"), &a);
	struct span why = json_str(json_get(error, "message"), &a);
	size_t known = st->codes.n, i;

	st->failed++;
	if (json_is(json_get(error, "tool"), progname) && code.s) {
		if (known == 0 && r->file)
			buf_printf(&st->first, "%s:%llu: ", r->file,
				(unsigned long long)r->line);
		if (known == 0)
			buf_add(&st->first, why);
		i = map_put(&st->codes, code);
		st->ncodes = mem_grow(
			st->ncodes, &st->codes_cap, i + 1, sizeof(*st->ncodes));
		if (i == known)
			st->ncodes[i] = 0;
		st->ncodes[i]++;
	}
	arena_release(&a);
}

void
stream_count(struct stream *st, const struct rec *r)
{
	count_written(st);
	if (rec_failed(r))
		count_failed(st, r);
}

void
stream_write(struct stream *st, const struct rec *r)
{
	rec_print(r, &st->out);
	if (rec_failed(r))
		count_failed(st, r);
	end_line(st);
}

void
stream_put(struct stream *st, struct span json)
{
	buf_add(&st->out, json);
	end_line(st);
}

/* Closing. */

static void
output_failed(struct stream *st)
{
	if (!st->unwritable)
		warn("%s: %s", st->out_name, strerror(errno));
	cut(st);
}

/* Gives the finished file its name; what is cut short keeps ".part". */
static void
name_output(struct stream *st)
{
	const char *target = buf_cstr(&st->target);

	if (st->unwritable || fsync(st->out_fd))
		output_failed(st);
	if (close(st->out_fd) || (!st->cut && rename(st->out_name, target)))
		output_failed(st);
	if (st->cut && st->written)
		warn("what was written so far is in %s", st->out_name);
	else
		drop_empty_part();
	empty_part = NULL;
}

/* "3 of 10 records failed: no_prompt 2, timeout 1; first: FILE:7: why" */
static void
tell_failed(struct stream *st)
{
	struct buf b = { 0 };
	uint64_t n = 0;

	for (size_t i = 0; i < st->codes.n; i++) {
		buf_printf(&b, "%s%.*s %llu", i ? ", " : "",
			SPAN_ARG(map_key(&st->codes, i)),
			(unsigned long long)st->ncodes[i]);
		n += st->ncodes[i];
	}
	if (n)
		warn("%llu of %llu records failed: %s; the first: %s",
			(unsigned long long)n, (unsigned long long)st->written,
			buf_cstr(&b), buf_cstr(&st->first));
	buf_release(&b);
}

enum status
stream_close(struct stream *st)
{
	enum status status;

	stream_flush(st);
	tell_failed(st);
	if (map_find(&st->codes, SPAN("write")) != MAP_NONE)
		st->cut = true;
	if (st->target.len)
		name_output(st);
	else if (close(st->out_fd))
		output_failed(st);
	if (st->fd >= 0)
		end_file(st);
	status = st->cut ? ST_CUT : st->failed ? ST_SOME : ST_OK;
	buf_release(&st->in);
	buf_release(&st->out);
	buf_release(&st->target);
	buf_release(&st->part);
	buf_release(&st->first);
	map_release(&st->codes);
	free(st->ncodes);
	buf_release(&st->bad);
	return status;
}
