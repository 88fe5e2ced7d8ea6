/* unit-image: pictures from files and to them. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "vision/image.h"
#include "tap.h"

static const char path[] = "unit-image.png";

/* Written and read again it is the same. */
static void
check_round(uint8_t channels, uint8_t bits, const char *name)
{
	struct image im = { 5, 3, channels, bits, NULL, NULL };
	struct image got;
	struct err e = { "" };
	size_t n = (size_t)15 * channels;

	image_make(&im, &e);
	for (size_t i = 0; i < n; i++)
		im.samples[i] = (uint16_t)(i * (bits == 16 ? 4097u : 5u));
	ok(image_write(&im, path, &e) == 0 && image_read(&got, path, &e) == 0,
		"%s: written and read%s", name, e.msg);
	ok(got.width == 5 && got.height == 3 && got.channels == channels &&
			got.bits == bits && got.mask == NULL &&
			memcmp(got.samples, im.samples, n * 2) == 0,
		"%s: the same", name);
	image_release(&got);
	image_release(&im);
	unlink(path);
}

int
main(void)
{
	check_round(1, 8, "grey");
	check_round(1, 16, "16-bit grey");
	check_round(3, 8, "RGB");
	check_round(3, 16, "16-bit RGB");
	return tap_done();
}
