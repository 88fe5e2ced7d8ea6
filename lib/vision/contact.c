#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "vision/contact.h"
#include "vision/paint.h"

/* A tile: a frame about the picture, two lines below it, and a gap. */
enum { WIDE = 216, HIGH = 162, FRAME = 4, LINE = 18, LABEL = 4, GAP = 6 };
enum {
	TILE_WIDTH = WIDE + 2 * FRAME + GAP,
	TILE_HEIGHT = HIGH + 2 * FRAME + LABEL + 2 * LINE + GAP
};
enum { TEXT = 2 };

enum { PAPER = 0xf4f4f2, INK = 0x202020, BACK = 0xd8d8d4 };

static const uint32_t frames[] = { 0x9a9a96, 0x1a8f4c, 0xd2402d };
static const char *const words[] = { "", " right", " wrong" };

int
contact_row(struct contact *c, struct err *e)
{
	struct image *sheet = &c->sheet, row = { 0 };
	size_t old = (size_t)sheet->width * sheet->height * 3, more;

	if (image_fits(TILE_WIDTH * c->columns + GAP,
		    sheet->height + TILE_HEIGHT + GAP, e))
		return -1;
	row.width = TILE_WIDTH * c->columns + GAP;
	row.height = TILE_HEIGHT + (c->rows ? 0 : GAP);
	if (paint_start(&row, PAPER, e))
		return -1;
	more = (size_t)row.width * row.height * 3;
	sheet->samples = mem_resize(sheet->samples, old + more, 2);
	memcpy(sheet->samples + old, row.samples, more * 2);
	sheet->width = row.width;
	sheet->height += row.height;
	sheet->channels = row.channels;
	sheet->bits = row.bits;
	image_release(&row);
	c->rows++;
	return 0;
}

/* The largest box of the image's shape in the middle of ${in}. */
static struct paint_box
fit(const struct image *im, struct paint_box in)
{
	double scale = fmin(
		(double)in.width / im->width, (double)in.height / im->height);
	struct paint_box box;

	box.width = (uint32_t)fmax(1, im->width * scale);
	box.height = (uint32_t)fmax(1, im->height * scale);
	box.x = in.x + (in.width - box.width) / 2;
	box.y = in.y + (in.height - box.height) / 2;
	return box;
}

static void
put_lines(const struct brush *ink, struct paint_box in,
	const struct contact_tile *tile)
{
	uint32_t after = (uint32_t)tile->note.len * PAINT_CHAR_WIDTH * TEXT;

	in.y += HIGH + FRAME + LABEL;
	paint_name(ink, in, TEXT, tile->name);
	in.y += LINE;
	paint_text(ink, in.x, in.y, TEXT, tile->note);
	paint_text(ink, in.x + after, in.y, TEXT, span_str(words[tile->mark]));
}

void
contact_put(struct contact *c, uint32_t column, const struct contact_tile *tile)
{
	struct paint_box in = { GAP + FRAME + column * TILE_WIDTH,
		GAP + FRAME + (c->rows - 1) * TILE_HEIGHT, WIDE, HIGH };
	struct paint_box frame = { in.x - FRAME, in.y - FRAME, WIDE + 2 * FRAME,
		HIGH + 2 * FRAME };
	struct brush b = { &c->sheet, frames[tile->mark], 1, 1 };

	paint_fill(&b, frame);
	b.colour = BACK;
	paint_fill(&b, in);
	if (tile->image)
		paint_image(&c->sheet, tile->image, fit(tile->image, in));
	if (tile->mark == CONTACT_PLAIN)
		b.colour = INK;
	else
		b.colour = frames[tile->mark];
	put_lines(&b, in, tile);
}

void
contact_release(struct contact *c)
{
	image_release(&c->sheet);
	*c = (struct contact){ .columns = c->columns };
}
