/* prop-decimal: the table of powers is right, and so is what is read. */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/rng.h"
#include "tap.h"

#define SEED 20250714
#define WORDS 30 /* of 32 bits, the lowest first: more than 5^342 has */

static struct rng r;

static void
times(uint32_t w[WORDS], uint32_t by)
{
	uint64_t carry = 0;

	for (int i = 0; i < WORDS; i++) {
		carry += (uint64_t)w[i] * by;
		w[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static int
bit(const uint32_t w[WORDS], int i)
{
	return i < 0 ? 0 : w[i / 32] >> (i % 32) & 1;
}

static int
length(const uint32_t w[WORDS])
{
	int n = WORDS * 32;

	while (n && !bit(w, n - 1))
		n--;
	return n;
}

/* a -= b where it is not less; was it? */
static int
take(uint32_t a[WORDS], const uint32_t b[WORDS])
{
	uint32_t d[WORDS];
	int64_t borrow = 0;

	for (int i = 0; i < WORDS; i++) {
		borrow += (int64_t)a[i] - b[i];
		d[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	if (borrow)
		return 0;
	memcpy(a, d, sizeof(d));
	return 1;
}

static bool
zero(const uint32_t w[WORDS])
{
	return length(w) == 0;
}

static void
push(uint64_t g[2], int b)
{
	g[0] = g[0] << 1 | g[1] >> 63;
	g[1] = g[1] << 1 | (uint64_t)b;
}

/* The highest 128 bits of 5^k, or by long division of 1 / 5^-k, rounded up. */
static void
power(int k, uint64_t g[2])
{
	uint32_t five[WORDS] = { 1 }, rest[WORDS] = { 1 };
	int n;

	for (int i = 0; i < abs(k); i++)
		times(five, 5);
	n = length(five);
	if (k >= 0) {
		for (int i = 1; i <= 128; i++)
			push(g, bit(five, n - i));
		for (int i = 0; i < n - 128; i++)
			rest[0] += (uint32_t)bit(five, i);
		rest[0]--;
	} else {
		for (int i = 0; i < n; i++)
			times(rest, 2);
		for (int i = 0; i < 128; i++) {
			push(g, take(rest, five));
			times(rest, 2);
		}
	}
	if (!zero(rest) && ++g[1] == 0)
		g[0]++;
}

static void
check_powers(void)
{
	int bad = 0;

	for (int k = -342; k <= 324; k++) {
		uint64_t got[2], want[2] = { 0 };

		decimal_power(k, got);
		power(k, want);
		if (got[0] != want[0] || got[1] != want[1]) {
			tap_note("10^%d", k);
			bad++;
		}
	}
	is_int(bad, 0, "every power of ten is right in every bit");
}

/* Reads the text, in memory of its length, and as the C library does. */
static bool
agrees(const char *text)
{
	size_t len = strlen(text);
	char *copy = mem_alloc(len, 1);
	double want = strtod(text, NULL), got;
	bool yes, fits;

	memcpy(copy, text, len);
	fits = decimal_f64((struct span){ copy, len }, &got);
	yes = fits == (isfinite(want) != 0) &&
	      (!fits || memcmp(&got, &want, sizeof(got)) == 0);
	if (!yes)
		tap_note("%.60s...: got %a, want %a", text, got, want);
	free(copy);
	return yes;
}

static size_t
put_digits(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (char)('0' + rng_below(&r, 10));
	if (*p == '0')
		*p = '7';
	return n;
}

static void
check_digits(void)
{
	int bad = 0;

	for (int i = 0; i < 100000; i++) {
		char text[1024] = "-";
		size_t n = rng_below(&r, 2);

		n += put_digits(text + n, 1 + rng_below(&r, 22));
		if (rng_below(&r, 2)) {
			text[n++] = '.';
			n += put_digits(text + n,
				1 + rng_below(&r, i % 100 ? 22 : 900));
		}
		if (rng_below(&r, 2))
			snprintf(text + n, 16, "e%d",
				(int)rng_below(&r, 700) - 350);
		else
			text[n] = '\0';
		bad += !agrees(text);
	}
	is_int(bad, 0, "decimals are read as the C library reads them");
}

/* Exactly halfway between two doubles, which takes many digits, and near. */
static void
check_halves(void)
{
	char text[1200];
	int bad = 0;

	for (int i = 0; i < 5000; i++) {
		uint64_t bits = rng_below(&r, (uint64_t)0x7fe << 52);
		double d;

		if (i % 2) /* from 1 to 2: fewer digits */
			bits = (uint64_t)0x3ff << 52 | bits >> 12;
		memcpy(&d, &bits, sizeof(d));
		snprintf(text, sizeof(text), "%.780Le",
			((long double)d + (long double)nextafter(d, 1e308)) /
				2);
		bad += !agrees(text);
		text[700] = text[700] == '9' ? '8' : (char)(text[700] + 1);
		bad += !agrees(text);
	}
	is_int(bad, 0, "so are those that are halfway between two doubles");
}

/* What decides stands far behind, or is brought back by the exponent. */
static void
check_zeros(void)
{
	static const char half[] = "9007199254740993";
	char text[4000];
	int bad = 0;

	for (int n = 0; n < 1800; n += 3) {
		snprintf(text, sizeof(text), "%s.%0*d", half, n, 0);
		bad += !agrees(text);
		snprintf(text, sizeof(text), "%s.%0*d", half, n + 1, 1);
		bad += !agrees(text);
		snprintf(text, sizeof(text), "%s%0*de-%d", half, n + 1, 1, n);
		bad += !agrees(text);
		snprintf(text, sizeof(text), "0.%0*d%se%d", n + 1, 0, half,
			n + 17);
		bad += !agrees(text);
	}
	is_int(bad, 0, "and those with many zeros");
}

int
main(void)
{
	rng_init(&r, SEED, 0);
	tap_note("seed %d", SEED);
	check_powers();
	check_digits();
	check_halves();
	check_zeros();
	return tap_done();
}
