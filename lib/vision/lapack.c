#include "lapack.h"

#include <limits.h>
#include <stdlib.h>

#include "base/arena.h"

/*
 * Fortran's: everything by address, matrices by columns, lengths of characters
 * behind the other arguments. A row-major matrix is its transpose to LAPACK.
 */
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a,
	const int *lda, double *w, double *work, const int *lwork, int *info,
	size_t, size_t);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a,
	const int *lda, double *s, double *u, const int *ldu, double *vt,
	const int *ldvt, double *work, const int *lwork, int *iwork, int *info,
	size_t);
void dgeev_(const char *jobvl, const char *jobvr, const int *n, double *a,
	const int *lda, double *wr, double *wi, double *vl, const int *ldvl,
	double *vr, const int *ldvr, double *work, const int *lwork, int *info,
	size_t, size_t);

#define LARGEST 16000 /* dgesdd works in 4 times its square, an int */

static int
check(size_t rows, size_t columns, struct err *e)
{
	if (rows > LARGEST || columns > LARGEST)
		return err_set(e,
			"a matrix of %zu x %zu is too large to decompose: "
			"%d rows are the most",
			rows, columns, LARGEST);
	return 0;
}

static int
outcome(int info, const char *what, struct err *e)
{
	return info == 0 ? 0
	                 : err_set(e,
				   "%s of a matrix did not converge: it has to "
				   "be finite",
				   what);
}

int
lapack_eigen(double *a, size_t n, double *values, struct err *e)
{
	int size = (int)n, info = 0, length = -1;
	double best, *work;

	if (n == 0)
		return 0;
	if (check(n, n, e) != 0)
		return -1;
	/* Our upper triangle is the lower one of the transpose. */
	dsyev_("V", "L", &size, a, &size, values, &best, &length, &info, 1, 1);
	length = (int)best;
	work = mem_alloc((size_t)length, sizeof(*work));
	dsyev_("V", "L", &size, a, &size, values, work, &length, &info, 1, 1);
	free(work);
	return outcome(info, "the eigenvectors", e);
}

int
lapack_svd(struct lapack_svd *d, struct err *e)
{
	/* The transpose is v diag(s) u'. */
	int m = (int)d->columns, n = (int)d->rows, k = m < n ? m : n;
	int info = 0, length = -1, *integers;
	double best, *work;

	if (d->rows == 0 || d->columns == 0)
		return 0;
	if (check(d->rows, d->columns, e) != 0)
		return -1;
	integers = mem_alloc(8 * (size_t)k, sizeof(*integers));
	dgesdd_("S", &m, &n, d->a, &m, d->s, d->vt, &m, d->u, &k, &best,
		&length, integers, &info, 1);
	length = (int)best;
	work = mem_alloc((size_t)length, sizeof(*work));
	dgesdd_("S", &m, &n, d->a, &m, d->s, d->vt, &m, d->u, &k, work, &length,
		integers, &info, 1);
	free(work);
	free(integers);
	return outcome(info, "the singular values", e);
}

int
lapack_roots(double *a, size_t n, double *re, double *im, struct err *e)
{
	int size = (int)n, one = 1, info = 0, length = -1;
	double best, none, *work;

	if (n == 0)
		return 0;
	if (check(n, n, e) != 0)
		return -1;
	/* A matrix has its transpose's eigenvalues. */
	dgeev_("N", "N", &size, a, &size, re, im, &none, &one, &none, &one,
		&best, &length, &info, 1, 1);
	length = (int)best;
	work = mem_alloc((size_t)length, sizeof(*work));
	dgeev_("N", "N", &size, a, &size, re, im, &none, &one, &none, &one,
		work, &length, &info, 1, 1);
	free(work);
	return outcome(info, "the eigenvalues", e);
}
