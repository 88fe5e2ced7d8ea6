#include "matches.h"

#include <stdlib.h>

#include "side.h"

void
matches_add(struct matches *m, struct match match)
{
	m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
	m->v[m->n++] = match;
}

int
matches_save(const struct matches *m, const char *path, struct err *e)
{
	struct buf b = { 0 };
	int rc;

	for (size_t i = 0; i < m->n; i++) {
		side_put_u32(&b, m->v[i].a);
		side_put_u32(&b, m->v[i].b);
		side_put_u32(&b, m->v[i].distance);
	}
	rc = side_save(&b, path, e);
	buf_release(&b);
	return rc;
}

void
matches_release(struct matches *m)
{
	free(m->v);
	*m = (struct matches){ 0 };
}
