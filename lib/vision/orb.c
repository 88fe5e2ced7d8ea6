#include <stdlib.h>

#include "base/arena.h"
#include "orb_steps.h"
#include "quota.h"

#define SIGMA 1.58 /* of the blur before the comparisons, on level 0 */
#define PI 3.14159265358979323846

struct orb {
	struct orb_device *device; /* NULL: the twin works */
	struct orb_ends *pattern;
	int32_t *ends;  /* of the pattern, in rows of ${stride} */
	int32_t stride; /* 0: of none yet */
};

struct orb *
orb_open(struct device *d, struct err *e)
{
	struct orb *o = mem_alloc(1, sizeof(*o));

	*o = (struct orb){ .device = d ? orb_device_new(d, e) : NULL };
	if (d && o->device == NULL) {
		free(o);
		return NULL;
	}
	o->pattern = mem_alloc(ORB_ENDS, sizeof(*o->pattern));
	o->ends = mem_alloc(ORB_ENDS, sizeof(*o->ends));
	orb_pattern(o->pattern);
	return o;
}

void
orb_close(struct orb *o)
{
	if (o == NULL)
		return;
	orb_device_free(o->device);
	free(o->pattern);
	free(o->ends);
	free(o);
}

/* Planning. */

/* Levels that have room for a keypoint. */
static void
plan_levels(struct orb_plan *p, const struct orb_in *in)
{
	size_t stride = ((size_t)in->width + 16 + 31) / 32 * 32;
	uint32_t w = in->width, h = in->height;

	p->pixels = 32;
	while (p->n < ORB_LEVELS && w > 2 * ORB_BORDER && h > 2 * ORB_BORDER) {
		p->level[p->n++] = (struct orb_level){ (int32_t)p->pixels,
			(int32_t)stride, (int32_t)w, (int32_t)h };
		p->pixels += stride * h;
		p->rows += (int32_t)h;
		w = (uint32_t)((uint64_t)w * 5 / 6);
		h = (uint32_t)((uint64_t)h * 5 / 6);
	}
	p->pixels += 32;
}

static void
plan(struct orb_plan *p, struct orb *o, const struct orb_in *in,
	const struct orb_opts *opts)
{
	*p = (struct orb_plan){ .ends = o->ends,
		.threshold = (int32_t)opts->threshold,
		.upright = opts->upright };
	plan_levels(p, in);
	if (p->n && o->stride != p->level[0].stride) {
		o->stride = p->level[0].stride;
		orb_offsets(o->pattern, o->stride, o->ends);
	}
}

/* The image where level 0 is. */
static uint8_t *
placed(const struct orb_plan *p, const struct orb_in *in)
{
	const struct orb_level *l = p->level;
	uint8_t *pixels = mem_alloc(p->pixels, 1);

	for (size_t y = 0; y < in->height; y++)
		memcpy(pixels + l->at + y * (size_t)l->stride,
			in->grey + y * in->width, in->width);
	return pixels;
}

/* Corners. */

struct found {
	const struct orb_plan *plan;
	const struct orb_in *in;
	struct orb_corner *v;
	size_t n, cap;
};

/* Where the middle of a level's pixel is in the image. */
static double
in_image(int32_t x, int32_t level)
{
	double at = x + 0.5;

	while (level-- > 0)
		at *= 1.2;
	return at;
}

/* Is the ring that makes it a corner all to be seen? */
static bool
is_seen(const struct found *f, const struct orb_corner *c)
{
	const struct orb_in *in = f->in;

	for (int i = 0; in->mask && i < 9; i++) {
		int32_t dx = i % 3 - 1, dy = i / 3 - 1;
		int32_t far = dx && dy ? 2 : 3;
		double x = in_image(c->x + dx * far, c->level);
		double y = in_image(c->y + dy * far, c->level);

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
	for (int32_t x = 0; x < l->width - ORB_BORDER; x += 32)
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
		p[i].x = in_image(f->v[i].x, f->v[i].level);
		p[i].y = in_image(f->v[i].y, f->v[i].level);
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
		rc = orb_device_corners(r->device, bits, e);
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
		double scale = SIGMA;

		for (int32_t j = 0; j < c->level; j++)
			scale *= 1.2;
		f->keypoints[i] = (struct keypoint){
			(float)in_image(c->x, c->level),
			(float)in_image(c->y, c->level),
			(float)scale,
			(float)(c->sector * (2 * PI / ORB_SECTORS)),
		};
	}
	return 0;
}

int
orb_find(struct orb *o, const struct orb_in *in, const struct orb_opts *opts,
	struct features *f, struct err *e)
{
	struct orb_plan p;
	struct run r = { .twin.plan = &p,
		.device = o->device,
		.found = { .plan = &p, .in = in },
		.most = opts->most };
	int rc = 0;

	*f = (struct features){ .type = FEATURES_ORB };
	if ((uint64_t)in->width * in->height > ORB_PIXELS_MOST)
		return err_set(e, "%u x %u pixels are too many", in->width,
			in->height);
	plan(&p, o, in, opts);
	if (p.n == 0)
		return 0;
	r.twin.pixels = placed(&p, in);
	if (r.device)
		rc = orb_device_begin(r.device, &p, r.twin.pixels, e);
	rc = rc ? rc : find(&r, e);
	rc = rc ? rc : describe(&r, f, e);
	if (rc)
		features_release(f);
	free(r.found.v);
	free(r.twin.pixels);
	return rc;
}
