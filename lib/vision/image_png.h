/*
 * image_png: what a PNG file holds, as an image and back.
 *
 * The one door to libpng. See image.h for what becomes of colours, gamma and
 * alpha. Errors do not name the file: their text goes behind "PATH: ".
 */
#ifndef VISION_IMAGE_PNG_H
#define VISION_IMAGE_PNG_H

#include <stdbool.h>

#include "base/buf.h"
#include "vision/image.h"

/* image_png_is(file): It begins as PNG files do. */
bool image_png_is(struct span file);

/* image_png_read(im, file, e): The picture in it. */
int image_png_read(struct image *im, struct span file, struct err *e);

/* image_png_size(im, file, e): As image_size does. */
int image_png_size(struct image *im, struct span file, struct err *e);

/* image_png_read_depth(im, file, e): The depth map in it. */
int image_png_read_depth(struct image *im, struct span file, struct err *e);

/* image_png_write(im, file, e): Append the bytes of a PNG file. */
int image_png_write(const struct image *im, struct buf *file, struct err *e);

#endif
