#include <stdlib.h>

#include "base/arena.h"
#include "sift_chain.h"
#include "sift_math.h"

struct plane {
	uint32_t width, height;
	float *v;
};

static uint32_t
clamped(int64_t i, uint32_t n)
{
	return i < 0 ? 0 : i >= n ? n - 1 : (uint32_t)i;
}

/* Columns first, one row of them at a time, and then along that row. */
SIFT_FAST static void
blur_row(const struct plane *from, const struct sift_blur *b, uint32_t y,
	float *row, float *to)
{
	uint32_t w = from->width, r = (uint32_t)b->radius;
	const float *centre = from->v + (size_t)y * w;

	for (uint32_t x = 0; x < w; x++)
		row[r + x] = b->weights[0] * centre[x];
	for (uint32_t k = 1; k <= r; k++) {
		const float *above = from->v + (size_t)clamped((int64_t)y - k,
						       from->height) *
		                                       w;
		const float *below = from->v + (size_t)clamped((int64_t)y + k,
						       from->height) *
		                                       w;

		for (uint32_t x = 0; x < w; x++)
			row[r + x] = fmaf(
				b->weights[k], above[x] + below[x], row[r + x]);
	}
	for (uint32_t k = 0; k < r; k++) {
		row[k] = row[r];
		row[r + w + k] = row[r + w - 1];
	}
	for (uint32_t x = 0; x < w; x++)
		to[x] = b->weights[0] * row[r + x];
	for (uint32_t k = 1; k <= r; k++)
		for (uint32_t x = 0; x < w; x++)
			to[x] = fmaf(b->weights[k],
				row[r + x - k] + row[r + x + k], to[x]);
}

static void
blur(const struct plane *from, const struct sift_blur *b, float *to)
{
	float *row = mem_alloc(
		(size_t)from->width + 2 * SIFT_RADIUS, sizeof(*row));

	for (uint32_t y = 0; y < from->height; y++)
		blur_row(from, b, y, row, to + (size_t)y * from->width);
	free(row);
}

/* Twice as large: each pixel stays, with means in between. */
static void
doubled(const struct plane *from, const struct plane *to)
{
	uint32_t w = from->width, h = from->height;

	for (uint32_t y = 0; y < to->height; y++) {
		const float *a = from->v + (size_t)(y / 2) * w;
		const float *b = from->v +
		                 (size_t)clamped(y / 2 + y % 2, h) * w;

		for (uint32_t x = 0; x < to->width; x++) {
			uint32_t l = x / 2, r = clamped(l + x % 2, w);

			to->v[(size_t)y * to->width + x] =
				.5f *
				(.5f * (a[l] + a[r]) + .5f * (b[l] + b[r]));
		}
	}
}

/* Half as large: every second pixel. */
static void
halved(const struct plane *from, const struct plane *to)
{
	for (uint32_t y = 0; y < to->height; y++)
		for (uint32_t x = 0; x < to->width; x++)
			to->v[(size_t)y * to->width + x] =
				from->v[(size_t)2 * y * from->width + 2 * x];
}

SIFT_INLINE static uint32_t
gradient(float gx, float gy)
{
	float steep = sift_sqrt(fmaf(gx, gx, gy * gy));
	int32_t turns = (int32_t)fmaf(sift_turns(gx, gy), SIFT_TURN, .5f);

	return (uint32_t)(int32_t)fmaf(steep, 256, .5f) << 16 |
	       (turns & (SIFT_TURN - 1));
}

SIFT_FAST static void
gradients(const struct plane *p, uint32_t *to)
{
	for (uint32_t y = 0; y < p->height; y++) {
		size_t at = (size_t)y * p->width;
		const float *row = p->v + at;
		const float *up = y ? row - p->width : row;
		const float *down = y + 1 < p->height ? row + p->width : row;

		for (uint32_t x = 0; x < p->width; x++) {
			float left = row[x ? x - 1 : 0];
			float right = row[clamped((int64_t)x + 1, p->width)];

			to[at + x] = gradient(
				.5f * (right - left), .5f * (down[x] - up[x]));
		}
	}
}

static float *
floats(const struct plane *like)
{
	return mem_alloc((size_t)like->width * like->height, sizeof(float));
}

/* Level 0, from the image or from the level that has twice its sigma. */
static void
first_level(const struct sift_plan *plan, int i, const float *grey,
	struct sift_octave *o)
{
	struct plane to = { plan->width[i], plan->height[i], NULL }, from = to;

	to.v = floats(&to);
	if (i > 0) {
		halved(&(struct plane){ o[i - 1].width, o[i - 1].height,
			       o[i - 1].level[SIFT_SCALES] },
			&to);
	} else {
		from.v = (float *)grey;
		if (plan->first < 0) {
			from.v = floats(&from);
			doubled(&(struct plane){ to.width / 2, to.height / 2,
					(float *)grey },
				&from);
		}
		blur(&from, &plan->blur[0], to.v);
		if (plan->first < 0)
			free(from.v);
	}
	o[i].level[0] = to.v;
}

void
sift_pyramid(const struct sift_plan *plan, int i, const float *grey,
	struct sift_octave *o)
{
	struct plane p = { plan->width[i], plan->height[i], NULL };
	size_t pixels = (size_t)p.width * p.height;

	o[i].width = p.width, o[i].height = p.height;
	first_level(plan, i, grey, o);
	for (int l = 1; l < SIFT_LEVELS; l++) {
		float *d = o[i].difference[l - 1] = floats(&p);

		p.v = o[i].level[l - 1];
		o[i].level[l] = floats(&p);
		blur(&p, &plan->blur[l], o[i].level[l]);
		for (size_t k = 0; k < pixels; k++)
			d[k] = o[i].level[l][k] - p.v[k];
	}
	for (int s = 0; s < SIFT_SCALES && i >= plan->skip; s++) {
		p.v = o[i].level[1 + s];
		o[i].gradient[s] = mem_alloc(pixels, sizeof(uint32_t));
		gradients(&p, o[i].gradient[s]);
	}
}

static void
drop(float **v)
{
	free(*v);
	*v = NULL;
}

void
sift_pyramid_spare(struct sift_octave *o)
{
	for (int l = 0; l < SIFT_LEVELS; l++)
		if (l != SIFT_SCALES)
			drop(&o->level[l]);
	for (int l = 0; l < SIFT_LEVELS - 1; l++)
		drop(&o->difference[l]);
}

void
sift_pyramid_release(struct sift_octave *o)
{
	sift_pyramid_spare(o);
	drop(&o->level[SIFT_SCALES]);
	for (int s = 0; s < SIFT_SCALES; s++) {
		free(o->gradient[s]);
		o->gradient[s] = NULL;
	}
}
