#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "record/complain.h"

#define MOST_TOLD 10

void
complain_of(struct complain *c, const struct rec *r, const char *fmt, ...)
{
	struct err why;
	va_list ap;

	if (c->n++ >= MOST_TOLD)
		return;
	va_start(ap, fmt);
	vsnprintf(why.msg, sizeof(why.msg), fmt, ap);
	va_end(ap);
	warn("%s:%" PRIu64 ": %s%s", r->file, r->line, why.msg,
		c->n == MOST_TOLD ? "; further ones are only counted" : "");
}
