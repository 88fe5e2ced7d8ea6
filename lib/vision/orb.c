#include <stdlib.h>

#include "base/arena.h"
#include "orb_steps.h"
#include "quota.h"

#define SIGMA 2.0 /* of the blur before the comparisons, on level 0 */
#define PI 3.14159265358979323846

/* Planning. */

/* ${n} by 5/6, ${level} times, to the nearest. */
static uint64_t
shrunk(uint64_t n, int level)
{
	uint64_t down = 1, up = 1;

	for (int i = 0; i < level; i++) {
		down *= 6;
		up *= 5;
	}
	return (n * up + down / 2) / down;
}

/* Levels that have room for a keypoint. */
static void
plan_levels(struct orb_plan *p, const struct features_in *in)
{
	p->pixels = 32;
	for (p->n = 0; p->n < ORB_LEVELS; p->n++) {
		uint64_t w = shrunk(in->width, p->n);
		uint64_t h = shrunk(in->height, p->n);
		uint64_t stride = (w + 16 + 31) / 32 * 32;

		if (w <= 2 * ORB_BORDER || h <= 2 * ORB_BORDER)
			break;
		p->level[p->n] = (struct orb_level){ (int32_t)p->pixels,
			(int32_t)stride, (int32_t)w, (int32_t)h };
		p->pixels += stride * h;
		if (p->n)
			p->ntaps += w + h;
	}
	p->pixels += 32;
}

/* How much of pixel ${i}, of ${to} units each, lies in [begin, end). */
static int64_t
overlap(int64_t i, int64_t to, int64_t begin, int64_t end)
{
	int64_t a = i * to > begin ? i * to : begin;
	int64_t b = (i + 1) * to < end ? (i + 1) * to : end;

	return b > a ? b - a : 0;
}

/* Each pixel of ${to} covers its part of ${from}, of which it is the mean. */
static struct orb_taps *
make_taps(struct orb_taps *t, int64_t from, int64_t to)
{
	for (int64_t x = 0; x < to; x++, t++) {
		int64_t begin = x * from, end = begin + from;
		int64_t first = begin / to;

		first = first < from - 3 ? first : from - 3;
		t->first = (int32_t)first;
		for (int i = 0; i < 3; i += 2)
			t->share[i] = (int32_t)((overlap(first + i, to, begin,
							 end) * ORB_SHARES +
							from / 2) /
						from);
		t->share[1] = ORB_SHARES - t->share[0] - t->share[2];
	}
	return t;
}

static void
plan(struct orb_plan *p, const struct features_in *in,
	const struct orb_opts *opts)
{
	struct orb_taps *t;

	*p = (struct orb_plan){ .threshold = (int32_t)opts->threshold,
		.upright = opts->upright };
	plan_levels(p, in);
	t = p->taps = mem_alloc(p->ntaps, sizeof(*p->taps));
	for (const struct orb_level *l = p->level + 1; l < p->level + p->n;
		l++) {
		t = make_taps(t, l[-1].width, l->width);
		t = make_taps(t, l[-1].height, l->height);
	}
}

/* The image as whole numbers, where level 0 is. */
static uint8_t *
quantised(const struct orb_plan *p, const struct features_in *in)
{
	uint8_t *pixels = mem_alloc(p->pixels, 1);

	memset(pixels, 0, p->pixels);
	for (uint32_t y = 0; y < in->height; y++) {
		uint8_t *to = pixels + p->level[0].at +
		              (size_t)y * (size_t)p->level[0].stride;
		const float *from = in->grey + (size_t)y * in->width;

		for (uint32_t x = 0; x < in->width; x++) {
			float grey = from[x] + 0.5f;

			to[x] = !(grey > 0)   ? 0
			        : grey >= 255 ? 255
			                      : (uint8_t)grey;
		}
	}
	return pixels;
}

/* Corners. */

struct found {
	const struct orb_plan *plan;
	const struct features_in *in;
	struct orb_corner *v;
	size_t n, cap;
};

/* Where the middle of a level's pixel is in the image. */
static double
in_image(int32_t x, int32_t of, uint32_t size)
{
	return (x + 0.5) * size / of;
}

/* Is the ring that makes it a corner all to be seen? */
static bool
is_seen(const struct found *f, const struct orb_corner *c)
{
	const struct orb_level *l = &f->plan->level[c->level];
	const struct features_in *in = f->in;

	for (int i = 0; in->mask && i < 9; i++) {
		int32_t dx = i % 3 - 1, dy = i / 3 - 1;
		int32_t far = dx && dy ? 2 : 3;
		double x = in_image(c->x + dx * far, l->width, in->width);
		double y = in_image(c->y + dy * far, l->height, in->height);

		if (!in->mask[(size_t)y * in->width + (size_t)x])
			return false;
	}
	return true;
}

static void
gather_row(struct found *f, const uint32_t *bits, struct orb_corner at)
{
	const struct orb_level *l = &f->plan->level[at.level];

	bits += (l->at + at.y * l->stride) / 32;
	for (int32_t x = 0; x < l->width; x += 32)
		for (uint32_t b = bits[x / 32]; b; b &= b - 1) {
			at.x = x;
			while (!(b >> (at.x - x) & 1))
				at.x++;
			if (!is_seen(f, &at))
				continue;
			f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
			f->v[f->n++] = at;
		}
}

static void
gather(struct found *f, const uint32_t *bits)
{
	for (int32_t l = 0; l < f->plan->n; l++)
		for (int32_t y = ORB_BORDER;
			y < f->plan->level[l].height - ORB_BORDER; y++)
			gather_row(f, bits,
				(struct orb_corner){ .y = y, .level = l });
}

/*
 * Those that stay, by rank and quota. Corners of a coarse level have the higher
 * ranks, for it has less noise, and the less exact places: a rank counts by how
 * many pixels a level has.
 */
static void
choose(struct found *f, const int64_t *rank, size_t most)
{
	struct quota_point *p = mem_alloc(f->n, sizeof(*p));
	size_t *chosen = mem_alloc(f->n, sizeof(*chosen));

	for (size_t i = 0; i < f->n; i++) {
		const struct orb_level *l = &f->plan->level[f->v[i].level];

		p[i].x = in_image(f->v[i].x, l->width, f->in->width);
		p[i].y = in_image(f->v[i].y, l->height, f->in->height);
		p[i].response = (double)rank[i];
		for (int32_t j = 0; j < f->v[i].level; j++)
			p[i].response *= 25.0 / 36;
	}
	f->n = quota_pick(p, f->n, most,
		(uint32_t[2]){ f->in->width, f->in->height }, chosen);
	for (size_t i = 0; i < f->n; i++)
		f->v[i] = f->v[chosen[i]];
	free(chosen);
	free(p);
}

/* The steps, here or there. */

struct run {
	struct orb_twin twin;
	struct orb_device *device; /* NULL: the twin's */
	struct found found;
	size_t most;
};

static int
find(struct run *r, struct err *e)
{
	uint32_t *bits = mem_alloc(r->twin.plan->pixels / 32, sizeof(*bits));
	int64_t *rank = NULL;
	int rc = 0;

	if (r->device)
		rc = orb_device_corners(r->device, r->twin.pixels, bits, e);
	else
		orb_twin_corners(&r->twin, bits);
	if (rc == 0)
		gather(&r->found, bits);
	free(bits);
	if (rc || r->most == 0 || r->found.n <= r->most)
		return rc;
	rank = mem_alloc(r->found.n, sizeof(*rank));
	if (r->device)
		rc = orb_device_rank(
			r->device, r->found.v, r->found.n, rank, e);
	else
		orb_twin_rank(&r->twin, r->found.v, r->found.n, rank);
	if (rc == 0)
		choose(&r->found, rank, r->most);
	free(rank);
	return rc;
}

static int
describe(struct run *r, struct features *f, struct err *e)
{
	struct found *found = &r->found;

	f->n = found->n;
	f->keypoints = mem_alloc(f->n, sizeof(*f->keypoints));
	f->descriptors = mem_alloc(f->n, ORB_BITS / 8);
	if (r->device && orb_device_describe(r->device, found->v, found->n,
				 f->descriptors, e))
		return -1;
	if (r->device == NULL)
		orb_twin_describe(&r->twin, found->v, found->n, f->descriptors);
	for (size_t i = 0; i < f->n; i++) {
		const struct orb_corner *c = &found->v[i];
		const struct orb_level *l = &found->plan->level[c->level];
		double scale = SIGMA;

		for (int32_t j = 0; j < c->level; j++)
			scale *= 1.2;
		f->keypoints[i] = (struct keypoint){
			(float)in_image(c->x, l->width, found->in->width),
			(float)in_image(c->y, l->height, found->in->height),
			(float)scale,
			(float)(c->sector * (2 * PI / ORB_SECTORS)),
		};
	}
	return 0;
}

int
orb_find(struct device *d, const struct features_in *in,
	const struct orb_opts *opts, struct features *f, struct err *e)
{
	struct orb_plan p;
	struct run r = { .twin.plan = &p,
		.found = { .plan = &p, .in = in },
		.most = opts->most };
	int rc = -1;

	*f = (struct features){ .type = FEATURES_ORB };
	if ((uint64_t)in->width * in->height > ORB_PIXELS_MOST)
		return err_set(e, "%u x %u pixels are too many", in->width,
			in->height);
	plan(&p, in, opts);
	if (p.n == 0) {
		free(p.taps);
		return 0;
	}
	r.twin.pixels = quantised(&p, in);
	if (d && (r.device = orb_device_new(d, &p, e)) == NULL)
		goto out;
	rc = find(&r, e);
	rc = rc ? rc : describe(&r, f, e);
	if (rc)
		features_release(f);
out:
	orb_device_free(r.device);
	free(r.found.v);
	free(r.twin.pixels);
	free(p.taps);
	return rc;
}
