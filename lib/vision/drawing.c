#include <stdlib.h>

#include "base/arena.h"
#include "vision/drawing.h"
#include "vision/paint.h"
#include "vision/side.h"

/* What is to the right of the narrower pictures. */
#define PAPER 0x202225

static int
read_side(struct picture_side *side, struct image *im, struct err *e)
{
	struct arena a = { 0 };
	int rc = image_read(im, arena_dup(&a, side->name), e);

	side->image = im;
	arena_release(&a);
	return rc;
}

static void
copy(struct image *to, const struct image *from, uint32_t y)
{
	for (uint32_t i = 0; i < from->height; i++)
		memcpy(to->samples + (size_t)(y + i) * to->width * 3,
			from->samples + (size_t)i * from->width * 3,
			(size_t)from->width * 6);
}

/* The picture goes below those that are there; the sheet becomes as wide. */
static int
append(struct drawing *d, const struct image *picture, struct err *e)
{
	struct image old = d->sheet, sheet = { .width = old.width };

	if (sheet.width < picture->width)
		sheet.width = picture->width;
	sheet.height = old.height + picture->height;
	if (paint_start(&sheet, PAPER, e))
		return -1;
	copy(&sheet, &old, 0);
	copy(&sheet, picture, old.height);
	image_release(&old);
	d->sheet = sheet;
	return 0;
}

static int
draw(struct drawing *d, const struct picture_pair *p, struct err *e)
{
	struct picture_pair pair = *p;
	struct image query = { 0 }, match = { 0 }, picture = { 0 };
	int rc = read_side(&pair.query, &query, e);

	rc = rc ? rc : read_side(&pair.match, &match, e);
	rc = rc ? rc : picture_make(&pair, &picture, e);
	rc = rc ? rc : append(d, &picture, e);
	image_release(&query);
	image_release(&match);
	image_release(&picture);
	return rc;
}

void
drawing_add(struct drawing *d, const struct picture_pair *p)
{
	struct err e;

	if (d->pairs++ >= DRAWING_PAIRS || draw(d, p, &e) == 0)
		return;
	if (d->unreadable++ == 0)
		d->why = e;
}

int
drawing_save(struct drawing *d, const char *path, struct err *e)
{
	if (d->unreadable)
		warn("%s: pairs that cannot be drawn: %llu; the first: %s",
			path, (unsigned long long)d->unreadable, d->why.msg);
	if (d->sheet.height == 0) {
		warn("%s: there is no pair to draw: there is no picture", path);
		return side_drop(path, e);
	}
	if (image_write(&d->sheet, path, e))
		return -1;
	if (d->pairs > DRAWING_PAIRS)
		warn("%s: the first %d of %llu pairs are drawn", path,
			DRAWING_PAIRS, (unsigned long long)d->pairs);
	return 0;
}

void
drawing_release(struct drawing *d)
{
	image_release(&d->sheet);
}
