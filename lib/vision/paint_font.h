/*
 * paint_font: characters of 5 x 7 pixels, and two rows for what hangs below.
 *
 * From blank to tilde.
 */
#ifndef VISION_PAINT_FONT_H
#define VISION_PAINT_FONT_H

#include <stdint.h>

#define PAINT_FONT_FIRST 0x20
#define PAINT_FONT_LAST 0x7e
#define PAINT_FONT_ROWS 9
#define PAINT_FONT_COLUMNS 5

extern const uint8_t paint_font[][PAINT_FONT_ROWS];

#endif
