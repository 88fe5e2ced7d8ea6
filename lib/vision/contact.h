/*
 * contact: a sheet of small pictures in rows: a query, then what was found.
 *
 * Each tile has a label and a frame whose colour says whether it is right, which
 * the label repeats for those who cannot tell the colours. Rows are added as
 * they come, and images are needed only while they are put.
 */
#ifndef VISION_CONTACT_H
#define VISION_CONTACT_H

#include "base/span.h"
#include "vision/image.h"

enum contact_mark { CONTACT_PLAIN, CONTACT_RIGHT, CONTACT_WRONG };

struct contact_tile {
	const struct image *image; /* NULL: none, only what is below it */
	struct span name; /* of one that is too long the end is shown */
	struct span note;
	enum contact_mark mark;
};

struct contact {
	uint32_t columns;
	uint32_t rows;
	struct image sheet; /* to be written by image_write */
};

/*
 * contact_row(c, e): Begin a row, of the columns that ${c} was made with. -1
 * where the sheet would be larger than images may be; it stays as it was.
 */
int contact_row(struct contact *c, struct err *e);

/* contact_put(c, column, tile): Put a tile into the last row. */
void contact_put(
	struct contact *c, uint32_t column, const struct contact_tile *tile);

void contact_release(struct contact *c);

#endif
