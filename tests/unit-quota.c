/*
 * unit-quota: which keypoints stay where there are too many.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"
#include "vision/quota.h"

#define MANY 4000

static const uint32_t size[2] = { 640, 480 };

/* ${n} points anywhere, the left half of the image a hundred times stronger. */
static void
scatter(struct quota_point *p, size_t n)
{
	struct rng r;

	rng_init(&r, 7, 0);
	for (size_t i = 0; i < n; i++) {
		p[i].x = rng_unit(&r) * 640;
		p[i].y = rng_unit(&r) * 480;
		p[i].response = (double)rng_below(&r, 50) + 1;
		p[i].response *= p[i].x < 320 ? 100 : 1;
	}
}

static void
check_all(struct quota_point *p, size_t *chosen)
{
	is_int((intmax_t)quota_pick(p, 0, 5, size, chosen), 0, "none of none");
	is_int((intmax_t)quota_pick(p, 10, 0, size, chosen), 10, "no limit");
	is_int((intmax_t)quota_pick(p, 10, 10, size, chosen), 10, "just all");
	is_int((intmax_t)chosen[9], 9, "in their order");
	is_int((intmax_t)quota_pick(p, 10, 1, size, chosen), 1, "one");
	for (size_t i = 0; i < 10; i++)
		ok(p[chosen[0]].response >= p[i].response,
			"which is the strongest");
}

static void
check_spread(struct quota_point *p, size_t *chosen)
{
	size_t n = quota_pick(p, MANY, 384, size, chosen), left = 0;
	double least = 1e9, missed = 0;
	bool ascends = true;

	is_int((intmax_t)n, 384, "as many as may stay");
	for (size_t i = 0, c = 0; i < MANY; i++) {
		bool in = c < n && chosen[c] == i;

		left += in && p[i].x < 320;
		c += in;
		if (in && p[i].x < 320 && p[i].response < least)
			least = p[i].response;
		if (!in && p[i].response > missed)
			missed = p[i].response;
	}
	for (size_t i = 1; i < n; i++)
		ascends &= chosen[i] > chosen[i - 1];
	ok(ascends, "in their order");
	is_int((intmax_t)left, 288,
		"a quarter is of the weak half, in its turns");
	ok(least >= missed, "and of the strong half the strongest: %g, %g",
		least, missed);
}

/* The choice is of the points, however they are listed. */
static void
check_order(struct quota_point *p, size_t *chosen)
{
	size_t n;
	struct quota_point *back = mem_alloc(MANY, sizeof(*back));
	size_t *again = mem_alloc(MANY, sizeof(*again));
	bool same = true;

	for (size_t i = 0; i < MANY; i++)
		p[i].response += (double)i * 1e-6;
	n = quota_pick(p, MANY, 300, size, chosen);
	for (size_t i = 0; i < MANY; i++)
		back[i] = p[MANY - 1 - i];
	quota_pick(back, MANY, 300, size, again);
	for (size_t i = 0; i < n; i++)
		same &= chosen[i] == MANY - 1 - again[n - 1 - i];
	ok(same, "the other way round the same stay");
	free(again);
	free(back);
}

static void
check_outside(void)
{
	struct quota_point p[4] = { { -5, -5, 1 }, { 1e9, 1e9, 2 }, { 3, 3, 3 },
		{ 1, 1e9, 1 } };
	size_t chosen[4];
	const uint32_t one[2] = { 1, 1 };

	is_int((intmax_t)quota_pick(p, 4, 2, one, chosen), 2, "one pixel");
	ok(chosen[0] == 1 && chosen[1] == 2, "the strongest of it");
}

int
main(void)
{
	struct quota_point *p = mem_alloc(MANY, sizeof(*p));
	size_t *chosen = mem_alloc(MANY, sizeof(*chosen));

	scatter(p, MANY);
	check_all(p, chosen);
	check_spread(p, chosen);
	check_order(p, chosen);
	check_outside();
	free(chosen);
	free(p);
	return tap_done();
}
