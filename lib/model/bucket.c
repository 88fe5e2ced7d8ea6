#include <math.h>

#include "model/bucket.h"

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
		return (uint64_t)ceil((1 - b->left) / b->rate * 1000);
	b->left -= 1;
	return 0;
}

uint64_t
bucket_full_ms(const struct bucket *b)
{
	return (uint64_t)ceil((bucket_size(b) - b->left) / b->rate * 1000);
}
