/*
 * image: pictures and depth maps, from files and to them.
 *
 * An image is a plain array of samples, row by row from the top left, the
 * channels of a pixel side by side. Files are PNG, or JPEG where the build has
 * it; which of the two a file is its first bytes say, not its name.
 *
 * Samples are encoded as sRGB is, and that is how descriptors want them: linear
 * light starves the shadows. A PNG with an sRGB or iCCP chunk, without gAMA, or
 * with a gAMA within 5 % of 1/2.2 keeps the numbers in the file. Any other gAMA,
 * such as 1 for linear light, is undone, and the sRGB curve (IEC 61966-2-1) put
 * in its place. Primaries (cHRM, the matrix of a profile) are left alone: colour
 * is not measured here.
 *
 * Grey of 1, 2 and 4 bits becomes 8; 16 bits stay 16. A palette becomes RGB.
 * Alpha, tRNS included, becomes the mask: PNG keeps the colour of a pixel apart
 * from its alpha, so one that is at least half opaque is seen, with its own
 * colour and nothing blended; one that is less opaque than that is hidden.
 *
 * A JPEG's orientation (EXIF) is not applied: cameras and keypoints are about
 * the pixels as they are stored.
 *
 * Functions return 0, or -1 with a message in ${e} that begins with the path.
 * An image belongs to the caller, who releases it; one that could not be read is
 * empty.
 */
#ifndef VISION_IMAGE_H
#define VISION_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/die.h"

/* What is refused by its header, before memory is asked for. */
#define IMAGE_MAX_PIXELS ((uint64_t)1 << 28)

struct image {
	uint32_t width, height;
	uint8_t channels;  /* 1 grey, 3 red, green, blue */
	uint8_t bits;      /* 8 or 16: samples go up to 2^bits - 1 */
	uint16_t *samples; /* width * height * channels */
	uint8_t *mask;     /* width * height, 0: hidden; NULL: all are seen */
};

/* image_read(im, path, e): A PNG or JPEG file. */
int image_read(struct image *im, const char *path, struct err *e);

/*
 * image_size(im, path, e): Of such a file its header alone: ${im} gets width,
 * height, channels and bits, and no samples.
 */
int image_size(struct image *im, const char *path, struct err *e);

/*
 * image_read_depth(im, path, e): A depth map: a PNG of 16-bit grey, its values
 * as they stand in the file whatever chunks are beside them. What 0 or another
 * value for "not known" is, the record says. 8 bits are refused: a depth map
 * that some program made smaller has lost its unit.
 */
int image_read_depth(struct image *im, const char *path, struct err *e);

/*
 * image_write(im, path, e): A PNG of the same bits and channels, with alpha if
 * there is a mask. The file has its name only when it is complete, and the same
 * image is the same bytes.
 */
int image_write(const struct image *im, const char *path, struct err *e);

/*
 * image_fits(width, height, e): It is not too large to be read.
 */
int image_fits(uint32_t width, uint32_t height, struct err *e);

/*
 * image_make(im, e): Give the width, height, channels and bits in ${im} their
 * samples, all 0.
 */
int image_make(struct image *im, struct err *e);

/*
 * image_grey(im): Its brightness, width * height numbers from 0 to 255 that are
 * the caller's to free: .2126 R + .7152 G + .0722 B of the samples as they are.
 */
float *image_grey(const struct image *im);

/* image_grey_bytes(im): The same to the nearest whole number, halves up. */
uint8_t *image_grey_bytes(const struct image *im);

/*
 * image_hide(im, mask, e): Hide the pixels that another image has all 0, or
 * hides itself; a mask in a file is such an image.
 */
int image_hide(struct image *im, const struct image *mask, struct err *e);

/* image_hide_depth(im, depth, unknown, e): Hide those of which ${depth} is that. */
int image_hide_depth(struct image *im, const struct image *depth,
	unsigned unknown, struct err *e);

/*
 * image_hide_around(im, radius): Hide also what has a hidden pixel within so
 * many pixels, from centre to centre.
 */
void image_hide_around(struct image *im, uint8_t radius);

/*
 * image_fill(im): Give hidden pixels colours that go on from those around them,
 * whatever they had, so that they have no outline; they stay hidden. Each level
 * of a pyramid has the means of what is known of the one below it, and what is
 * not known there is interpolated from it, from the top down (pull-push: Gortler
 * et al., "The Lumigraph", SIGGRAPH 1996, 3.4), in whole numbers. Where nothing
 * is seen all is 0.
 */
void image_fill(struct image *im);

/*
 * image_shrink(im, longest, e): Make a picture smaller whose longer side has more
 * pixels than that; 0: none is. A pixel is the mean of what it covers, in whole
 * numbers, of 16 bits; it is hidden where it covers anything hidden. Its middle
 * stays where it was: x of the large one is x of the small one times the widths'
 * ratio, where that of the first pixel's middle is 0.5, and so is y.
 */
int image_shrink(struct image *im, uint32_t longest, struct err *e);

/* image_shrunk(im, longest): Only the size and bits that it would get. */
void image_shrunk(struct image *im, uint32_t longest);

void image_release(struct image *im);

#endif
