/*
 * columns: the same members out of one object after another.
 *
 * Records of a file have their members in the same order again and again. So
 * where each known member stands is learned from the object before: a member
 * that stands there again costs one comparison, any other is looked up.
 */
#ifndef EVAL_COLUMNS_H
#define EVAL_COLUMNS_H

#include "base/map.h"
#include "record/json.h"

struct columns {
	struct map names;
	struct columns_place {
		struct span key; /* what stood there, without its quotes */
		size_t column;
	} * places;
	size_t nplaces, cap;
	struct arena scratch;
};

/* columns_add(c, name): The name's column; a new one is the next of 0, 1 ... */
size_t columns_add(struct columns *c, struct span name);

/*
 * columns_read(c, it, values): Set ${values} of each column to the member's value
 * in the object that ${it} walks, absent where it has none; members without a
 * column are passed over. Of equal names the last one counts.
 */
void columns_read(struct columns *c, struct json_iter it, struct span *values);

void columns_release(struct columns *c);

#endif
