#include "roots.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define STEPS 100
#define DEEP 30 /* halvings: roots that are closer are one that is touched */

/* Bernstein's coefficients between two places. */
struct piece {
	double b[ROOTS_MAX + 1];
	double ends[2];
	int depth;
};

/* A polynomial, its slope, and the roots that were found. */
struct finding {
	const double *c;
	size_t degree;
	double *roots;
	size_t n;
};

static void
value(const struct finding *f, double x, double *y, double *slope)
{
	*y = f->c[f->degree];
	*slope = 0;
	for (size_t i = f->degree; i-- > 0;) {
		*slope = *slope * x + *y;
		*y = *y * x + f->c[i];
	}
}

static void
found(struct finding *f, double x)
{
	if (f->n < f->degree)
		f->roots[f->n++] = x;
}

/* The one root of a piece, at whose upper end the sign is known. */
static double
bracketed(const struct finding *f, const double ends[2], bool rising)
{
	double low = ends[0], high = ends[1], x = (low + high) / 2;

	for (int step = 0; step < STEPS; step++) {
		double y, slope, next;

		value(f, x, &y, &slope);
		if ((y > 0) == rising)
			high = x;
		else
			low = x;
		next = x - y / slope;
		if (!(next > low && next < high)) /* or no number at all */
			next = (low + high) / 2;
		if (fabs(next - x) <= DBL_EPSILON * fabs(x) || next <= low ||
			next >= high)
			return next;
		x = next;
	}
	return x;
}

/* p(2t - 1) by Taylor's shift, then from powers of t to Bernstein's form. */
static void
bernstein(const double *c, size_t n, double *b)
{
	double over[ROOTS_MAX + 1], choose = 1;

	memcpy(b, c, (n + 1) * sizeof(*c));
	for (size_t i = 0; i < n; i++)
		for (size_t j = n; j-- > i;)
			b[j] -= b[j + 1];
	for (size_t i = 0; i <= n; i++) {
		/* 2^i / (n choose i) */
		over[i] = b[i] * (double)(1u << i) / choose;
		choose = choose * (double)(n - i) / (double)(i + 1);
	}
	for (size_t j = 0; j <= n; j++) {
		choose = 1, b[j] = 0;
		for (size_t i = 0; i <= j; i++) {
			b[j] += choose * over[i];
			choose = choose * (double)(j - i) / (double)(i + 1);
		}
	}
}

/* How often the sign changes, zeros aside; the last sign. */
static int
changes(const double *b, size_t n, bool *rising)
{
	int count = 0, sign = 0;

	for (size_t i = 0; i <= n; i++) {
		int now = (b[i] > 0) - (b[i] < 0);

		count += now * sign < 0;
		sign = now ? now : sign;
	}
	*rising = sign > 0;
	return count;
}

/* Halve a piece: the lower half stays, the upper one is returned. */
static struct piece
halve(struct piece *p, size_t n)
{
	struct piece up = { .ends = { (p->ends[0] + p->ends[1]) / 2,
				    p->ends[1] },
		.depth = p->depth + 1 };

	for (size_t i = 0; i <= n; i++) {
		up.b[n - i] = p->b[n];
		for (size_t j = n; j > i; j--)
			p->b[j] = (p->b[j] + p->b[j - 1]) / 2;
	}
	p->ends[1] = up.ends[0];
	p->depth++;
	return up;
}

/* The roots between -1 and 1. */
static void
within(struct finding *f)
{
	struct piece stack[DEEP + 2] = { { .ends = { -1, 1 } } };
	size_t n = f->degree, top = 1;

	bernstein(f->c, n, stack[0].b);
	while (top > 0) {
		struct piece *p = &stack[top - 1];
		bool rising;
		int count = changes(p->b, n, &rising);

		if (count < 2 || p->depth >= DEEP) {
			if (count == 1)
				found(f, bracketed(f, p->ends, rising));
			top--;
			continue;
		}
		stack[top++] = halve(p, n);
		/* A root that is just there belongs to neither half. */
		if (!(p->b[n] < 0 || p->b[n] > 0))
			found(f, p->ends[1]);
	}
}

size_t
roots_find(const double *c, size_t degree, double roots[ROOTS_MAX])
{
	double reversed[ROOTS_MAX + 1], y, slope;
	struct finding f = { c, degree, roots, 0 };
	size_t inner;

	for (int end = -1; end <= 1; end += 2) {
		value(&f, end, &y, &slope);
		if (!(y < 0 || y > 0))
			found(&f, end);
	}
	within(&f);
	inner = f.n;
	for (size_t i = 0; i <= degree; i++)
		reversed[i] = c[degree - i];
	f.c = reversed;
	within(&f);
	for (size_t i = inner; i < f.n; i++)
		roots[i] = 1 / roots[i];
	/* A leading 0 is a root of the reversed one, and none of this one. */
	inner = f.n;
	f.n = 0;
	for (size_t i = 0; i < inner; i++)
		if (isfinite(roots[i]))
			roots[f.n++] = roots[i];
	return f.n;
}
