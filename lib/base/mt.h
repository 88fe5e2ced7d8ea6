/*
 * mt: the draws of Python's random module, bit for bit.
 *
 * The Mersenne Twister (Matsumoto and Nishimura, 1998) seeded as
 * random.Random(seed) seeds it for a whole number, for those results that others
 * have published from Python. Whatever needs no comparison uses rng.
 */
#ifndef BASE_MT_H
#define BASE_MT_H

#include <stddef.h>
#include <stdint.h>

#define MT_WORDS 624

struct mt {
	uint32_t s[MT_WORDS];
	unsigned at; /* the next word to hand out; MT_WORDS: twist first */
};

/* mt_init(m, seed): As random.Random(seed). */
void mt_init(struct mt *m, uint64_t seed);

/* mt_u32(m): 32 random bits, the generator's raw output. */
uint32_t mt_u32(struct mt *m);

/* mt_below(m, n): As randrange(n); ${n} is at least 1. */
uint64_t mt_below(struct mt *m, uint64_t n);

/*
 * mt_sample(m, n, k, out): As sample(range(n), k): write ${k} different numbers
 * below ${n} to ${out}, in the order drawn. ${k} is at most ${n}.
 */
void mt_sample(struct mt *m, size_t n, size_t k, size_t *out);

#endif
