#include <stdlib.h>

#include "base/arena.h"
#include "orb_steps.h"

/* The ring of FAST, clockwise from the top. */
static const int8_t ring[16][2] = { { 0, -3 }, { 1, -3 }, { 2, -2 }, { 3, -1 },
	{ 3, 0 }, { 3, 1 }, { 2, 2 }, { 1, 3 }, { 0, 3 }, { -1, 3 }, { -2, 2 },
	{ -3, 1 }, { -3, 0 }, { -3, -1 }, { -2, -2 }, { -1, -3 } };

/* The pyramid. */

static void
shrink(uint8_t *pixels, const struct orb_level *from,
	const struct orb_level *to, const struct orb_taps *taps)
{
	const struct orb_taps *rows = taps + to->width;

	for (int32_t y = 0; y < to->height; y++) {
		const uint8_t *p = pixels + from->at +
		                   rows[y].first * from->stride;
		uint8_t *out = pixels + to->at + y * to->stride;

		for (int32_t x = 0; x < to->width; x++) {
			const uint8_t *q = p + taps[x].first;
			int32_t sum = ORB_SHARES * (ORB_SHARES / 2);

			for (int i = 0; i < 3; i++, q += from->stride)
				sum += rows[y].share[i] *
				       (taps[x].share[0] * q[0] +
					       taps[x].share[1] * q[1] +
					       taps[x].share[2] * q[2]);
			out[x] = (uint8_t)(sum / (ORB_SHARES * ORB_SHARES));
		}
	}
}

static void
make_pyramid(const struct orb_twin *t)
{
	const struct orb_taps *taps = t->plan->taps;

	for (int l = 1; l < t->plan->n; l++) {
		const struct orb_level *to = &t->plan->level[l];

		shrink(t->pixels, to - 1, to, taps);
		taps += to->width + to->height;
	}
}

/* Corners. */

/* The smaller of every one and the one ${by} further on, around the ring. */
static void
least_pairs(uint8_t to[32], const uint8_t from[32], int by)
{
	for (int i = 0; i < 16; i++)
		to[i] = from[i] < from[i + by] ? from[i] : from[i + by];
	memcpy(to + 16, to, 16);
}

/* The largest that the smallest of 9 in a row gets, around the ring. */
static int32_t
best_arc(const uint8_t d[32])
{
	uint8_t two[32], four[32], eight[32], nine[32], best = 0;

	least_pairs(two, d, 1);
	least_pairs(four, two, 2);
	least_pairs(eight, four, 4);
	for (int i = 0; i < 16; i++)
		nine[i] = eight[i] < d[i + 8] ? eight[i] : d[i + 8];
	for (int i = 0; i < 16; i++)
		best = nine[i] > best ? nine[i] : best;
	return best;
}

/* Of 9 in a row two neighbours of these four are part. */
static bool
may_be_corner(const uint8_t *p, int32_t stride, int32_t threshold)
{
	int32_t up = p[-3 * stride] - *p, down = p[3 * stride] - *p;
	int32_t left = p[-3] - *p, right = p[3] - *p;
	int32_t t = threshold;

	return ((up > t || down > t) && (left > t || right > t)) ||
	       ((up < -t || down < -t) && (left < -t || right < -t));
}

/* The largest threshold at which it would just not be a corner, or 0. */
static uint8_t
score(const uint8_t *p, int32_t stride, int32_t threshold)
{
	uint8_t brighter[32], darker[32];
	int32_t best, other;

	if (!may_be_corner(p, stride, threshold))
		return 0;
	for (int i = 0; i < 16; i++) {
		int32_t d = p[ring[i][1] * stride + ring[i][0]] - *p;

		brighter[i] = brighter[i + 16] = (uint8_t)(d > 0 ? d : 0);
		darker[i] = darker[i + 16] = (uint8_t)(d < 0 ? -d : 0);
	}
	best = best_arc(brighter);
	other = best_arc(darker);
	best = other > best ? other : best;
	return (uint8_t)(best > threshold ? best : 0);
}

/* Of equal neighbours the first, by rows, is the strongest. */
static bool
is_strongest(const uint8_t *s, int32_t stride)
{
	return *s && *s > s[-stride - 1] && *s > s[-stride] &&
	       *s > s[-stride + 1] && *s > s[-1] && *s >= s[1] &&
	       *s >= s[stride - 1] && *s >= s[stride] && *s >= s[stride + 1];
}

static void
find_corners(const struct orb_twin *t, const struct orb_level *l, uint8_t *s,
	uint32_t *bits)
{
	const uint8_t *p = t->pixels + l->at;
	const int32_t near = ORB_BORDER - 1, b = ORB_BORDER;

	for (int32_t y = near; y < l->height - near; y++)
		for (int32_t x = near; x < l->width - near; x++)
			s[y * l->stride + x] = score(p + y * l->stride + x,
				l->stride, t->plan->threshold);
	for (int32_t y = b; y < l->height - b; y++)
		for (int32_t x = b; x < l->width - b; x++)
			if (is_strongest(s + y * l->stride + x, l->stride))
				bits[(y * l->stride + x) / 32] |= 1u << x % 32;
}

void
orb_twin_corners(struct orb_twin *t, uint32_t *bits)
{
	const struct orb_level *l = t->plan->level;
	uint8_t *s = mem_alloc(orb_level_pixels(l), 1);

	make_pyramid(t);
	memset(bits, 0, t->plan->pixels / 32 * sizeof(*bits));
	for (int i = 0; i < t->plan->n; i++, l++)
		find_corners(t, l, s, bits + l->at / 32);
	free(s);
}

/* Harris' measure, of Sobel's gradients in 7 x 7. */

static int64_t
harris(const uint8_t *p, int32_t stride)
{
	int64_t xx = 0, yy = 0, xy = 0;

	for (int j = -3; j <= 3; j++)
		for (int i = -3; i <= 3; i++) {
			const uint8_t *q = p + j * stride + i;
			const uint8_t *up = q - stride, *down = q + stride;
			int32_t dx = up[1] + 2 * q[1] + down[1] - up[-1] -
			             2 * q[-1] - down[-1];
			int32_t dy = down[-1] + 2 * down[0] + down[1] - up[-1] -
			             2 * up[0] - up[1];

			xx += dx * dx;
			yy += dy * dy;
			xy += dx * dy;
		}
	return 25 * (xx * yy - xy * xy) - (xx + yy) * (xx + yy);
}

void
orb_twin_rank(
	struct orb_twin *t, const struct orb_corner *c, size_t n, int64_t *rank)
{
	for (size_t i = 0; i < n; i++) {
		const struct orb_level *l = &t->plan->level[c[i].level];

		rank[i] = harris(
			t->pixels + l->at + c[i].y * l->stride + c[i].x,
			l->stride);
	}
}

/* Angles. */

/* How far the disc of the radius goes to either side, ${y} from its middle. */
static int
half_width(int y)
{
	int x = 0;

	while ((x + 1) * (x + 1) + y * y <= ORB_RADIUS * (ORB_RADIUS + 1))
		x++;
	return x;
}

static int32_t
sector(const uint8_t *p, int32_t stride)
{
	int64_t mx = 0, my = 0, best = 0;
	int32_t at = 0;

	for (int y = -ORB_RADIUS; y <= ORB_RADIUS; y++) {
		const uint8_t *row = p + y * stride;
		int32_t half = half_width(y), sum = 0, across = 0;

		for (int x = -half; x <= half; x++) {
			sum += row[x];
			across += x * row[x];
		}
		mx += across;
		my += y * sum;
	}
	for (int32_t s = 0; s < ORB_SECTORS; s++) {
		int64_t along = mx * orb_directions[s][0] +
		                my * orb_directions[s][1];

		if (along > best) {
			best = along;
			at = s;
		}
	}
	return at;
}

/* Comparisons. */

/* Blurs a level, but for the 3 pixels at its edges; 256ths. */
static void
blur(const uint8_t *p, const struct orb_level *l, uint16_t *rows, uint16_t *to)
{
	const int32_t *w = orb_blur;

	for (int32_t y = 0; y < l->height; y++)
		for (int32_t x = 3; x < l->width - 3; x++) {
			const uint8_t *q = p + y * l->stride + x;

			rows[y * l->stride + x] =
				(uint16_t)(w[0] * (q[-3] + q[3]) +
					   w[1] * (q[-2] + q[2]) +
					   w[2] * (q[-1] + q[1]) + w[3] * q[0]);
		}
	for (int32_t y = 3; y < l->height - 3; y++)
		for (int32_t x = 3; x < l->width - 3; x++) {
			const uint16_t *q = rows + y * l->stride + x;
			uint32_t sum = 128;

			for (int i = 0; i < 7; i++)
				sum += (uint32_t)w[i] * q[(i - 3) * l->stride];
			to[y * l->stride + x] = (uint16_t)(sum / 256);
		}
}

static void
describe(const uint16_t *p, int32_t stride, const struct orb_ends *ends,
	uint8_t *descriptor)
{
	memset(descriptor, 0, ORB_BITS / 8);
	for (int i = 0; i < ORB_BITS; i++) {
		struct orb_ends a = ends[2 * i], b = ends[2 * i + 1];

		if (p[a.y * stride + a.x] < p[b.y * stride + b.x])
			descriptor[i / 8] |= (uint8_t)(1 << i % 8);
	}
}

void
orb_twin_describe(struct orb_twin *t, struct orb_corner *c, size_t n,
	uint8_t *descriptors)
{
	const struct orb_level *l = t->plan->level;
	size_t most = orb_level_pixels(l);
	uint16_t *rows = mem_alloc(most, sizeof(*rows));
	uint16_t *blurred = mem_alloc(most, sizeof(*blurred));
	struct orb_ends *ends = mem_alloc(ORB_ENDS, sizeof(*ends));
	int32_t level = -1;

	orb_pattern(ends);
	for (size_t i = 0; i < n; i++) {
		int32_t at;

		l = &t->plan->level[c[i].level];
		at = c[i].y * l->stride + c[i].x;
		if (level != c[i].level)
			blur(t->pixels + l->at, l, rows, blurred);
		level = c[i].level;
		c[i].sector = t->plan->upright ? 0
		                               : sector(t->pixels + l->at + at,
							 l->stride);
		describe(blurred + at, l->stride,
			ends + (size_t)c[i].sector * ORB_BITS * 2,
			descriptors + i * (ORB_BITS / 8));
	}
	free(ends);
	free(blurred);
	free(rows);
}
