#include "vision/town_num.h"

double
town_noise(uint32_t seed, double x, double y)
{
	int32_t i = town_int(x), j = town_int(y);
	double u = x - i, v = y - j;
	double a = town_unit(town_hash2(seed, i, j));
	double b = town_unit(town_hash2(seed, i + 1, j));
	double c = town_unit(town_hash2(seed, i, j + 1));
	double d = town_unit(town_hash2(seed, i + 1, j + 1));

	u = u * u * (3 - 2 * u);
	v = v * v * (3 - 2 * v);
	return town_mix(town_mix(a, b, u), town_mix(c, d, u), v);
}

double
town_cloud(uint32_t seed, double x, double y, double blur)
{
	double sum = 0.5, weight = 0.4, size = 1;

	for (int octave = 0; octave < 4; octave++) {
		double kept = town_clamp(2 - 2 * blur / size);

		if (kept <= 0)
			break;
		sum += kept * weight *
		       (town_noise(
				seed + (uint32_t)octave, x / size, y / size) -
			       0.5);
		weight *= 0.6;
		size *= 0.5;
	}
	return sum;
}

/* Taylor's series of both between -45 and 45 degrees. */
static void
small_sincos(double x, double *s, double *c)
{
	double term = 1;

	*s = 0;
	*c = 0;
	for (int k = 1; k <= 20; k += 2) {
		*c += term;
		term *= x / k;
		*s += term;
		term *= -x / (k + 1);
	}
}

void
town_sincos(double degrees, double *s, double *c)
{
	int32_t quarter = town_int(degrees / 90 + 0.5);
	double a, b;

	small_sincos(
		(degrees - 90.0 * quarter) * (3.14159265358979323846 / 180), &a,
		&b);
	switch (quarter & 3) {
	case 0:
		*s = a, *c = b;
		break;
	case 1:
		*s = b, *c = -a;
		break;
	case 2:
		*s = -a, *c = -b;
		break;
	default:
		*s = -b, *c = a;
		break;
	}
}

double
town_decay(double x)
{
	double y = 1 + x * (1.0 / 16) * (1 + x * (1.0 / 32));

	y *= y;
	y *= y;
	y *= y;
	return 1 / (y * y);
}

/* The cube root by Newton's method, from above: of what is above 0 and at most 1. */
static double
cube_root(double x)
{
	double r = 1;

	for (int i = 0; i < 60; i++) {
		double next = r + (x / (r * r) - r) / 3;

		if (next >= r)
			break;
		r = next;
	}
	return r;
}

double
town_encode(double linear)
{
	double half;

	if (linear <= 0.0031308)
		return linear * 12.92;
	half = sqrt(linear); /* x^(5/12) = x^(1/4) x^(1/6) */
	return 1.055 * sqrt(half) * cube_root(half) - 0.055;
}

void
town_rgb(double rgb[3], uint32_t hex)
{
	for (int k = 0; k < 3; k++) {
		double x = (hex >> (16 - 8 * k) & 255) / 255.0;

		rgb[k] = x *
		         (x * (x * 0.305306011 + 0.682171111) + 0.012522878);
	}
}
