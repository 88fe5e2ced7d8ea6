/*
 * image_laws: what tests hold images against.
 */
#ifndef IMAGE_LAWS_H
#define IMAGE_LAWS_H

#include "vision/image.h"
#include "must.h"

/* Two images are the same. */
static inline void
image_laws_same(const struct image *a, const struct image *b)
{
	size_t n = (size_t)a->width * a->height;

	must(a->width == b->width && a->height == b->height);
	must(a->channels == b->channels && a->bits == b->bits);
	must(!memcmp(a->samples, b->samples, n * a->channels * 2));
	must((a->mask == NULL) == (b->mask == NULL));
	must(a->mask == NULL || !memcmp(a->mask, b->mask, n));
}

#endif
