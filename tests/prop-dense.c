/*
 * prop-dense: dense descriptors are what a direct sum over pixels gives, of any
 * size of picture; they leave brightness and contrast alone, and no pixel that is
 * hidden matters.
 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "vision/dense.h"
#include "vision/features.h"
#include "tap.h"

#define SEED 5
#define W 90
#define H 70

static void
draw(struct rng *r, float *grey)
{
	double at[6];

	for (int i = 0; i < 6; i++)
		at[i] = rng_unit(r);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			grey[y * W + x] = (float)floor(
				100 + 40 * sin(x * at[0] + y * at[1]) +
				40 * cos(x * at[2] * at[3] - y * at[4]) +
				20 * rng_unit(r));
}

/* What the weight of a pixel ${d} away from a cell's centre is. */
static double
weight(int d, int cell)
{
	return abs(d) < cell ? cell - abs(d) : 0;
}

/* The first scale's descriptor around x, y, as its definition is. */
static void
define(const float *grey, int x, int y, uint8_t *out)
{
	static const double side[4] = { .75, .96875, .96875, .75 };
	enum { cell = 4 };
	double v[ROOTSIFT_BYTES] = { 0 }, norm = 0, sum = 0;
	const double turn = acos(-1) / 4;

	for (int py = 1; py < H - 1; py++)
		for (int px = 1; px < W - 1; px++) {
			const float *p = grey + py * W + px;
			double dx = (p[1] - p[-1]) / 2.;
			double dy = (p[W] - p[-W]) / 2.;
			double a = atan2(-dy, dx) / turn, size = hypot(dx, dy);
			int low;

			a = a < 0 ? a + 8 : a;
			low = (int)a;
			for (int c = 0; c < 16; c++) {
				int cx = x + (c % 4) * cell - 6 - px;
				int cy = y + (c / 4) * cell - 6 - py;
				double w = weight(cx, cell) * weight(cy, cell) *
				           side[c % 4] * side[c / 4] * size;

				v[c * 8 + low % 8] += w * (1 - (a - low));
				v[c * 8 + (low + 1) % 8] += w * (a - low);
			}
		}
	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		norm += v[i] * v[i];
	for (int i = 0; i < ROOTSIFT_BYTES; i++) {
		v[i] = fmin(v[i] / sqrt(norm), .2);
		sum += v[i];
	}
	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		out[i] = (uint8_t)fmin(255, floor(512 * sqrt(v[i] / sum) + .5));
}

/* The distance of two descriptors, of which each has the length 1. */
static double
difference(const uint8_t *a, const uint8_t *b)
{
	double sum = 0;

	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sqrt(sum) / 512;
}

static void
check_definition(const float *grey)
{
	struct features_in in = { grey, NULL, W, H };
	struct features f;
	size_t checked = 0;
	double worst = 0;

	dense_find(&in, &f);
	for (size_t i = 0; i < f.n; i += 7) {
		const struct keypoint *k = &f.keypoints[i];
		uint8_t want[ROOTSIFT_BYTES];
		double d;

		if (k->scale > 2)
			break;
		define(grey, (int)k->x, (int)k->y, want);
		d = difference(f.descriptors + i * ROOTSIFT_BYTES, want);
		worst = d > worst ? d : worst;
		checked++;
	}
	ok(checked > 20 && worst < .01,
		"%zu descriptors are as defined (off by %g)", checked, worst);
	features_release(&f);
}

static void
check_light(const float *grey)
{
	static float other[W * H];
	struct features_in a = { grey, NULL, W, H }, b = { other, NULL, W, H };
	struct features f, g;

	for (int i = 0; i < W * H; i++)
		other[i] = grey[i] / 2 + 100;
	dense_find(&a, &f);
	dense_find(&b, &g);
	ok(f.n == g.n, "half the contrast: as many descriptors");
	for (size_t i = 0; i < f.n && i < g.n; i++)
		if (difference(f.descriptors + i * ROOTSIFT_BYTES,
			    g.descriptors + i * ROOTSIFT_BYTES) > .05)
			f.n = 0;
	ok(f.n > 0, "and nearly the same ones");
	features_release(&f);
	features_release(&g);
}

/* Noise under the mask: what is left does not change. */
static void
check_mask(struct rng *r, const float *grey)
{
	static float other[W * H];
	static uint8_t mask[W * H];
	struct features_in a = { grey, mask, W, H }, b = { other, mask, W, H };
	struct features f, g, all;
	struct features_in in = { grey, NULL, W, H };
	size_t near = 0;

	memset(mask, 1, sizeof(mask));
	for (int i = 0; i < W * H; i++)
		other[i] = grey[i];
	for (int y = 20; y < 40; y++)
		for (int x = 30; x < 50; x++) {
			mask[y * W + x] = 0;
			other[y * W + x] = (float)rng_below(r, 256);
		}
	dense_find(&a, &f);
	dense_find(&b, &g);
	dense_find(&in, &all);
	ok(f.n > 0 && f.n == g.n && f.n < all.n,
		"a mask takes descriptors away, whatever is under it");
	for (size_t i = 0; i < f.n; i++) {
		const struct keypoint *k = &f.keypoints[i];

		near += k->x > 30 && k->x < 50 && k->y > 20 && k->y < 40;
	}
	is_int((intmax_t)near, 0, "none is where pixels are hidden");
	features_release(&f);
	features_release(&g);
	features_release(&all);
}

/* No picture is too small, too long or too flat. */
static void
check_sizes(void)
{
	static const uint32_t sizes[][2] = { { 1, 1 }, { 1, 3000 }, { 3000, 1 },
		{ 12, 13 }, { 13, 13 }, { 641, 2 }, { 1281, 40 } };
	size_t flat = 0, outside = 0, found = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		uint32_t w = sizes[i][0], h = sizes[i][1];
		float *grey = mem_alloc((size_t)w * h, sizeof(*grey));
		struct features_in in = { grey, NULL, w, h };
		struct features f;

		for (size_t k = 0; k < (size_t)w * h; k++)
			grey[k] = 99;
		dense_find(&in, &f);
		flat += f.n;
		features_release(&f);
		for (size_t k = 0; k < (size_t)w * h; k++)
			grey[k] = (float)(k * 7919 % 256);
		dense_find(&in, &f);
		found += f.n;
		for (size_t k = 0; k < f.n; k++)
			outside += f.keypoints[k].x > (float)w ||
			           f.keypoints[k].y > (float)h;
		features_release(&f);
		free(grey);
	}
	is_int((intmax_t)flat, 0, "flat pictures have no descriptors");
	ok(found > 0 && outside == 0, "all %zu of others are inside", found);
}

int
main(void)
{
	static float grey[W * H];
	struct rng r;

	tap_note("seed %d", SEED);
	rng_init(&r, SEED, 0);
	draw(&r, grey);
	check_definition(grey);
	check_light(grey);
	check_mask(&r, grey);
	check_sizes();
	return tap_done();
}
