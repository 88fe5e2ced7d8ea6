/*
 * roots: the real roots of a polynomial, the same bits on every machine.
 *
 * A polynomial in Bernstein's form has no more roots in its interval than its
 * coefficients change their sign. Where they do so more than once the interval is
 * halved (de Casteljau), which separates the roots; where they do once there is
 * one, and Newton's method, kept in bounds by bisection, finds it. Roots outside
 * [-1, 1] are the inverses of those of the reversed polynomial, where nothing
 * overflows.
 */
#ifndef VISION_ROOTS_H
#define VISION_ROOTS_H

#include <stddef.h>

#define ROOTS_MAX 10 /* the greatest degree */

/*
 * roots_find(c, degree, roots): The real roots of c[0] + c[1] x + ... into
 * ${roots}; their number. A root that the curve only touches may not be found.
 */
size_t roots_find(const double *c, size_t degree, double roots[ROOTS_MAX]);

#endif
