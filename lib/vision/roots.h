/*
 * roots: the real roots of a polynomial, the same bits on every machine.
 *
 * Between two neighbouring extrema a polynomial has one root at the most, and the
 * extrema are the roots of its derivative: so the roots are found from those of
 * the highest derivative down, each in its bracket by Newton's method kept in
 * bounds by bisection. Roots outside [-1, 1] are found as the inverses of those
 * of the reversed polynomial, where nothing overflows.
 */
#ifndef VISION_ROOTS_H
#define VISION_ROOTS_H

#include <stddef.h>

#define ROOTS_MAX 10 /* the greatest degree */

/*
 * roots_find(c, degree, roots): The real roots of c[0] + c[1] x + ... into
 * ${roots}; their number. Of a root that the curve only touches nothing may be
 * found, or two that are close.
 */
size_t roots_find(const double *c, size_t degree, double roots[ROOTS_MAX]);

#endif
