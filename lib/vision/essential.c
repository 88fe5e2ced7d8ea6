#include "essential.h"

#include <math.h>
#include <string.h>

#include "fundamental.h"
#include "linear.h"
#include "mat3.h"
#include "roots.h"

#define POLISHES 8
#define EXACT 1e-10 /* of the equations for an E of norm 1 */

/*
 * E = x X + y Y + z Z + W over a basis of the null space. Polynomials in x, y, z:
 * of degree 1 x y z 1; of degree 2 xx xy xz x yy yz y zz z 1; of degree 3 in
 * Nister's order: xxx yyy xxy xyy xxz xx yyz yy xyz xy, then xzz xz x yzz yz y
 * zzz zz z 1. The tables say where products go.
 */
static const uint8_t square[4][4] = { { 0, 1, 2, 3 }, { 1, 4, 5, 6 },
	{ 2, 5, 7, 8 }, { 3, 6, 8, 9 } };
static const uint8_t cube[10][4] = { { 0, 2, 4, 5 }, { 2, 3, 8, 9 },
	{ 4, 8, 10, 11 }, { 5, 9, 11, 12 }, { 3, 1, 6, 7 }, { 8, 6, 13, 14 },
	{ 9, 7, 14, 15 }, { 10, 13, 16, 17 }, { 11, 14, 17, 18 },
	{ 12, 15, 18, 19 } };

/* to += scale a b */
static void
multiply(double to[10], const double a[4], const double b[4], double scale)
{
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			to[square[i][j]] += scale * a[i] * b[j];
}

static void
multiply_up(double to[20], const double a[10], const double b[4])
{
	for (int i = 0; i < 10; i++)
		for (int j = 0; j < 4; j++)
			to[cube[i][j]] += a[i] * b[j];
}

/* The ten equations: 2 E E' E - trace(E E') E = 0 and det E = 0. */
static void
equations(double e[9][4], double a[10][20])
{
	double ee[9][10] = { { 0 } }, half[10];

	memset(a, 0, 200 * sizeof(double));
	for (int i = 0; i < 9; i++)
		for (int k = 0; k < 3; k++)
			multiply(ee[i], e[i / 3 * 3 + k], e[i % 3 * 3 + k], 1);
	for (int k = 0; k < 10; k++) {
		half[k] = (ee[0][k] + ee[4][k] + ee[8][k]) / 2;
		ee[0][k] -= half[k], ee[4][k] -= half[k], ee[8][k] -= half[k];
	}
	for (int i = 0; i < 9; i++)
		for (int k = 0; k < 3; k++)
			multiply_up(a[i], ee[i / 3 * 3 + k], e[k * 3 + i % 3]);
	for (int k = 0; k < 3; k++) {
		double minor[10] = { 0 };
		int l = (k + 1) % 3, m = (k + 2) % 3;

		multiply(minor, e[3 + l], e[6 + m], 1);
		multiply(minor, e[3 + m], e[6 + l], -1);
		multiply_up(a[9], minor, e[k]);
	}
}

/*
 * Rows 4 to 9 of the reduced equations in pairs, the second times z from the
 * first: x, y and 1 times polynomials of z, whose matrix is singular at a root.
 * Coefficients ascend.
 */
static void
eliminate(double a[10][20], double b[3][3][5])
{
	static const uint8_t starts[3] = { 10, 13, 16 };

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			const double *p = a[4 + 2 * i] + starts[j];
			const double *q = a[5 + 2 * i] + starts[j];
			int degree = j < 2 ? 2 : 3;

			memset(b[i][j], 0, sizeof(b[i][j]));
			for (int k = 0; k <= degree; k++) {
				b[i][j][degree - k] += p[k];
				b[i][j][degree - k + 1] -= q[k];
			}
		}
}

/* to += scale a b, of degrees 4 and less than 8 */
static void
convolve(double *to, const double *a, const double b[5], double scale)
{
	for (int i = 0; i < 8; i++)
		for (int j = 0; j < 5 && i + j <= 10; j++)
			to[i + j] += scale * a[i] * b[j];
}

static void
determinant(double b[3][3][5], double c[11])
{
	memset(c, 0, 11 * sizeof(*c));
	for (int k = 0; k < 3; k++) {
		double minor[13] = { 0 }, first[8] = { 0 };
		int l = (k + 1) % 3, m = (k + 2) % 3;

		memcpy(first, b[1][l], sizeof(b[1][l]));
		convolve(minor, first, b[2][m], 1);
		memcpy(first, b[1][m], sizeof(b[1][m]));
		convolve(minor, first, b[2][l], -1);
		convolve(c, minor, b[0][k], 1);
	}
}

static double
at_z(const double c[5], double z)
{
	return (((c[4] * z + c[3]) * z + c[2]) * z + c[1]) * z + c[0];
}

/* x and y where z is a root: the null vector of the three rows. */
static bool
unknowns(double b[3][3][5], double z, double xyz[3])
{
	double m[9], v[3] = { 0 }, best = -1;

	for (int i = 0; i < 9; i++)
		m[i] = at_z(b[i / 3][i % 3], z);
	for (int i = 0; i < 3; i++)
		mat3_unit(m + 3 * i, 3);
	for (int i = 0; i < 3; i++) {
		double c[3];

		mat3_cross(m + 3 * i, m + 3 * ((i + 1) % 3), c);
		if (mat3_dot(c, c) > best) {
			best = mat3_dot(c, c);
			memcpy(v, c, sizeof(v));
		}
	}
	xyz[0] = v[0] / v[2];
	xyz[1] = v[1] / v[2];
	xyz[2] = z;
	return isfinite(xyz[0]) && isfinite(xyz[1]);
}

/* The monomials of degree 3 and how they change with x, y and z. */
static void
monomials(const double p[3], double v[4][20])
{
	static const uint8_t powers[20][3] = { { 3, 0, 0 }, { 0, 3, 0 },
		{ 2, 1, 0 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 0, 0 }, { 0, 2, 1 },
		{ 0, 2, 0 }, { 1, 1, 1 }, { 1, 1, 0 }, { 1, 0, 2 }, { 1, 0, 1 },
		{ 1, 0, 0 }, { 0, 1, 2 }, { 0, 1, 1 }, { 0, 1, 0 }, { 0, 0, 3 },
		{ 0, 0, 2 }, { 0, 0, 1 }, { 0, 0, 0 } };
	double up[3][4];

	for (int i = 0; i < 3; i++) {
		up[i][0] = 1;
		for (int k = 1; k < 4; k++)
			up[i][k] = up[i][k - 1] * p[i];
	}
	for (int i = 0; i < 20; i++) {
		const uint8_t *w = powers[i];
		double f[3] = { up[0][w[0]], up[1][w[1]], up[2][w[2]] }, d[3];

		for (int k = 0; k < 3; k++)
			d[k] = w[k] ? w[k] * up[k][w[k] - 1] : 0;
		v[0][i] = f[0] * f[1] * f[2];
		v[1][i] = d[0] * f[1] * f[2];
		v[2][i] = f[0] * d[1] * f[2];
		v[3][i] = f[0] * f[1] * d[2];
	}
}

/* A step of Gauss and Newton on the ten equations; how far off they were. */
static double
step(double a[10][20], double xyz[3])
{
	double v[4][20], jj[9] = { 0 }, jr[3] = { 0 }, sum = 0, size = 1;

	monomials(xyz, v);
	for (int k = 0; k < 3; k++)
		size += xyz[k] * xyz[k];
	for (int i = 0; i < 10; i++) {
		double row[4] = { 0 };

		for (int k = 0; k < 4; k++)
			for (int j = 0; j < 20; j++)
				row[k] += a[i][j] * v[k][j];
		sum += row[0] * row[0];
		for (int k = 0; k < 3; k++) {
			jr[k] -= row[k + 1] * row[0];
			for (int l = 0; l < 3; l++)
				jj[3 * k + l] += row[k + 1] * row[l + 1];
		}
	}
	if (linear_factor(jj, 3)) {
		linear_back(jj, jr, 3);
		for (int k = 0; k < 3; k++)
			xyz[k] += jr[k];
	}
	/* The equations are cubic: so for an E of norm 1. */
	return sqrt(sum / (size * size * size));
}

/* The tenth degree costs digits; the equations themselves give them back. */
static bool
polish(double a[10][20], double xyz[3])
{
	for (int i = 0; i < POLISHES; i++)
		if (step(a, xyz) < EXACT)
			return true;
	return false;
}

/* The null space of the sample, by elements: those of X, Y, Z and W. */
static bool
null_space(const double (*at)[4], double e[9][4])
{
	double rows[45], basis[36];

	for (int i = 0; i < ESSENTIAL_SAMPLE; i++) {
		double x = at[i][0], y = at[i][1], u = at[i][2], v = at[i][3];
		double row[9] = { u * x, u * y, u, v * x, v * y, v, x, y, 1 };

		memcpy(rows + 9 * i, row, sizeof(row));
	}
	if (!linear_complement(rows, 5, 9, basis))
		return false;
	for (int i = 0; i < 36; i++)
		e[i % 9][i / 9] = basis[i];
	return true;
}

size_t
essential_solve(const double (*at)[4], double (*e)[9])
{
	double parts[9][4], a[10][20], reduced[10][20], b[3][3][5], c[11];
	double roots[ROOTS_MAX], xyz[3];
	size_t n, found = 0;

	if (!null_space(at, parts))
		return 0;
	equations(parts, a);
	memcpy(reduced, a, sizeof(a));
	if (!linear_reduce(reduced[0], 10, 20))
		return 0;
	eliminate(reduced, b);
	determinant(b, c);
	n = roots_find(c, 10, roots);
	for (size_t i = 0; i < n; i++) {
		double *to = e[found];

		if (!unknowns(b, roots[i], xyz) || !polish(a, xyz))
			continue;
		for (int k = 0; k < 9; k++)
			to[k] = xyz[0] * parts[k][0] + xyz[1] * parts[k][1] +
			        xyz[2] * parts[k][2] + parts[k][3];
		found += mat3_unit(to, 9) &&
		         fundamental_oriented(to, at, ESSENTIAL_SAMPLE);
	}
	return found;
}

static const double even = 0.70710678118654752440;

static bool
move(const double e[9], const double *step, double to[9])
{
	struct fundamental_parts parts;
	double v[3] = { step[3], step[4], 0 };

	if (!fundamental_split(e, &parts))
		return false;
	fundamental_turn(parts.u, step);
	fundamental_turn(parts.v, v);
	parts.s[0] = parts.s[1] = even;
	fundamental_join(&parts, to);
	return true;
}

void
essential_refine(const struct dlt_pairs *p, double e[9], int steps)
{
	static const struct refine model = { 5, 1, fundamental_cost,
		fundamental_tangents, move };
	static const double still[5];
	double to[9];

	if (p->n > ESSENTIAL_SAMPLE && move(e, still, to)) {
		memcpy(e, to, sizeof(to));
		refine_run(&model, p, e, steps);
	}
}
