#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"

const char *progname = "cupel";
const char *warn_clear = "";

/* One write for the whole line: lines of tools in one pipeline do not mix. */
__attribute__((format(printf, 1, 0))) static void
say(const char *fmt, va_list ap)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, ap);
	fprintf(stderr, "%s%s: %s\n", warn_clear, progname, line);
}

int
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (e) {
		va_start(ap, fmt);
		vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
		va_end(ap);
	}
	return -1;
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
die(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(status);
}
