/*
 * hash: a 64-bit hash that is the same on every machine, for ever.
 *
 * FNV-1a with a finaliser (MurmurHash3's fmix64). It keys hash tables and
 * random draws by a record's identity; it is no defence against an adversary
 * (lib/record/digest.h has SHA-256).
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "span.h"

/* hash_bytes(seed, text): The hash of ${text}; chain calls through ${seed}. */
uint64_t hash_bytes(uint64_t seed, struct span text);

/* hash_mix(x): A bijection of 64 bits in which every bit depends on all. */
uint64_t hash_mix(uint64_t x);

#endif
