#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "hash.h"
#include "mt.h"

#define HALF 397 /* the distance of the recurrence */

static void
init_word(struct mt *m, uint32_t seed)
{
	m->s[0] = seed;
	for (unsigned i = 1; i < MT_WORDS; i++)
		m->s[i] = 1812433253u * (m->s[i - 1] ^ m->s[i - 1] >> 30) + i;
	m->at = MT_WORDS;
}

/* One step of the seeding by a key: word ${i} takes in its predecessor. */
static unsigned
stir(struct mt *m, unsigned i, uint32_t factor, uint32_t add)
{
	uint32_t before = m->s[i - 1];

	m->s[i] = (m->s[i] ^ (before ^ before >> 30) * factor) + add;
	if (++i < MT_WORDS)
		return i;
	m->s[0] = m->s[MT_WORDS - 1];
	return 1;
}

void
mt_init(struct mt *m, uint64_t seed)
{
	const uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
	unsigned words = key[1] ? 2 : 1, i = 1;

	init_word(m, 19650218);
	for (unsigned n = 0; n < MT_WORDS; n++)
		i = stir(m, i, 1664525, key[n % words] + n % words);
	for (unsigned n = 1; n < MT_WORDS; n++)
		i = stir(m, i, 1566083941, -i);
	m->s[0] = 0x80000000u;
}

static void
twist(struct mt *m)
{
	for (unsigned i = 0; i < MT_WORDS; i++) {
		uint32_t y = (m->s[i] & 0x80000000u) |
		             (m->s[(i + 1) % MT_WORDS] & 0x7fffffffu);

		m->s[i] = m->s[(i + HALF) % MT_WORDS] ^ y >> 1 ^
		          (y & 1 ? 0x9908b0dfu : 0);
	}
	m->at = 0;
}

uint32_t
mt_u32(struct mt *m)
{
	uint32_t y;

	if (m->at == MT_WORDS)
		twist(m);
	y = m->s[m->at++];
	y ^= y >> 11;
	y ^= y << 7 & 0x9d2c5680u;
	y ^= y << 15 & 0xefc60000u;
	return y ^ y >> 18;
}

/* As getrandbits: whole words from the low end, the last one cut short. */
static uint64_t
bits(struct mt *m, unsigned k)
{
	uint64_t low;

	if (k <= 32)
		return mt_u32(m) >> (32 - k);
	low = mt_u32(m);
	return low | (uint64_t)(mt_u32(m) >> (64 - k)) << 32;
}

uint64_t
mt_below(struct mt *m, uint64_t n)
{
	unsigned k = 1;
	uint64_t r;

	while (k < 64 && n >> k)
		k++;
	do
		r = bits(m, k);
	while (r >= n);
	return r;
}

static void
sample_pool(struct mt *m, size_t n, size_t k, size_t *out)
{
	size_t *pool = mem_alloc(n, sizeof(*pool));

	for (size_t i = 0; i < n; i++)
		pool[i] = i;
	for (size_t i = 0; i < k; i++) {
		size_t j = mt_below(m, n - i);

		out[i] = pool[j];
		pool[j] = pool[n - i - 1];
	}
	free(pool);
}

/* Put ${x} into a table of ${size} slots, a power of 2; false: it was there. */
static bool
set_add(size_t *slots, size_t size, size_t x)
{
	size_t i = hash_mix(x) & (size - 1);

	for (; slots[i]; i = (i + 1) & (size - 1))
		if (slots[i] == x + 1)
			return false;
	slots[i] = x + 1;
	return true;
}

static void
sample_set(struct mt *m, size_t n, size_t k, size_t *out)
{
	struct arena a = { 0 };
	size_t size = 16, *slots;

	while (size / 2 < k)
		size *= 2;
	slots = arena_array(&a, size, sizeof(*slots));
	for (size_t i = 0; i < k; i++) {
		do
			out[i] = mt_below(m, n);
		while (!set_add(slots, size, out[i]));
	}
	arena_release(&a);
}

/* Python's choice between its two methods: what takes less memory there. */
void
mt_sample(struct mt *m, size_t n, size_t k, size_t *out)
{
	size_t set = 1;

	while (k > 5 && set < 3 * k)
		set *= 4;
	if (n <= 21 + (k > 5 ? set : 0))
		sample_pool(m, n, k, out);
	else
		sample_set(m, n, k, out);
}
