#include "vision/town_cast.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "vision/town_num.h"

#define CELL 4.0 /* metres */
#define FAR 1e9
#define NEAR 1e-6
#define HORIZON 2e4 /* metres: what is farther is the sky */

/* One solid. */

/* How far in from its edge a roof's slope reaches its full height. */
static double
roof_run(const struct town_solid *s, int axis)
{
	double run = (s->hi[axis] - s->lo[axis]) / 2;
	double other = (s->hi[!axis] - s->lo[!axis]) / 2;

	return s->shape == TOWN_HIP && other < run ? other : run;
}

struct span_of {
	double in, out; /* where the ray is inside */
	enum town_face face;
};

static bool
clip_box(const struct town_solid *s, const struct town_ray *ray,
	const double inverse[3], struct span_of *at)
{
	for (int k = 0; k < 3; k++) {
		double a = (s->lo[k] - ray->from[k]) * inverse[k];
		double b = (s->hi[k] - ray->from[k]) * inverse[k];
		bool up = inverse[k] > 0;
		double in = up ? a : b, out = up ? b : a;

		if (in > at->in) {
			at->in = in;
			at->face = (enum town_face)(2 * k + !up);
		}
		if (out < at->out)
			at->out = out;
		if (at->in > at->out)
			return false;
	}
	return true;
}

/* What lies under the two slopes of a roof that face along ${axis}. */
static bool
clip_slopes(const struct town_solid *s, const struct town_ray *ray, int axis,
	struct span_of *at)
{
	double run = roof_run(s, axis), rise = s->hi[2] - s->lo[2];

	for (int side = 0; side < 2; side++) {
		double out = side ? rise : -rise;
		double edge = side ? s->hi[axis] : s->lo[axis];
		double slope = out * ray->way[axis] + run * ray->way[2];
		double gap = out * (edge - ray->from[axis]) +
		             run * (s->lo[2] - ray->from[2]);
		double t = gap / slope;

		if (slope > 0 && t < at->out)
			at->out = t;
		if (slope < 0 && t > at->in) {
			at->in = t;
			at->face = (enum town_face)(
				TOWN_SLOPE_WEST + 2 * axis + side);
		}
		if (at->in > at->out || (slope == 0 && gap < 0))
			return false;
	}
	return true;
}

static bool
clip_ball(const struct town_solid *s, const struct town_ray *ray,
	struct span_of *at)
{
	double a = 0, b = 0, c = -1, root;

	for (int k = 0; k < 3; k++) {
		double half = (s->hi[k] - s->lo[k]) / 2;
		double p = (ray->from[k] - (s->lo[k] + half)) / half;
		double d = ray->way[k] / half;

		a += d * d;
		b += p * d;
		c += p * p;
	}
	root = b * b - a * c;
	if (root <= 0)
		return false;
	root = sqrt(root);
	at->in = (-b - root) / a;
	at->out = (-b + root) / a;
	at->face = TOWN_ROUND;
	return true;
}

static bool
clip(const struct town_solid *s, const struct town_ray *ray,
	const double inverse[3], struct span_of *at)
{
	*at = (struct span_of){ -FAR, FAR, TOWN_BOTTOM };
	if (!clip_box(s, ray, inverse, at) || at->out < NEAR)
		return false;
	switch (s->shape) {
	case TOWN_BOX:
		return true;
	case TOWN_RIDGE_X:
		return clip_slopes(s, ray, 1, at);
	case TOWN_RIDGE_Y:
		return clip_slopes(s, ray, 0, at);
	case TOWN_HIP:
		return clip_slopes(s, ray, 1, at) && clip_slopes(s, ray, 0, at);
	case TOWN_BALL:
		return clip_ball(s, ray, at);
	}
	return false;
}

/* The grid. */

struct town_solid *
town_grid_add(struct town_grid *g, const struct town_solid *s)
{
	g->solids = mem_grow(g->solids, &g->cap, g->n + 1, sizeof(*g->solids));
	g->solids[g->n] = *s;
	return &g->solids[g->n++];
}

static size_t
cell_of(const struct town_grid *g, double x)
{
	double i = (x - g->low) / CELL;

	if (i < 0)
		return 0;
	return i >= (double)g->side ? g->side - 1 : (size_t)i;
}

/* Counts, or with ${lists} enters, what reaches into each cell. */
static void
enter(struct town_grid *g, uint32_t k, uint32_t *lists)
{
	const struct town_solid *s = &g->solids[k];
	size_t x1 = cell_of(g, s->hi[0]), y1 = cell_of(g, s->hi[1]);

	for (size_t y = cell_of(g, s->lo[1]); y <= y1; y++)
		for (size_t x = cell_of(g, s->lo[0]); x <= x1; x++) {
			size_t cell = y * g->side + x;

			if (lists)
				lists[--g->first[cell]] = k;
			else
				g->first[cell]++;
			if (s->hi[2] > g->tops[cell])
				g->tops[cell] = s->hi[2];
		}
}

void
town_grid_build(struct town_grid *g, double low, double high)
{
	size_t cells;
	uint32_t sum = 0;

	g->low = low;
	g->side = (size_t)((high - low) / CELL) + 1;
	g->high = low + CELL * (double)g->side;
	cells = g->side * g->side;
	g->first = mem_alloc(cells + 1, sizeof(*g->first));
	g->tops = mem_alloc(cells, sizeof(*g->tops));
	for (size_t i = 0; i < cells; i++) {
		g->first[i] = 0;
		g->tops[i] = 0;
	}
	for (size_t k = 0; k < g->n; k++)
		enter(g, (uint32_t)k, NULL);
	for (size_t i = 0; i < cells; i++) {
		sum += g->first[i];
		g->first[i] = sum;
	}
	g->first[cells] = sum;
	g->lists = mem_alloc(sum + 1, sizeof(*g->lists));
	for (size_t k = 0; k < g->n; k++)
		enter(g, (uint32_t)k, g->lists);
}

/* Rays. */

/* A walk along a ray, cell by cell (Amanatides and Woo, 1987). */
struct walk {
	double inverse[3];
	double t, end; /* where the present cell begins; the walk's end */
	double next[2], step[2];
	ptrdiff_t cell[2], way[2];
};

/* Narrows the walk to the cells; false where the ray misses them all. */
static bool
walk_bounds(
	struct walk *w, const struct town_grid *g, const struct town_ray *ray)
{
	for (int k = 0; k < 2; k++) {
		double a = (g->low - ray->from[k]) * w->inverse[k];
		double b = (g->high - ray->from[k]) * w->inverse[k];

		if (a > b) {
			double swap = a;

			a = b;
			b = swap;
		}
		if (a > w->t)
			w->t = a;
		if (b < w->end)
			w->end = b;
	}
	return w->t < w->end;
}

static bool
walk_begin(struct walk *w, const struct town_grid *g,
	const struct town_ray *ray, double end)
{
	for (int k = 0; k < 3; k++) {
		double way = ray->way[k];

		w->inverse[k] = 1 / (fabs(way) < 1e-12 ? 1e-12 : way);
	}
	w->t = 0;
	w->end = end;
	if (!walk_bounds(w, g, ray))
		return false;
	for (int k = 0; k < 2; k++) {
		double at = ray->from[k] + w->t * ray->way[k], edge;

		w->way[k] = w->inverse[k] > 0 ? 1 : -1;
		w->cell[k] = (ptrdiff_t)cell_of(g, at);
		edge = g->low + CELL * (double)(w->cell[k] + (w->way[k] > 0));
		w->next[k] = (edge - ray->from[k]) * w->inverse[k];
		w->step[k] = CELL * fabs(w->inverse[k]);
	}
	return true;
}

/* To the next cell; false at the end. */
static bool
walk_on(struct walk *w, const struct town_grid *g)
{
	int k = w->next[1] < w->next[0];

	w->t = w->next[k];
	w->next[k] += w->step[k];
	w->cell[k] += w->way[k];
	return w->t < w->end && w->cell[k] >= 0 &&
	       w->cell[k] < (ptrdiff_t)g->side;
}

/* Between which heights the ray crosses the present cell. */
static void
heights(const struct walk *w, const struct town_ray *ray, double *low,
	double *high)
{
	double out = w->next[0] < w->next[1] ? w->next[0] : w->next[1];
	double a = ray->from[2] + w->t * ray->way[2];
	double b = ray->from[2] + (out < w->end ? out : w->end) * ray->way[2];

	*low = (a < b ? a : b) - NEAR;
	*high = (a < b ? b : a) + NEAR;
}

/* The nearest hit before ${w->end}, which is moved there; or any at all. */
static const struct town_solid *
seek(struct walk *w, const struct town_grid *g, const struct town_ray *ray,
	bool any, enum town_face *face)
{
	const struct town_solid *found = NULL;

	do {
		size_t cell = (size_t)w->cell[1] * g->side + (size_t)w->cell[0];
		double low, high;

		heights(w, ray, &low, &high);
		if (low > g->tops[cell])
			continue;
		for (uint32_t i = g->first[cell]; i < g->first[cell + 1]; i++) {
			const struct town_solid *s = &g->solids[g->lists[i]];
			struct span_of at;

			if (s->hi[2] < low || s->lo[2] > high ||
				!clip(s, ray, w->inverse, &at) ||
				at.in < NEAR || at.in >= w->end)
				continue;
			w->end = at.in;
			*face = at.face;
			found = s;
			if (any)
				return found;
		}
	} while (walk_on(w, g));
	return found;
}

static void
find_normal(struct town_hit *h)
{
	const struct town_solid *s = h->solid;
	double length = 0;
	int axis = h->face / 2;

	for (int k = 0; k < 3; k++)
		h->normal[k] = 0;
	if (h->face == TOWN_ROUND)
		for (int k = 0; k < 3; k++) {
			double half = (s->hi[k] - s->lo[k]) / 2;

			h->normal[k] = (h->at[k] - s->lo[k] - half) /
			               (half * half);
		}
	else if (h->face >= TOWN_SLOPE_WEST) {
		double rise = s->hi[2] - s->lo[2];

		axis -= TOWN_SLOPE_WEST / 2;
		h->normal[axis] = h->face & 1 ? rise : -rise;
		h->normal[2] = roof_run(s, axis);
	} else {
		h->normal[axis] = h->face & 1 ? 1 : -1;
	}
	for (int k = 0; k < 3; k++)
		length += h->normal[k] * h->normal[k];
	for (int k = 0; k < 3; k++)
		h->normal[k] /= sqrt(length);
}

bool
town_cast(const struct town_grid *g, const struct town_ray *ray,
	struct town_hit *h)
{
	struct walk w;
	double ground = ray->way[2] < 0 ? -ray->from[2] / ray->way[2] : FAR;

	h->solid = NULL;
	h->face = TOWN_TOP;
	h->t = ground;
	if (walk_begin(&w, g, ray, ground)) {
		h->solid = seek(&w, g, ray, false, &h->face);
		if (h->solid)
			h->t = w.end;
	}
	if (h->t >= HORIZON)
		return false;
	for (int k = 0; k < 3; k++)
		h->at[k] = ray->from[k] + h->t * ray->way[k];
	if (h->solid) {
		find_normal(h);
	} else {
		h->normal[0] = h->normal[1] = h->at[2] = 0;
		h->normal[2] = 1;
	}
	return true;
}

bool
town_shaded(const struct town_grid *g, const struct town_ray *ray)
{
	struct walk w;
	enum town_face face;

	return walk_begin(&w, g, ray, FAR) && seek(&w, g, ray, true, &face);
}

void
town_grid_release(struct town_grid *g)
{
	free(g->solids);
	free(g->first);
	free(g->lists);
	free(g->tops);
	*g = (struct town_grid){ 0 };
}
