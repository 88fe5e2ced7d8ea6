/*
 * plain: what stands for itself in a JSON string.
 *
 * That is every byte but the quote, the backslash and control characters. Most
 * of all input is passed here, so it is passed a block a step: 16 bytes where
 * there is SSE2, else 8. Nothing outside [p, end) is read.
 */
#ifndef RECORD_PLAIN_H
#define RECORD_PLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool
plain_is(char c)
{
	return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

#ifdef __SSE2__
#define PLAIN_BLOCK 16

/* A bit for each byte of the block that is not plain. */
static inline unsigned
plain_misses(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i control = _mm_set1_epi8(0x1f);
	__m128i miss = _mm_cmpeq_epi8(_mm_min_epu8(v, control), v);

	miss = _mm_or_si128(miss, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	miss = _mm_or_si128(miss, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	return (unsigned)_mm_movemask_epi8(miss);
}

/* The first byte that ${misses}, which are not 0, tell of. */
static inline const char *
plain_miss(const char *p, unsigned misses)
{
	return p + __builtin_ctz(misses);
}
#else
#define PLAIN_BLOCK 8

/* A word with ${c} in each byte. */
static inline uint64_t
plain_bytes(unsigned char c)
{
	return c * 0x0101010101010101u;
}

/* Has ${v} a byte below ${n}? Right for n up to 0x80 (Mycroft's test). */
static inline bool
plain_below(uint64_t v, unsigned char n)
{
	return (v - plain_bytes(n)) & ~v & plain_bytes(0x80);
}

static inline unsigned
plain_misses(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return plain_below(v, 0x20) || plain_below(v ^ plain_bytes('"'), 1) ||
	       plain_below(v ^ plain_bytes('\\'), 1);
}

static inline const char *
plain_miss(const char *p, unsigned misses)
{
	(void)misses;
	while (plain_is(*p))
		p++;
	return p;
}
#endif

/* plain_skip(p, end): The first byte from ${p} on that is not plain. */
static inline const char *
plain_skip(const char *p, const char *end)
{
	for (; end - p >= PLAIN_BLOCK; p += PLAIN_BLOCK) {
		unsigned misses = plain_misses(p);

		if (misses)
			return plain_miss(p, misses);
	}
	while (p < end && plain_is(*p))
		p++;
	return p;
}

/*
 * plain_copy(to, p, end): The same, and what is passed is copied to ${to},
 * which has room for all there may be: ${end} - ${p} and PLAIN_BLOCK bytes.
 */
static inline const char *
plain_copy(char *to, const char *p, const char *end)
{
	for (; end - p >= PLAIN_BLOCK; p += PLAIN_BLOCK, to += PLAIN_BLOCK) {
		unsigned misses = plain_misses(p);

		memcpy(to, p, PLAIN_BLOCK);
		if (misses)
			return plain_miss(p, misses);
	}
	while (p < end && plain_is(*p))
		*to++ = *p++;
	return p;
}

#endif
