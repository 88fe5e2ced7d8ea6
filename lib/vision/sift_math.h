/*
 * sift_math: float32 arithmetic that every device does alike.
 *
 * OpenCL leaves division, roots, exponentials and angles a few last bits of
 * freedom, and compilers like to contract a * b + c. Here everything is made of
 * +, -, *, fma, comparisons and conversions, each of which is rounded correctly
 * everywhere, and a product is never added except by fma. The same functions
 * stand in kernels/sift.cl.
 *
 * In C a float must be computed as one: where FLT_EVAL_METHOD is not 0, on
 * 32-bit x86 without SSE say, results differ in last bits.
 *
 * The polynomials are minimax fits in the range that is given, their errors at
 * most 1e-7 of the largest value.
 */
#ifndef VISION_SIFT_MATH_H
#define VISION_SIFT_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/*
 * Before functions that have many fma, and before what is to be part of them: they
 * are compiled twice, also for machines that have an instruction for it, which is
 * found out at run time. The results are the same.
 */
#if defined __x86_64__ && defined __gnu_linux__ && defined __OPTIMIZE__ &&     \
	__GNUC__ >= 12 && !defined __clang__ && !defined __SANITIZE_ADDRESS__
#define SIFT_FAST __attribute__((target_clones("fma", "default")))
#define SIFT_INLINE __attribute__((always_inline)) inline
#else
#define SIFT_FAST
#define SIFT_INLINE inline
#endif

static inline int32_t
sift_bits(float x)
{
	int32_t i;

	memcpy(&i, &x, sizeof(i));
	return i;
}

static inline float
sift_float(int32_t i)
{
	float x;

	memcpy(&x, &i, sizeof(x));
	return x;
}

/* 1 / x for x > 0: a guess from the exponent, and three steps by Newton. */
static inline float
sift_reciprocal(float x)
{
	float r = sift_float(0x7ef311c7 - sift_bits(x));

	r = fmaf(r, fmaf(-x, r, 1), r);
	r = fmaf(r, fmaf(-x, r, 1), r);
	return fmaf(r, fmaf(-x, r, 1), r);
}

/* a / b for b > 0. */
static inline float
sift_divide(float a, float b)
{
	float r = sift_reciprocal(b), q = a * r;

	return fmaf(fmaf(-b, q, a), r, q);
}

/* 1 / sqrt(x) for x > 0; finite for 0. */
static inline float
sift_rsqrt(float x)
{
	float r = sift_float(0x5f375a86 - (sift_bits(x) >> 1)), h = .5f * x;

	r = fmaf(r, fmaf(-(h * r), r, .5f), r);
	r = fmaf(r, fmaf(-(h * r), r, .5f), r);
	return fmaf(r, fmaf(-(h * r), r, .5f), r);
}

static inline float
sift_sqrt(float x)
{
	return x * sift_rsqrt(x);
}

/* 2^(a * b) for a * b from -100 to 100. */
static inline float
sift_exp2(float a, float b)
{
	float n = floorf(fmaf(a, b, .5f)), f = fmaf(a, b, -n);
	float p = .00134100052f;

	p = fmaf(p, f, .00967603636f);
	p = fmaf(p, f, .055502973f);
	p = fmaf(p, f, .240221074f);
	p = fmaf(p, f, .693147225f);
	p = fmaf(p, f, 1.00000008f);
	return p * sift_float(((int32_t)n + 127) << 23);
}

/* The angle of (x, y) in turns, from 0 to below 1; 0 of (0, 0). */
SIFT_INLINE static float
sift_turns(float x, float y)
{
	float ax = fabsf(x), ay = fabsf(y);
	float most = ax > ay ? ax : ay, least = ax > ay ? ay : ax;
	float t = least * sift_reciprocal(most), s = t * t;
	float p = -.00186515827f, from;

	p = fmaf(p, s, .00837908601f);
	p = fmaf(p, s, -.01852985f);
	p = fmaf(p, s, .0308029076f);
	p = fmaf(p, s, -.0529385673f);
	p = fmaf(p, s, .159151317f);
	p = ay > ax ? -p : p;
	from = ay > ax ? .25f : 0;
	p = x < 0 ? -p : p;
	from = x < 0 ? .5f - from : from;
	p = y < 0 ? -p : p;
	from = y < 0 ? 1 - from : from;
	p = fmaf(p, t, from);
	return p < 1 && most > 0 ? p : 0;
}

/* The sine and cosine of an angle from 0 to 1 turn. */
static inline void
sift_sincos(float turns, float *sine, float *cosine)
{
	float k = floorf(fmaf(turns, 4, .5f)), f = fmaf(k, -.25f, turns);
	float s = f * f, a, b;
	int32_t quarter = (int32_t)k & 3;

	a = fmaf(fmaf(-75.2400643f, s, 81.5881246f), s, -41.341628f);
	a = fmaf(a, s, 6.28318522f) * f;
	b = fmaf(fmaf(59.2204081f, s, -85.4428521f), s, 64.9393162f);
	b = fmaf(fmaf(b, s, -19.7392087f), s, 1);
	*sine = quarter & 1 ? b : a;
	*cosine = quarter & 1 ? a : b;
	*sine = quarter & 2 ? -*sine : *sine;
	*cosine = quarter == 1 || quarter == 2 ? -*cosine : *cosine;
}

#endif
