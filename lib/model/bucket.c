#include <math.h>

#include "model/bucket.h"

/* Milliseconds until there are so many tokens more. */
static uint64_t
filling(const struct bucket *b, double tokens)
{
	return (uint64_t)ceil(tokens / b->rate * 1000 - 1e-6);
}

double
bucket_size(const struct bucket *b)
{
	return fmax(1, floor(b->rate));
}

uint64_t
bucket_take(struct bucket *b, uint64_t now_ms)
{
	double size = bucket_size(b);

	if (b->rate <= 0)
		return 0;
	if (b->at_ms == 0)
		b->left = size;
	else if (now_ms > b->at_ms)
		b->left += (double)(now_ms - b->at_ms) / 1000 * b->rate;
	b->left = fmin(b->left, size);
	b->at_ms = now_ms ? now_ms : 1;
	if (b->left < 1)
		return filling(b, 1 - b->left);
	b->left -= 1;
	return 0;
}

uint64_t
bucket_full_ms(const struct bucket *b)
{
	return filling(b, bucket_size(b) - b->left);
}
