#include <math.h>

#include "vision/paint.h"
#include "vision/paint_font.h"

int
paint_start(struct image *on, uint32_t colour, struct err *e)
{
	struct brush b = { on, colour, 1, 1 };

	on->channels = 3;
	on->bits = 8;
	on->mask = NULL;
	if (image_make(on, e))
		return -1;
	paint_fill(&b, (struct paint_box){ 0, 0, on->width, on->height });
	return 0;
}

/* Three cosines a third of a turn apart. */
uint32_t
paint_hue(double turn)
{
	const double third = 2.0943951023931953;
	uint32_t colour = 0;

	for (int c = 0; c < 3; c++) {
		double v = .6 + .4 * cos(3 * third * turn - c * third);

		colour = colour << 8 | (uint32_t)(v * 255);
	}
	return colour;
}

/* The pixel takes ${share} of the colour. */
static void
blend(const struct brush *b, uint32_t x, uint32_t y, double share)
{
	uint16_t *p = b->on->samples + ((size_t)y * b->on->width + x) * 3;

	share *= b->opacity;
	for (int c = 0; c < 3; c++) {
		double to = b->colour >> (16 - 8 * c) & 255;

		p[c] = (uint16_t)(p[c] + share * (to - p[c]) + .5);
	}
}

/* How much of a pixel so far from a stroke's middle the stroke covers. */
static double
covered(const struct brush *b, double distance)
{
	double share = b->width / 2 + .5 - distance;

	return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* The first pixel of [0, n) whose centre is at ${v} or beyond; n: none is. */
static uint32_t
from(double v, uint32_t n)
{
	double first = ceil(v - .5);

	return first < 0 ? 0 : first > n ? n : (uint32_t)first;
}

/*
 * Along the longer of its directions a line has a middle for each row of
 * pixels across; those about the middle are looked at. ${steep}: x and y are
 * exchanged.
 */
void
paint_line(const struct brush *b, double x0, double y0, double x1, double y1)
{
	bool steep = fabs(y1 - y0) > fabs(x1 - x0);
	double u0 = steep ? y0 : x0, v0 = steep ? x0 : y0;
	double u1 = steep ? y1 : x1, v1 = steep ? x1 : y1;
	double length = hypot(u1 - u0, v1 - v0);
	double slope = u1 == u0 ? 0 : (v1 - v0) / (u1 - u0);
	double across = length > 0 ? fabs(u1 - u0) / length : 1;
	double reach = (b->width / 2 + .5) / across;
	uint32_t nu = steep ? b->on->height : b->on->width;
	uint32_t nv = steep ? b->on->width : b->on->height;

	if (!isfinite(length))
		return;
	for (uint32_t u = from(fmin(u0, u1) - .5, nu);
		u < nu && u + .5 <= fmax(u0, u1) + .5; u++) {
		double v = v0 + slope * (u + .5 - u0);

		for (uint32_t k = from(v - reach, nv);
			k < nv && k + .5 < v + reach; k++)
			blend(b, steep ? k : u, steep ? u : k,
				covered(b, fabs(k + .5 - v) * across));
	}
}

void
paint_ring(const struct brush *b, double x, double y, double radius)
{
	double reach = radius + b->width;
	uint32_t right = from(x + reach, b->on->width);
	uint32_t bottom = from(y + reach, b->on->height);

	if (!isfinite(x) || !isfinite(y) || !isfinite(radius))
		return;
	for (uint32_t j = from(y - reach, b->on->height); j < bottom; j++)
		for (uint32_t i = from(x - reach, b->on->width); i < right; i++)
			blend(b, i, j,
				covered(b, fabs(hypot(i + .5 - x, j + .5 - y) -
						   radius)));
}

/* Where [at, at + n) ends in [0, end). */
static uint32_t
until(uint32_t at, uint32_t n, uint32_t end)
{
	return at >= end ? at : n > end - at ? end : at + n;
}

void
paint_fill(const struct brush *b, struct paint_box box)
{
	uint32_t right = until(box.x, box.width, b->on->width);
	uint32_t bottom = until(box.y, box.height, b->on->height);

	for (uint32_t y = box.y; y < bottom; y++)
		for (uint32_t x = box.x; x < right; x++)
			blend(b, x, y, 1);
}

static void
paint_char(const struct brush *b, struct paint_box at, unsigned char c)
{
	static const uint8_t box[PAINT_FONT_ROWS] = { 31, 17, 17, 17, 17, 17,
		31 };
	const uint8_t *rows = c < PAINT_FONT_FIRST || c > PAINT_FONT_LAST
	                              ? box
	                              : paint_font[c - PAINT_FONT_FIRST];
	struct paint_box dot = at;

	for (uint32_t y = 0; y < PAINT_FONT_ROWS; y++)
		for (uint32_t x = 0; x < PAINT_FONT_COLUMNS; x++) {
			dot.x = at.x + x * at.width;
			dot.y = at.y + y * at.height;
			if (rows[y] >> (PAINT_FONT_COLUMNS - 1 - x) & 1)
				paint_fill(b, dot);
		}
}

#define DOTS 3

struct span
paint_tail(struct span text, uint32_t width, unsigned size)
{
	size_t most = width / (PAINT_CHAR_WIDTH * size), n = most - DOTS;
	const char *end = text.s + text.len, *slash;

	if (text.len <= most)
		return text;
	if (most < DOTS)
		return (struct span){ end, 0 };
	slash = memchr(end - n, '/', n);
	if (slash)
		n = (size_t)(end - slash);
	return (struct span){ end - n, n };
}

void
paint_text(const struct brush *b, uint32_t x, uint32_t y, unsigned size,
	struct span text)
{
	struct paint_box at = { x, y, size, size };

	for (size_t i = 0; i < text.len && at.x < b->on->width; i++) {
		unsigned char c = (unsigned char)text.s[i];

		/* The rest of a character of several bytes. */
		if ((c & 0xc0) == 0x80)
			continue;
		paint_char(b, at, c);
		at.x += PAINT_CHAR_WIDTH * size;
	}
}

void
paint_name(const struct brush *b, struct paint_box box, unsigned size,
	struct span name)
{
	struct span tail = paint_tail(name, box.width, size);

	if (tail.len < name.len) {
		paint_text(b, box.x, box.y, size, SPAN("..."));
		box.x += DOTS * PAINT_CHAR_WIDTH * size;
	}
	paint_text(b, box.x, box.y, size, tail);
}
