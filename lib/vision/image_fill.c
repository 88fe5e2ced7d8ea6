#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "image.h"

#define LEVELS 32

/* A picture of half the size of the one before, or the image itself. */
struct level {
	uint32_t width, height;
	unsigned channels;
	uint16_t *samples;
	uint8_t *known; /* 0: a pixel of which nothing is known yet */
};

static void
open_level(struct level *to, const struct level *from)
{
	size_t n;

	*to = *from;
	to->width = (from->width + 1) / 2;
	to->height = (from->height + 1) / 2;
	n = (size_t)to->width * to->height;
	to->samples = mem_alloc(n, to->channels * sizeof(*to->samples));
	to->known = mem_alloc(n, 1);
}

/* The mean of those that are known of four pixels; of none 0. */
static void
pull_pixel(const struct level *from, uint32_t x, uint32_t y, uint16_t *to,
	uint8_t *known)
{
	uint32_t sum[3] = { 0 }, n = 0;

	for (uint32_t v = 2 * y; v < from->height && v < 2 * y + 2; v++)
		for (uint32_t u = 2 * x; u < from->width && u < 2 * x + 2;
			u++) {
			size_t i = (size_t)v * from->width + u;

			if (!from->known[i])
				continue;
			for (unsigned c = 0; c < from->channels; c++)
				sum[c] += from->samples[i * from->channels + c];
			n++;
		}
	*known = n > 0;
	for (unsigned c = 0; c < from->channels; c++)
		to[c] = n ? (uint16_t)((sum[c] + n / 2) / n) : 0;
}

static void
pull(const struct level *from, struct level *to)
{
	size_t i = 0;

	for (uint32_t y = 0; y < to->height; y++)
		for (uint32_t x = 0; x < to->width; x++, i++)
			pull_pixel(from, x, y, to->samples + i * to->channels,
				to->known + i);
}

/* The two pixels, of half the size, that ${at} is between: the nearer first. */
static void
between(uint32_t at, uint32_t n, uint32_t pair[2])
{
	uint32_t i = at / 2;

	pair[0] = i;
	pair[1] = at % 2 ? i + (i + 1 < n) : i - (i > 0);
}

static void
push_pixel(const struct level *from, uint32_t x, uint32_t y, uint16_t *to)
{
	uint32_t column[2], row[2];

	between(x, from->width, column);
	between(y, from->height, row);
	for (unsigned c = 0; c < from->channels; c++) {
		uint32_t sum = 8;

		for (unsigned k = 0; k < 4; k++) {
			size_t i = (size_t)row[k / 2] * from->width +
			           column[k % 2];
			uint32_t weight = (k / 2 ? 1U : 3U) * (k % 2 ? 1U : 3U);

			sum += weight * from->samples[i * from->channels + c];
		}
		to[c] = (uint16_t)(sum / 16);
	}
}

static void
push(const struct level *from, struct level *to)
{
	for (uint32_t y = 0; y < to->height; y++) {
		size_t row = (size_t)y * to->width;

		if (!memchr(to->known + row, 0, to->width))
			continue;
		for (uint32_t x = 0; x < to->width; x++)
			if (!to->known[row + x])
				push_pixel(from, x, y,
					to->samples + (row + x) * to->channels);
	}
}

/* Is all of it known, or is it the one pixel of a picture that is not? */
static bool
is_top(const struct level *l, size_t index)
{
	size_t n = (size_t)l->width * l->height;

	return !memchr(l->known, 0, n) || (index && n == 1);
}

void
image_fill(struct image *im)
{
	struct level l[LEVELS] = { { im->width, im->height, im->channels,
		im->samples, im->mask } };
	size_t top = 0;

	if (im->mask == NULL)
		return;
	for (; !is_top(&l[top], top); top++) {
		open_level(&l[top + 1], &l[top]);
		pull(&l[top], &l[top + 1]);
	}
	for (size_t i = top; i > 0; i--) {
		push(&l[i], &l[i - 1]);
		free(l[i].samples);
		free(l[i].known);
	}
}
