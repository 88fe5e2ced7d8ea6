#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "decimal.h"

/* Arithmetic with 128 bits. */

struct wide {
	uint64_t hi, lo;
};

static inline struct wide
multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 r = (unsigned __int128)a * b;

	return (struct wide){ (uint64_t)(r >> 64), (uint64_t)r };
#else
	uint64_t a1 = a >> 32, a0 = a & UINT32_MAX;
	uint64_t b1 = b >> 32, b0 = b & UINT32_MAX;
	uint64_t low = a0 * b0, mid = a1 * b0 + (low >> 32);
	uint64_t mid2 = a0 * b1 + (mid & UINT32_MAX);

	return (struct wide){ a1 * b1 + (mid >> 32) + (mid2 >> 32), a * b };
#endif
}

static inline struct wide
plus(struct wide a, uint64_t b)
{
	a.lo += b;
	a.hi += a.lo < b;
	return a;
}

/* By 0 or 1, without a branch: nobody could guess which. */
static inline struct wide
shift(struct wide a, unsigned s)
{
	return (struct wide){ a.hi << s | (a.lo >> 63 & s), a.lo << s };
}

static inline int
leading_zeros(uint64_t x)
{
	return __builtin_clzll(x);
}

/* floor(log2(10^k)) and floor(log10(2^q)), right for what a double can hold. */

static inline int
log2_of_power(int k)
{
	return (int)((int64_t)k * 1741647 >> 19);
}

static inline int
log10_of_two(int q, int correction)
{
	return (int)(((int64_t)q * 1262611 - correction) >> 22);
}

/*
 * Powers of ten. Their odd part is a power of five: every 27th is here with
 * 192 bits, cut off, and what is between comes from the small ones. That the
 * result is right in all 128 bits is tested for each of them.
 */

#define FIRST (-351)
#define STEP 27

static const uint64_t large[][3] = {
	{ 0x8049a4ac0c5811ae, 0x205b896d777d6278, 0xac261e9f5141430b },
	{ 0xcf42894a5dce35ea, 0x52064cac828675b9, 0x475f2b7d7df1ad7a },
	{ 0xa76c582338ed2621, 0xaf2af2b80af6f24e, 0x657c8f4d43323a36 },
	{ 0x873e4f75e2224e68, 0x5a7744a6e804a291, 0xcc35eddfcf0996d7 },
	{ 0xda7f5bf590966848, 0xaf39a475506a899e, 0xa30294cc2934e662 },
	{ 0xb080392cc4349dec, 0xbd8d794d96aacfb3, 0xfe13a5c86af64418 },
	{ 0x8e938662882af53e, 0x547eb47b7282ee9c, 0x41b0230e1421487d },
	{ 0xe65829b3046b0afa, 0x0cb4a5a3112a5112, 0xa3b561b1cb208396 },
	{ 0xba121a4650e4ddeb, 0x92f34d62616ce413, 0x21a0183e10583cd3 },
	{ 0x964e858c91ba2655, 0x3a6a07f8d510f86f, 0xe9082f25e9c5e9ec },
	{ 0xf2d56790ab41c2a2, 0xfae27299423fb9c3, 0x3695dad7e8858901 },
	{ 0xc428d05aa4751e4c, 0xaa97e14c3c26b886, 0x96842dc95323f5a8 },
	{ 0x9e74d1b791e07e48, 0x775ea264cf55347d, 0xca49f1c05120c9c7 },
	{ 0x8000000000000000, 0x0000000000000000, 0x0000000000000000 },
	{ 0xcecb8f27f4200f3a, 0x0000000000000000, 0x0000000000000000 },
	{ 0xa70c3c40a64e6c51, 0x999090b65f67d924, 0x0000000000000000 },
	{ 0x86f0ac99b4e8dafd, 0x69a028bb3ded71a3, 0xdf9f915627c04e28 },
	{ 0xda01ee641a708de9, 0xe80e6f4820cc9495, 0xd74baad03bc1d8d3 },
	{ 0xb01ae745b101e9e4, 0x5ec05dcff72e7f8f, 0xc04c79ffe324301f },
	{ 0x8e41ade9fbebc27d, 0x14588f13be847307, 0x23bd6a2059c002f5 },
	{ 0xe5d3ef282a242e81, 0x8f1668c8a86da5fa, 0xf0b5ccf5176ecc7c },
	{ 0xb9a74a0637ce2ee1, 0x6d953e2bd7173692, 0x88efb0037ac08bde },
	{ 0x95f83d0a1fb69cd9, 0x4abdaf101564f98e, 0x0d5a4af7b3a98e47 },
	{ 0xf24a01a73cf2dccf, 0xbc633b39673c8cec, 0x3d9c44cd2f36917c },
	{ 0xc3b8358109e84f07, 0x0a862f80ec4700c8, 0x02606ea01029dc37 },
	{ 0x9e19db92b4e31ba9, 0x6c07a2c26a8346d1, 0x4944d9f52cd0dec2 },
};

static const uint64_t fives[STEP] = { 1, 5, 25, 125, 625, 3125, 15625, 78125,
	390625, 1953125, 9765625, 48828125, 244140625, 1220703125, 6103515625,
	30517578125, 152587890625, 762939453125, 3814697265625, 19073486328125,
	95367431640625, 476837158203125, 2384185791015625, 11920928955078125,
	59604644775390625, 298023223876953125, 1490116119384765625 };

/* Those from 10^-27 to 10^-1 as they come out: most fractions need one. */
static const uint64_t fractions[STEP][2] = {
	{ 0x9e74d1b791e07e48, 0x775ea264cf55347e },
	{ 0xc612062576589dda, 0x95364afe032a819e },
	{ 0xf79687aed3eec551, 0x3a83ddbd83f52205 },
	{ 0x9abe14cd44753b52, 0xc4926a9672793543 },
	{ 0xc16d9a0095928a27, 0x75b7053c0f178294 },
	{ 0xf1c90080baf72cb1, 0x5324c68b12dd6339 },
	{ 0x971da05074da7bee, 0xd3f6fc16ebca5e04 },
	{ 0xbce5086492111aea, 0x88f4bb1ca6bcf585 },
	{ 0xec1e4a7db69561a5, 0x2b31e9e3d06c32e6 },
	{ 0x9392ee8e921d5d07, 0x3aff322e62439fd0 },
	{ 0xb877aa3236a4b449, 0x09befeb9fad487c3 },
	{ 0xe69594bec44de15b, 0x4c2ebe687989a9b4 },
	{ 0x901d7cf73ab0acd9, 0x0f9d37014bf60a11 },
	{ 0xb424dc35095cd80f, 0x538484c19ef38c95 },
	{ 0xe12e13424bb40e13, 0x2865a5f206b06fba },
	{ 0x8cbccc096f5088cb, 0xf93f87b7442e45d4 },
	{ 0xafebff0bcb24aafe, 0xf78f69a51539d749 },
	{ 0xdbe6fecebdedd5be, 0xb573440e5a884d1c },
	{ 0x89705f4136b4a597, 0x31680a88f8953031 },
	{ 0xabcc77118461cefc, 0xfdc20d2b36ba7c3e },
	{ 0xd6bf94d5e57a42bc, 0x3d32907604691b4d },
	{ 0x8637bd05af6c69b5, 0xa63f9a49c2c1b110 },
	{ 0xa7c5ac471b478423, 0x0fcf80dc33721d54 },
	{ 0xd1b71758e219652b, 0xd3c36113404ea4a9 },
	{ 0x83126e978d4fdf3b, 0x645a1cac083126ea },
	{ 0xa3d70a3d70a3d70a, 0x3d70a3d70a3d70a4 },
	{ 0xcccccccccccccccc, 0xcccccccccccccccd },
};

static void
far_power(int k, uint64_t g[2])
{
	const uint64_t *w = large[(k - FIRST) / STEP];
	uint64_t five = fives[(k - FIRST) % STEP];
	struct wide low, mid, top;

	five <<= leading_zeros(five);
	low = multiply(w[2], five);
	mid = plus(multiply(w[1], five), low.hi);
	top = plus(multiply(w[0], five), mid.hi);
	if (top.hi >> 63 == 0) {
		top.hi = top.hi << 1 | top.lo >> 63;
		top.lo = top.lo << 1 | mid.lo >> 63;
		mid.lo <<= 1;
	}
	if (mid.lo | low.lo)
		top = plus(top, 1);
	g[0] = top.hi;
	g[1] = top.lo;
}

void
decimal_power(int k, uint64_t g[2])
{
	if (k < -STEP || k >= STEP) {
		far_power(k, g);
	} else if (k < 0) {
		memcpy(g, fractions[k + STEP], sizeof(*fractions));
	} else {
		g[0] = fives[k] << leading_zeros(fives[k]);
		g[1] = 0;
	}
}

/*
 * Writing: R. Giulietti, "The Schubfach way to render doubles", 2020. A double
 * c * 2^q and the bounds of what rounds to it are scaled by a power of ten so
 * that at most two whole numbers and one multiple of ten come into question.
 */

/* The high bits of g * c; the lowest says whether anything was cut off. */
static inline uint64_t
scale(const uint64_t g[2], uint64_t c)
{
	struct wide low = multiply(g[1], c);
	struct wide r = plus(multiply(g[0], c), low.hi);

	return r.hi | (r.lo > 1);
}

static struct decimal
shortest(uint64_t c, int q, bool narrow)
{
	int k = log10_of_two(q, narrow ? 524031 : 0);
	int h = q + log2_of_power(-k) + 1;
	uint64_t g[2], at, lower, upper, s, tens;
	bool odd = c & 1, below, above;

	decimal_power(-k, g);
	lower = scale(g, (4 * c - 2 + narrow) << h) + odd;
	at = scale(g, 4 * c << h);
	upper = scale(g, (4 * c + 2) << h) - odd;
	s = at / 4;
	tens = s / 10;
	below = lower <= 40 * tens;
	above = 40 * tens + 40 <= upper;
	if (s >= 10 && below != above)
		return (struct decimal){ tens + above, k + 1, false };
	below = lower <= 4 * s;
	above = 4 * s + 4 <= upper;
	if (below == above)
		above = at > 4 * s + 2 || (at == 4 * s + 2 && s & 1);
	return (struct decimal){ s + above, k, false };
}

static struct decimal
without_zeros(struct decimal d)
{
	static const struct {
		uint64_t power;
		int zeros;
	} steps[] = { { 100000000, 8 }, { 10000, 4 }, { 100, 2 }, { 10, 1 } };

	if (d.digits % 10)
		return d;
	for (int i = 0; i < 4; i++)
		if (d.digits % steps[i].power == 0) {
			d.digits /= steps[i].power;
			d.exp += steps[i].zeros;
		}
	return d;
}

#define FRACTION (((uint64_t)1 << 52) - 1)
#define MIN_EXP (-1074)

struct decimal
decimal_of(double d)
{
	struct decimal r = { 0 };
	uint64_t bits, c;
	int q;

	memcpy(&bits, &d, sizeof(bits));
	c = bits & FRACTION;
	q = (int)(bits >> 52 & 0x7ff);
	if (q)
		c |= FRACTION + 1;
	q += MIN_EXP - (q > 0);
	if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0)
		r.digits = c >> -q;
	else if (c)
		r = without_zeros(
			shortest(c, q, c == FRACTION + 1 && q > MIN_EXP));
	r.minus = bits >> 63;
	return r;
}

/* Reading. */

/* What a number's text says; digits beyond the nineteenth are cut off. */
struct text {
	uint64_t digits;
	int64_t exp;
	bool minus;
	bool more; /* the digits that were cut off are not all 0 */
};

#define ENOUGH 1000000000000000000u /* no digit is added to that much */
#define FAR ((int64_t)1 << 50)      /* no text is longer */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The value of eight digits; false where one of the bytes is none. */
static inline bool
eight_digits(const char *p, uint64_t *value)
{
	const uint64_t high = 0xf0f0f0f0f0f0f0f0, six = 0x0606060606060606;
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	if (((v & high) | ((v + six) & high) >> 4) != 0x3333333333333333)
		return false;
	/* neighbours are added up: to pairs, to fours, to all eight */
	v = (v & 0x0f0f0f0f0f0f0f0f) * (10 << 8 | 1) >> 8;
	v = (v & 0x00ff00ff00ff00ff) * (100 << 16 | 1) >> 16;
	v = (v & 0x0000ffff0000ffff) * ((uint64_t)10000 << 32 | 1) >> 32;
	*value = v;
	return true;
}
#else
static inline bool
eight_digits(const char *p, uint64_t *value)
{
	(void)p, (void)value;
	return false;
}
#endif

static inline bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *
read_digits(struct text *t, const char *p, const char *end, bool fraction)
{
	const char *start = p, *cut;
	uint64_t n = t->digits, v;

	for (; end - p >= 8 && n < ENOUGH / 100000000 && eight_digits(p, &v);
		p += 8)
		n = n * 100000000 + v;
	for (; p < end && digit(*p) && n < ENOUGH; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	t->digits = n;
	for (cut = p; p < end && digit(*p); p++)
		t->more |= *p != '0';
	t->exp += fraction ? start - cut : p - cut;
	return p;
}

static int64_t
read_exponent(const char *p, const char *end)
{
	bool minus = *p == '-';
	int64_t n = 0;

	for (p += minus || *p == '+'; p < end; p++)
		if (n < FAR)
			n = n * 10 + (*p - '0');
	return minus ? -n : n;
}

static void
read_text(struct text *t, struct span number)
{
	const char *p = number.s, *end = p + number.len;

	*t = (struct text){ .minus = *p == '-' };
	p += t->minus;
	if (end - p > 1 && p[1] == '.') /* as most numbers begin */
		t->digits = (uint64_t)(*p++ - '0');
	else
		p = read_digits(t, p, end, false);
	if (p < end && *p == '.')
		p = read_digits(t, p + 1, end, true);
	if (p < end)
		t->exp += read_exponent(p + 1, end);
}

/*
 * Few digits and a small power of ten are doubles, so that one operation on
 * them is rounded once (W. Clinger, 1990).
 */
static bool
read_small(const struct text *t, double *to)
{
	static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
		1e19, 1e20, 1e21, 1e22 };
	double d = (double)t->digits;

	if (FLT_EVAL_METHOD != 0 || t->more || t->digits > FRACTION ||
		t->exp < -22 || t->exp > 22)
		return false;
	if (t->minus)
		d = -d;
	*to = t->exp < 0 ? d / powers[-t->exp] : d * powers[t->exp];
	return true;
}

/*
 * digits * 10^exp from the power's 128 bits, as the bits of a double. False
 * where that is not enough to know to which side it is rounded, and where the
 * result is not a normal double (compare D. Lemire, "Number parsing at a
 * gigabyte per second", 2021).
 */
static bool
read_wide(uint64_t digits, int exp, uint64_t *bits)
{
	int zeros = leading_zeros(digits);
	uint64_t g[2], rest;
	struct wide r;
	int q, s;

	decimal_power(exp, g);
	digits <<= zeros;
	r = plus(multiply(g[0], digits), multiply(g[1], digits).hi);
	q = log2_of_power(exp) + 64 - zeros + 1023;
	s = !(r.hi >> 63);
	r = shift(r, s);
	q -= s;
	/* Off by at most 2 in r.lo, which matters only next to one half. */
	rest = r.hi & 0x7ff;
	if ((rest == 0x400 && r.lo <= 2) ||
		(rest == 0x3ff && r.lo >= -(uint64_t)3))
		return false;
	if (q <= 0 || q >= 0x7ff)
		return false;
	*bits = ((uint64_t)q << 52) + (r.hi >> 11 & FRACTION) + (rest >> 10);
	return true;
}

static bool
read_medium(const struct text *t, double *to)
{
	uint64_t bits, more;

	if (t->digits == 0 || t->exp < -342 || t->exp > 308 ||
		!read_wide(t->digits, (int)t->exp, &bits))
		return false;
	if (t->more &&
		(!read_wide(t->digits + 1, (int)t->exp, &more) || bits != more))
		return false;
	bits |= (uint64_t)t->minus << 63;
	memcpy(to, &bits, sizeof(bits));
	return true;
}

/*
 * The rest is for the C library, which wants a NUL: all digits that can matter
 * (what is halfway between two doubles has 767 at the most), and a 1 for those
 * that are left out.
 */
#define MATTER 800

static double
read_large(struct span number)
{
	char text[MATTER + 32];
	const char *p = number.s, *end = p + number.len;
	bool fraction = false, more = false;
	int64_t exp = 0;
	size_t n = 0;

	for (p += *p == '-'; p < end && (*p | 0x20) != 'e'; p++)
		if (*p == '.') {
			fraction = true;
		} else if (n < MATTER) {
			text[n] = *p;
			n += n || *p != '0';
			exp -= fraction;
		} else {
			more |= *p != '0';
			exp += !fraction;
		}
	if (more || n == 0) {
		text[n++] = more ? '1' : '0';
		exp--;
	}
	if (p < end)
		exp += read_exponent(p + 1, end);
	snprintf(text + n, sizeof(text) - n, "e%" PRId64, exp);
	return *number.s == '-' ? -strtod(text, NULL) : strtod(text, NULL);
}

bool
decimal_f64(struct span number, double *to)
{
	struct text t;

	read_text(&t, number);
	if (read_small(&t, to))
		return true;
	if (!read_medium(&t, to))
		*to = read_large(number);
	return isfinite(*to);
}

bool
decimal_i64(struct span number, int64_t *to)
{
	struct text t;
	uint64_t most;

	read_text(&t, number);
	most = (uint64_t)INT64_MAX + t.minus;
	for (; t.exp < 0 && t.digits; t.exp++) {
		if (t.digits % 10)
			return false;
		t.digits /= 10;
	}
	for (; t.exp > 0 && t.digits; t.exp--) {
		if (t.digits > most / 10)
			return false;
		t.digits *= 10;
	}
	if (t.more || t.digits > most)
		return false;
	*to = (int64_t)(t.minus ? -t.digits : t.digits);
	return true;
}
