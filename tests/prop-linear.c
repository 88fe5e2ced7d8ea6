/*
 * prop-linear: for random matrices of up to 9 rows our own decompositions hold
 * what they promise and agree with LAPACK's; so do the roots of polynomials with
 * the eigenvalues of their companion matrices.
 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "tap.h"
#include "vision/lapack.h"
#include "vision/linear.h"
#include "vision/roots.h"

#define SEED 11
#define CASES 2000

static struct rng rng;

static void
fill(double *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a[i] = 2 * rng_unit(&rng) - 1;
}

static double
dot(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* The worst element of rows * rows' - identity. */
static double
skew(const double *rows, size_t m, size_t n)
{
	double worst = 0;

	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < m; j++)
			worst = fmax(
				worst, fabs(dot(rows + i * n, rows + j * n, n) -
					       (i == j)));
	return worst;
}

static void
check_eigen(void)
{
	double values_off = 0, vectors_off = 0, rebuilt_off = 0, lapack_off = 0;

	for (int i = 0; i < CASES; i++) {
		size_t n = 1 + (size_t)i % LINEAR_MAX;
		double a[81], b[81], c[81], w[9], wl[9], v[81];
		struct err e;

		fill(a, n * n);
		for (size_t r = 0; r < n; r++)
			for (size_t k = 0; k < r; k++)
				a[r * n + k] = a[k * n + r];
		memcpy(b, a, sizeof(a));
		memcpy(c, a, sizeof(a));
		linear_eigen(b, n, w, v);
		if (lapack_eigen(c, n, wl, &e) != 0)
			lapack_off = INFINITY;
		vectors_off = fmax(vectors_off, skew(v, n, n));
		lapack_off = fmax(lapack_off, skew(c, n, n));
		for (size_t k = 0; k < n; k++)
			values_off = fmax(values_off, fabs(w[k] - wl[k]));
		for (size_t r = 0; r < n * n; r++) {
			double sum = 0, suml = 0;

			for (size_t k = 0; k < n; k++) {
				sum += w[k] * v[k * n + r / n] *
				       v[k * n + r % n];
				suml += wl[k] * c[k * n + r / n] *
				        c[k * n + r % n];
			}
			rebuilt_off = fmax(rebuilt_off, fabs(sum - a[r]));
			lapack_off = fmax(lapack_off, fabs(suml - a[r]));
		}
	}
	ok(values_off < 1e-13, "eigenvalues are LAPACK's: %g", values_off);
	ok(vectors_off < 1e-13, "eigenvectors are orthonormal: %g",
		vectors_off);
	ok(rebuilt_off < 1e-13, "and make the matrix again: %g", rebuilt_off);
	ok(lapack_off < 1e-13, "so do LAPACK's: %g", lapack_off);
}

static void
check_complement(void)
{
	double worst = 0;
	double same[18] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 4, 6, 8, 10, 12, 14,
		16, 18 };
	double basis[81];

	for (int i = 0; i < CASES; i++) {
		size_t m = (size_t)i % 9, n = 9;
		double a[81], given[81];

		fill(a, m * n);
		memcpy(given, a, sizeof(a));
		if (!linear_complement(a, m, n, basis))
			worst = INFINITY;
		worst = fmax(worst, skew(basis, n - m, n));
		for (size_t r = 0; r < m; r++)
			for (size_t k = 0; k < n - m; k++)
				worst = fmax(worst, fabs(dot(given + r * n,
							    basis + k * n, n)));
	}
	ok(worst < 1e-13, "a complement is orthogonal: %g", worst);
	ok(!linear_complement(same, 2, 9, basis),
		"there is none for rows that depend on each other");
}

static void
check_solve(void)
{
	double worst = 0, reduced = 0, none[4] = { 1, 2, 2, 1 };
	double singular[6] = { 1, 2, 3, 2, 4, 6 };

	for (int i = 0; i < CASES; i++) {
		size_t n = 1 + (size_t)i % 8;
		double r[64], a[64], x[8], rhs[8], wide[72];

		fill(r, n * n);
		fill(x, n);
		for (size_t k = 0; k < n * n; k++)
			a[k] = dot(r + k / n * n, r + k % n * n, n) +
			       (k / n == k % n);
		for (size_t k = 0; k < n; k++) {
			rhs[k] = dot(a + k * n, x, n);
			memcpy(wide + k * (n + 1), a + k * n, n * sizeof(*a));
			wide[k * (n + 1) + n] = rhs[k];
		}
		if (!linear_factor(a, n) || !linear_reduce(wide, n, n + 1))
			worst = INFINITY;
		linear_back(a, rhs, n);
		for (size_t k = 0; k < n; k++) {
			worst = fmax(worst, fabs(rhs[k] - x[k]));
			reduced = fmax(
				reduced, fabs(wide[k * (n + 1) + n] - x[k]));
		}
	}
	ok(worst < 1e-12, "a system is solved: %g", worst);
	ok(reduced < 1e-12, "by elimination too: %g", reduced);
	ok(!linear_factor(none, 2), "not one that is indefinite");
	ok(!linear_reduce(singular, 2, 3), "nor one that is singular");
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A real root of c, with a margin to becoming complex, is among the found. */
static void
check_roots_of(size_t degree, double *worst, int *missed)
{
	double c[ROOTS_MAX + 1], found[ROOTS_MAX], a[100] = { 0 };
	double re[ROOTS_MAX], im[ROOTS_MAX];
	size_t n, real = 0;
	struct err e;

	fill(c, degree + 1);
	n = roots_find(c, degree, found);
	for (size_t i = 0; i < degree; i++) {
		a[i] = -c[degree - 1 - i] / c[degree];
		if (i + 1 < degree)
			a[(i + 1) * degree + i] = 1;
	}
	if (lapack_roots(a, degree, re, im, &e) != 0)
		*worst = INFINITY;
	for (size_t i = 0; i < degree; i++) {
		if (fabs(im[i]) < 1e-5 * fabs(re[i]) && fabs(im[i]) > 0)
			return; /* nearly double: either answer will do */
		if (!(fabs(im[i]) > 0))
			re[real++] = re[i];
	}
	*missed += n != real;
	qsort(re, real, sizeof(*re), ascending);
	qsort(found, n, sizeof(*found), ascending);
	for (size_t i = 0; i < n && n == real; i++)
		*worst = fmax(
			*worst, fabs(found[i] - re[i]) / (1 + fabs(re[i])));
}

static void
check_roots(void)
{
	double worst = 0, roots[ROOTS_MAX], none[3] = { 1, 0, 1 };
	double known[4] = { -6, 11, -6, 1 };
	int missed = 0;

	for (int i = 0; i < 10 * CASES; i++)
		check_roots_of(1 + (size_t)i % ROOTS_MAX, &worst, &missed);
	ok(missed <= 2, "as many real roots as LAPACK finds, but for %d of %d",
		missed, 10 * CASES);
	ok(worst < 1e-6, "the same roots: %g", worst);
	is_int((int)roots_find(none, 2, roots), 0, "1 + xx has none");
	is_int((int)roots_find(known, 3, roots), 3, "(x-1)(x-2)(x-3) has 3");
	qsort(roots, 3, sizeof(*roots), ascending);
	ok(fabs(roots[0] - 1) + fabs(roots[1] - 2) + fabs(roots[2] - 3) < 1e-14,
		"which are 1, 2 and 3");
}

static void
check_svd(void)
{
	double worst = 0;
	struct err e;

	for (int i = 0; i < CASES; i++) {
		double a[81], given[81], u[81], s[9], vt[81];
		size_t m = 1 + (size_t)i % 9, n = 1 + (size_t)i / 9 % 9;
		size_t k = m < n ? m : n;
		struct lapack_svd d = { a, m, n, u, s, vt };

		fill(a, m * n);
		memcpy(given, a, sizeof(a));
		if (lapack_svd(&d, &e) != 0)
			worst = INFINITY;
		for (size_t j = 0; j < m * n; j++) {
			double sum = 0;

			for (size_t r = 0; r < k; r++)
				sum += u[j / n * k + r] * s[r] *
				       vt[r * n + j % n];
			worst = fmax(worst, fabs(sum - given[j]));
		}
		for (size_t j = 0; j < k; j++)
			if (s[j] < 0 || (j && s[j] > s[j - 1]))
				worst = INFINITY;
	}
	ok(worst < 1e-13, "u diag(s) vt makes the matrix again: %g", worst);
}

int
main(void)
{
	tap_note("seed %d", SEED);
	rng_init(&rng, SEED, 0);
	check_eigen();
	check_complement();
	check_solve();
	check_roots();
	check_svd();
	return tap_done();
}
