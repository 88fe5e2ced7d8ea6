#include <math.h>
#include <stdlib.h>

#include "eval/split.h"
#include "record/emit.h"

static double
end_of(const struct split *s)
{
	return s->n ? s->parts[s->n - 1].end : 0;
}

static void
add(struct split *s, struct span name, double share)
{
	struct buf json = { 0 };
	struct split_part part = { .end = end_of(s) + share };

	emit_str(&json, name);
	part.json = (struct span){ arena_dup(&s->arena, buf_span(&json)),
		json.len };
	s->parts = mem_grow(s->parts, &s->cap, s->n + 1, sizeof(part));
	s->parts[s->n++] = part;
	buf_release(&json);
}

/* One NAME=SHARE. */
static int
read_part(struct split *s, struct span part)
{
	const char *eq = part.len ? memchr(part.s, '=', part.len) : NULL;
	char *end = NULL;
	double share = eq ? strtod(eq + 1, &end) : -1;

	if (!(share >= 0 && share <= 1) || eq == part.s ||
		end != part.s + part.len)
		return -1;
	add(s, (struct span){ part.s, (size_t)(eq - part.s) }, share);
	return 0;
}

int
split_read(struct split *s, const char *text, struct err *e)
{
	for (const char *p = text; p;) {
		size_t len = strcspn(p, ",");

		if (read_part(s, (struct span){ p, len }))
			return err_set(e,
				"%s: shares such as a=0.8,b=0.2 are expected",
				text);
		p = p[len] ? p + len + 1 : NULL;
	}
	if (fabs(end_of(s) - 1) > 1e-9)
		return err_set(
			e, "%s: the shares are expected to add up to 1", text);
	return 0;
}

struct span
split_part(const struct split *s, double side)
{
	size_t i = 0;

	while (i + 1 < s->n && side >= s->parts[i].end)
		i++;
	return s->parts[i].json;
}

void
split_release(struct split *s)
{
	free(s->parts);
	arena_release(&s->arena);
	*s = (struct split){ 0 };
}
