#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "pca.h"
#include "vision/lapack.h"

#define LANES 8      /* partial sums, which do not wait for each other */
#define NOTHING 1e-9 /* of the greatest spread: a direction without any */

double
pca_dot(const float *restrict a, const float *restrict b, size_t length)
{
	double sum[LANES] = { 0 };

	for (size_t i = 0; i < length; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			sum[k] += (double)a[i + k] * b[i + k];
	return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
	       ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

static void
centre(struct pca *p)
{
	for (size_t i = 0; i < p->length; i++) {
		double sum = 0;

		for (size_t k = 0; k < p->n; k++)
			sum += p->rows[k * p->length + i];
		p->mean[i] = (float)(sum / (double)p->n);
		for (size_t k = 0; k < p->n; k++)
			p->rows[k * p->length + i] -= p->mean[i];
	}
}

/* The upper triangle of X X'. */
static double *
products(const struct pca *p)
{
	double *g = mem_alloc(p->n * p->n, sizeof(*g));

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = i; k < p->n; k++)
			g[i * p->n + k] = pca_dot(p->rows + i * p->length,
				p->rows + k * p->length, p->length);
	return g;
}

/* X'u, times ${factor}, with its sign fixed. */
static void
axis(const struct pca *p, const double *u, double factor, float *out)
{
	size_t top = 0;
	double *sum = mem_alloc(p->length, sizeof(*sum));

	for (size_t i = 0; i < p->length; i++)
		sum[i] = 0;
	for (size_t k = 0; k < p->n; k++)
		for (size_t i = 0; i < p->length; i++)
			sum[i] += u[k] * p->rows[k * p->length + i];
	for (size_t i = 1; i < p->length; i++)
		if (fabs(sum[i]) > fabs(sum[top]))
			top = i;
	factor = copysign(factor, sum[top]);
	for (size_t i = 0; i < p->length; i++)
		out[i] = (float)(sum[i] * factor);
	free(sum);
}

int
pca_find(struct pca *p, struct err *e)
{
	double *g, *values = mem_alloc(p->n, sizeof(*values));
	size_t n = p->n, found = 0;
	int rc;

	centre(p);
	g = products(p);
	rc = lapack_eigen(g, n, values, e);
	/* ascending: the greatest stand last */
	while (rc == 0 && found < n &&
		values[n - 1 - found] > NOTHING * values[n - 1])
		found++;
	if (found < p->dims)
		p->dims = found;
	for (size_t i = 0; rc == 0 && i < p->dims; i++)
		axis(p, g + (n - 1 - i) * n,
			sqrt((double)n) / values[n - 1 - i],
			p->axes + i * p->length);
	free(g);
	free(values);
	return rc;
}
