#include <stdlib.h>

#include "base/arena.h"
#include "sift_device.h"

#define TURN 6.283185307179586

/* A feature on its way out: which look of which point it is. */
struct found {
	size_t point;
	int look;
};

static struct found *
list_found(const struct sift_points *points, const struct sift_look *looks,
	size_t *n)
{
	struct found *list = mem_alloc(points->n * SIFT_ANGLES, sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < points->n; i++)
		for (int k = 0; k < SIFT_ANGLES; k++)
			if (looks[i].angle[k] >= 0)
				list[(*n)++] = (struct found){ i, k };
	return list;
}

static struct keypoint
keypoint_of(
	const struct sift_plan *plan, const struct sift_point *p, int32_t angle)
{
	struct quota_point at = sift_choose_point(plan, p);

	return (struct keypoint){ (float)at.x, (float)at.y,
		p->scale * sift_plan_pixel(plan, p->octave),
		(float)(TURN / SIFT_TURN * angle) };
}

/* The second angles of points may be more than are wanted. */
static size_t
pick(const struct found *list, size_t n, const struct sift_find *s,
	size_t *chosen)
{
	struct quota_point *q = mem_alloc(n, sizeof(*q));

	for (size_t i = 0; i < n; i++)
		q[i] = sift_choose_point(&s->plan, &s->points.v[list[i].point]);
	n = quota_pick(q, n, s->opts->most,
		(uint32_t[]){ s->in->width, s->in->height }, chosen);
	free(q);
	return n;
}

static void
collect(const struct sift_find *s, struct features *f)
{
	size_t n, *chosen;
	struct found *list = list_found(&s->points, s->looks, &n);

	chosen = mem_alloc(n, sizeof(*chosen));
	f->n = pick(list, n, s, chosen);
	f->keypoints = mem_alloc(f->n, sizeof(*f->keypoints));
	f->descriptors = mem_alloc(f->n, ROOTSIFT_BYTES);
	for (size_t i = 0; i < f->n; i++) {
		const struct found *at = &list[chosen[i]];
		const struct sift_look *look = &s->looks[at->point];

		f->keypoints[i] = keypoint_of(&s->plan, &s->points.v[at->point],
			look->angle[at->look]);
		memcpy(f->descriptors + ROOTSIFT_BYTES * i,
			look->descriptor[at->look], ROOTSIFT_BYTES);
	}
	free(chosen);
	free(list);
}

/* By plain C. */
static void
find_here(struct sift_find *f)
{
	struct sift_octave o[SIFT_OCTAVES] = { 0 };

	for (int i = 0; i < f->plan.octaves; i++) {
		sift_pyramid(&f->plan, i, f->in->grey, o);
		sift_extrema(&f->plan, i, &o[i], &f->points);
		sift_pyramid_spare(&o[i]);
	}
	sift_choose(f);
	f->looks = mem_alloc(f->points.n, sizeof(*f->looks));
	for (size_t i = 0; i < f->points.n; i++)
		sift_describe(&f->plan, &o[f->points.v[i].octave],
			&f->points.v[i], &f->looks[i]);
	for (int i = 0; i < f->plan.octaves; i++)
		sift_pyramid_release(&o[i]);
}

static int
find_there(struct sift_device *d, struct sift_find *f, struct err *e)
{
	if (sift_device_points(d, f, e))
		return -1;
	sift_choose(f);
	f->looks = mem_alloc(f->points.n, sizeof(*f->looks));
	return sift_device_looks(d, f, e);
}

struct sift {
	struct sift_device *device; /* NULL: plain C */
};

struct sift *
sift_open_as(struct device *d, struct sift_shape shape, struct err *e)
{
	struct sift *s = mem_alloc(1, sizeof(*s));

	*s = (struct sift){ 0 };
	if (d && !(s->device = sift_device_new(d, shape, e))) {
		free(s);
		return NULL;
	}
	return s;
}

struct sift *
sift_open(struct device *d, struct err *e)
{
	return sift_open_as(d, (struct sift_shape){ 0 }, e);
}

void
sift_close(struct sift *s)
{
	if (s == NULL)
		return;
	sift_device_free(s->device);
	free(s);
}

int
sift_find(struct sift *s, const struct features_in *in,
	const struct sift_opts *opts, struct features *f, struct err *e)
{
	struct sift_find find = { .in = in, .opts = opts };
	int rc = 0;

	*f = (struct features){ .type = FEATURES_ROOTSIFT };
	sift_plan_make(&find.plan, in, opts);
	if (s->device)
		rc = find_there(s->device, &find, e);
	else
		find_here(&find);
	if (rc == 0)
		collect(&find, f);
	free(find.looks);
	free(find.points.v);
	return rc;
}
