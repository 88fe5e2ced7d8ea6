#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "image.h"

static void
hide(struct image *im, size_t i)
{
	size_t n = (size_t)im->width * im->height;

	if (im->mask == NULL)
		im->mask = memset(mem_alloc(n, 1), 255, n);
	im->mask[i] = 0;
}

static int
same_size(const struct image *a, const struct image *b, const char *what,
	struct err *e)
{
	if (a->width == b->width && a->height == b->height)
		return 0;
	return err_set(e,
		"the %s has %lu x %lu pixels and the image %lu x %lu: they "
		"have to be the same",
		what, (unsigned long)b->width, (unsigned long)b->height,
		(unsigned long)a->width, (unsigned long)a->height);
}

static bool
is_seen(const struct image *im, size_t i)
{
	const uint16_t *p = im->samples + i * im->channels;

	return (im->mask == NULL || im->mask[i]) &&
	       (p[0] || (im->channels == 3 && (p[1] || p[2])));
}

int
image_hide(struct image *im, const struct image *mask, struct err *e)
{
	size_t n = (size_t)im->width * im->height;

	if (same_size(im, mask, "mask", e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!is_seen(mask, i))
			hide(im, i);
	return 0;
}

int
image_hide_depth(struct image *im, const struct image *depth, unsigned unknown,
	struct err *e)
{
	size_t n = (size_t)im->width * im->height;

	if (same_size(im, depth, "depth map", e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (depth->samples[i] == unknown)
			hide(im, i);
	return 0;
}

/*
 * near[x] becomes how far to the left or right of x a pixel is hidden, or
 * ${far} where that is further.
 */
static void
find_near(uint32_t *near, const uint8_t *row, uint32_t w, uint32_t far)
{
	uint32_t last = far;

	for (uint32_t x = 0; x < w; x++) {
		last = row[x] ? last + (last < far) : 0;
		near[x] = last;
	}
	last = far;
	for (uint32_t x = w; x-- > 0;) {
		last = row[x] ? last + (last < far) : 0;
		if (last < near[x])
			near[x] = last;
	}
}

/* Hide what in the row ${dy} above or below is near enough. */
static void
hide_row(uint8_t *mask, const uint32_t *near, uint32_t w, uint32_t radius,
	uint32_t dy)
{
	uint32_t reach = radius * radius - dy * dy;

	for (uint32_t x = 0; x < w; x++)
		mask[x] = near[x] * near[x] <= reach ? 0 : mask[x];
}

void
image_hide_around(struct image *im, uint8_t radius)
{
	size_t w = im->width, n = w * im->height;
	uint32_t *near;
	uint8_t *from;

	if (im->mask == NULL)
		return;
	near = mem_alloc(w, sizeof(*near));
	from = memcpy(mem_alloc(n, 1), im->mask, n);
	for (uint32_t y = 0; y < im->height; y++) {
		uint32_t to = y > radius ? y - radius : 0;

		if (!memchr(from + y * w, 0, w))
			continue;
		find_near(near, from + y * w, im->width, radius + 1U);
		for (; to < im->height && to <= y + radius; to++)
			hide_row(im->mask + to * w, near, im->width, radius,
				to > y ? to - y : y - to);
	}
	free(from);
	free(near);
}
