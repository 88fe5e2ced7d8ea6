#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "sift_chain.h"

static int
compare(const void *x, const void *y)
{
	const struct sift_point *a = x, *b = y;

	if (a->octave != b->octave)
		return a->octave < b->octave ? -1 : 1;
	if (a->level != b->level)
		return a->level < b->level ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

/* Where a point is: in pixels of the image, from the first one's centre. */
static double
place(float at, float pixel, uint32_t n)
{
	double v = (double)at * pixel;

	return v < 0 ? 0 : v > n - 1 ? n - 1 : v;
}

static bool
seen(const struct sift_plan *plan, const struct sift_point *p,
	const struct features_in *in)
{
	float pixel = sift_plan_pixel(plan, p->octave);
	size_t x = (size_t)(place(p->x, pixel, in->width) + .5);
	size_t y = (size_t)(place(p->y, pixel, in->height) + .5);

	return !in->mask || in->mask[y * in->width + x];
}

struct quota_point
sift_choose_point(const struct sift_plan *plan, const struct sift_point *p)
{
	float pixel = sift_plan_pixel(plan, p->octave);

	return (struct quota_point){ (double)p->x * pixel + .5,
		(double)p->y * pixel + .5, p->response };
}

/* Leave the points at ${chosen}, ascending. */
static void
keep_best(const struct sift_plan *plan, struct sift_points *points,
	const struct features_in *in, size_t most)
{
	struct quota_point *q = mem_alloc(points->n, sizeof(*q));
	size_t *chosen = mem_alloc(points->n, sizeof(*chosen));
	uint32_t size[2] = { in->width, in->height };

	for (size_t i = 0; i < points->n; i++)
		q[i] = sift_choose_point(plan, &points->v[i]);
	points->n = quota_pick(q, points->n, most, size, chosen);
	for (size_t i = 0; i < points->n; i++)
		points->v[i] = points->v[chosen[i]];
	free(chosen);
	free(q);
}

void
sift_choose(struct sift_find *s)
{
	struct sift_points *points = &s->points;
	size_t n = 0;

	if (points->n)
		qsort(points->v, points->n, sizeof(*points->v), compare);
	for (size_t i = 0; i < points->n; i++) {
		const struct sift_point *p = &points->v[i];

		if ((n && compare(p, &points->v[n - 1]) == 0) ||
			!seen(&s->plan, p, s->in))
			continue;
		points->v[n++] = *p;
	}
	points->n = n;
	if (s->opts->most && n > s->opts->most)
		keep_best(&s->plan, points, s->in, s->opts->most);
}
