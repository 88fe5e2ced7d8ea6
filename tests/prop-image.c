/* prop-image: what holds for every image. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "vision/image.h"
#include "vision/image_png.h"
#include "image_laws.h"
#include "png_gen.h"
#include "tap.h"

enum { ROUNDS = 400, SEED = 20 };

static struct rng rng;

/* A mask, sometimes; one that hides nothing would not come back. */
static uint8_t *
any_mask(size_t n)
{
	uint8_t *mask = mem_alloc(n, 1);

	for (size_t i = 0; i < n; i++)
		mask[i] = rng_below(&rng, 2) ? 255 : 0;
	mask[rng_below(&rng, n)] = 0;
	if (rng_below(&rng, 2))
		return mask;
	free(mask);
	return NULL;
}

static struct image
any_image(void)
{
	struct image im = { .width = (uint32_t)rng_below(&rng, 40) + 1,
		.height = (uint32_t)rng_below(&rng, 40) + 1,
		.channels = rng_below(&rng, 2) ? 3 : 1,
		.bits = rng_below(&rng, 2) ? 16 : 8 };
	size_t n = (size_t)im.width * im.height;
	struct err e;

	must(image_make(&im, &e) == 0);
	for (size_t i = 0; i < n * im.channels; i++)
		im.samples[i] = (uint16_t)rng_below(&rng, 1u << im.bits);
	im.mask = any_mask(n);
	return im;
}

static void
round_trip(void)
{
	struct image im = any_image(), got;
	struct buf file = { 0 }, again = { 0 };
	struct err e;

	must(image_png_write(&im, &file, &e) == 0);
	must(image_png_write(&im, &again, &e) == 0);
	must(span_eq(buf_span(&file), buf_span(&again)));
	must(image_png_read(&got, buf_span(&file), &e) == 0);
	image_laws_same(&im, &got);
	image_release(&got);
	if (im.channels == 1 && im.bits == 16 && im.mask == NULL) {
		must(image_png_read_depth(&got, buf_span(&file), &e) == 0);
		image_laws_same(&im, &got);
		image_release(&got);
	}
	buf_release(&file);
	buf_release(&again);
	image_release(&im);
}

/* Whether a hidden pixel is so near, by looking at every one. */
static bool
is_near(const struct image *im, const bool *hidden, size_t at, int64_t radius)
{
	int64_t x = (int64_t)(at % im->width), y = (int64_t)(at / im->width);

	for (int64_t v = 0; v < im->height; v++)
		for (int64_t u = 0; u < im->width; u++)
			if (hidden[v * im->width + u] &&
				(u - x) * (u - x) + (v - y) * (v - y) <=
					radius * radius)
				return true;
	return false;
}

static bool
is_hidden(const struct image *im, size_t i)
{
	return im->mask && im->mask[i] == 0;
}

static void
hide(void)
{
	struct image im = any_image(), depth = im;
	size_t n = (size_t)im.width * im.height;
	uint8_t radius = (uint8_t)rng_below(&rng, 12);
	bool *hidden = mem_alloc(n, sizeof(*hidden));
	struct err e;

	depth.channels = 1;
	depth.mask = NULL;
	must(image_make(&depth, &e) == 0);
	for (size_t i = 0; i < n; i++) {
		depth.samples[i] = rng_below(&rng, 60) != 0;
		hidden[i] = is_hidden(&im, i) || depth.samples[i] == 0;
	}
	must(image_hide_depth(&im, &depth, 0, &e) == 0);
	for (size_t i = 0; i < n; i++)
		must(is_hidden(&im, i) == hidden[i]);
	image_hide_around(&im, radius);
	for (size_t i = 0; i < n; i++)
		must(is_hidden(&im, i) == is_near(&im, hidden, i, radius));
	free(hidden);
	image_release(&depth);
	image_release(&im);
}

/* The least and the greatest of a channel that is seen; 0 where none is. */
static void
range(const struct image *im, unsigned channel, unsigned to[2])
{
	size_t n = (size_t)im->width * im->height;

	to[0] = UINT16_MAX, to[1] = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned v = im->samples[i * im->channels + channel];

		if (is_hidden(im, i))
			continue;
		to[0] = v < to[0] ? v : to[0];
		to[1] = v > to[1] ? v : to[1];
	}
	if (to[0] > to[1])
		to[0] = 0;
}

/* What is seen stays; what is hidden comes from it alone, and lies between. */
static void
fill(void)
{
	struct image im = any_image(), other = im;
	size_t n = (size_t)im.width * im.height;
	unsigned seen[3][2] = { { 0 } };
	struct err e;

	if (im.mask && rng_below(&rng, 9) == 0)
		memset(im.mask, 0, n);
	must(image_make(&other, &e) == 0);
	for (size_t i = 0; i < n * im.channels; i++)
		other.samples[i] = is_hidden(&im, i / im.channels)
		                           ? (uint16_t)rng_below(&rng, 256)
		                           : im.samples[i];
	for (unsigned c = 0; c < im.channels; c++)
		range(&im, c, seen[c]);
	image_fill(&im);
	for (size_t i = 0; i < n * im.channels; i++)
		must(is_hidden(&im, i / im.channels)
				? im.samples[i] >= seen[i % im.channels][0] &&
					  im.samples[i] <=
						  seen[i % im.channels][1]
				: im.samples[i] == other.samples[i]);
	image_fill(&other);
	must(memcmp(im.samples, other.samples,
		     n * im.channels * sizeof(*im.samples)) == 0);
	other.mask = NULL;
	image_release(&other);
	image_release(&im);
}

/* A file of which a byte is changed is read or refused, and nothing is lost. */
static void
one_wrong_byte(void)
{
	struct png_gen g = { .width = (uint32_t)rng_below(&rng, 20) + 1,
		.height = (uint32_t)rng_below(&rng, 20) + 1,
		.bits = 8,
		.kind = PNG_GEN_RGBA,
		.interlaced = rng_below(&rng, 2) };
	struct buf file = { 0 };
	struct image im;
	struct err e = { "" };

	png_gen_file(&g, &file);
	file.s[rng_below(&rng, file.len)] ^= (char)(1 << rng_below(&rng, 8));
	if (image_png_read(&im, buf_span(&file), &e))
		must(im.samples == NULL && im.mask == NULL && e.msg[0]);
	image_release(&im);
	buf_release(&file);
}

int
main(void)
{
	rng_init(&rng, SEED, 0);
	tap_note("seed %d", SEED);
	for (int i = 0; i < ROUNDS; i++)
		round_trip();
	ok(true, "%d images are the same, written and read", ROUNDS);
	for (int i = 0; i < ROUNDS; i++)
		hide();
	ok(true, "%d times what is near the hidden is hidden", ROUNDS);
	for (int i = 0; i < ROUNDS; i++)
		fill();
	ok(true, "%d times what is hidden is filled from the rest", ROUNDS);
	for (int i = 0; i < ROUNDS; i++)
		one_wrong_byte();
	ok(true, "%d damaged files do no harm", ROUNDS);
	return tap_done();
}
