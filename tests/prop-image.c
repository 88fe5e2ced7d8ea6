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

/* Whether an unknown depth is so near, by looking at every pixel. */
static bool
is_near(const struct image *depth, size_t at, int64_t radius)
{
	int64_t x = (int64_t)(at % depth->width),
		y = (int64_t)(at / depth->width);

	for (int64_t v = 0; v < depth->height; v++)
		for (int64_t u = 0; u < depth->width; u++)
			if (depth->samples[v * depth->width + u] == 0 &&
				(u - x) * (u - x) + (v - y) * (v - y) <=
					radius * radius)
				return true;
	return false;
}

static void
hide_depth(void)
{
	struct image im = any_image(), depth = im;
	size_t n = (size_t)im.width * im.height;
	unsigned radius = (unsigned)rng_below(&rng, 12);
	uint8_t *before = NULL;
	struct err e;

	depth.channels = 1;
	depth.mask = NULL;
	must(image_make(&depth, &e) == 0);
	for (size_t i = 0; i < n; i++)
		depth.samples[i] = rng_below(&rng, 60) != 0;
	if (im.mask)
		before = memcpy(mem_alloc(n, 1), im.mask, n);
	must(image_hide_depth(&im, &depth, 0, radius, &e) == 0);
	for (size_t i = 0; i < n; i++)
		must((im.mask[i] == 0) == ((before && before[i] == 0) ||
						  is_near(&depth, i, radius)));
	free(before);
	image_release(&depth);
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
		hide_depth();
	ok(true, "%d times what is near the unknown is hidden", ROUNDS);
	for (int i = 0; i < ROUNDS; i++)
		one_wrong_byte();
	ok(true, "%d damaged files do no harm", ROUNDS);
	return tap_done();
}
