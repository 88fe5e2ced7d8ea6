/*
 * image_jpeg: what a JPEG file holds, as an image.
 *
 * The one door to libjpeg-turbo, by its TurboJPEG interface: that one returns
 * where libjpeg's own would jump. Grey and YCbCr, baseline and progressive; a
 * file that ends early or decodes with a warning is an error, since what is
 * missing would be grey. Bytes are the same with and without SIMD. Errors do not
 * name the file: their text goes behind "PATH: ".
 */
#ifndef VISION_IMAGE_JPEG_H
#define VISION_IMAGE_JPEG_H

#include <stdbool.h>

#include "base/span.h"
#include "vision/image.h"

/* image_jpeg_is(file): It begins as JPEG files do. */
bool image_jpeg_is(struct span file);

/* image_jpeg_read(im, file, e): The picture in it. */
int image_jpeg_read(struct image *im, struct span file, struct err *e);

/* image_jpeg_size(im, file, e): As image_size does. */
int image_jpeg_size(struct image *im, struct span file, struct err *e);

#endif
