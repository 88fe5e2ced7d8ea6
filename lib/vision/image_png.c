#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "base/arena.h"
#include "vision/image_png.h"

/* What a profile may take; no other chunk beside the picture is kept. */
#define CHUNK_MAX 8000000

/* Deflate makes at most so many bytes of one. */
#define DEFLATE_MOST 1032

struct reader {
	png_structp png;
	png_infop info;
	size_t size;      /* of the file */
	struct span left; /* of it */
	bool depth;       /* a depth map: values as they are */
	bool head;        /* no more than that is wanted */
	struct image *im;
	struct err *e;
	unsigned channels; /* in a row of the file, alpha included */
	size_t row;        /* bytes */
	int passes;        /* 1, or 7 of an interlaced picture */
	png_bytep raw;     /* a row, or all of an interlaced picture */
	uint16_t *curve;   /* from the file's encoding to sRGB's, or NULL */
};

/* libpng calls it where it cannot go on, and it does not return to libpng. */
static _Noreturn void
damaged(png_structp png, png_const_charp what)
{
	err_set(png_get_error_ptr(png),
		"this PNG is damaged (%s): get or make the file again", what);
	png_longjmp(png, 1);
}

/* Its warnings are about chunks that do not matter here. */
static void
nothing(png_structp png, png_const_charp what)
{
	(void)png;
	(void)what;
}

static void
feed(png_structp png, png_bytep to, size_t n)
{
	struct reader *r = png_get_io_ptr(png);

	if (n > r->left.len)
		png_error(png, "it ends too early");
	memcpy(to, r->left.s, n);
	r->left.s += n;
	r->left.len -= n;
}

static const char *
kind_name(int kind)
{
	switch (kind) {
	case PNG_COLOR_TYPE_GRAY:
		return "grey";
	case PNG_COLOR_TYPE_GRAY_ALPHA:
		return "grey with alpha";
	case PNG_COLOR_TYPE_PALETTE:
		return "palette";
	case PNG_COLOR_TYPE_RGB:
		return "RGB";
	default:
		return "RGB with alpha";
	}
}

static double
srgb(double light)
{
	return light <= .0031308 ? 12.92 * light
	                         : 1.055 * pow(light, 1 / 2.4) - .055;
}

/* image.h says when; a sample of the file is light to the power of its gAMA. */
static void
find_curve(struct reader *r)
{
	size_t n = (size_t)1 << r->im->bits;
	png_fixed_point gamma;

	if (r->depth || png_get_valid(r->png, r->info, PNG_INFO_sRGB) ||
		png_get_valid(r->png, r->info, PNG_INFO_iCCP) ||
		!png_get_gAMA_fixed(r->png, r->info, &gamma) || gamma <= 0)
		return;
	if (fabs(gamma * 2.2 / PNG_FP_1 - 1) <= .05)
		return;
	r->curve = mem_alloc(n, sizeof(*r->curve));
	for (size_t i = 0; i < n; i++) {
		double top = (double)(n - 1);
		double light = pow((double)i / top, PNG_FP_1 / (double)gamma);

		r->curve[i] = (uint16_t)(srgb(light) * top + .5);
	}
}

/* Refuse what is too large or of another kind; 0 or -1. */
static int
check(struct reader *r)
{
	uint32_t w = png_get_image_width(r->png, r->info);
	uint32_t h = png_get_image_height(r->png, r->info);
	int bits = png_get_bit_depth(r->png, r->info);
	int kind = png_get_color_type(r->png, r->info);

	if (image_fits(w, h, r->e))
		return -1;
	if (r->depth && (bits != 16 || kind != PNG_COLOR_TYPE_GRAY))
		return err_set(r->e,
			"a depth map is a PNG of 16-bit grey and this is one "
			"of %d-bit %s: write the depth as that",
			bits, kind_name(kind));
	return 0;
}

static int
read_header(struct reader *r)
{
	struct image *im = r->im;

	png_read_info(r->png, r->info);
	if (check(r))
		return -1;
	if (!r->depth)
		png_set_expand(r->png);
	r->passes = png_set_interlace_handling(r->png);
	png_read_update_info(r->png, r->info);
	im->width = png_get_image_width(r->png, r->info);
	im->height = png_get_image_height(r->png, r->info);
	im->bits = png_get_bit_depth(r->png, r->info);
	r->channels = png_get_channels(r->png, r->info);
	im->channels = r->channels < 3 ? 1 : 3;
	r->row = png_get_rowbytes(r->png, r->info);
	if (r->size < (uint64_t)im->height * r->row / DEFLATE_MOST)
		png_error(r->png, "it is too short for its pixels");
	find_curve(r);
	return 0;
}

/* What most files need; in blocks, which compilers make vectors of. */
static void
widen(uint16_t *to, png_const_bytep p, size_t n)
{
	size_t i = 0;

	for (; n - i >= 16; i += 16)
		for (size_t j = 0; j < 16; j++)
			to[i + j] = p[i + j];
	for (; i < n; i++)
		to[i] = p[i];
}

/* One row of bytes becomes samples and mask. */
static void
unpack(const struct reader *r, uint32_t y, png_const_bytep p)
{
	const struct image *im = r->im;
	uint16_t *to = im->samples + (size_t)y * im->width * im->channels;
	uint8_t *mask = im->mask ? im->mask + (size_t)y * im->width : NULL;
	unsigned size = im->bits / 8, half = 1u << (im->bits - 1);

	if (size == 1 && r->curve == NULL && mask == NULL) {
		widen(to, p, (size_t)im->width * im->channels);
		return;
	}
	for (uint32_t x = 0; x < im->width; x++)
		for (unsigned c = 0; c < r->channels; c++, p += size) {
			unsigned v = size == 2 ? p[0] << 8 | p[1] : p[0];

			if (c < im->channels)
				*to++ = r->curve ? r->curve[v] : (uint16_t)v;
			else if (mask)
				mask[x] = v < half ? 0 : 255;
		}
}

static int
read_pixels(struct reader *r)
{
	size_t rows = r->passes > 1 ? r->im->height : 1;
	size_t step = r->passes > 1 ? r->row : 0;

	r->raw = malloc(rows * r->row);
	if (r->raw == NULL)
		return err_set(r->e, "no memory for its %zu x %zu bytes", rows,
			r->row);
	for (int pass = 1; pass <= r->passes; pass++)
		for (uint32_t y = 0; y < r->im->height; y++) {
			png_bytep row = r->raw + y * step;

			png_read_row(r->png, row, NULL);
			if (pass == r->passes)
				unpack(r, y, row);
		}
	png_read_end(r->png, NULL);
	return 0;
}

/*
 * The only place that libpng's errors come back to. Whatever the steps change is
 * behind the pointer, in its caller's frame, so that nothing is lost.
 */
static int
guarded(struct reader *r, int (*step)(struct reader *))
{
	if (setjmp(png_jmpbuf(r->png)))
		return -1;
	return step(r);
}

static int
make_mask(struct reader *r)
{
	struct image *im = r->im;

	if (r->channels == im->channels)
		return 0;
	im->mask = malloc((size_t)im->width * im->height);
	return im->mask ? 0 : err_set(r->e, "no memory for its mask");
}

/* A mask that hides nothing is none. */
static void
drop_mask(struct image *im)
{
	if (im->mask && !memchr(im->mask, 0, (size_t)im->width * im->height)) {
		free(im->mask);
		im->mask = NULL;
	}
}

/* The chunks that say what the numbers mean; all others are left out. */
static int
choose_chunks(struct reader *r)
{
	static const png_byte wanted[] = "gAMA\0sRGB\0iCCP";

	png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_set_keep_unknown_chunks(
		r->png, PNG_HANDLE_CHUNK_AS_DEFAULT, wanted, 3);
	png_set_chunk_malloc_max(r->png, CHUNK_MAX);
	png_set_crc_action(r->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	return 0;
}

static int
start(struct reader *r)
{
	r->png = png_create_read_struct(
		PNG_LIBPNG_VER_STRING, r->e, damaged, nothing);
	r->info = r->png ? png_create_info_struct(r->png) : NULL;
	if (r->info == NULL)
		return err_set(r->e, "libpng does not start");
	png_set_read_fn(r->png, r, feed);
	png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	return guarded(r, choose_chunks);
}

static int
read_png(struct reader *r)
{
	int rc = start(r);

	rc = rc ? rc : guarded(r, read_header);
	if (!r->head) {
		rc = rc ? rc : image_make(r->im, r->e);
		rc = rc ? rc : make_mask(r);
		rc = rc ? rc : guarded(r, read_pixels);
	}
	if (rc)
		image_release(r->im);
	else
		drop_mask(r->im);
	png_destroy_read_struct(&r->png, &r->info, NULL);
	free(r->raw);
	free(r->curve);
	return rc;
}

bool
image_png_is(struct span file)
{
	return span_starts(file, SPAN("\x89PNG\r\n\x1a\n"));
}

int
image_png_read(struct image *im, struct span file, struct err *e)
{
	struct reader r = { .size = file.len, .left = file, .im = im, .e = e };

	*im = (struct image){ 0 };
	return read_png(&r);
}

int
image_png_size(struct image *im, struct span file, struct err *e)
{
	struct reader r = {
		.size = file.len, .left = file, .im = im, .e = e, .head = true
	};

	*im = (struct image){ 0 };
	return read_png(&r);
}

int
image_png_read_depth(struct image *im, struct span file, struct err *e)
{
	struct reader r = {
		.size = file.len, .left = file, .im = im, .e = e, .depth = true
	};

	*im = (struct image){ 0 };
	return read_png(&r);
}

struct writer {
	png_structp png;
	png_infop info;
	const struct image *im;
	png_bytep row;
	struct buf *file;
};

static void
keep(png_structp png, png_bytep from, size_t n)
{
	struct writer *w = png_get_io_ptr(png);

	buf_add(w->file, (struct span){ (const char *)from, n });
}

static void
flush(png_structp png)
{
	(void)png;
}

static png_bytep
put(png_bytep p, unsigned bits, unsigned v)
{
	if (bits == 16)
		*p++ = (png_byte)(v >> 8);
	*p++ = (png_byte)v;
	return p;
}

static void
pack(const struct writer *w, uint32_t y)
{
	const struct image *im = w->im;
	size_t at = (size_t)y * im->width;
	const uint16_t *from = im->samples + at * im->channels;
	png_bytep p = w->row;

	for (uint32_t x = 0; x < im->width; x++) {
		for (unsigned c = 0; c < im->channels; c++)
			p = put(p, im->bits, *from++);
		if (im->mask)
			p = put(p, im->bits, im->mask[at + x] ? 65535 : 0);
	}
}

/*
 * Level and filter are fixed, so that the same image is the same bytes. Paeth at
 * level 3 is as small as the other filters at 6, in less than half the time.
 */
static void
write_all(struct writer *w)
{
	const struct image *im = w->im;
	int kind = (im->channels == 3 ? PNG_COLOR_MASK_COLOR : 0) |
	           (im->mask ? PNG_COLOR_MASK_ALPHA : 0);

	png_set_write_fn(w->png, w, keep, flush);
	png_set_user_limits(w->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_compression_level(w->png, 3);
	png_set_filter(w->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_PAETH);
	png_set_IHDR(w->png, w->info, im->width, im->height, im->bits, kind,
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_write_info(w->png, w->info);
	for (uint32_t y = 0; y < im->height; y++) {
		pack(w, y);
		png_write_row(w->png, w->row);
	}
	png_write_end(w->png, NULL);
}

static int
write_guarded(struct writer *w)
{
	if (setjmp(png_jmpbuf(w->png)))
		return -1;
	write_all(w);
	return 0;
}

/* libpng's reasons are in the arguments here, not in a file. */
static _Noreturn void
unwritable(png_structp png, png_const_charp what)
{
	err_set(png_get_error_ptr(png), "no PNG can be made of it: %s", what);
	png_longjmp(png, 1);
}

int
image_png_write(const struct image *im, struct buf *file, struct err *e)
{
	struct writer w = { .im = im, .file = file };
	int rc;

	w.png = png_create_write_struct(
		PNG_LIBPNG_VER_STRING, e, unwritable, nothing);
	w.info = w.png ? png_create_info_struct(w.png) : NULL;
	w.row = mem_alloc(im->width, (size_t)8);
	rc = w.info ? write_guarded(&w) : err_set(e, "libpng does not start");
	png_destroy_write_struct(&w.png, &w.info);
	free(w.row);
	return rc;
}
