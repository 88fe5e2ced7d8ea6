#include "chance.h"

#include <math.h>

#define MISSED 1e-4

size_t
chance_least(struct chance_model m, size_t n, double p)
{
	double expected, scale;
	int exponent = 0, more;
	size_t k = m.sample;

	if (n <= m.sample || !(p < 1))
		return n + 1;
	/* At k = m; from then on each k follows from the one before. */
	expected = (double)(n - m.sample) * (double)m.solutions;
	for (size_t i = 0; i < m.sample; i++)
		expected *= (double)(n - i) / (double)(i + 1);
	while (k < n) {
		scale = (double)(n - k) / (double)(k + 1 - m.sample) * p;
		/* The exponent is kept apart: of 10,000 pairs it is large. */
		expected = frexp(expected * scale, &more);
		exponent += more;
		k++;
		if (exponent <= 0) /* the fraction is below 1 */
			return k;
	}
	return n + 1;
}

/* q to the n-th, by squares */
static double
power(double q, size_t n)
{
	double to = 1;

	for (; n; n >>= 1, q *= q)
		if (n & 1)
			to *= q;
	return to;
}

size_t
chance_rounds(struct chance_model m, size_t n, size_t k, size_t most)
{
	size_t low = 0, high = most;
	double good = 1;

	for (size_t i = 0; i < m.sample; i++)
		good *= i < k ? (double)(k - i) / (double)(n - i) : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (power(1 - good, middle) <= MISSED)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
