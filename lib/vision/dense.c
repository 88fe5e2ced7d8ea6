#include "dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "vision/features.h"

#define CELLS 4
#define DIRECTIONS 8
#define UNIT 64   /* of a gradient of one grey level a pixel */
#define FAINT 1   /* the mean gradient below which there is no descriptor */
#define WIDEST 10 /* of the cells */
#define CUT 0.2   /* the most that a part of the whole is */
#define ROOT 512  /* what 1 becomes in a byte's scale */

/* A scale: the width of a cell, and how often [1 2 1] smooths before it. */
static const struct scale {
	uint32_t cell, smooth;
} scales[] = { { 4, 0 }, { 6, 2 }, { 8, 1 }, { WIDEST, 2 } };

/* The weights of outer and inner cells along a side, in 32nds: a Gaussian's. */
static const int32_t weights[CELLS] = { 24, 31, 31, 24 };

/* A picture at work. */
struct work {
	uint32_t width, height;
	float shrunk;     /* pixels of the original in one here */
	float *grey;      /* smoothed further from scale to scale */
	float *other;     /* as large */
	uint32_t *hidden; /* how many above and left, from 0 on */
	int32_t *sides;   /* of each pixel its gradient, by direction */
	int32_t *sums;    /* of a line */
};

/* Shrinking. */

/*
 * How far a pixel of the smaller line reaches over the larger: from ${*from} on
 * ${*n} pixels, the first and the last of them by the share that lies in it.
 */
struct reach {
	uint32_t from, n;
	float first, last;
};

static struct reach
reach_of(uint32_t i, float shrunk, uint32_t size)
{
	float from = (float)i * shrunk, to = (float)(i + 1) * shrunk;
	struct reach r = { .from = (uint32_t)from };
	uint32_t end = (uint32_t)ceilf(to);

	end = end < size ? end : size;
	r.n = end > r.from ? end - r.from : 1;
	r.first = (float)(r.from + 1) - from;
	r.last = to - (float)(r.from + r.n - 1);
	if (r.n == 1)
		r.first = r.last = 1;
	return r;
}

static float
share(const struct reach *r, uint32_t i)
{
	if (i == 0)
		return r->first;
	return i + 1 == r->n ? r->last : 1;
}

/* The mean of what one pixel covers; ${*seen}: none of it is hidden. */
static float
covered(const struct features_in *in, const struct reach *x,
	const struct reach *y, bool *seen)
{
	float sum = 0, all = 0;

	*seen = true;
	for (uint32_t j = 0; j < y->n; j++)
		for (uint32_t i = 0; i < x->n; i++) {
			float part = share(x, i) * share(y, j);
			size_t at = (size_t)(y->from + j) * in->width +
			            x->from + i;

			sum += part * in->grey[at];
			all += part;
			if (in->mask && !in->mask[at])
				*seen = false;
		}
	return sum / all;
}

static void
shrink(struct work *w, const struct features_in *in)
{
	size_t stride = (size_t)w->width + 1;

	memset(w->hidden, 0, stride * sizeof(*w->hidden));
	for (uint32_t y = 0; y < w->height; y++) {
		struct reach down = reach_of(y, w->shrunk, in->height);
		uint32_t *sum = w->hidden + (y + 1) * stride, row = 0;

		sum[0] = 0;
		for (uint32_t x = 0; x < w->width; x++) {
			struct reach across = reach_of(x, w->shrunk, in->width);
			bool seen;

			w->grey[(size_t)y * w->width + x] = covered(
				in, &across, &down, &seen);
			row += !seen;
			sum[x + 1] = sum[x + 1 - stride] + row;
		}
	}
}

/* Smoothing. */

/* [1 2 1] / 4 along a line of ${n} numbers ${step} apart; its ends repeat. */
static void
smooth_line(const float *from, float *to, uint32_t n, size_t step)
{
	for (uint32_t i = 0; i < n; i++) {
		float before = from[(i > 0 ? i - 1 : 0) * step];
		float after = from[(i + 1 < n ? i + 1 : i) * step];

		to[i * step] = (before + after) * .25f + from[i * step] * .5f;
	}
}

static void
smooth(struct work *w)
{
	for (uint32_t y = 0; y < w->height; y++)
		smooth_line(w->grey + (size_t)y * w->width,
			w->other + (size_t)y * w->width, w->width, 1);
	for (uint32_t x = 0; x < w->width; x++)
		smooth_line(w->other + x, w->grey + x, w->height, w->width);
}

/* Gradients. */

/*
 * The direction in eighths of a turn from +x towards -y. Within an eighth
 * atan(t) is taken for t (pi/4 + (1 - t) (.2447 + .0663 t)), which is off by .09
 * degrees at the most.
 */
static float
direction(float dx, float dy)
{
	float x = fabsf(dx), y = fabsf(dy);
	float t = x > y ? y / x : x / y;
	float at = t * (1 + (1 - t) * (.31156f + .08442f * t));

	if (y > x)
		at = 2 - at;
	if (dx < 0)
		at = 4 - at;
	return dy > 0 ? 8 - at : at;
}

static void
add_gradient(struct work *w, uint32_t x, uint32_t y)
{
	const float *p = w->grey + (size_t)y * w->width + x;
	int32_t *sides = w->sides + (p - w->grey) * DIRECTIONS;
	float dx = (p[1] - p[-1]) / 2;
	float dy = (p[w->width] - p[-(ptrdiff_t)w->width]) / 2;
	float size = sqrtf(dx * dx + dy * dy) * UNIT, turn;
	uint32_t low;
	int32_t all, upper;

	if (!(size > 0))
		return;
	turn = direction(dx, dy);
	low = (uint32_t)turn;
	all = (int32_t)(size + .5f);
	upper = (int32_t)(size * (turn - (float)low) + .5f);
	sides[low % DIRECTIONS] = all - upper;
	sides[(low + 1) % DIRECTIONS] = upper;
}

static void
find_gradients(struct work *w)
{
	memset(w->sides, 0,
		(size_t)DIRECTIONS * w->width * w->height * sizeof(*w->sides));
	for (uint32_t y = 1; y + 1 < w->height; y++)
		for (uint32_t x = 1; x + 1 < w->width; x++)
			add_gradient(w, x, y);
}

/* Cells. */

/* For each direction: adds, or takes away. */

static void
add(int32_t *restrict sum, const int32_t *restrict v)
{
	for (int d = 0; d < DIRECTIONS; d++)
		sum[d] += v[d];
}

static void
take(int32_t *restrict sum, const int32_t *restrict v)
{
	for (int d = 0; d < DIRECTIONS; d++)
		sum[d] -= v[d];
}

/*
 * Each of ${n} pixels ${step} apart becomes the sum of those less than ${cell}
 * away, each times the cell's width less its distance: first sums of as many
 * pixels as a cell is wide into ${sums}, by where they end, then sums of those.
 */
static void
sum_line(int32_t *v, uint32_t n, size_t step, uint32_t cell, int32_t *sums)
{
	int32_t sum[DIRECTIONS] = { 0 };

	step *= DIRECTIONS;
	for (uint32_t i = 0; i < n + cell - 1; i++) {
		if (i < n)
			add(sum, v + i * step);
		if (i >= cell)
			take(sum, v + (i - cell) * step);
		memcpy(sums + i * DIRECTIONS, sum, sizeof(sum));
	}
	memset(sum, 0, sizeof(sum));
	for (uint32_t i = 0; i + 1 < cell; i++)
		add(sum, sums + i * DIRECTIONS);
	for (uint32_t i = 0; i < n; i++) {
		add(sum, sums + (i + cell - 1) * DIRECTIONS);
		memcpy(v + i * step, sum, sizeof(sum));
		take(sum, sums + i * DIRECTIONS);
	}
}

/* A cell's sum around each pixel, which counts less the further it is. */
static void
sum_cells(struct work *w, uint32_t cell)
{
	for (uint32_t y = 0; y < w->height; y++)
		sum_line(w->sides + (size_t)y * w->width * DIRECTIONS, w->width,
			1, cell, w->sums);
	for (uint32_t x = 0; x < w->width; x++)
		sum_line(w->sides + x * DIRECTIONS, w->height, w->width, cell,
			w->sums);
}

/* Descriptors. */

/* A sum of ROOTSIFT_BYTES numbers in a fixed order: that of each eighth, then these. */
static double
total(const double *v)
{
	double sum[DIRECTIONS] = { 0 };

	for (int i = 0; i < ROOTSIFT_BYTES; i += DIRECTIONS)
		for (int d = 0; d < DIRECTIONS; d++)
			sum[d] += v[i + d];
	return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
	       ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/* Cut, made a share of all, rooted, and a byte. */
static void
finish(double *v, uint8_t *out)
{
	double squares[ROOTSIFT_BYTES], most, factor;

	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		squares[i] = v[i] * v[i];
	most = CUT * sqrt(total(squares));
	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		v[i] = v[i] < most ? v[i] : most;
	factor = (double)ROOT * ROOT / total(v);
	for (int i = 0; i < ROOTSIFT_BYTES; i++) {
		int root = (int)(sqrt(v[i] * factor) + .5);

		out[i] = root < 255 ? (uint8_t)root : 255;
	}
}

/* Is there a descriptor of ${cell} around the pixel? */
static bool
describe(const struct work *w, uint32_t at[2], uint32_t cell, uint8_t *out)
{
	double v[ROOTSIFT_BYTES];
	/* a cell's sum is that of its weights, cell^2 along each side */
	double faint = (double)FAINT * UNIT * CELLS * CELLS * cell * cell *
	               cell * cell * 3 / 4;

	for (uint32_t c = 0; c < CELLS * CELLS; c++) {
		uint32_t cx = c % CELLS, cy = c / CELLS;
		size_t x = at[0] + cx * cell - 3 * cell / 2;
		size_t y = at[1] + cy * cell - 3 * cell / 2;
		const int32_t *from = w->sides +
		                      (y * w->width + x) * DIRECTIONS;
		double weight = weights[cx] * weights[cy] / (32. * 32);

		for (uint32_t d = 0; d < DIRECTIONS; d++)
			v[c * DIRECTIONS + d] = from[d] * weight;
	}
	if (total(v) < faint)
		return false;
	finish(v, out);
	return true;
}

/* Is no pixel hidden that the descriptor covers? */
static bool
is_seen(const struct work *w, const uint32_t at[2], uint32_t cell)
{
	size_t stride = (size_t)w->width + 1;
	uint32_t left = at[0] - 3 * cell / 2, right = at[0] + 3 * cell / 2 + 1;
	uint32_t top = at[1] - 3 * cell / 2, foot = at[1] + 3 * cell / 2 + 1;

	return w->hidden[foot * stride + right] +
	               w->hidden[top * stride + left] ==
	       w->hidden[foot * stride + left] +
	               w->hidden[top * stride + right];
}

static void
add_scale(const struct work *w, uint32_t cell, struct features *f, size_t *cap)
{
	uint32_t margin = 3 * cell / 2;
	uint8_t out[ROOTSIFT_BYTES];

	margin += (DENSE_STEP - margin % DENSE_STEP) % DENSE_STEP;
	for (uint32_t y = margin; y + margin < w->height; y += DENSE_STEP)
		for (uint32_t x = margin; x + margin < w->width;
			x += DENSE_STEP) {
			uint32_t at[2] = { x, y };

			if (!is_seen(w, at, cell) ||
				!describe(w, at, cell, out))
				continue;
			if (f->n == *cap) {
				f->descriptors = mem_grow(f->descriptors, cap,
					f->n + 1, ROOTSIFT_BYTES);
				f->keypoints = mem_resize(f->keypoints, *cap,
					sizeof(*f->keypoints));
			}
			memcpy(f->descriptors + f->n * ROOTSIFT_BYTES, out,
				ROOTSIFT_BYTES);
			f->keypoints[f->n++] = (struct keypoint){
				((float)x + .5f) * w->shrunk,
				((float)y + .5f) * w->shrunk,
				(float)cell / 2 * w->shrunk, 0
			};
		}
}

static void
prepare(struct work *w, const struct features_in *in)
{
	uint32_t side = in->width > in->height ? in->width : in->height;
	size_t n;

	w->shrunk = side > DENSE_SIDE ? (float)side / DENSE_SIDE : 1;
	w->width = (uint32_t)((float)in->width / w->shrunk);
	w->height = (uint32_t)((float)in->height / w->shrunk);
	w->width += w->width == 0;
	w->height += w->height == 0;
	n = (size_t)w->width * w->height;
	w->grey = mem_alloc(n, sizeof(*w->grey));
	w->other = mem_alloc(n, sizeof(*w->other));
	w->sums = mem_alloc(
		(DENSE_SIDE + WIDEST) * DIRECTIONS, sizeof(*w->sums));
	w->sides = mem_alloc(DIRECTIONS * n, sizeof(*w->sides));
	w->hidden = mem_alloc(
		((size_t)w->width + 1) * (w->height + 1), sizeof(*w->hidden));
}

void
dense_find(const struct features_in *in, struct features *f)
{
	struct work w = { 0 };
	size_t cap = 0;

	*f = (struct features){ .type = FEATURES_ROOTSIFT };
	prepare(&w, in);
	shrink(&w, in);
	for (size_t s = 0; s < sizeof(scales) / sizeof(*scales); s++) {
		for (uint32_t i = 0; i < scales[s].smooth; i++)
			smooth(&w);
		find_gradients(&w);
		sum_cells(&w, scales[s].cell);
		add_scale(&w, scales[s].cell, f, &cap);
	}
	free(w.grey);
	free(w.other);
	free(w.sides);
	free(w.sums);
	free(w.hidden);
}
