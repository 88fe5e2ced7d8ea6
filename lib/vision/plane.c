#include "plane.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "homography.h"
#include "mat3.h"

#define SOME 200   /* inliers that stand for all when a plane is looked for */
#define ROUNDS 150 /* enough for a plane that holds half of the pairs */
#define PARALLAX 1000 /* pairs of pairs off the plane, at the most */

const struct search_model plane_model = {
	.sample = { HOMOGRAPHY_SAMPLE, 1 },
	.solve = homography_solve,
	.fit = homography_fit,
	.fit_least = HOMOGRAPHY_SAMPLE,
	.refine = homography_refine,
	.errors = homography_errors,
};

/* How many of some pairs a homography explains. */
static size_t
explained(const struct pairs *p, const double h[9], double limit)
{
	double *e = mem_alloc(p->n, sizeof(*e));
	size_t n = 0;

	homography_errors(h, (const double(*)[4])p->at, p->n, e);
	for (size_t i = 0; i < p->n; i++)
		n += e[i] <= limit;
	free(e);
	return n;
}

size_t
plane_find(struct search *s, double h[9])
{
	uint32_t *index = mem_alloc(s->pairs->n, sizeof(*index));
	struct pairs all, some;
	struct search flat = { .model = &plane_model,
		.pairs = &some,
		.limit = 4 * s->limit,
		.rounds = ROUNDS,
		.effort = 1,
		.rng = s->rng };
	size_t n;

	pairs_some(s->pairs, index, search_inliers(s, index), &all);
	some = all;
	some.n = some.lone = all.n < SOME ? all.n : SOME;
	search_init(&flat);
	search_run(&flat);
	memcpy(h, flat.best, sizeof(flat.best));
	n = flat.score.count ? explained(&all, h, flat.limit) : 0;
	search_release(&flat);
	pairs_release(&all);
	free(index);
	return n;
}

/* The line from where h takes the pair's first point to the second. */
static void
parallax(const double h[9], const double at[4], double line[3])
{
	double x1[3] = { at[0], at[1], 1 }, x2[3] = { at[2], at[3], 1 }, to[3];

	mat3_apply(h, x1, to);
	mat3_cross(to, x2, line);
}

/* F = [e]x H, where e is where two such lines meet. */
static bool
epipole(const double h[9], const double *a, const double *b, double f[9])
{
	double la[3], lb[3], e[3];

	parallax(h, a, la);
	parallax(h, b, lb);
	if (!mat3_unit(la, 3) || !mat3_unit(lb, 3))
		return false;
	mat3_cross(la, lb, e);
	const double cross[9] = { 0, -e[2], e[1], e[2], 0, -e[0], -e[1], e[0],
		0 };
	mat3_mul(cross, h, f);
	return mat3_unit(f, 9);
}

void
plane_fundamental(const double h[9], double f[9])
{
	for (int i = 0; i < 3; i++) {
		f[i] = 0;
		f[3 + i] = -h[6 + i];
		f[6 + i] = h[3 + i];
	}
}

/* The pairs that a homography leaves, into ${index}. */
static size_t
left(const struct search *s, const double h[9], uint32_t *index)
{
	const struct pairs *p = s->pairs;
	double *e = mem_alloc(p->n, sizeof(*e));
	size_t n = 0;

	homography_errors(h, (const double(*)[4])p->at, p->n, e);
	for (uint32_t i = 0; i < p->n; i++)
		if (!(e[i] <= 4 * s->limit))
			index[n++] = i;
	free(e);
	return n;
}

/*
 * How often to draw two of n pairs: until both were good once, if as many of them
 * are as the model at hand explains. One that the plane misled explains few.
 */
static size_t
draws(struct search *s, const uint32_t *index, size_t n)
{
	const struct chance_model two = { 2, 1 };
	uint32_t *inliers = mem_alloc(s->pairs->n, sizeof(*inliers));
	uint8_t *off = mem_alloc(s->pairs->n, 1);
	size_t all = search_inliers(s, inliers), good = 0;

	memset(off, 0, s->pairs->n);
	for (size_t i = 0; i < n; i++)
		off[index[i]] = 1;
	for (size_t i = 0; i < all; i++)
		good += off[inliers[i]];
	free(inliers);
	free(off);
	return n < 2 ? 0 : chance_rounds(two, n, good, PARALLAX);
}

void
plane_leave(struct search *s, const double h[9])
{
	const double(*at)[4] = (const double(*)[4])s->pairs->at;
	uint32_t *index = mem_alloc(s->pairs->n, sizeof(*index));
	size_t n = left(s, h, index);
	bool improved = false;

	for (size_t rounds = draws(s, index, n); rounds-- > 0;) {
		size_t a = rng_below(s->rng, n), b = rng_below(s->rng, n - 1);
		double f[9];

		b += b >= a;
		if (epipole(h, at[index[a]], at[index[b]], f))
			improved |= search_try(s, f);
	}
	if (improved)
		search_polish(s);
	free(index);
}
