#include "roots.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define STEPS 100

static double
value(const double *c, size_t degree, double x)
{
	double y = c[degree];

	for (size_t i = degree; i-- > 0;)
		y = y * x + c[i];
	return y;
}

/* The root in [low, high], at whose ends the signs differ. */
static double
bracketed(const double *c, const double *slope, size_t degree,
	const double ends[2])
{
	double low = ends[0], high = ends[1], x = (low + high) / 2;
	int rising = value(c, degree, high) > 0;

	for (int step = 0; step < STEPS; step++) {
		double y = value(c, degree, x), d, next;

		if ((y > 0) == rising)
			high = x;
		else
			low = x;
		d = value(slope, degree - 1, x);
		next = x - y / d;
		if (!(next > low && next < high)) /* or no number at all */
			next = (low + high) / 2;
		if (fabs(next - x) <= DBL_EPSILON * fabs(x) || next <= low ||
			next >= high)
			return next;
		x = next;
	}
	return x;
}

/* The roots in [-1, 1], ascending, from those of the derivative. */
static size_t
level(const double *c, const double *slope, size_t degree, double *roots,
	size_t extrema)
{
	double ends[ROOTS_MAX + 2];
	size_t n = 0;

	ends[0] = -1;
	memcpy(ends + 1, roots, extrema * sizeof(*roots));
	ends[extrema + 1] = 1;
	for (size_t i = 0; i <= extrema; i++) {
		double at = value(c, degree, ends[i]);
		double then = value(c, degree, ends[i + 1]);

		if ((at > 0) != (then > 0) && ends[i] < ends[i + 1])
			roots[n++] = bracketed(c, slope, degree, ends + i);
	}
	return n;
}

static size_t
within(const double *c, size_t degree, double *roots)
{
	double d[ROOTS_MAX + 1][ROOTS_MAX + 1];
	size_t n = 0;

	/* d[k] is the derivative of degree k. */
	memcpy(d[degree], c, (degree + 1) * sizeof(*c));
	for (size_t k = degree; k-- > 0;)
		for (size_t i = 0; i <= k; i++)
			d[k][i] = (double)(i + 1) * d[k + 1][i + 1];
	for (size_t k = 1; k <= degree; k++)
		n = level(d[k], d[k - 1], k, roots, n);
	return n;
}

size_t
roots_find(const double *c, size_t degree, double roots[ROOTS_MAX])
{
	double reversed[ROOTS_MAX + 1], out[ROOTS_MAX];
	size_t n, more;

	for (size_t i = 0; i <= degree; i++)
		reversed[i] = c[degree - i];
	n = within(c, degree, roots);
	more = within(reversed, degree, out);
	/* Those at the ends were found already; rounding may not find more. */
	for (size_t i = 0; i < more && n < degree; i++)
		if (fabs(out[i]) < 1 && (out[i] < 0 || out[i] > 0))
			roots[n++] = 1 / out[i];
	return n;
}
