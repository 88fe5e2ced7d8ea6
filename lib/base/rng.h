/*
 * rng: random numbers that are the same on every machine.
 *
 * xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2019) seeded through SplitMix64. A generator is named by a seed
 * and a stream, so that a draw can be keyed by a record's identity rather than
 * by the order in which records arrive.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t s[4];
};

/* rng_init(r, seed, stream): Different streams of a seed are independent. */
void rng_init(struct rng *r, uint64_t seed, uint64_t stream);

/* rng_u64(r): 64 random bits; inline, for the loops that draw millions. */
static inline uint64_t
rng_u64(struct rng *r)
{
	uint64_t *s = r->s, t = s[1] << 17, x = s[0] + s[3];

	x = (x << 23 | x >> 41) + s[0];
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = s[3] << 45 | s[3] >> 19;
	return x;
}

/* rng_below(r, n): Uniform in [0, n) without bias; ${n} is at least 1. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* rng_unit(r): Uniform in [0, 1), a multiple of 2^-53. */
double rng_unit(struct rng *r);

#endif
