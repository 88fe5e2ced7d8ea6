#include <stdlib.h>

#include "roster.h"

void
roster_add(struct roster *s, const struct rec *r)
{
	struct buf b = { 0 };

	rec_print(r, &b);
	s->images = mem_grow(s->images, &s->cap, s->n + 1, sizeof(*s->images));
	s->images[s->n].s = arena_dup(&s->arena, buf_span(&b));
	s->images[s->n++].len = b.len;
	buf_release(&b);
}

bool
roster_next(struct roster *s, struct span images[2])
{
	if (++s->match >= s->n || s->match - s->query > s->reach)
		s->match = ++s->query + 1;
	if (s->match >= s->n || s->reach == 0)
		return false;
	images[0] = s->images[s->query];
	images[1] = s->images[s->match];
	return true;
}

void
roster_release(struct roster *s)
{
	arena_release(&s->arena);
	free(s->images);
}
