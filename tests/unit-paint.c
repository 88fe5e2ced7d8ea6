/* unit-paint: what is painted for people is where and as it should be. */
#include <math.h>
#include <stdlib.h>

#include "vision/contact.h"
#include "vision/paint.h"
#include "vision/picture.h"
#include "tap.h"

static uint32_t
at(const struct image *im, uint32_t x, uint32_t y)
{
	const uint16_t *p = im->samples + ((size_t)y * im->width + x) * 3;

	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static struct image
paper(uint32_t width, uint32_t height)
{
	struct image im = { .width = width, .height = height };
	struct err e;

	if (paint_start(&im, 0, &e))
		exit(1);
	return im;
}

static void
check_line(void)
{
	struct image im = paper(9, 9);
	struct brush b = { &im, 0xffffff, 1, 1 };

	paint_line(&b, 2.5, 4.5, 6.5, 4.5);
	is_int(at(&im, 4, 4), 0xffffff, "a line covers its pixels");
	is_int(at(&im, 4, 3) | at(&im, 4, 5) | at(&im, 0, 4) | at(&im, 8, 4), 0,
		"and no others");
	paint_line(&b, 0, 2, 9, 2);
	is_int(at(&im, 3, 1), 0x808080,
		"between two rows it covers half of "
		"one");
	is_int(at(&im, 3, 2), 0x808080, "and half of the other");
	paint_line(&b, -1e9, 8.5, 1e9, 8.5);
	is_int(at(&im, 0, 8) & at(&im, 8, 8), 0xffffff,
		"what is outside is left out");
	paint_line(&b, NAN, 0, 1, 1);
	paint_line(&b, 0, 0, INFINITY, 1);
	paint_line(&b, 4.5, 6.5, 4.5, 6.5);
	is_int(at(&im, 4, 6), 0xffffff, "a line without length is a dot");
	image_release(&im);
}

static void
check_steep(void)
{
	struct image flat = paper(9, 9), steep = paper(9, 9);
	struct brush b = { &flat, 0xffffff, 1, 1 };
	bool same = true;

	paint_line(&b, 1, 2, 8, 4);
	b.on = &steep;
	paint_line(&b, 2, 1, 4, 8);
	for (uint32_t i = 0; i < 81; i++)
		same = same &&
		       at(&flat, i % 9, i / 9) == at(&steep, i / 9, i % 9);
	ok(same, "steep and flat lines are the same, mirrored");
	image_release(&flat);
	image_release(&steep);
}

static void
check_ring(void)
{
	struct image im = paper(11, 11);
	struct brush b = { &im, 0xffffff, 1, 1 };

	paint_ring(&b, 5.5, 5.5, 3);
	is_int(at(&im, 8, 5) & at(&im, 2, 5) & at(&im, 5, 8) & at(&im, 5, 2),
		0xffffff, "a ring is as far from its centre as it should be");
	is_int(at(&im, 5, 5) | at(&im, 10, 5), 0, "and nowhere else");
	paint_ring(&b, NAN, 5, 1);
	paint_ring(&b, -100, -100, 5);
	image_release(&im);
}

static void
check_name(void)
{
	struct image im = paper(80, 9), want = paper(80, 9);
	struct brush b = { &im, 0xffffff, 1, 1 },
		     by_hand = { &want, 0xffffff, 1, 1 };

	paint_name(&b, (struct paint_box){ 2, 1, 54, 8 }, 1,
		SPAN("far/away/name"));
	paint_text(&by_hand, 2, 1, 1, SPAN(".../name"));
	ok(memcmp(im.samples, want.samples, 80 * 9 * 6) == 0,
		"a long name is cut in front, at a slash");
	image_release(&im);
	image_release(&want);
}

static void
check_text(void)
{
	struct image im = paper(40, 12);
	struct brush b = { &im, 0xffffff, 1, 1 };
	const char *want = "#####..#....#....#....#....#....#..";
	char got[36] = "";

	paint_text(&b, 0, 0, 1, SPAN("T\xc3\xa9."));
	for (uint32_t i = 0; i < 35; i++)
		got[i] = at(&im, i % 5, i / 5) ? '#' : '.';
	is_str(got, want, "a letter has its shape");
	is_int(at(&im, 6, 0) & at(&im, 10, 6), 0xffffff,
		"what is not ASCII is one box");
	ok(at(&im, 13, 6) != 0, "and what follows stands behind it");
	paint_text(&b, 38, 11, 3, SPAN("over the edge"));
	ok(span_is(paint_tail(SPAN("far/away/name"), 9 * 12 + 11, 2),
		   "/name") &&
			span_is(paint_tail(SPAN("far-name"), 7 * 12, 2),
				"name") &&
			span_is(paint_tail(SPAN("far"), 2 * 12, 2), "") &&
			span_is(paint_tail(SPAN("a/name"), 6 * 12, 2),
				"a/name"),
		"of a long name the end fits, behind what says so");
	check_name();
	image_release(&im);
}

static struct image
tiny(void)
{
	const uint16_t v[] = { 0, 255, 255, 0 };
	struct image im = { 2, 2, 1, 8, malloc(sizeof(v)), NULL };

	memcpy(im.samples, v, sizeof(v));
	return im;
}

static void
check_image(void)
{
	struct image im = paper(8, 8), on = tiny();
	bool same = true;

	paint_image(&im, &on, (struct paint_box){ 1, 1, 2, 2 });
	is_int(at(&im, 1, 1) | at(&im, 2, 2), 0, "an image is put as it is");
	is_int(at(&im, 2, 1) & at(&im, 1, 2), 0xffffff, "white where it is");
	paint_image(&im, &on, (struct paint_box){ 3, 3, 1, 1 });
	is_int(at(&im, 3, 3), 0xbcbcbc, "black and white are grey by light");
	paint_image(&im, &on, (struct paint_box){ 4, 4, 4, 4 });
	is_int(at(&im, 5, 5) | at(&im, 6, 6), 0, "made larger it is the same");
	is_int(at(&im, 7, 4) & at(&im, 6, 5), 0xffffff, "at every corner");
	paint_image(&im, &on, (struct paint_box){ 7, 7, 100, 100 });
	on.mask = calloc(4, 1);
	paint_image(&im, &on, (struct paint_box){ 0, 0, 2, 2 });
	ok(at(&im, 1, 0) > 0x404040 && at(&im, 1, 0) < 0xc0c0c0,
		"hidden pixels are dim");
	image_release(&on);
	image_release(&im);

	im = paper(256, 1);
	on = paper(256, 1);
	for (uint16_t i = 0; i < 256 * 3; i++)
		on.samples[i] = i / 3;
	paint_image(&im, &on, (struct paint_box){ 0, 0, 256, 1 });
	same = memcmp(im.samples, on.samples, 256 * 6) == 0;
	ok(same, "light and back: all 256 levels stay");
	image_release(&on);
	image_release(&im);
}

static void
check_picture(void)
{
	struct image a = paper(60, 40), b = paper(80, 30), out;
	const double pairs[][4] = { { 10, 10, 70, 20 }, { 20, 20, 5, 5 } };
	const uint8_t inlier[] = { 1, 0 };
	struct picture_pair p = { { &a, SPAN("a"), NULL },
		{ &b, SPAN("b"), NULL }, pairs, inlier, 2 };
	struct image huge = { PICTURE_WIDTH * 2, 1, 1, 8,
		calloc(PICTURE_WIDTH, 4), NULL };
	struct err e;

	ok(picture_make(&p, &out, &e) == 0, "a picture of two");
	ok(out.width == 60 + 8 + 80 && out.height == 40 + 2 * 24,
		"as large as both and what is about them");
	ok(at(&out, 13, 24 + 10) != 0, "the ring about a match");
	image_release(&out);
	p.match.image = &huge;
	ok(picture_make(&p, &out, &e) == 0 && out.width < PICTURE_WIDTH + 11,
		"large images are made smaller");
	image_release(&out);
	image_release(&huge);
	image_release(&a);
	image_release(&b);
}

static void
check_contact(void)
{
	struct contact c = { .columns = 2 };
	struct contact_tile tile = { .name = SPAN("a name that is too long"),
		.note = SPAN("0.1"),
		.mark = CONTACT_WRONG };
	struct image im = paper(4, 3);
	struct err e;
	uint32_t width, height;

	ok(contact_row(&c, &e) == 0, "a sheet begins");
	width = c.sheet.width;
	height = c.sheet.height;
	ok(contact_row(&c, &e) == 0 && c.sheet.width == width &&
			c.sheet.height > height,
		"and grows by rows");
	contact_put(&c, 0, &(struct contact_tile){ .image = &im });
	tile.image = &im;
	contact_put(&c, 1, &tile);
	is_int(at(&c.sheet, 20, height + 20), 0, "the picture is in its tile");
	is_int(at(&c.sheet, width / 2 + 4, height + 20), 0xd2402d,
		"a wrong one is framed red");
	tile.image = NULL;
	tile.mark = CONTACT_RIGHT;
	contact_put(&c, 1, &tile);
	is_int(at(&c.sheet, width / 2 + 4, height + 20), 0x1a8f4c,
		"a right one green");
	contact_release(&c);
	c = (struct contact){ .columns = 1000000 };
	ok(contact_row(&c, &e) == -1 && c.rows == 0,
		"no sheet is larger than images may be");
	image_release(&im);
}

int
main(void)
{
	check_line();
	check_steep();
	check_ring();
	check_text();
	check_image();
	check_picture();
	check_contact();
	return tap_done();
}
