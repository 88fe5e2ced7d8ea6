/*
 * fuzz-image: any bytes as a picture, and as a depth map; and the same with the
 * CRC of each chunk put right, since few bytes would pass it otherwise.
 */
#include "base/buf.h"
#include "vision/image.h"
#include "vision/image_jpeg.h"
#include "vision/image_png.h"
#include "fuzz.h"
#include "image_laws.h"
#include "png_gen.h"

/* What was read is an image, and comes back from a file of our own. */
static void
laws(int rc, struct image *im, const struct err *e)
{
	size_t n = (size_t)im->width * im->height;
	struct buf file = { 0 };
	struct image again;

	if (rc) {
		must(rc == -1 && e->msg[0]);
		must(im->samples == NULL && im->mask == NULL);
		return;
	}
	must(n > 0 && n <= IMAGE_MAX_PIXELS);
	must(im->channels == 1 || im->channels == 3);
	must(im->bits == 8 || im->bits == 16);
	for (size_t i = 0; i < n * im->channels; i++)
		must(im->samples[i] >> im->bits == 0);
	if (n < 10000) {
		must(image_png_write(im, &file, NULL) == 0);
		must(image_png_read(&again, buf_span(&file), NULL) == 0);
		image_laws_same(im, &again);
		image_release(&again);
	}
	buf_release(&file);
	image_release(im);
}

static void
mend(struct buf *file)
{
	size_t at = 8;

	while (at + 12 <= file->len) {
		const unsigned char *p = (unsigned char *)file->s + at;
		size_t n = (size_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
		struct buf crc = { 0 };

		if (n > file->len - at - 12)
			return;
		png_gen_u32(&crc,
			png_gen_crc((struct span){ file->s + at + 4, n + 4 }));
		memcpy(file->s + at + 8 + n, crc.s, 4);
		buf_release(&crc);
		at += n + 12;
	}
}

static void
read_all(struct span file)
{
	struct err e = { "" };
	struct image im;

	laws(image_png_read(&im, file, &e), &im, &e);
	e.msg[0] = '\0';
	laws(image_png_read_depth(&im, file, &e), &im, &e);
	e.msg[0] = '\0';
	laws(image_jpeg_read(&im, file, &e), &im, &e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span file = { (const char *)data, size };
	struct buf mended = { 0 };

	read_all(file);
	buf_add(&mended, file);
	mend(&mended);
	read_all(buf_span(&mended));
	buf_release(&mended);
	return 0;
}
