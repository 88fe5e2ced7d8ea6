#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "utf8.h"

static inline bool
tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* How long a sequence that begins with ${c} is; 0: none does. */
static size_t
length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* May ${c} be second after ${first}? Rules out overlong, surrogate, beyond. */
static bool
second(unsigned char first, unsigned char c)
{
	switch (first) {
	case 0xe0:
		return c >= 0xa0 && c <= 0xbf;
	case 0xed:
		return c >= 0x80 && c <= 0x9f;
	case 0xf0:
		return c >= 0x90 && c <= 0xbf;
	case 0xf4:
		return c >= 0x80 && c <= 0x8f;
	default:
		return tail(c);
	}
}

bool
utf8_step(struct span text, size_t *n)
{
	const unsigned char *p = (const unsigned char *)text.s;
	size_t len = length(*p), i = 1;

	if (len > 1 && text.len > 1 && second(p[0], p[1]))
		for (i = 2; i < len && i < text.len && tail(p[i]);)
			i++;
	*n = i;
	return i == len;
}

/* Steps of eight and of one. */
static const char *
pass_ascii(const char *p, const char *end)
{
	uint64_t v;

	for (; end - p >= 8; p += 8) {
		memcpy(&v, p, 8);
		if (v & 0x8080808080808080u)
			break;
	}
	while (p < end && (signed char)*p >= 0)
		p++;
	return p;
}

#ifdef __SSE2__
#define HALF 16
#define BLOCK (2 * HALF)

static inline __m128i
load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i
either(__m128i a, __m128i b)
{
	return _mm_or_si128(a, b);
}

/* Of the masks here only the highest bit of each byte counts. */

/* Which bytes are ${c}? */
static inline __m128i
is(__m128i v, unsigned char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
}

/* Which bytes are ${c}, at least 0x80, or more? */
static inline __m128i
from(__m128i v, unsigned char c)
{
	return _mm_subs_epu8(v, _mm_set1_epi8((char)(c - 0x80)));
}

/*
 * Is every byte of the half allowed behind the three before it? What is missing
 * behind its last bytes is for the next half to find.
 */
static inline bool
half_fits(const char *p)
{
	__m128i v = load(p), one = load(p - 1);
	__m128i two = load(p - 2), three = load(p - 3);
	__m128i want = either(
		from(one, 0xc0), either(from(two, 0xe0), from(three, 0xf0)));
	__m128i tails = _mm_cmplt_epi8(v, _mm_set1_epi8((char)0xc0));
	__m128i bad = _mm_xor_si128(want, tails);
	__m128i from_a0 = _mm_slli_epi16(v, 2); /* of tails, as bit 5 says */
	__m128i from_90 = either(from_a0, _mm_slli_epi16(v, 3));

	bad = either(bad, _mm_andnot_si128(from_a0, is(one, 0xe0)));
	bad = either(bad, _mm_and_si128(from_a0, is(one, 0xed)));
	bad = either(bad, _mm_andnot_si128(from_90, is(one, 0xf0)));
	bad = either(bad, _mm_and_si128(from_90, is(one, 0xf4)));
	bad = either(bad, either(is(v, 0xc0), is(v, 0xc1)));
	bad = either(bad, from(v, 0xf5));
	return _mm_movemask_epi8(bad) == 0;
}

/* Passes blocks that are valid; three bytes before ${p} must be there. */
static const char *
pass_blocks(const char *p, const char *end)
{
	int first, last; /* which bytes of the halves are not ASCII */
	int cut = 0;     /* and is the one before them? */

	for (; end - p >= BLOCK; p += BLOCK) {
		first = _mm_movemask_epi8(load(p));
		last = _mm_movemask_epi8(load(p + HALF));
		if ((first | last | cut) &&
			!(half_fits(p) && half_fits(p + HALF)))
			break;
		cut = last >> (HALF - 1);
	}
	return p;
}
#else
#define BLOCK 8

static const char *
pass_blocks(const char *p, const char *end)
{
	return pass_ascii(p, end);
}
#endif

/* The start of the last sequence before ${p}, or ${p} behind ASCII. */
static const char *
boundary(const char *p)
{
	while (tail((unsigned char)p[-1]))
		p--;
	return (unsigned char)p[-1] >= 0xc0 ? p - 1 : p;
}

size_t
utf8_valid(struct span text)
{
	const char *p = text.s, *end = p + text.len, *q;
	size_t n;

	while (p < end) {
		if (p - text.s >= 3 && (q = pass_blocks(p, end)) > p)
			p = boundary(q);
		if (end - p < BLOCK)
			p = pass_ascii(p, end);
		if (p == end ||
			!utf8_step((struct span){ p, (size_t)(end - p) }, &n))
			break;
		p += n;
	}
	return (size_t)(p - text.s);
}

size_t
utf8_put(char to[UTF8_MAX], uint32_t code)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; code >>= 6)
		to[i] = (char)(0x80 | (code & 0x3f));
	to[0] = (char)(lead[n] | code);
	return n;
}

/* The product adds the eight bytes, each 1 for a tail, up in the highest. */
size_t
utf8_count(struct span text)
{
	const uint64_t ones = 0x0101010101010101u;
	const char *p = text.s, *end = p + text.len;
	size_t tails = 0;
	uint64_t v;

	for (; end - p >= 8; p += 8) {
		memcpy(&v, p, 8);
		v = (v >> 7) & ~(v >> 6) & ones;
		tails += (v * ones) >> 56;
	}
	for (; p < end; p++)
		tails += tail((unsigned char)*p);
	return text.len - tails;
}
