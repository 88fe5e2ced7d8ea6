#include "hash.h"

uint64_t
hash_mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	x ^= x >> 33;
	return x;
}

uint64_t
hash_bytes(uint64_t seed, struct span text)
{
	uint64_t h = 0xcbf29ce484222325u ^ hash_mix(seed);

	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)text.s[i]) * 0x100000001b3u;
	return hash_mix(h);
}
