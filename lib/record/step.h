/*
 * step: how JSON text is passed, for those who scan, walk and write it.
 *
 * step_* take a place and the end of the text and return the first place that
 * does not belong to what they pass; nothing outside is read. What input mostly
 * consists of is passed a block at a time: 16 bytes where there is SSE2, else 8.
 */
#ifndef RECORD_STEP_H
#define RECORD_STEP_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool
step_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool
step_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does ${c} stand for itself in a string? */
static inline bool
step_is_plain(char c)
{
	return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

/* Does a number or a word end at ${c}? It does as well where its text ends. */
static inline bool
step_is_end(char c)
{
	return c == ',' || (unsigned char)c <= ' ';
}

/* What ${c} means behind a backslash; 0 for u and where it means nothing. */
static inline char
step_escape(char c)
{
	static const char bytes[256] = {
		['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t',
	};

	return bytes[(unsigned char)c];
}

/*
 * Blocks: which of the bytes at ${p} are not plain, and at which a number or a
 * word ends, as a bit for each byte, the first byte's the lowest.
 */
#ifdef __SSE2__
#define STEP_BLOCK 32

static inline __m128i
step_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i
step_either(__m128i a, __m128i b)
{
	return _mm_or_si128(a, b);
}

/* Which bytes of ${v} are ${c}? */
static inline __m128i
step_equal(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* Which are ${c} at the most? */
static inline __m128i
step_most(__m128i v, char c)
{
	return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(c)), v);
}

/* The mark of each byte of two halves. */
static inline unsigned
step_bits(__m128i low, __m128i high)
{
	return (unsigned)_mm_movemask_epi8(low) |
	       (unsigned)_mm_movemask_epi8(high) << 16;
}

static inline __m128i
step_half_not_plain(__m128i v)
{
	__m128i mark = step_either(step_equal(v, '"'), step_equal(v, '\\'));

	return step_either(mark, step_most(v, 0x1f));
}

static inline unsigned
step_not_plain(const char *p)
{
	return step_bits(step_half_not_plain(step_load(p)),
		step_half_not_plain(step_load(p + 16)));
}

static inline __m128i
step_half_digits(__m128i v)
{
	return step_most(_mm_sub_epi8(v, _mm_set1_epi8('0')), 9);
}

static inline unsigned
step_not_digits(const char *p)
{
	return ~step_bits(step_half_digits(step_load(p)),
		step_half_digits(step_load(p + 16)));
}

static inline __m128i
step_half_ends(__m128i v)
{
	return step_either(step_equal(v, ','), step_most(v, ' '));
}

static inline unsigned
step_ends(const char *p)
{
	return step_bits(step_half_ends(step_load(p)),
		step_half_ends(step_load(p + 16)));
}
#else
#define STEP_BLOCK 8

static inline uint64_t
step_bytes(unsigned char c)
{
	return c * 0x0101010101010101u;
}

/* Has ${v} a byte below ${n}? Right for n up to 0x80 (Mycroft's test). */
static inline bool
step_below(uint64_t v, unsigned char n)
{
	return (v - step_bytes(n)) & ~v & step_bytes(0x80);
}

static inline unsigned
step_not_plain(const char *p)
{
	unsigned bits = 0;
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	if (step_below(v, 0x20) || step_below(v ^ step_bytes('"'), 1) ||
		step_below(v ^ step_bytes('\\'), 1))
		for (int i = 0; i < STEP_BLOCK; i++)
			bits |= (unsigned)!step_is_plain(p[i]) << i;
	return bits;
}

static inline unsigned
step_not_digits(const char *p)
{
	unsigned bits = 0;

	for (int i = 0; i < STEP_BLOCK; i++)
		bits |= (unsigned)!step_is_digit(p[i]) << i;
	return bits;
}

static inline unsigned
step_ends(const char *p)
{
	unsigned bits = 0;

	for (int i = 0; i < STEP_BLOCK; i++)
		bits |= (unsigned)step_is_end(p[i]) << i;
	return bits;
}
#endif

static inline const char *
step_blanks(const char *p, const char *end)
{
	if (p < end && (unsigned char)*p > ' ') /* mostly there are none */
		return p;
	while (p < end && step_is_blank(*p))
		p++;
	return p;
}

static inline const char *
step_digits(const char *p, const char *end)
{
	for (int i = 0; i < 2; i++, p++)
		if (p == end || !step_is_digit(*p))
			return p;
	for (; end - p >= STEP_BLOCK; p += STEP_BLOCK) {
		unsigned bits = step_not_digits(p);

		if (bits)
			return p + __builtin_ctz(bits);
	}
	while (p < end && step_is_digit(*p))
		p++;
	return p;
}

/* step_plain(p, end): What stands for itself in a string. */
static inline const char *
step_plain(const char *p, const char *end)
{
	for (; end - p >= STEP_BLOCK; p += STEP_BLOCK) {
		unsigned bits = step_not_plain(p);

		if (bits)
			return p + __builtin_ctz(bits);
	}
	while (p < end && step_is_plain(*p))
		p++;
	return p;
}

/*
 * step_copy(to, p, end): The same, copied to ${to}, where there is room for all
 * that there may be: ${end} - ${p} bytes, and STEP_BLOCK more.
 */
static inline const char *
step_copy(char *to, const char *p, const char *end)
{
	for (; end - p >= STEP_BLOCK; p += STEP_BLOCK, to += STEP_BLOCK) {
		unsigned bits = step_not_plain(p);

		memcpy(to, p, STEP_BLOCK);
		if (bits)
			return p + __builtin_ctz(bits);
	}
	while (p < end && step_is_plain(*p))
		*to++ = *p++;
	return p;
}

/* step_scalar(p, end): A number or a word, of which ${end} may be the end. */
static inline const char *
step_scalar(const char *p, const char *end)
{
	for (; end - p >= STEP_BLOCK; p += STEP_BLOCK) {
		unsigned bits = step_ends(p);

		if (bits)
			return p + __builtin_ctz(bits);
	}
	while (p < end && !step_is_end(*p))
		p++;
	return p;
}

#endif
