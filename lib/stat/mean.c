#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "mean.h"

#define LANES 8
#define BLOCK 128

static double
sum_few(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return sum;
}

static double
sum_block(const double *v, size_t n)
{
	double r[LANES], sum;
	size_t i;

	for (i = 0; i < LANES; i++)
		r[i] = v[i];
	for (; i + LANES <= n; i += LANES)
		for (size_t lane = 0; lane < LANES; lane++)
			r[lane] += v[i + lane];
	sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
	for (; i < n; i++)
		sum += v[i];
	return sum;
}

double
mean_sum(const double *v, size_t n)
{
	size_t half = n / 2 / LANES * LANES;

	if (n < LANES)
		return sum_few(v, n);
	if (n <= BLOCK)
		return sum_block(v, n);
	return mean_sum(v, half) + mean_sum(v + half, n - half);
}

double
mean_of(const double *v, size_t n)
{
	return n ? mean_sum(v, n) / (double)n : 0;
}

/* What each addition loses is added up by itself. */
double
mean_close(const double *v, size_t n)
{
	double sum = 0, lost = 0;

	for (size_t i = 0; i < n; i++) {
		double next = sum + v[i];

		lost += fabs(sum) >= fabs(v[i]) ? (sum - next) + v[i]
		                                : (v[i] - next) + sum;
		sum = next;
	}
	return n ? (sum + lost) / (double)n : 0;
}

static double
squares(const double *v, size_t n)
{
	double mean = mean_of(v, n), *square, sum;

	square = mem_alloc(n, sizeof(*square));
	for (size_t i = 0; i < n; i++)
		square[i] = (v[i] - mean) * (v[i] - mean);
	sum = mean_sum(square, n);
	free(square);
	return sum;
}

double
mean_std(const double *v, size_t n)
{
	return n ? sqrt(squares(v, n) / (double)n) : 0;
}

double
mean_std_sample(const double *v, size_t n)
{
	return n > 1 ? sqrt(squares(v, n) / (double)(n - 1)) : 0;
}

double
mean_clip(double x)
{
	return x < 0 ? 0 : x > 1 ? 1 : x;
}
