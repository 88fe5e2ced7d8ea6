/*
 * scene: two cameras that see random points, with exact truth, for tests.
 */
#ifndef SCENE_H
#define SCENE_H

#include <math.h>

#include "base/rng.h"
#include "vision/mat3.h"

struct scene {
	double f, cx, cy;  /* of both cameras */
	double r[9], t[3]; /* from the first camera's frame to the second's */
	double e[9], k[9]; /* essential matrix; calibration */
	double plane[4];   /* n . x = d in the first frame */
	double h[9], fundamental[9];
};

static inline double
scene_between(struct rng *r, double low, double high)
{
	return low + (high - low) * rng_unit(r);
}

/* About normal, by the sum of twelve. */
static inline double
scene_noise(struct rng *r, double sigma)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += rng_unit(r);
	return sigma * sum;
}

static inline void
scene_rotation(struct rng *r, double most, double m[9])
{
	double q[4] = { 1 };

	for (int i = 1; i < 4; i++)
		q[i] = scene_between(r, -most / 2, most / 2);
	mat3_unit(q, 4);
	m[0] = 1 - 2 * (q[2] * q[2] + q[3] * q[3]);
	m[1] = 2 * (q[1] * q[2] - q[3] * q[0]);
	m[2] = 2 * (q[1] * q[3] + q[2] * q[0]);
	m[3] = 2 * (q[1] * q[2] + q[3] * q[0]);
	m[4] = 1 - 2 * (q[1] * q[1] + q[3] * q[3]);
	m[5] = 2 * (q[2] * q[3] - q[1] * q[0]);
	m[6] = 2 * (q[1] * q[3] - q[2] * q[0]);
	m[7] = 2 * (q[2] * q[3] + q[1] * q[0]);
	m[8] = 1 - 2 * (q[1] * q[1] + q[2] * q[2]);
}

/* to = k^-T m k^-1, what relates pixels where m relates rays */
static inline void
scene_pixels(const struct scene *s, const double m[9], double to[9])
{
	double inverse[9] = { 1 / s->f, 0, -s->cx / s->f, 0, 1 / s->f,
		-s->cy / s->f, 0, 0, 1 };
	double t[9], half[9];

	mat3_transpose(inverse, t);
	mat3_mul(m, inverse, half);
	mat3_mul(t, half, to);
}

/* Images of 1000 x 750; a baseline of about 1 at a depth of 5 to 15. */
static inline void
scene_make(struct scene *s, struct rng *r)
{
	double tx[9], inverse[9], m[9], half[9], n[3];

	s->f = scene_between(r, 600, 900);
	s->cx = 500, s->cy = 375;
	scene_rotation(r, .3, s->r);
	for (int i = 0; i < 3; i++)
		s->t[i] = scene_between(r, -1, 1);
	const double cross[9] = { 0, -s->t[2], s->t[1], s->t[2], 0, -s->t[0],
		-s->t[1], s->t[0], 0 };
	for (int i = 0; i < 9; i++)
		tx[i] = cross[i];
	mat3_mul(tx, s->r, s->e);
	mat3_unit(s->e, 9);
	scene_pixels(s, s->e, s->fundamental);
	mat3_unit(s->fundamental, 9);
	n[0] = scene_between(r, -.5, .5);
	n[1] = scene_between(r, -.5, .5);
	n[2] = 1;
	mat3_unit(n, 3);
	for (int i = 0; i < 3; i++)
		s->plane[i] = n[i];
	s->plane[3] = 9;
	/* H = K (R + t n' / d) K^-1 */
	for (int i = 0; i < 9; i++)
		m[i] = s->r[i] + s->t[i / 3] * n[i % 3] / s->plane[3];
	const double k[9] = { s->f, 0, s->cx, 0, s->f, s->cy, 0, 0, 1 };
	const double ki[9] = { 1 / s->f, 0, -s->cx / s->f, 0, 1 / s->f,
		-s->cy / s->f, 0, 0, 1 };
	for (int i = 0; i < 9; i++)
		s->k[i] = k[i], inverse[i] = ki[i];
	mat3_mul(m, inverse, half);
	mat3_mul(k, half, s->h);
	mat3_unit(s->h, 9);
}

/* A pair that both see, of a point on the plane or anywhere. */
static inline void
scene_pair(const struct scene *s, struct rng *r, bool flat, double pair[4])
{
	double x[3], y[3];

	do {
		double u = (scene_between(r, 0, 1000) - s->cx) / s->f;
		double v = (scene_between(r, 0, 750) - s->cy) / s->f;
		double z = scene_between(r, 5, 15);

		if (flat)
			z = s->plane[3] /
			    (s->plane[0] * u + s->plane[1] * v + s->plane[2]);
		x[0] = u * z, x[1] = v * z, x[2] = z;
		mat3_apply(s->r, x, y);
		for (int i = 0; i < 3; i++)
			y[i] += s->t[i];
		pair[0] = s->f * u + s->cx;
		pair[1] = s->f * v + s->cy;
		pair[2] = s->f * y[0] / y[2] + s->cx;
		pair[3] = s->f * y[1] / y[2] + s->cy;
	} while (x[2] < 1 || y[2] < 1 || pair[2] < 0 || pair[2] > 1000 ||
		 pair[3] < 0 || pair[3] > 750);
}

/* The same pair as rays. */
static inline void
scene_rays(const struct scene *s, const double pair[4], double rays[4])
{
	for (int i = 0; i < 4; i++)
		rays[i] = (pair[i] - (i % 2 ? s->cy : s->cx)) / s->f;
}

#endif
