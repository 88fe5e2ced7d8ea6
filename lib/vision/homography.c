#include "homography.h"

#include <math.h>
#include <string.h>

#include "linear.h"
#include "mat3.h"
#include "refine.h"

/* Of a sample's triangles, where the pairs' root mean square is about 1. */
#define SLIVER 1e-4

/* Twice the area of a triangle of points, with its sign. */
static double
area(const double *a, const double *b, const double *c)
{
	return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
}

/*
 * The fourth point is a sum of the other three; the columns are what each gives
 * to it. False where any three are on a line.
 */
static bool
basis(const double (*at)[4], int from, double b[9], double areas[4])
{
	const double *p[4] = { at[0] + from, at[1] + from, at[2] + from,
		at[3] + from };

	areas[0] = area(p[3], p[1], p[2]);
	areas[1] = area(p[0], p[3], p[2]);
	areas[2] = area(p[0], p[1], p[3]);
	areas[3] = area(p[0], p[1], p[2]);
	for (int i = 0; i < 4; i++)
		if (!(fabs(areas[i]) > SLIVER))
			return false;
	for (int i = 0; i < 3; i++) {
		b[i] = areas[i] * p[i][0];
		b[3 + i] = areas[i] * p[i][1];
		b[6 + i] = areas[i];
	}
	return true;
}

size_t
homography_solve(const double (*at)[4], double (*h)[9])
{
	double a[9], b[9], inverse[9], areas[2][4];

	if (!basis(at, 0, a, areas[0]) || !basis(at, 2, b, areas[1]))
		return 0;
	/* Each triangle is turned over by neither or by one of the cameras. */
	for (int i = 0; i < 4; i++)
		if ((areas[0][i] > 0) != (areas[1][i] > 0))
			return 0;
	if (mat3_adjugate(a, inverse) < 0)
		for (int i = 0; i < 9; i++)
			inverse[i] = -inverse[i];
	mat3_mul(b, inverse, h[0]);
	return mat3_unit(h[0], 9);
}

/* Give h the sign by which most pairs are in front; then it has to turn none. */
static bool
face(const struct dlt_pairs *p, double h[9])
{
	double front = 0;

	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]];

		front += h[6] * at[0] + h[7] * at[1] + h[8] > 0 ? 1 : -1;
	}
	if (front < 0)
		for (int i = 0; i < 9; i++)
			h[i] = -h[i];
	return mat3_det(h) > 0;
}

bool
homography_fit(const struct dlt_pairs *p, double h[9])
{
	struct dlt_frame frame[2];
	double sum[81] = { 0 }, m[9], to[9], from[9], half[9];

	if (p->n < HOMOGRAPHY_SAMPLE || !dlt_frames(p, frame))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]];
		double x = frame[0].s * (at[0] - frame[0].x);
		double y = frame[0].s * (at[1] - frame[0].y);
		double u = frame[1].s * (at[2] - frame[1].x);
		double v = frame[1].s * (at[3] - frame[1].y);
		double rows[2][9] = { { x, y, 1, 0, 0, 0, -u * x, -u * y, -u },
			{ 0, 0, 0, x, y, 1, -v * x, -v * y, -v } };

		dlt_row(sum, rows[0]);
		dlt_row(sum, rows[1]);
	}
	if (!dlt_least(sum, m))
		return false;
	dlt_to(&frame[0], to);
	dlt_from(&frame[1], from);
	mat3_mul(m, to, half);
	mat3_mul(from, half, h);
	return mat3_unit(h, 9) && face(p, h);
}

/* How far h takes (x, y) from (u, v). */
static inline void
transfer(const double h[9], const double from[2], const double to[2],
	double off[2])
{
	double w = h[6] * from[0] + h[7] * from[1] + h[8];

	off[0] = (h[0] * from[0] + h[1] * from[1] + h[2]) / w - to[0];
	off[1] = (h[3] * from[0] + h[4] * from[1] + h[5]) / w - to[1];
}

/* The square of how far h takes (x, y) from (u, v); w is the last coordinate. */
static inline double
squared(const double h[9], const double from[2], const double to[2], double *w)
{
	double x = h[0] * from[0] + h[1] * from[1] + h[2];
	double y = h[3] * from[0] + h[4] * from[1] + h[5];

	*w = h[6] * from[0] + h[7] * from[1] + h[8];
	x -= *w * to[0];
	y -= *w * to[1];
	return (x * x + y * y) / (*w * *w);
}

void
homography_errors(const double h[9], const double (*at)[4], size_t n, double *e)
{
	double back[9];

	mat3_adjugate(h, back);
	for (size_t i = 0; i < n; i++) {
		double w, v, there = squared(h, at[i], at[i] + 2, &w);
		double home = squared(back, at[i] + 2, at[i], &v);

		there = there > home ? there : home;
		e[i] = w > 0 && v > 0 ? there : INFINITY;
	}
}

/* An error of one transfer, by the elements of its matrix. */
static void
slopes(const double h[9], const double from[2], const double to[2],
	double off[2], double d[2][9])
{
	double w = h[6] * from[0] + h[7] * from[1] + h[8];
	double p[3] = { from[0] / w, from[1] / w, 1 / w };

	transfer(h, from, to, off);
	for (int k = 0; k < 2; k++)
		for (int j = 0; j < 3; j++) {
			d[k][j] = k == 0 ? p[j] : 0;
			d[k][3 + j] = k == 1 ? p[j] : 0;
			d[k][6 + j] = -(off[k] + to[k]) * p[j];
		}
}

/* The eight directions a matrix of norm 1 can go, for it and its inverse. */
static bool
tangents(const double h[9], double to[REFINE_PARTS][REFINE_MAX][9])
{
	double unit[9], inverse[9], t[9], det = mat3_adjugate(h, inverse);

	memcpy(unit, h, sizeof(unit));
	if (!(det > 0) || !linear_complement(unit, 1, 9, to[0][0]))
		return false;
	for (int i = 0; i < 9; i++)
		inverse[i] /= det;
	for (int k = 0; k < 8; k++) {
		mat3_mul(inverse, to[0][k], t);
		mat3_mul(t, inverse, to[1][k]);
		for (int i = 0; i < 9; i++)
			to[1][k][i] = -to[1][k][i];
	}
	return true;
}

static double
cost(const double h[9], const struct dlt_pairs *p, struct refine_sums *sums)
{
	double inverse[9], sum = 0, det = mat3_adjugate(h, inverse);

	if (!(det > 0))
		return INFINITY;
	for (int i = 0; i < 9; i++)
		inverse[i] /= det;
	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]];
		double off[4], d[2][9];

		if (sums) {
			slopes(h, at, at + 2, off, d);
			refine_add(&sums[0], d[0], off[0]);
			refine_add(&sums[0], d[1], off[1]);
			slopes(inverse, at + 2, at, off + 2, d);
			refine_add(&sums[1], d[0], off[2]);
			refine_add(&sums[1], d[1], off[3]);
		} else {
			transfer(h, at, at + 2, off);
			transfer(inverse, at + 2, at, off + 2);
		}
		sum += off[0] * off[0] + off[1] * off[1] + off[2] * off[2] +
		       off[3] * off[3];
	}
	return sum;
}

static bool
move(const double h[9], const double *step, double to[9])
{
	double t[REFINE_PARTS][REFINE_MAX][9];

	if (!tangents(h, t))
		return false;
	for (int j = 0; j < 9; j++) {
		to[j] = h[j];
		for (int i = 0; i < 8; i++)
			to[j] += step[i] * t[0][i][j];
	}
	return mat3_unit(to, 9) && mat3_det(to) > 0;
}

void
homography_refine(const struct dlt_pairs *p, double h[9], int steps)
{
	static const struct refine model = { 8, 2, cost, tangents, move };

	if (p->n >= HOMOGRAPHY_SAMPLE)
		refine_run(&model, p, h, steps);
}
