/*
 * town_num: numbers that are the same on every machine.
 *
 * What decides a pixel of the town uses nothing but +, -, *, / and sqrt, which
 * IEEE 754 defines to the last bit, and integer hashes: the mathematics library
 * is not the same everywhere. Noise is value noise: a hash at each point of a
 * lattice, interpolated in between.
 */
#ifndef VISION_TOWN_NUM_H
#define VISION_TOWN_NUM_H

#include <math.h>
#include <stdint.h>

/* town_hash(x): A bijection of 32 bits in which every bit depends on all. */
static inline uint32_t
town_hash(uint32_t x)
{
	x = (x ^ x >> 16) * 0x7feb352dU;
	x = (x ^ x >> 15) * 0x846ca68bU;
	return x ^ x >> 16;
}

/* town_hash2(seed, x, y): The hash of a point of the plane's lattice. */
static inline uint32_t
town_hash2(uint32_t seed, int32_t x, int32_t y)
{
	return town_hash(
		seed ^ (uint32_t)x * 0x9e3779b1U ^ (uint32_t)y * 0x85ebca77U);
}

/* town_unit(hash): 24 of its bits as a number in [0, 1). */
static inline double
town_unit(uint32_t hash)
{
	return (hash >> 8) * 0x1p-24;
}

/* town_int(x): The whole number below, of what fits 32 bits. */
static inline int32_t
town_int(double x)
{
	int32_t i = (int32_t)x;

	return i - (x < i);
}

static inline double
town_clamp(double x)
{
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

static inline double
town_mix(double a, double b, double share)
{
	return a + (b - a) * share;
}

/* town_pick(seed, which, low, high): Uniform in [low, high). */
static inline double
town_pick(uint32_t seed, uint32_t which, double low, double high)
{
	return low +
	       (high - low) * town_unit(town_hash(seed + town_hash(which)));
}

/* town_noise(seed, x, y): Value noise with a lattice of 1: [0, 1). */
double town_noise(uint32_t seed, double x, double y);

/*
 * town_cloud(seed, x, y, blur): Noise at four scales, from a lattice of 1 to one
 * of 1/8, around 0.5 in about [0.1, 0.9]. Detail that is smaller than ${blur}
 * fades away, so that it does not alias.
 */
double town_cloud(uint32_t seed, double x, double y, double blur);

/* town_sincos(degrees, s, c): Sine and cosine to 1e-15. */
void town_sincos(double degrees, double *s, double *c);

/* town_decay(x): About exp(-x) for x not below 0. */
double town_decay(double x);

/* town_encode(x): sRGB's transfer function (IEC 61966-2-1), to 1e-12, of [0, 1]. */
double town_encode(double linear);

/*
 * town_rgb(rgb, hex): A colour written as sRGB's 0xrrggbb in linear light, to
 * half a percent, which is all that painting needs, by a cubic.
 */
void town_rgb(double rgb[3], uint32_t hex);

#endif
