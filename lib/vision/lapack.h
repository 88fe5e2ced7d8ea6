/*
 * lapack: decompositions of small dense matrices; the only door to LAPACK.
 *
 * Matrices are row-major in and out. Which LAPACK and BLAS run is the system's
 * choice (Debian has the reference ones, OpenBLAS, ATLAS), and they differ in the
 * last bits, in the sign of vectors, and in the order within repeated values. So
 * nothing may hang on those: what has to be the same on every machine uses
 * linear.h, which is slower and only for a handful of rows.
 */
#ifndef VISION_LAPACK_H
#define VISION_LAPACK_H

#include <stddef.h>

#include "base/die.h"

/*
 * lapack_eigen(a, n, values, e): Eigenvalues, ascending, of the symmetric matrix
 * ${a}, n x n, of which the upper triangle is read; row i of ${a} becomes the
 * unit eigenvector of value i. Returns 0, or -1 with the reason in ${e}.
 */
int lapack_eigen(double *a, size_t n, double *values, struct err *e);

/* A matrix and its decomposition u diag(s) vt, k = min(rows, columns). */
struct lapack_svd {
	double *a; /* rows x columns; overwritten */
	size_t rows, columns;
	double *u;  /* rows x k */
	double *s;  /* k, descending */
	double *vt; /* k x columns */
};

/* lapack_svd(d, e): Fill u, s and vt of ${d}, which the caller owns. */
int lapack_svd(struct lapack_svd *d, struct err *e);

/*
 * lapack_roots(a, n, re, im, e): The eigenvalues of any square matrix ${a}, which
 * is overwritten; pairs of conjugates stand together.
 */
int lapack_roots(double *a, size_t n, double *re, double *im, struct err *e);

#endif
