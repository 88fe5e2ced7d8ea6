/*
 * linear: systems of a handful of unknowns, the same bits on every machine.
 *
 * LAPACK (lapack.h) does this too, but which one runs is the system's choice and
 * they differ in the last bits, in signs and in the basis of a null space; and
 * there an estimate of two-view geometry, which begins with a sample of few
 * points, can tip over to another set of inliers. Matches that were verified
 * have to be the same everywhere, so these few lines are our own: fixed orders
 * of + - * / and square roots, which IEEE 754 defines to the last bit.
 *
 * Matrices are row-major, and of LINEAR_MAX rows at the most.
 */
#ifndef VISION_LINEAR_H
#define VISION_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#define LINEAR_MAX 9

/*
 * linear_eigen(a, n, values, vectors): Eigenvalues, ascending, and orthonormal
 * eigenvectors, a row each, of the symmetric matrix ${a}, which is destroyed.
 * Jacobi's method, rows in cyclic order (Golub and Van Loan, "Matrix
 * Computations", 8.5).
 */
void linear_eigen(double *a, size_t n, double *values, double *vectors);

/*
 * linear_complement(a, m, n, basis): The n - m rows of ${basis}, orthonormal,
 * are orthogonal to the ${m} rows of ${a}, which become orthonormal too. False
 * where those are not independent, to a part in 1e8.
 */
bool linear_complement(double *a, size_t m, size_t n, double *basis);

/*
 * linear_factor(a, n): Make ${a}, symmetric and positive definite, l in its lower
 * triangle where a = l l' (Cholesky); false where it is not that.
 * linear_back(l, b, n): Make ${b} the solution of a x = b.
 */
bool linear_factor(double *a, size_t n);
void linear_back(const double *l, double *b, size_t n);

/*
 * linear_reduce(a, m, n): Gauss-Jordan elimination with partial pivots: the
 * first m columns of ${a}, m x n, become the identity. False where they are
 * singular.
 */
bool linear_reduce(double *a, size_t m, size_t n);

#endif
