#include "fundamental.h"

#include <math.h>
#include <string.h>

#include "linear.h"
#include "mat3.h"
#include "roots.h"

/* det(x a + b) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 */
static void
cubic(const double a[9], const double b[9], double c[4])
{
	double adjugate[9], t[9];

	c[3] = mat3_adjugate(a, adjugate);
	mat3_transpose(adjugate, t);
	c[2] = c[1] = 0;
	for (int i = 0; i < 9; i++)
		c[2] += t[i] * b[i];
	c[0] = mat3_adjugate(b, adjugate);
	mat3_transpose(adjugate, t);
	for (int i = 0; i < 9; i++)
		c[1] += t[i] * a[i];
}

size_t
fundamental_solve(const double (*at)[4], double (*f)[9])
{
	double rows[63], ab[2][9], c[4], roots[ROOTS_MAX];
	size_t n, found = 0;

	for (int i = 0; i < FUNDAMENTAL_SAMPLE; i++) {
		double x = at[i][0], y = at[i][1], u = at[i][2], v = at[i][3];
		double row[9] = { u * x, u * y, u, v * x, v * y, v, x, y, 1 };

		memcpy(rows + 9 * i, row, sizeof(row));
	}
	if (!linear_complement(rows, 7, 9, ab[0]))
		return 0;
	cubic(ab[0], ab[1], c);
	n = roots_find(c, 3, roots);
	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < 9; k++)
			f[found][k] = roots[i] * ab[0][k] + ab[1][k];
		found += mat3_unit(f[found], 9) &&
		         fundamental_oriented(f[found], at, FUNDAMENTAL_SAMPLE);
	}
	return found;
}

bool
fundamental_oriented(const double f[9], const double (*at)[4], size_t n)
{
	double t[9], e[3] = { 0 }, best = -1;
	int ways = 0;

	/* The epipole: what is orthogonal to two columns, of all the longest. */
	mat3_transpose(f, t);
	for (int i = 0; i < 3; i++) {
		double c[3];

		mat3_cross(t + 3 * i, t + 3 * ((i + 1) % 3), c);
		if (mat3_dot(c, c) > best) {
			best = mat3_dot(c, c);
			memcpy(e, c, sizeof(e));
		}
	}
	for (size_t i = 0; i < n; i++) {
		double x1[3] = { at[i][0], at[i][1], 1 }, line[3], through[3];
		double x2[3] = { at[i][2], at[i][3], 1 };

		mat3_apply(f, x1, line);
		mat3_cross(e, x2, through);
		ways |= mat3_dot(line, through) > 0 ? 1 : 2;
	}
	return ways != 3;
}

/* The lines of a pair, each by its x and y, and x2' F x1. */
static inline double
lines(const double f[9], const double at[4], double l[4])
{
	l[0] = f[0] * at[0] + f[1] * at[1] + f[2];
	l[1] = f[3] * at[0] + f[4] * at[1] + f[5];
	l[2] = f[0] * at[2] + f[3] * at[3] + f[6];
	l[3] = f[1] * at[2] + f[4] * at[3] + f[7];
	return at[2] * l[0] + at[3] * l[1] + f[6] * at[0] + f[7] * at[1] + f[8];
}

void
fundamental_errors(
	const double f[9], const double (*at)[4], size_t n, double *e)
{
	for (size_t i = 0; i < n; i++) {
		double l[4], c = lines(f, at[i], l);
		double gg = l[0] * l[0] + l[1] * l[1] + l[2] * l[2] +
		            l[3] * l[3];

		/* At both epipoles anything fits: 0 by 0 is no inlier. */
		e[i] = gg > 0 ? c * c / gg : INFINITY;
	}
}

bool
fundamental_split(const double f[9], struct fundamental_parts *parts)
{
	double t[9], ff[9], values[3], rows[9], u[9], norm;

	mat3_transpose(f, t);
	mat3_mul(t, f, ff);
	linear_eigen(ff, 3, values, rows);
	/* The rows are v's columns, from the least; u's are what f makes. */
	for (int i = 0; i < 2; i++) {
		mat3_apply(f, rows + 3 * (2 - i), u + 3 * i);
		parts->s[i] = sqrt(mat3_dot(u + 3 * i, u + 3 * i));
		if (!mat3_unit(u + 3 * i, 3))
			return false;
	}
	norm = sqrt(parts->s[0] * parts->s[0] + parts->s[1] * parts->s[1]);
	if (!(parts->s[1] > 1e-12 * norm))
		return false;
	/* The second of u is not quite orthogonal where s are far apart. */
	mat3_cross(u, u + 3, u + 6);
	if (!mat3_unit(u + 6, 3))
		return false;
	mat3_cross(u + 6, u, u + 3);
	memcpy(t, rows + 6, 3 * sizeof(*t));
	memcpy(t + 3, rows + 3, 3 * sizeof(*t));
	mat3_cross(t, t + 3, t + 6);
	mat3_transpose(u, parts->u);
	mat3_transpose(t, parts->v);
	parts->s[0] /= norm, parts->s[1] /= norm;
	return true;
}

void
fundamental_join(const struct fundamental_parts *parts, double f[9])
{
	const double *u = parts->u, *s = parts->s, *v = parts->v;

	for (int i = 0; i < 9; i++)
		f[i] = u[i / 3 * 3] * s[0] * v[i % 3 * 3] +
		       u[i / 3 * 3 + 1] * s[1] * v[i % 3 * 3 + 1];
}

bool
fundamental_fit(const struct dlt_pairs *p, double f[9])
{
	struct dlt_frame frame[2];
	struct fundamental_parts parts;
	double sum[81] = { 0 }, m[9], to[9], t[9], half[9];

	if (p->n < 8 || !dlt_frames(p, frame))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]];
		double x = frame[0].s * (at[0] - frame[0].x);
		double y = frame[0].s * (at[1] - frame[0].y);
		double u = frame[1].s * (at[2] - frame[1].x);
		double v = frame[1].s * (at[3] - frame[1].y);
		double row[9] = { u * x, u * y, u, v * x, v * y, v, x, y, 1 };

		dlt_row(sum, row);
	}
	if (!dlt_least(sum, m) || !fundamental_split(m, &parts))
		return false;
	fundamental_join(&parts, m);
	dlt_to(&frame[0], to);
	mat3_mul(m, to, half);
	dlt_to(&frame[1], to);
	mat3_transpose(to, t);
	mat3_mul(t, half, f);
	return mat3_unit(f, 9);
}

/* An error, and how it changes with the elements of f. */
static double
slope(const double f[9], const double at[4], double d[9])
{
	double x1[3] = { at[0], at[1], 1 }, x2[3] = { at[2], at[3], 1 }, l[4];
	double c = lines(f, at, l);
	double g = sqrt(l[0] * l[0] + l[1] * l[1] + l[2] * l[2] + l[3] * l[3]);
	double bend = c / (g * g * g);

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			d[3 * i + j] = x2[i] * x1[j] / g;
			if (i < 2)
				d[3 * i + j] -= bend * l[i] * x1[j];
			if (j < 2)
				d[3 * i + j] -= bend * l[2 + j] * x2[i];
		}
	return c / g;
}

bool
fundamental_tangents(const double f[9], double to[REFINE_PARTS][REFINE_MAX][9])
{
	static const double axes[3][9] = { { 0, 0, 0, 0, 0, -1, 0, 1, 0 },
		{ 0, 0, 1, 0, 0, 0, -1, 0, 0 },
		{ 0, -1, 0, 1, 0, 0, 0, 0, 0 } };
	struct fundamental_parts parts;
	double vt[9], us[9], sv[9], t[9];

	if (!fundamental_split(f, &parts))
		return false;
	const double s[9] = { parts.s[0], 0, 0, 0, parts.s[1] };
	const double ds[9] = { -parts.s[1], 0, 0, 0, parts.s[0] };
	mat3_transpose(parts.v, vt);
	mat3_mul(parts.u, s, us);
	mat3_mul(s, vt, sv);
	for (int k = 0; k < 3; k++) {
		mat3_mul(parts.u, axes[k], t);
		mat3_mul(t, sv, to[0][k]);
		mat3_mul(us, axes[k], t);
		mat3_mul(t, vt, to[0][3 + k]);
		for (int i = 0; i < 9; i++)
			to[0][3 + k][i] = -to[0][3 + k][i];
	}
	mat3_mul(parts.u, ds, t);
	mat3_mul(t, vt, to[0][6]);
	return true;
}

double
fundamental_cost(
	const double f[9], const struct dlt_pairs *p, struct refine_sums *sums)
{
	double sum = 0;

	for (size_t i = 0; i < p->n; i++) {
		const double *at = p->at[p->index[i]];
		double d[9], l[4], e;

		if (sums) {
			e = slope(f, at, d);
			refine_add(sums, d, e);
			sum += e * e;
		} else {
			e = lines(f, at, l);
			sum += e * e /
			       (l[0] * l[0] + l[1] * l[1] + l[2] * l[2] +
				       l[3] * l[3]);
		}
	}
	return sum;
}

/* By half the angle, as a quaternion: no sines, and to first order the same. */
void
fundamental_turn(double rotation[9], const double step[3])
{
	double q[4] = { 1, step[0] / 2, step[1] / 2, step[2] / 2 }, to[9];
	double w, x, y, z;

	mat3_unit(q, 4);
	w = q[0], x = q[1], y = q[2], z = q[3];
	const double r[9] = { 1 - 2 * (y * y + z * z), 2 * (x * y - z * w),
		2 * (x * z + y * w), 2 * (x * y + z * w),
		1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
		2 * (x * z - y * w), 2 * (y * z + x * w),
		1 - 2 * (x * x + y * y) };
	mat3_mul(rotation, r, to);
	memcpy(rotation, to, sizeof(to));
}

static bool
move(const double f[9], const double *step, double to[9])
{
	struct fundamental_parts parts;
	double s[2];

	if (!fundamental_split(f, &parts))
		return false;
	fundamental_turn(parts.u, step);
	fundamental_turn(parts.v, step + 3);
	s[0] = parts.s[0] - step[6] * parts.s[1];
	s[1] = parts.s[1] + step[6] * parts.s[0];
	if (!mat3_unit(s, 2))
		return false;
	parts.s[0] = s[0], parts.s[1] = s[1];
	fundamental_join(&parts, to);
	return true;
}

void
fundamental_refine(const struct dlt_pairs *p, double f[9], int steps)
{
	static const struct refine model = { 7, 1, fundamental_cost,
		fundamental_tangents, move };

	if (p->n > FUNDAMENTAL_SAMPLE)
		refine_run(&model, p, f, steps);
}
