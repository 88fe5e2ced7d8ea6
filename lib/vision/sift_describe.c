#include "sift_chain.h"
#include "sift_math.h"

#define NARROW .320598900f /* log2(e) / (2 * 1.5^2) */
#define WIDE .180336878f   /* log2(e) / (2 * 2^2) */
#define BIN .0277777780f   /* 1 / SIFT_BINS */
#define SIDE 96            /* pixels of a neighbourhood's side, at most */

/* The pixels around a point, and the Gaussian weights of columns and rows. */
struct window {
	int32_t left, right, top, bottom; /* right and bottom are in it */
	float columns[SIDE], rows[SIDE];
};

/*
 * Up to ${radius} pixels away, as far as there are any. The weight of a pixel is
 * 2^(${fall} d^2), a product of its column's and its row's.
 */
static void
look_around(const struct sift_octave *o, const struct sift_point *p,
	int32_t radius, float fall, struct window *w)
{
	int32_t x = (int32_t)floorf(p->x + .5f),
		y = (int32_t)floorf(p->y + .5f);
	int32_t width = (int32_t)o->width, height = (int32_t)o->height;

	w->left = x < radius ? 0 : x - radius;
	w->top = y < radius ? 0 : y - radius;
	w->right = x + radius < width ? x + radius : width - 1;
	w->bottom = y + radius < height ? y + radius : height - 1;
	for (int32_t i = w->left; i <= w->right; i++) {
		float d = (float)i - p->x;

		w->columns[i - w->left] = sift_exp2(d * d, fall);
	}
	for (int32_t i = w->top; i <= w->bottom; i++) {
		float d = (float)i - p->y;

		w->rows[i - w->top] = sift_exp2(d * d, fall);
	}
}

/* Directions around a point, in whole numbers: no order of sums matters. */

#define ONE_DIRECTION 128.f /* of one that is 1/256 steep */

SIFT_FAST static void
count_directions(const struct sift_octave *o, const struct sift_point *p,
	int32_t bins[SIFT_BINS])
{
	const uint32_t *gradient = o->gradient[p->level - 1];
	float s = sift_reciprocal(p->scale);
	struct window w;

	look_around(o, p, (int32_t)fmaf(4.5f, p->scale, .5f), -(s * s) * NARROW,
		&w);
	for (int32_t y = w.top; y <= w.bottom; y++) {
		float row = ONE_DIRECTION * w.rows[y - w.top];

		for (int32_t x = w.left; x <= w.right; x++) {
			uint32_t g = gradient[(size_t)y * o->width + (size_t)x];
			uint32_t bin = (g & (SIFT_TURN - 1)) * SIFT_BINS;
			uint32_t i = bin / SIFT_TURN;
			float m = (float)(g >> 16) * row *
			          w.columns[x - w.left];
			float f = (float)(bin % SIFT_TURN) * (1.f / SIFT_TURN);

			bins[i] += (int32_t)fmaf(-m, f, m);
			bins[i + 1 < SIFT_BINS ? i + 1 : 0] += (int32_t)(m * f);
		}
	}
}

/* Binomial weights, 1 4 6 4 1. */
static void
smooth(const int32_t bins[SIFT_BINS], float to[SIFT_BINS])
{
	float v[SIFT_BINS + 4];

	for (int i = 0; i < SIFT_BINS + 4; i++)
		v[i] = (float)bins[(i + SIFT_BINS - 2) % SIFT_BINS];
	for (int i = 0; i < SIFT_BINS; i++)
		to[i] = fmaf(6, v[i + 2],
			fmaf(4, v[i + 1] + v[i + 3], v[i] + v[i + 4]));
}

/* The top of the parabola through bin ${i} and its neighbours: an angle. */
static int32_t
summit(float before, float at, float after, int i)
{
	float curve = fmaf(2, at, -(before + after));
	float bin = (float)i + sift_divide(.5f * (after - before), curve);

	return (int32_t)floorf(fmaf(bin, SIFT_TURN * BIN, .5f)) &
	       (SIFT_TURN - 1);
}

/* The highest peaks that have at least .8 of the highest, by angle. */
static void
find_angles(const float v[SIFT_BINS], int32_t angle[SIFT_ANGLES])
{
	float height[SIFT_ANGLES] = { 0 }, most = 0;

	for (int i = 0; i < SIFT_BINS; i++)
		most = v[i] > most ? v[i] : most;
	for (int i = 0; i < SIFT_BINS; i++) {
		float before = v[i ? i - 1 : SIFT_BINS - 1];
		float after = v[i + 1 < SIFT_BINS ? i + 1 : 0];

		if (!(v[i] > before && v[i] >= after && v[i] >= .8f * most))
			continue;
		if (v[i] > height[0]) {
			height[1] = height[0], angle[1] = angle[0];
			height[0] = v[i];
			angle[0] = summit(before, v[i], after, i);
		} else if (v[i] > height[1]) {
			height[1] = v[i];
			angle[1] = summit(before, v[i], after, i);
		}
	}
	if (height[1] > 0 && angle[1] < angle[0]) {
		int32_t first = angle[1];

		angle[1] = angle[0];
		angle[0] = first;
	}
}

/* The descriptor: 4 x 4 cells of 8 directions. */

#define ONE_GRADIENT 256.f /* the same */

/* A gradient of strength ${m} between the cells and directions around it. */
SIFT_INLINE static void
share(float m, float u, float v, uint32_t turns, int32_t bins[ROOTSIFT_BYTES])
{
	float cu = floorf(u), cv = floorf(v);
	float fu = u - cu, fv = v - cv;
	float ft = (float)(turns % (SIFT_TURN / 8)) * (8.f / SIFT_TURN);

	for (int i = 0; i < 8; i++) {
		int32_t x = (int32_t)cu + (i & 1),
			y = (int32_t)cv + (i >> 1 & 1);
		int32_t t = -((int32_t)turns / (SIFT_TURN / 8) + (i >> 2)) & 7;
		float w = i >> 1 & 1 ? m * fv : fmaf(-m, fv, m);

		w = i & 1 ? w * fu : fmaf(-w, fu, w);
		w = i >> 2 ? w * ft : fmaf(-w, ft, w);
		if (x >= 0 && x < 4 && y >= 0 && y < 4)
			bins[(y * 4 + x) * 8 + t] += (int32_t)w;
	}
}

SIFT_FAST static void
gather(const struct sift_octave *o, const struct sift_point *p, int32_t angle,
	int32_t bins[ROOTSIFT_BYTES])
{
	const uint32_t *gradient = o->gradient[p->level - 1];
	float per = sift_reciprocal(3 * p->scale), sine, cosine;
	struct window w;

	sift_sincos((float)angle * (1.f / SIFT_TURN), &sine, &cosine);
	sine *= per, cosine *= per;
	look_around(o, p, (int32_t)fmaf(10.6066017f, p->scale, .5f),
		-(per * per) * WIDE, &w);
	for (int32_t y = w.top; y <= w.bottom; y++) {
		float dy = (float)y - p->y;
		float row = ONE_GRADIENT * w.rows[y - w.top];

		for (int32_t x = w.left; x <= w.right; x++) {
			uint32_t g = gradient[(size_t)y * o->width + (size_t)x];
			float m = (float)(g >> 16) * row *
			          w.columns[x - w.left];
			float dx = (float)x - p->x;
			float u = fmaf(cosine, dx, fmaf(sine, dy, 1.5f));
			float v = fmaf(cosine, dy, fmaf(-sine, dx, 1.5f));

			if (u > -1 && u < 4 && v > -1 && v < 4)
				share(m, u, v,
					(g - (uint32_t)angle) & (SIFT_TURN - 1),
					bins);
		}
	}
}

/* In the order in which eight lanes do it. */
static float
sum(const float v[ROOTSIFT_BYTES])
{
	float s[8] = { 0 };

	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		s[i % 8] += v[i];
	return ((s[0] + s[4]) + (s[2] + s[6])) +
	       ((s[1] + s[5]) + (s[3] + s[7]));
}

static float
length(const float v[ROOTSIFT_BYTES])
{
	float s[8] = { 0 };

	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		s[i % 8] = fmaf(v[i], v[i], s[i % 8]);
	return sift_sqrt(((s[0] + s[4]) + (s[2] + s[6])) +
			 ((s[1] + s[5]) + (s[3] + s[7])));
}

/* Cut at .2 of the length; then the roots of the shares, as bytes. */
SIFT_FAST static void
make_root(const int32_t bins[ROOTSIFT_BYTES], uint8_t to[ROOTSIFT_BYTES])
{
	float v[ROOTSIFT_BYTES], most, per;

	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		v[i] = (float)bins[i];
	most = .2f * length(v);
	for (int i = 0; i < ROOTSIFT_BYTES; i++)
		v[i] = v[i] > most ? most : v[i];
	per = sum(v);
	per = per > 0 ? sift_reciprocal(per) : 0;
	for (int i = 0; i < ROOTSIFT_BYTES; i++) {
		int32_t byte = (int32_t)fmaf(sift_sqrt(v[i] * per), 512, .5f);

		to[i] = (uint8_t)(byte > 255 ? 255 : byte);
	}
}

void
sift_describe(const struct sift_plan *plan, const struct sift_octave *o,
	const struct sift_point *p, struct sift_look *look)
{
	for (int i = 0; i < SIFT_ANGLES; i++)
		look->angle[i] = SIFT_NO_ANGLE;
	if (plan->upright) {
		look->angle[0] = 0;
	} else {
		int32_t bins[SIFT_BINS] = { 0 };
		float v[SIFT_BINS];

		count_directions(o, p, bins);
		smooth(bins, v);
		find_angles(v, look->angle);
	}
	for (int i = 0; i < SIFT_ANGLES; i++) {
		int32_t bins[ROOTSIFT_BYTES] = { 0 };

		if (look->angle[i] >= 0) {
			gather(o, p, look->angle[i], bins);
			make_root(bins, look->descriptor[i]);
		}
	}
}
