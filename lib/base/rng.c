#include "hash.h"
#include "rng.h"

static uint64_t
splitmix(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void
rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
	uint64_t x = seed ^ hash_mix(stream + 1);

	for (int i = 0; i < 4; i++)
		r->s[i] = splitmix(&x);
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	uint64_t limit = -n % n; /* 2^64 mod n: values below it are biased */
	uint64_t x;

	do
		x = rng_u64(r);
	while (x < limit);
	return x % n;
}

double
rng_unit(struct rng *r)
{
	return (double)(rng_u64(r) >> 11) * 0x1p-53;
}
