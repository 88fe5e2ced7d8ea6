#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "vision/image.h"
#include "vision/image_jpeg.h"
#include "vision/image_png.h"

/* What a file may hold. */
#define FILE_MAX ((size_t)1 << 31)

static int
named(struct err *e, const char *path, const struct err *why)
{
	return err_set(e, "%s: %s", path, why->msg);
}

/* Only plain files: nothing is waited for. */
static int
load(struct buf *file, const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_set(e,
			"%s: %s: a path is relative to the directory the tool "
			"runs in",
			path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e,
			"%s: this is a directory: name a PNG or JPEG file",
			path);
	if (!S_ISREG(st.st_mode))
		return err_set(e,
			"%s: this is no plain file: copy the picture into one",
			path);
	if (st.st_size == 0)
		return err_set(
			e, "%s: the file is empty: get or make it again", path);
	file->max = FILE_MAX;
	return buf_file(file, path, e);
}

typedef int decoder(struct image *, struct span, struct err *);

/* Which of the two it is: its first bytes say. */
static int
decode(struct image *im, struct span file, decoder *png, decoder *jpeg,
	struct err *e)
{
	if (image_png_is(file))
		return png(im, file, e);
	if (image_jpeg_is(file))
		return jpeg(im, file, e);
	return err_set(e, "this is neither PNG nor JPEG: convert it to PNG");
}

static int
as_picture(struct image *im, struct span file, struct err *e)
{
	return decode(im, file, image_png_read, image_jpeg_read, e);
}

static int
as_size(struct image *im, struct span file, struct err *e)
{
	return decode(im, file, image_png_size, image_jpeg_size, e);
}

static int
as_depth(struct image *im, struct span file, struct err *e)
{
	if (image_png_is(file))
		return image_png_read_depth(im, file, e);
	return err_set(
		e, "this is no PNG: a depth map is a PNG of 16-bit grey");
}

static int
read_file(struct image *im, const char *path, decoder *as, struct err *e)
{
	struct buf file = { 0 };
	struct err why;
	int rc;

	*im = (struct image){ 0 };
	rc = load(&file, path, e);
	if (rc == 0 && as(im, buf_span(&file), &why))
		rc = named(e, path, &why);
	buf_release(&file);
	return rc;
}

int
image_read(struct image *im, const char *path, struct err *e)
{
	return read_file(im, path, as_picture, e);
}

int
image_size(struct image *im, const char *path, struct err *e)
{
	return read_file(im, path, as_size, e);
}

int
image_read_depth(struct image *im, const char *path, struct err *e)
{
	return read_file(im, path, as_depth, e);
}

int
image_write(const struct image *im, const char *path, struct err *e)
{
	struct buf file = { 0 };
	struct err why;
	int rc = image_png_write(im, &file, &why);

	rc = rc ? named(e, path, &why) : buf_save(&file, path, e);
	buf_release(&file);
	return rc;
}

int
image_fits(uint32_t width, uint32_t height, struct err *e)
{
	if ((uint64_t)width * height <= IMAGE_MAX_PIXELS)
		return 0;
	return err_set(e,
		"it has %lu x %lu pixels, more than the %lu that are read: "
		"make it smaller",
		(unsigned long)width, (unsigned long)height,
		(unsigned long)IMAGE_MAX_PIXELS);
}

int
image_make(struct image *im, struct err *e)
{
	size_t n = (size_t)im->width * im->height;

	if (image_fits(im->width, im->height, e))
		return -1;
	im->samples = calloc(n + !n, im->channels * sizeof(*im->samples));
	if (im->samples)
		return 0;
	return err_set(e, "no memory for %lu x %lu pixels",
		(unsigned long)im->width, (unsigned long)im->height);
}

float *
image_grey(const struct image *im)
{
	size_t n = (size_t)im->width * im->height;
	float *grey = mem_alloc(n, sizeof(*grey));
	const uint16_t *p = im->samples;

	for (size_t i = 0; i < n; i++, p += im->channels) {
		double v = im->channels == 1
		                   ? p[0]
		                   : .2126 * p[0] + .7152 * p[1] + .0722 * p[2];

		grey[i] = (float)(im->bits == 16 ? v / 257 : v);
	}
	return grey;
}

/* In ten-thousandths. */
static uint32_t
brightness(const uint16_t *p, unsigned channels)
{
	if (channels == 1)
		return UINT32_C(10000) * p[0];
	return UINT32_C(2126) * p[0] + UINT32_C(7152) * p[1] +
	       UINT32_C(722) * p[2];
}

uint8_t *
image_grey_bytes(const struct image *im)
{
	const uint32_t one = 10000, fine = 257 * one;
	size_t n = (size_t)im->width * im->height;
	uint8_t *grey = mem_alloc(n, 1);

	for (size_t i = 0; i < n; i++) {
		uint32_t v = brightness(
			im->samples + i * im->channels, im->channels);

		grey[i] = (uint8_t)(im->bits == 16 ? (v + fine / 2) / fine
						   : (v + one / 2) / one);
	}
	return grey;
}

void
image_release(struct image *im)
{
	free(im->samples);
	free(im->mask);
	*im = (struct image){ 0 };
}
