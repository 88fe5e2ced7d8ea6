#include "vision/town_film.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "vision/town_num.h"

/* Three boxes one after the other are a bell, near enough. */
#define BOXES 3

#define MIDDLE 0.27 /* of full scale, in linear light */

/* The mean over 2 reach + 1 pixels of a line whose pixels are ${step} apart. */
static void
blur_line(float *line, float *copy, size_t n, size_t step, double reach)
{
	size_t whole = (size_t)reach;
	double rest = reach - (double)whole, width = 2 * reach + 1;

	for (size_t i = 0; i < n; i++)
		copy[i] = line[i * step];
	for (size_t i = 0; i < n; i++) {
		double sum = 0;

		for (size_t d = 0; d <= whole + 1; d++) {
			double weight = d <= whole ? 1 : rest;
			size_t a = i < d ? 0 : i - d;
			size_t b = i + d < n ? i + d : n - 1;

			sum += weight * (d ? (double)copy[a] + (double)copy[b]
					   : (double)copy[i]);
		}
		line[i * step] = (float)(sum / width);
	}
}

/*
 * How far a box reaches, of which BOXES have the variance sigma^2: whole pixels
 * and a share of one more (Gwosdek et al., "Theoretical foundations of Gaussian
 * convolution by extended box filtering", SSVM 2011, equation 14).
 */
static double
reach_of(double sigma)
{
	double variance = sigma * sigma / BOXES, whole = 0;

	while ((whole + 1) * (whole + 2) <= 3 * variance)
		whole++;
	return whole + (2 * whole + 1) * (3 * variance - whole * (whole + 1)) /
	                       (6 * ((whole + 1) * (whole + 1) - variance));
}

static void
blur(float *rgb, const struct image *im, double sigma)
{
	size_t w = im->width, h = im->height, most = w > h ? w : h;
	float *copy = mem_alloc(most, sizeof(*copy));
	double reach = reach_of(sigma);

	for (int pass = 0; pass < BOXES; pass++) {
		for (size_t y = 0; y < h; y++)
			for (size_t k = 0; k < 3; k++)
				blur_line(
					rgb + 3 * y * w + k, copy, w, 3, reach);
		for (size_t x = 0; x < w; x++)
			for (size_t k = 0; k < 3; k++)
				blur_line(
					rgb + 3 * x + k, copy, h, 3 * w, reach);
	}
	free(copy);
}

/* As a camera chooses it: the mean is a middle grey, within limits. */
static double
meter(const float *rgb, size_t n)
{
	double sum = 0, gain;

	for (size_t i = 0; i < n; i++) {
		double green = (double)rgb[3 * i + 1];

		sum += green > 1 ? 1 : green;
	}
	gain = MIDDLE * (double)n / (sum + 1e-9);
	return gain < 0.6 ? 0.6 : gain > 2.5 ? 2.5 : gain;
}

/* 2 to the power of ${stops}, of whose fraction each bit is a square root. */
static double
gain_of(double stops)
{
	int32_t whole = town_int(stops);
	double rest = stops - whole, root = 2, gain = 1;

	for (int32_t i = 0; i < whole; i++)
		gain *= 2;
	for (int32_t i = 0; i > whole; i--)
		gain /= 2;
	for (int bit = 0; bit < 40; bit++) {
		root = sqrt(root);
		rest *= 2;
		if (rest >= 1) {
			gain *= root;
			rest -= 1;
		}
	}
	return gain;
}

/* Encoded values, clipped; grey by the weights of encoded values. */
static void
encode(const struct town_film *f, float *rgb, const struct image *im)
{
	size_t n = (size_t)im->width * im->height;
	double gain = meter(rgb, n) * gain_of(f->exposure);

	for (size_t i = 0; i < 3 * n; i++)
		rgb[i] = (float)town_encode(town_clamp((double)rgb[i] * gain));
	if (f->channels == 3)
		return;
	for (size_t i = 0; i < n; i++)
		rgb[i] = (float)(.2126 * (double)rgb[3 * i] +
				 .7152 * (double)rgb[3 * i + 1] +
				 .0722 * (double)rgb[3 * i + 2]);
}

/* The sum of four uniform draws, as a bell of deviation 1. */
static double
bell(uint32_t seed, uint32_t i)
{
	double sum = -2;

	for (uint32_t k = 0; k < 4; k++)
		sum += town_unit(town_hash2(seed, (int32_t)i, (int32_t)k));
	return sum * sqrt(3);
}

int
town_film(
	const struct town_film *f, float *rgb, struct image *im, struct err *e)
{
	size_t n = (size_t)im->width * im->height * f->channels;
	double top = f->bits == 16 ? 65535 : 255;

	im->channels = f->channels;
	im->bits = f->bits;
	if (image_make(im, e))
		return -1;
	if (f->blur > 0)
		blur(rgb, im, f->blur);
	encode(f, rgb, im);
	for (size_t i = 0; i < n; i++) {
		double x = (double)rgb[i];

		if (f->noise > 0)
			x += f->noise / 256 * bell(f->seed, (uint32_t)i);
		im->samples[i] = (uint16_t)(town_clamp(x) * top + 0.5);
	}
	return 0;
}
