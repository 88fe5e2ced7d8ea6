/*
 * mat3: 3 x 3 matrices and vectors of 3, row-major.
 *
 * Results never share memory with arguments.
 */
#ifndef VISION_MAT3_H
#define VISION_MAT3_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* to = a b */
static inline void
mat3_mul(const double a[9], const double b[9], double to[9])
{
	for (int i = 0; i < 9; i += 3)
		for (int j = 0; j < 3; j++)
			to[i + j] = a[i] * b[j] + a[i + 1] * b[3 + j] +
			            a[i + 2] * b[6 + j];
}

static inline void
mat3_transpose(const double a[9], double to[9])
{
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			to[3 * j + i] = a[3 * i + j];
}

static inline void
mat3_cross(const double a[3], const double b[3], double to[3])
{
	to[0] = a[1] * b[2] - a[2] * b[1];
	to[1] = a[2] * b[0] - a[0] * b[2];
	to[2] = a[0] * b[1] - a[1] * b[0];
}

static inline double
mat3_dot(const double a[3], const double b[3])
{
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* to = a v */
static inline void
mat3_apply(const double a[9], const double v[3], double to[3])
{
	for (int i = 0; i < 3; i++)
		to[i] = mat3_dot(a + 3 * i, v);
}

/* The inverse times the determinant, which is returned. */
static inline double
mat3_adjugate(const double a[9], double to[9])
{
	double t[9];

	mat3_cross(a + 3, a + 6, t);
	mat3_cross(a + 6, a, t + 3);
	mat3_cross(a, a + 3, t + 6);
	mat3_transpose(t, to);
	return mat3_dot(a, t);
}

static inline double
mat3_det(const double a[9])
{
	double t[3];

	mat3_cross(a + 3, a + 6, t);
	return mat3_dot(a, t);
}

/* Make the root of the sum of squares 1; false where it is 0 or no number. */
static inline bool
mat3_unit(double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i] * v[i];
	sum = sqrt(sum);
	if (!(sum > 0 && sum < INFINITY))
		return false;
	for (size_t i = 0; i < n; i++)
		v[i] /= sum;
	return true;
}

#endif
