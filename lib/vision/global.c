#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "global.h"
#include "vision/side.h"

int
global_save(const struct global *g, const char *path, struct err *e)
{
	struct buf b = { 0 };
	int rc;

	for (size_t i = 0; i < g->n; i++)
		side_put_f32(&b, g->v[i]);
	rc = side_save(&b, path, e);
	buf_release(&b);
	return rc;
}

/* Makes the bytes of a side file numbers. */
static int
decode(struct global *g, struct span bytes, const char *path, struct err *e)
{
	bool any = false;

	g->n = bytes.len / sizeof(float);
	g->v = mem_alloc(g->n, sizeof(*g->v));
	for (size_t i = 0; i < g->n; i++) {
		g->v[i] = side_f32(bytes.s + i * sizeof(float));
		if (!(fabsf(g->v[i]) <= GLOBAL_GREATEST))
			return err_set(e,
				"%s: number %zu is not finite, or beyond %g",
				path, i, GLOBAL_GREATEST);
		any |= fabsf(g->v[i]) > 0;
	}
	return any ? 0 : err_set(e, "%s: all numbers are 0", path);
}

static int
load_file(struct global *g, const char *path, struct err *e)
{
	struct buf b = { 0 };
	struct stat is;
	size_t n;
	int rc;

	if (stat(path, &is))
		return err_set(e, "%s: %s", path, strerror(errno));
	n = (size_t)is.st_size / sizeof(float);
	if (is.st_size % (off_t)sizeof(float) || n == 0 || n > GLOBAL_MOST)
		return err_set(e,
			"%s: %jd bytes are not from 1 to %zu numbers of 4 "
			"bytes",
			path, (intmax_t)is.st_size, GLOBAL_MOST);
	rc = side_load(&b, path, n, sizeof(float), e);
	rc = rc ? rc : decode(g, buf_span(&b), path, e);
	buf_release(&b);
	return rc;
}

int
global_load(struct global *g, struct span record, struct err *e)
{
	struct arena a = { 0 };
	const char *path = side_named(record, "global", &a, e);
	int rc;

	*g = (struct global){ 0 };
	rc = path ? load_file(g, path, e) : -1;
	if (rc)
		global_release(g);
	arena_release(&a);
	return rc;
}

void
global_release(struct global *g)
{
	free(g->v);
	*g = (struct global){ 0 };
}
