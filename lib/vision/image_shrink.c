#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "image.h"

/*
 * Pixel i of the large one covers [i * to, (i + 1) * to), pixel j of the small
 * one [j * from, (j + 1) * from): whole numbers, for how much of which is in
 * which.
 */
struct shrink {
	const struct image *from;
	struct image *to;
	uint64_t *row;  /* samples of a large row, summed for the small one's */
	uint64_t *sums; /* of a small row */
};

/* Of a pixel of the small one: the first of the large ones, and how many. */
struct cover {
	uint32_t first, n;
};

static struct cover
cover(uint32_t j, uint64_t from, uint64_t to)
{
	uint64_t first = j * from / to, end = ((j + 1) * from + to - 1) / to;

	return (struct cover){ (uint32_t)first, (uint32_t)(end - first) };
}

/* How much of large pixel ${i} is in small pixel ${j}. */
static uint64_t
share(uint32_t i, uint32_t j, uint64_t from, uint64_t to)
{
	uint64_t begin = i * to > j * from ? i * to : j * from;
	uint64_t a = (i + 1) * to, b = (j + 1) * from;

	return (a < b ? a : b) - begin;
}

static void
sum_row(const struct shrink *s, uint32_t y)
{
	const struct image *f = s->from, *t = s->to;
	const uint16_t *p = f->samples + (size_t)y * f->width * f->channels;
	unsigned channels = f->channels;

	memset(s->row, 0, sizeof(*s->row) * t->width * channels);
	for (uint32_t x = 0; x < t->width; x++) {
		struct cover c = cover(x, f->width, t->width);

		for (uint32_t i = c.first; i < c.first + c.n; i++) {
			uint64_t part = share(i, x, f->width, t->width);

			for (unsigned k = 0; k < channels; k++)
				s->row[x * channels + k] += part *
				                            p[i * channels + k];
		}
	}
}

/* Samples of 16 bits, rounded; what covers a hidden pixel is hidden. */
static void
put_row(const struct shrink *s, uint32_t y)
{
	const struct image *f = s->from, *t = s->to;
	uint64_t all = (uint64_t)f->width * f->height;
	size_t n = (size_t)t->width * t->channels;
	unsigned scale = f->bits == 8 ? 257 : 1;

	for (size_t i = 0; i < n; i++)
		t->samples[y * n + i] =
			(uint16_t)((s->sums[i] * scale + all / 2) / all);
}

static void
shrink_row(const struct shrink *s, uint32_t y)
{
	struct cover c = cover(y, s->from->height, s->to->height);
	size_t n = (size_t)s->to->width * s->to->channels;

	memset(s->sums, 0, n * sizeof(*s->sums));
	for (uint32_t i = c.first; i < c.first + c.n; i++) {
		uint64_t part = share(i, y, s->from->height, s->to->height);

		sum_row(s, i);
		for (size_t k = 0; k < n; k++)
			s->sums[k] += part * s->row[k];
	}
	put_row(s, y);
}

static void
shrink_mask(const struct shrink *s)
{
	const struct image *f = s->from, *t = s->to;

	if (f->mask == NULL)
		return;
	s->to->mask = mem_alloc((size_t)t->width * t->height, 1);
	for (uint32_t y = 0; y < t->height; y++)
		for (uint32_t x = 0; x < t->width; x++) {
			struct cover a = cover(x, f->width, t->width);
			struct cover b = cover(y, f->height, t->height);
			uint8_t *to = t->mask + (size_t)y * t->width + x;

			*to = 255;
			for (uint32_t i = b.first; i < b.first + b.n; i++)
				if (memchr(f->mask + (size_t)i * f->width +
						    a.first,
					    0, a.n))
					*to = 0;
		}
}

void
image_shrunk(struct image *im, uint32_t longest)
{
	uint32_t side = im->width > im->height ? im->width : im->height;
	uint64_t w = im->width, h = im->height;

	if (longest == 0 || side <= longest)
		return;
	im->width = (uint32_t)((w * longest + side / 2) / side);
	im->height = (uint32_t)((h * longest + side / 2) / side);
	im->width += im->width == 0;
	im->height += im->height == 0;
	im->bits = 16;
}

int
image_shrink(struct image *im, uint32_t longest, struct err *e)
{
	struct image small = *im;
	struct shrink s = { .from = im, .to = &small };
	size_t n;

	image_shrunk(&small, longest);
	if (small.width == im->width && small.height == im->height)
		return 0;
	small.mask = NULL;
	if (image_make(&small, e))
		return -1;
	n = (size_t)small.width * small.channels;
	s.row = mem_alloc(n, sizeof(*s.row));
	s.sums = mem_alloc(n, sizeof(*s.sums));
	for (uint32_t y = 0; y < small.height; y++)
		shrink_row(&s, y);
	shrink_mask(&s);
	free(s.row);
	free(s.sums);
	image_release(im);
	*im = small;
	return 0;
}
