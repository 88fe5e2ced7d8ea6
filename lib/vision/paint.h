/*
 * paint: lines, rings, text and images on a picture for people.
 *
 * What is painted on is an image of 8-bit RGB. Places are in its pixels, the
 * first one's centre at (0.5, 0.5); what falls outside is left out. Lines and
 * rings are smooth: a pixel takes as much of the colour as the stroke covers,
 * to within its distance from the stroke's middle.
 */
#ifndef VISION_PAINT_H
#define VISION_PAINT_H

#include "base/span.h"
#include "vision/image.h"

/* How wide a character is at size 1, with the gap to the next one. */
#define PAINT_CHAR_WIDTH 6

struct brush {
	struct image *on;
	uint32_t colour; /* 0xRRGGBB */
	double opacity;  /* 0 to 1 */
	double width;    /* of a stroke, in pixels */
};

struct paint_box {
	uint32_t x, y, width, height;
};

/* paint_start(on, colour, e): Give the width and height in ${on} one colour. */
int paint_start(struct image *on, uint32_t colour, struct err *e);

/* paint_hue(turn): A bright colour; ${turn} is a place on its circle, 0 to 1. */
uint32_t paint_hue(double turn);

void paint_line(
	const struct brush *b, double x0, double y0, double x1, double y1);

/* paint_ring(b, x, y, radius): A circle's line. */
void paint_ring(const struct brush *b, double x, double y, double radius);

void paint_fill(const struct brush *b, struct paint_box box);

/*
 * paint_text(b, x, y, size, text): One line of ASCII from that corner on, each
 * pixel of a character ${size} wide and high; any other character is a box.
 */
void paint_text(const struct brush *b, uint32_t x, uint32_t y, unsigned size,
	struct span text);

/*
 * paint_tail(text, width, size): The end of a text that is too long to stand
 * there, as much as fits behind "...", from a slash on if one is left; all of
 * any other.
 */
struct span paint_tail(struct span text, uint32_t width, unsigned size);

/* paint_name(b, box, size, name): A text at the box's top, as wide as that. */
void paint_name(const struct brush *b, struct paint_box box, unsigned size,
	struct span name);

/*
 * paint_image(on, im, box): Put an image there, made to fit the box by the mean
 * of what each pixel covers, in linear light. Hidden pixels are dim.
 */
void paint_image(
	struct image *on, const struct image *im, struct paint_box box);

#endif
