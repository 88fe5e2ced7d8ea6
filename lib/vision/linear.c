#include "linear.h"

#include <float.h>
#include <math.h>

#include "mat3.h"

#define SWEEPS 30
#define INDEPENDENT 1e-8

static double
dot(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Turn two vectors in the plane that they span. */
static void
rotate(double *a, double *b, size_t n, size_t stride, const double cs[2])
{
	for (size_t i = 0; i < n * stride; i += stride) {
		double x = a[i], y = b[i];

		a[i] = cs[0] * x - cs[1] * y;
		b[i] = cs[1] * x + cs[0] * y;
	}
}

/* Make a[p][q] zero; false where it is nothing already. */
static bool
annihilate(double *a, double *v, size_t n, const size_t pq[2])
{
	size_t p = pq[0], q = pq[1];
	double app = a[p * n + p], aqq = a[q * n + q], apq = a[p * n + q];
	double theta, t, cs[2];

	if (fabs(apq) <= DBL_EPSILON / 4 * sqrt(fabs(app)) * sqrt(fabs(aqq)) ||
		fabs(apq) < DBL_MIN)
		return false;
	theta = (aqq - app) / (2 * apq);
	t = 1 / (fabs(theta) + sqrt(1 + theta * theta));
	t = theta < 0 ? -t : t;
	cs[0] = 1 / sqrt(1 + t * t);
	cs[1] = t * cs[0];
	rotate(a + p * n, a + q * n, n, 1, cs);
	rotate(a + p, a + q, n, n, cs);
	rotate(v + p * n, v + q * n, n, 1, cs);
	a[p * n + q] = a[q * n + p] = 0;
	return true;
}

/* By insertion, each with its vector. */
static void
ascend(double *values, double *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && values[j] < values[j - 1]; j--) {
			double t = values[j];

			values[j] = values[j - 1];
			values[j - 1] = t;
			for (size_t k = 0; k < n; k++) {
				t = v[j * n + k];
				v[j * n + k] = v[(j - 1) * n + k];
				v[(j - 1) * n + k] = t;
			}
		}
}

void
linear_eigen(double *a, size_t n, double *values, double *vectors)
{
	bool turned = true;

	for (size_t i = 0; i < n * n; i++)
		vectors[i] = i % (n + 1) == 0;
	for (int sweep = 0; turned && sweep < SWEEPS; sweep++) {
		turned = false;
		for (size_t p = 0; p < n; p++)
			for (size_t q = p + 1; q < n; q++)
				turned |= annihilate(a, vectors, n,
					(const size_t[]){ p, q });
	}
	for (size_t i = 0; i < n; i++)
		values[i] = a[i * n + i];
	ascend(values, vectors, n);
}

/* Take out of v what it has of the rows; twice is enough (Kahan). */
static void
orthogonalise(double *v, const double *rows, size_t m, size_t n)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < m; i++) {
			double part = dot(rows + i * n, v, n);

			for (size_t k = 0; k < n; k++)
				v[k] -= part * rows[i * n + k];
		}
}

/* The axis that the rows, orthonormal, have least of. */
static size_t
freest(const double *a, size_t m, const double *basis, size_t done, size_t n)
{
	double least = INFINITY;
	size_t axis = 0;

	for (size_t k = 0; k < n; k++) {
		double has = 0;

		for (size_t i = 0; i < m; i++)
			has += a[i * n + k] * a[i * n + k];
		for (size_t i = 0; i < done; i++)
			has += basis[i * n + k] * basis[i * n + k];
		if (has < least)
			least = has, axis = k;
	}
	return axis;
}

bool
linear_complement(double *a, size_t m, size_t n, double *basis)
{
	for (size_t i = 0; i < m; i++) {
		double *row = a + i * n;

		if (!mat3_unit(row, n))
			return false;
		orthogonalise(row, a, i, n);
		if (!(dot(row, row, n) > INDEPENDENT * INDEPENDENT) ||
			!mat3_unit(row, n))
			return false;
		orthogonalise(row, a, i, n);
	}
	for (size_t i = 0; i < n - m; i++) {
		double *row = basis + i * n;
		size_t axis = freest(a, m, basis, i, n);

		for (size_t k = 0; k < n; k++)
			row[k] = k == axis;
		orthogonalise(row, a, m, n);
		orthogonalise(row, basis, i, n);
		if (!mat3_unit(row, n))
			return false;
	}
	return true;
}

bool
linear_factor(double *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = a[i * n + j] -
			             dot(a + i * n, a + j * n, j);

			if (j < i)
				a[i * n + j] = sum / a[j * n + j];
			else if (sum > 0 && sum < INFINITY)
				a[i * n + i] = sqrt(sum);
			else
				return false;
		}
	return true;
}

void
linear_back(const double *l, double *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b[i] = (b[i] - dot(l + i * n, b, i)) / l[i * n + i];
	for (size_t i = n; i-- > 0;) {
		b[i] /= l[i * n + i];
		for (size_t j = 0; j < i; j++)
			b[j] -= l[i * n + j] * b[i];
	}
}

static void
swap_rows(double *a, double *b, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		double t = a[k];

		a[k] = b[k];
		b[k] = t;
	}
}

bool
linear_reduce(double *a, size_t m, size_t n)
{
	for (size_t i = 0; i < m; i++) {
		size_t pivot = i;
		double scale;

		for (size_t r = i + 1; r < m; r++)
			if (fabs(a[r * n + i]) > fabs(a[pivot * n + i]))
				pivot = r;
		if (pivot != i)
			swap_rows(a + i * n, a + pivot * n, n);
		scale = a[i * n + i];
		if (!(fabs(scale) > DBL_MIN))
			return false;
		for (size_t k = i; k < n; k++)
			a[i * n + k] /= scale;
		for (size_t r = 0; r < m; r++) {
			double part = a[r * n + i];

			for (size_t k = i; r != i && k < n; k++)
				a[r * n + k] -= part * a[i * n + k];
		}
	}
	return true;
}
