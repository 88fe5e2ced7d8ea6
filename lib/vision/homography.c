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

/*
 * The rows of a pair for its two coordinates are (p, 0, -u p) and (0, p, -v p),
 * p having three elements: of the products most are the same or 0. These are
 * p p' in its upper triangle, as such, times u, v and uu + vv.
 */
struct products {
	double as[6], u[6], v[6], uv[6];
};

static inline void
add_products(struct products *to, const double p[3], double u, double v)
{
	double pp[6] = { p[0] * p[0], p[0] * p[1], p[0] * p[2], p[1] * p[1],
		p[1] * p[2], p[2] * p[2] };
	double uv = u * u + v * v;

	for (int i = 0; i < 6; i++) {
		to->as[i] += pp[i];
		to->u[i] += u * pp[i];
		to->v[i] += v * pp[i];
		to->uv[i] += uv * pp[i];
	}
}

/* The sum of row' row, in its upper triangle. */
static void
spread(const struct products *of, double sum[81])
{
	static const uint8_t at[9] = { 0, 1, 2, 1, 3, 4, 2, 4, 5 };

	for (int k = 0; k < 9; k++) {
		double *to = sum + 9 * (k / 3) + k % 3;

		to[0] = to[3 * 9 + 3] = of->as[at[k]];
		to[3] = 0;
		to[6] = -of->u[at[k]];
		to[3 * 9 + 6] = -of->v[at[k]];
		to[6 * 9 + 6] = of->uv[at[k]];
	}
}

bool
homography_fit(const struct dlt_pairs *p, double h[9])
{
	struct dlt_frame frame[2];
	struct products products = { .as = { 0 } };
	double sum[81], m[9], to[9], from[9], half[9];

	if (p->n < HOMOGRAPHY_SAMPLE || !dlt_frames(p, frame))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]];
		double point[3] = { frame[0].s * (at[0] - frame[0].x),
			frame[0].s * (at[1] - frame[0].y), 1 };

		add_products(&products, point,
			frame[1].s * (at[2] - frame[1].x),
			frame[1].s * (at[3] - frame[1].y));
	}
	spread(&products, sum);
	if (!dlt_least(sum, m))
		return false;
	dlt_to(&frame[0], to);
	dlt_from(&frame[1], from);
	mat3_mul(m, to, half);
	mat3_mul(from, half, h);
	return mat3_unit(h, 9) && face(p, h);
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

/*
 * The errors of one way, the points that move standing at ${from} in the pairs.
 * Where h takes one changes with the elements of h by rows as above: p is the
 * point over its last coordinate there, u and v are where it goes.
 */
static double
one_way(const double h[9], const struct dlt_pairs *p, int from,
	struct refine_sums *sums)
{
	struct products products = { .as = { 0 } };
	double sum = 0;

	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]] + from;
		const double *want = p->at[p->index[i]] + 2 - from;
		double w = h[6] * at[0] + h[7] * at[1] + h[8];
		double point[3] = { at[0] / w, at[1] / w, 1 / w };
		double u = mat3_dot(h, point), v = mat3_dot(h + 3, point);
		double off[3] = { u - want[0], v - want[1] };

		sum += off[0] * off[0] + off[1] * off[1];
		if (!sums)
			continue;
		add_products(&products, point, u, v);
		off[2] = -(u * off[0] + v * off[1]);
		for (int k = 0; k < 9; k++)
			sums->de[k] += off[k / 3] * point[k % 3];
	}
	if (sums)
		spread(&products, sums->dd);
	return sum;
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
	double inverse[9], det = mat3_adjugate(h, inverse);

	if (!(det > 0))
		return INFINITY;
	for (int i = 0; i < 9; i++)
		inverse[i] /= det;
	return one_way(h, p, 0, sums) +
	       one_way(inverse, p, 2, sums ? sums + 1 : NULL);
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
