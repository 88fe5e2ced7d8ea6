#include <stdbool.h>

#include "base/arena.h"
#include "sift_chain.h"
#include "sift_math.h"

#define STEP_FROM .6f /* pixels away that make a step */

/* A pixel among its 26 neighbours. */
struct place {
	const struct sift_octave *o;
	int32_t level, row, column;
};

static float
at(const struct place *p, int l, int y, int x)
{
	return p->o
	        ->difference[p->level + l][(size_t)(p->row + y) * p->o->width +
					   (size_t)(p->column + x)];
}

/*
 * Is it above its neighbours, or with ${sign} -1 below them? Of equal ones that
 * touch the first counts.
 */
static bool
extreme(const struct place *p, float sign)
{
	float c = sign * at(p, 0, 0, 0);

	for (int i = 0; i < 27; i++) {
		float v = sign * at(p, i / 9 - 1, i / 3 % 3 - 1, i % 3 - 1);

		if (i < 13 ? c <= v : i > 13 && c < v)
			return false;
	}
	return true;
}

/* Derivatives at a place, and where the parabola through it has its extremum. */
struct fit {
	float value, gx, gy, gs, xx, yy, ss, xy, xs, ys;
	float x, y, s; /* from the place */
};

static void
differentiate(const struct place *p, struct fit *f)
{
	float c = at(p, 0, 0, 0);

	f->value = c;
	f->gx = .5f * (at(p, 0, 0, 1) - at(p, 0, 0, -1));
	f->gy = .5f * (at(p, 0, 1, 0) - at(p, 0, -1, 0));
	f->gs = .5f * (at(p, 1, 0, 0) - at(p, -1, 0, 0));
	f->xx = fmaf(-2, c, at(p, 0, 0, 1) + at(p, 0, 0, -1));
	f->yy = fmaf(-2, c, at(p, 0, 1, 0) + at(p, 0, -1, 0));
	f->ss = fmaf(-2, c, at(p, 1, 0, 0) + at(p, -1, 0, 0));
	f->xy = .25f * ((at(p, 0, 1, 1) - at(p, 0, 1, -1)) -
			       (at(p, 0, -1, 1) - at(p, 0, -1, -1)));
	f->xs = .25f * ((at(p, 1, 0, 1) - at(p, 1, 0, -1)) -
			       (at(p, -1, 0, 1) - at(p, -1, 0, -1)));
	f->ys = .25f * ((at(p, 1, 1, 0) - at(p, 1, -1, 0)) -
			       (at(p, -1, 1, 0) - at(p, -1, -1, 0)));
}

/* By Cramer's rule; false where there is no one extremum. */
static bool
solve(struct fit *f)
{
	float a = fmaf(f->yy, f->ss, -(f->ys * f->ys));
	float b = fmaf(f->xs, f->ys, -(f->xy * f->ss));
	float c = fmaf(f->xy, f->ys, -(f->xs * f->yy));
	float d = fmaf(f->xx, f->ss, -(f->xs * f->xs));
	float e = fmaf(f->xy, f->xs, -(f->xx * f->ys));
	float g = fmaf(f->xx, f->yy, -(f->xy * f->xy));
	float det = fmaf(f->xx, a, fmaf(f->xy, b, f->xs * c));
	float sign = det < 0 ? 1 : -1, most = sign * -det;

	if (!(most > 1e-9f))
		return false;
	f->x = sift_divide(
		sign * fmaf(a, f->gx, fmaf(b, f->gy, c * f->gs)), most);
	f->y = sift_divide(
		sign * fmaf(b, f->gx, fmaf(d, f->gy, e * f->gs)), most);
	f->s = sift_divide(
		sign * fmaf(c, f->gx, fmaf(e, f->gy, g * f->gs)), most);
	return true;
}

static int32_t
step(float away)
{
	return away > STEP_FROM ? 1 : away < -STEP_FROM ? -1 : 0;
}

/* Walk to the pixel next to the extremum; false where there is none. */
static bool
settle(struct place *p, struct fit *f)
{
	for (int i = 0; i < SIFT_STEPS; i++) {
		int32_t x, y, s;

		differentiate(p, f);
		if (!solve(f))
			return false;
		x = step(f->x), y = step(f->y), s = step(f->s);
		if (!x && !y && !s)
			return true;
		p->column += x, p->row += y, p->level += s;
		if (p->level < 1 || p->level > SIFT_SCALES || p->row < 1 ||
			p->row > (int32_t)p->o->height - 2 || p->column < 1 ||
			p->column > (int32_t)p->o->width - 2)
			return false;
	}
	return false;
}

/* A corner or a blob, and no edge: its curvatures are alike. */
static bool
no_edge(const struct fit *f, float most)
{
	float trace = f->xx + f->yy;
	float det = fmaf(f->xx, f->yy, -(f->xy * f->xy));

	return det > 0 && trace * trace < most * det;
}

static void
refine(const struct sift_plan *plan, int octave, struct place p,
	struct sift_points *points)
{
	struct fit f;
	float response;

	if (!settle(&p, &f) || !no_edge(&f, plan->edge))
		return;
	response = fmaf(f.gx, f.x, fmaf(f.gy, f.y, f.gs * f.s));
	response = fabsf(fmaf(.5f, response, f.value));
	if (!(response > plan->peak))
		return;
	points->v = mem_grow(
		points->v, &points->cap, points->n + 1, sizeof(*points->v));
	points->v[points->n++] = (struct sift_point){ octave, p.level, p.row,
		p.column, (float)p.column + f.x, (float)p.row + f.y,
		SIFT_SIGMA * sift_exp2((float)p.level + f.s, .333333343f),
		response };
}

SIFT_FAST void
sift_extrema(const struct sift_plan *plan, int i, const struct sift_octave *o,
	struct sift_points *points)
{
	struct place p = { .o = o };

	if (i < plan->skip)
		return;
	for (p.level = 1; p.level <= SIFT_SCALES; p.level++)
		for (p.row = 1; p.row < (int32_t)o->height - 1; p.row++)
			for (p.column = 1; p.column < (int32_t)o->width - 1;
				p.column++) {
				float c = at(&p, 0, 0, 0);

				if (fabsf(c) > plan->faint &&
					extreme(&p, c < 0 ? -1 : 1))
					refine(plan, i, p, points);
			}
}
