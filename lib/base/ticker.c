#include "ticker.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

#define SHOW_EVERY 0.5 /* seconds between lines on a terminal */
#define SAY_EVERY 10   /* seconds between lines elsewhere */
#define WIDTH 79       /* columns, so that the line can be taken back */
#define CLEAR "\r\033[K"

void
ticker_begin(struct ticker *t, bool asked, int fd)
{
	*t = (struct ticker){ .asked = asked,
		.terminal = isatty(STDERR_FILENO) && !isatty(fd) };
	t->begun = t->shown = clock_now();
	if (t->terminal) /* the line may as well be another tool's of the pipe */
		warn_clear = CLEAR;
}

bool
ticker_due(struct ticker *t, double now)
{
	if (now - t->shown < (t->terminal ? SHOW_EVERY : SAY_EVERY))
		return false;
	t->shown = now;
	return t->terminal || t->asked;
}

void
ticker_show(struct ticker *t, const char *text)
{
	t->line = t->terminal;
	if (t->terminal)
		fprintf(stderr, CLEAR "%s: %.*s", progname,
			WIDTH - (int)strlen(progname) - 2, text);
	else
		warn("%s", text);
}

bool
ticker_ends(const struct ticker *t)
{
	return t->line || t->asked;
}

void
ticker_count(struct ticker *t, uint64_t done, uint64_t of, const char *what)
{
	double now = clock_now(), passed = now - t->begun;
	bool end = done == of;
	struct buf b = { 0 };

	if (end ? !ticker_ends(t) : !ticker_due(t, now))
		return;
	ticker_put_count(&b, done);
	if (!end) {
		buf_printf(&b, " of ");
		ticker_put_count(&b, of);
	}
	buf_printf(&b, " %s%s", what, of == 1 ? "" : "s");
	ticker_put_rate(&b, done, passed);
	if (!end && done) {
		buf_printf(&b, ", ");
		ticker_put_time(
			&b, passed / (double)done * (double)(of - done));
		buf_printf(&b, " left");
	}
	if (end)
		warn("%s", buf_cstr(&b));
	else
		ticker_show(t, buf_cstr(&b));
	buf_release(&b);
}

/* Amounts. */

void
ticker_put_count(struct buf *b, uint64_t n)
{
	static const char units[] = "kMGT";
	double x = (double)n;
	int unit = -1;

	while (x >= 999.5 && unit < 3) {
		x /= 1000;
		unit++;
	}
	if (unit < 0)
		buf_printf(b, "%" PRIu64, n);
	else
		buf_printf(b, "%.*f%c", x < 9.95, x, units[unit]);
}

void
ticker_put_time(struct buf *b, double seconds)
{
	if (seconds < 99.5)
		buf_printf(b, "%.0fs", seconds);
	else if (seconds < 99.5 * 60)
		buf_printf(b, "%.0fm", seconds / 60);
	else
		buf_printf(b, "%.1fh", seconds / 3600);
}

void
ticker_put_rate(struct buf *b, uint64_t n, double seconds)
{
	double rate = (double)n / seconds;

	if (seconds > 0)
		buf_printf(b, ", %.*f/s", rate < 99.5, rate);
}
