#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "record/complain.h"

void
complain_of(struct complain *c, const struct rec *r, const char *fmt, ...)
{
	struct err why;
	size_t i;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why.msg, sizeof(why.msg), fmt, ap);
	va_end(ap);
	c->n++;
	i = map_find(&c->reasons, span_str(why.msg));
	if (i == MAP_NONE && c->reasons.n < COMPLAIN_MOST) {
		i = map_put(&c->reasons, span_str(why.msg));
		c->first[i].file = r->file;
		c->first[i].line = r->line;
		c->first[i].n = 0;
	}
	if (i == MAP_NONE)
		c->further++;
	else
		c->first[i].n++;
}

void
complain_tell(struct complain *c)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < c->reasons.n; i++) {
		buf_clear(&b);
		buf_printf(&b, "%s:%" PRIu64 ": %.*s", c->first[i].file,
			c->first[i].line, SPAN_ARG(map_key(&c->reasons, i)));
		if (c->first[i].n > 1)
			buf_printf(&b, " (%" PRIu64 " such records)",
				c->first[i].n);
		if (c->further && i + 1 == c->reasons.n)
			buf_printf(&b,
				"; further reasons (%" PRIu64 " record%s) are "
				"only counted",
				c->further, c->further == 1 ? "" : "s");
		warn("%s", buf_cstr(&b));
	}
	buf_release(&b);
	map_release(&c->reasons);
	c->further = 0;
}
