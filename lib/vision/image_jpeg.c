#include <stdlib.h>
#ifdef WITH_JPEG
#include <turbojpeg.h>
#endif

#include "vision/image_jpeg.h"

bool
image_jpeg_is(struct span file)
{
	return span_starts(file, SPAN("\xff\xd8\xff"));
}

#ifndef WITH_JPEG

int
image_jpeg_read(struct image *im, struct span file, struct err *e)
{
	(void)file;
	*im = (struct image){ 0 };
	return err_set(e,
		"this is a JPEG, which this build does not read: convert it to "
		"PNG");
}

int
image_jpeg_size(struct image *im, struct span file, struct err *e)
{
	return image_jpeg_read(im, file, e);
}

#else

/* Some reasons begin with the function that found them: that is left out. */
static int
damaged(tjhandle tj, struct err *e)
{
	const char *why = tjGetErrorStr2(tj), *behind = strstr(why, "(): ");

	return err_set(e,
		"this JPEG is damaged (%s): get or make the file again",
		behind ? behind + 4 : why);
}

/* From the header: the size and the channels; 0 or -1. */
static int
read_header(tjhandle tj, struct image *im, struct span file, struct err *e)
{
	int w = 0, h = 0, sampling = 0, space = 0;

	if (tjDecompressHeader3(tj, (const unsigned char *)file.s, file.len, &w,
		    &h, &sampling, &space))
		return damaged(tj, e);
	/* Tables without a picture are no error to the library. */
	if (w < 1 || h < 1)
		return err_set(e, "there is no picture in this JPEG: get or "
				  "make the file again");
	if (space == TJCS_CMYK || space == TJCS_YCCK)
		return err_set(e,
			"this JPEG has the four inks of print (CMYK): convert "
			"it to RGB");
	im->width = (uint32_t)w;
	im->height = (uint32_t)h;
	im->channels = space == TJCS_GRAY ? 1 : 3;
	im->bits = 8;
	if (image_fits(im->width, im->height, e))
		return -1;
	/* Huffman's shortest code is a bit for each block of 8 x 8. */
	if (file.len * 512 < (uint64_t)im->width * im->height)
		return err_set(e, "this JPEG is too short for its pixels: get "
				  "or make the file again");
	return 0;
}

static int
read_pixels(tjhandle tj, struct image *im, struct span file, struct err *e)
{
	size_t n = (size_t)im->width * im->height * im->channels;
	unsigned char *bytes = malloc(n);
	int rc;

	if (bytes == NULL)
		return err_set(e, "no memory for its %zu bytes", n);
	rc = tjDecompress2(tj, (const unsigned char *)file.s, file.len, bytes,
		0, 0, 0, im->channels == 1 ? TJPF_GRAY : TJPF_RGB,
		TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS);
	rc = rc ? damaged(tj, e) : image_make(im, e);
	for (size_t i = 0; rc == 0 && i < n; i++)
		im->samples[i] = bytes[i];
	free(bytes);
	return rc;
}

typedef int reader(tjhandle, struct image *, struct span, struct err *);

static int
read_by(reader *more, struct image *im, struct span file, struct err *e)
{
	tjhandle tj = tjInitDecompress();
	int rc;

	*im = (struct image){ 0 };
	if (tj == NULL)
		return err_set(e, "libjpeg-turbo does not start");
	rc = read_header(tj, im, file, e);
	if (rc == 0 && more)
		rc = more(tj, im, file, e);
	if (rc)
		image_release(im);
	tjDestroy(tj);
	return rc;
}

int
image_jpeg_read(struct image *im, struct span file, struct err *e)
{
	return read_by(read_pixels, im, file, e);
}

int
image_jpeg_size(struct image *im, struct span file, struct err *e)
{
	return read_by(NULL, im, file, e);
}

#endif
