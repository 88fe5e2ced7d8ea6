#include "base/rng.h"
#include "orb_steps.h"

#define SEED 2011 /* never to be changed, as all of this file */
#define SD 62     /* of the ends, in tenths of a pixel: a fifth of the patch */
#define CLOSEST 4 /* pixels, squared: nearer ends compare blur with itself */

/* round(2^14 cos(2 pi k / 64)), so that no libm has a say in it. */
#define C0 16384
#define C1 16305
#define C2 16069
#define C3 15679
#define C4 15137
#define C5 14449
#define C6 13623
#define C7 12665
#define C8 11585
#define C9 10394
#define C10 9102
#define C11 7723
#define C12 6270
#define C13 4756
#define C14 3196
#define C15 1606

const int16_t orb_directions[ORB_SECTORS][2] = { { C0, 0 }, { C1, C15 },
	{ C2, C14 }, { C3, C13 }, { C4, C12 }, { C5, C11 }, { C6, C10 },
	{ C7, C9 }, { C8, C8 }, { C9, C7 }, { C10, C6 }, { C11, C5 },
	{ C12, C4 }, { C13, C3 }, { C14, C2 }, { C15, C1 }, { 0, C0 },
	{ -C15, C1 }, { -C14, C2 }, { -C13, C3 }, { -C12, C4 }, { -C11, C5 },
	{ -C10, C6 }, { -C9, C7 }, { -C8, C8 }, { -C7, C9 }, { -C6, C10 },
	{ -C5, C11 }, { -C4, C12 }, { -C3, C13 }, { -C2, C14 }, { -C1, C15 },
	{ -C0, 0 }, { -C1, -C15 }, { -C2, -C14 }, { -C3, -C13 }, { -C4, -C12 },
	{ -C5, -C11 }, { -C6, -C10 }, { -C7, -C9 }, { -C8, -C8 }, { -C9, -C7 },
	{ -C10, -C6 }, { -C11, -C5 }, { -C12, -C4 }, { -C13, -C3 },
	{ -C14, -C2 }, { -C15, -C1 }, { 0, -C0 }, { C15, -C1 }, { C14, -C2 },
	{ C13, -C3 }, { C12, -C4 }, { C11, -C5 }, { C10, -C6 }, { C9, -C7 },
	{ C8, -C8 }, { C7, -C9 }, { C6, -C10 }, { C5, -C11 }, { C4, -C12 },
	{ C3, -C13 }, { C2, -C14 }, { C1, -C15 } };

/* To the nearest, halves away from 0, so that a half turn is a change of sign. */
static int32_t
over(int32_t a, int32_t b)
{
	return a < 0 ? -((-a + b / 2) / b) : (a + b / 2) / b;
}

/* Normal, by the sum of 12 that are uniform. */
static int32_t
normal(struct rng *r)
{
	int32_t sum = 0;

	for (int i = 0; i < 12; i++)
		sum += (int32_t)rng_below(r, 1001);
	return over((sum - 6000) * SD, 10000);
}

static int32_t
squared(int32_t x, int32_t y)
{
	return x * x + y * y;
}

/* An end that stays within the radius however it is turned. */
static struct orb_ends
draw(struct rng *r)
{
	int32_t x, y;

	do {
		x = normal(r);
		y = normal(r);
	} while (squared(x, y) > ORB_RADIUS * ORB_RADIUS);
	return (struct orb_ends){ (int8_t)x, (int8_t)y };
}

static struct orb_ends
turned(struct orb_ends a, const int16_t by[2])
{
	int32_t x = a.x * by[0] - a.y * by[1];
	int32_t y = a.x * by[1] + a.y * by[0];

	return (struct orb_ends){ (int8_t)over(x, 1 << 14),
		(int8_t)over(y, 1 << 14) };
}

void
orb_pattern(struct orb_ends *ends)
{
	const size_t n = ORB_BITS * 2;
	struct rng r;

	rng_init(&r, SEED, 0);
	for (size_t i = 0; i < n; i += 2) {
		do {
			ends[i] = draw(&r);
			ends[i + 1] = draw(&r);
		} while (squared(ends[i].x - ends[i + 1].x,
				 ends[i].y - ends[i + 1].y) < CLOSEST);
	}
	for (size_t s = 1; s < ORB_SECTORS; s++)
		for (size_t i = 0; i < n; i++)
			ends[s * n + i] = turned(ends[i], orb_directions[s]);
}

void
orb_offsets(const struct orb_ends *pattern, int32_t stride, int32_t *to)
{
	for (size_t i = 0; i < ORB_ENDS; i++)
		to[i] = pattern[i].y * stride + pattern[i].x;
}
