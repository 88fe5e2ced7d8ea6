#include <stdlib.h>

#include "base/arena.h"
#include "orb_steps.h"

/* What compilers make a vector of. */
#define BLOCK 16

/* The ring of FAST, clockwise from the top. */
static const int8_t ring[16][2] = { { 0, -3 }, { 1, -3 }, { 2, -2 }, { 3, -1 },
	{ 3, 0 }, { 3, 1 }, { 2, 2 }, { 1, 3 }, { 0, 3 }, { -1, 3 }, { -2, 2 },
	{ -3, 1 }, { -3, 0 }, { -3, -1 }, { -2, -2 }, { -1, -3 } };

/* The pyramid. */

/* 6 pixels in two rows, weighted by ${rows}, become 5; 36ths. */
static void
shrink_six(
	uint8_t *to, const uint8_t *p, const uint8_t *q, const int32_t rows[2])
{
	int32_t v[6];

	for (int i = 0; i < 6; i++)
		v[i] = rows[0] * p[i] + rows[1] * q[i];
	for (int i = 0; i < 5; i++)
		to[i] = (uint8_t)(((5 - i) * v[i] + (1 + i) * v[i + 1] + 18) /
				  36);
}

static void
shrink(uint8_t *pixels, const struct orb_level *from,
	const struct orb_level *to)
{
	for (int32_t y = 0; y < to->height; y++) {
		const int32_t rows[2] = { 5 - y % 5, 1 + y % 5 };
		const uint8_t *p = pixels + from->at +
		                   (y + y / 5) * from->stride;
		uint8_t *out = pixels + to->at + y * to->stride;

		for (int32_t x = 0; x < to->width; x += 5)
			shrink_six(out + x, p + x + x / 5,
				p + x + x / 5 + from->stride, rows);
	}
}

/* Corners. */

static inline void
least(uint8_t *to, const uint8_t *a, const uint8_t *b)
{
	for (int i = 0; i < BLOCK; i++)
		to[i] = a[i] < b[i] ? a[i] : b[i];
}

static inline void
most(uint8_t *to, const uint8_t *a, const uint8_t *b)
{
	for (int i = 0; i < BLOCK; i++)
		to[i] = a[i] > b[i] ? a[i] : b[i];
}

typedef void extreme(uint8_t *, const uint8_t *, const uint8_t *);

/*
 * By least and most: the largest that the smallest of 9 in a row of the ring
 * gets: of 8, and of the one before or the one behind them.
 */
static inline void
best_arc(uint8_t *best, const uint8_t *const r[16], extreme *all, extreme *any)
{
	uint8_t two[8][BLOCK], four[8][BLOCK], nine[BLOCK], end[BLOCK];

	for (int i = 0; i < 8; i++)
		all(two[i], r[2 * i + 1], r[(2 * i + 2) & 15]);
	for (int i = 0; i < 8; i++)
		all(four[i], two[i], two[(i + 1) & 7]);
	for (int i = 0; i < 8; i++) {
		any(end, r[2 * i], r[(2 * i + 9) & 15]);
		all(nine, four[i], four[(i + 2) & 7]);
		all(nine, nine, end);
		if (i)
			any(best, best, nine);
		else
			memcpy(best, nine, BLOCK);
	}
}

/* By how much two are beyond the middle, above or below; 0 where they are not. */
static inline void
beyond(uint8_t *to, const uint8_t *middle, const uint8_t *high,
	const uint8_t *low)
{
	for (int i = 0; i < BLOCK; i++) {
		int32_t above = high[i] - middle[i], below = middle[i] - low[i];
		int32_t d = above > below ? above : below;

		to[i] = (uint8_t)(d > 0 ? d : 0);
	}
}

/* Of 9 in a row two neighbours of these four are part. */
static inline bool
may_be_corners(
	const uint8_t *const r[16], const uint8_t *middle, int32_t threshold)
{
	uint8_t a[BLOCK], b[BLOCK], high[BLOCK], low[BLOCK];
	uint8_t over = 0;

	most(a, r[0], r[8]), most(b, r[4], r[12]), least(high, a, b);
	least(a, r[0], r[8]), least(b, r[4], r[12]), most(low, a, b);
	beyond(a, middle, high, low);
	for (int i = 0; i < BLOCK; i++)
		over |= a[i] > threshold;
	return over;
}

/* The largest thresholds at which each would just not be a corner, or 0. */
static void
score(uint8_t *to, const uint8_t *p, int32_t stride, int32_t threshold)
{
	uint8_t high[BLOCK], low[BLOCK], best[BLOCK];
	const uint8_t *r[16];

	for (int i = 0; i < 16; i++)
		r[i] = p + ring[i][1] * stride + ring[i][0];
	memset(to, 0, BLOCK);
	if (!may_be_corners(r, p, threshold))
		return;
	best_arc(high, r, least, most);
	best_arc(low, r, most, least);
	beyond(best, p, high, low);
	for (int i = 0; i < BLOCK; i++)
		best[i] = best[i] > threshold ? best[i] : 0;
	memcpy(to, best, BLOCK);
}

/* Of equal neighbours the first, by rows, is the strongest. */
static bool
is_strongest(const uint8_t *s, int32_t stride)
{
	return *s > s[-1] && *s >= s[1] && *s > s[-stride - 1] &&
	       *s > s[-stride] && *s > s[-stride + 1] && *s >= s[stride - 1] &&
	       *s >= s[stride] && *s >= s[stride + 1];
}

static void
find_corners(const struct orb_twin *t, const struct orb_level *l, uint8_t *s,
	uint32_t *bits)
{
	const uint8_t *p = t->pixels + l->at;
	static const uint8_t none[8];
	const int32_t b = ORB_BORDER;

	for (int32_t y = b - 1; y <= l->height - b; y++)
		for (int32_t x = b / BLOCK * BLOCK; x <= l->width - b;
			x += BLOCK)
			score(s + y * l->stride + x, p + y * l->stride + x,
				l->stride, t->plan->threshold);
	for (int32_t y = b; y < l->height - b; y++)
		for (int32_t x = b; x < l->width - b; x++) {
			int32_t at = y * l->stride + x;

			if (memcmp(s + at, none, sizeof(none)) == 0)
				x += (int32_t)sizeof(none) - 1;
			else if (is_strongest(s + at, l->stride))
				bits[at / 32] |= 1u << x % 32;
		}
}

void
orb_twin_corners(struct orb_twin *t, uint32_t *bits)
{
	const struct orb_level *l = t->plan->level;
	uint8_t *s = mem_alloc(orb_level_pixels(l), 1);

	memset(bits, 0, t->plan->pixels / 32 * sizeof(*bits));
	for (int i = 0; i < t->plan->n; i++, l++) {
		if (i)
			shrink(t->pixels, l - 1, l);
		find_corners(t, l, s, bits + l->at / 32);
	}
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

static uint16_t
weigh(int32_t outer, int32_t second, int32_t inner, int32_t middle)
{
	return (uint16_t)(outer + 2 * second + 3 * inner + 4 * middle);
}

/* Blurs a level, but for the 3 rows at its edges; weights are 1 2 3 4 3 2 1. */
static void
blur(const uint8_t *p, const struct orb_level *l, uint16_t *rows, uint8_t *to)
{
	const int32_t s = l->stride;
	uint16_t sum[BLOCK];

	for (int32_t i = 0; i < l->height * s; i += BLOCK, p += BLOCK) {
		for (int j = 0; j < BLOCK; j++)
			sum[j] = weigh(p[j - 3] + p[j + 3], p[j - 2] + p[j + 2],
				p[j - 1] + p[j + 1], p[j]);
		memcpy(rows + i, sum, sizeof(sum));
	}
	for (int32_t i = 3 * s; i < (l->height - 3) * s; i += BLOCK) {
		const uint16_t *q = rows + i;

		for (int j = 0; j < BLOCK; j++)
			sum[j] = weigh(q[j - 3 * s] + q[j + 3 * s],
				q[j - 2 * s] + q[j + 2 * s],
				q[j - s] + q[j + s], q[j]);
		for (int j = 0; j < BLOCK; j++)
			to[i + j] = (uint8_t)((sum[j] + 128) / 256);
	}
}

static void
describe(const uint8_t *p, const int32_t *ends, uint8_t *descriptor)
{
	for (int i = 0; i < ORB_BITS / 8; i++, ends += 16) {
		uint32_t bits = 0;

		for (int j = 0; j < 8; j++)
			bits |= (uint32_t)(p[ends[2 * j]] < p[ends[2 * j + 1]])
			        << j;
		descriptor[i] = (uint8_t)bits;
	}
}

void
orb_twin_describe(struct orb_twin *t, struct orb_corner *c, size_t n,
	uint8_t *descriptors)
{
	size_t pixels = t->plan->pixels;
	uint8_t *blurred = mem_alloc(pixels, 1);
	const struct orb_level *l = t->plan->level;
	uint16_t *rows = mem_alloc(orb_level_pixels(l), sizeof(*rows));

	for (int i = 0; i < t->plan->n; i++, l++) {
		blur(t->pixels + l->at, l, rows, blurred + l->at);
	}
	for (size_t i = 0; i < n; i++) {
		int32_t at;

		l = &t->plan->level[c[i].level];
		at = l->at + c[i].y * l->stride + c[i].x;
		c[i].sector = t->plan->upright
		                      ? 0
		                      : sector(t->pixels + at, l->stride);
		describe(blurred + at,
			t->plan->ends + (size_t)c[i].sector * ORB_BITS * 2,
			descriptors + i * (ORB_BITS / 8));
	}
	free(blurred);
	free(rows);
}
