/* fuzz-image: any bytes as a picture, and as a depth map. */
#include "base/buf.h"
#include "vision/image.h"
#include "vision/image_jpeg.h"
#include "vision/image_png.h"
#include "fuzz.h"
#include "image_laws.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span file = { (const char *)data, size };
	struct err e = { "" };
	struct image im;

	laws(image_png_read(&im, file, &e), &im, &e);
	e.msg[0] = '\0';
	laws(image_png_read_depth(&im, file, &e), &im, &e);
	e.msg[0] = '\0';
	laws(image_jpeg_read(&im, file, &e), &im, &e);
	return 0;
}
