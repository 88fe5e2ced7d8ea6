/*
 * place: where an image was taken, on the ground plane.
 *
 * Metres east and north, and the heading in degrees from north over east, as an
 * image record has them: in "easting" and "northing", and "heading" or "angle"
 * if there, or else in its pose, of which x is east and y north; null is not
 * there. Of a record that has "truth" all of that is read there.
 */
#ifndef VISION_PLACE_H
#define VISION_PLACE_H

#include <math.h>

#include "base/buf.h"

struct place {
	double east, north, heading;
	bool headed; /* the heading is known */
};

#define PLACE_ANY HUGE_VAL /* a heading */

/* What the same place is, where nobody says otherwise. */
#define PLACE_LIMITS ((struct place_limits){ 25, PLACE_ANY })

struct place_limits {
	double radius, heading; /* metres, degrees */
};

/*
 * place_read(p, record, e): The place of an image record; 0, or -1 with ${e}. A
 * member that is there and no number is an error, whatever else the record has.
 */
int place_read(struct place *p, struct span record, struct err *e);

/* place_apart(a, b): How far apart they are, in metres. */
double place_apart(const struct place *a, const struct place *b);

/*
 * place_along(a, b, deg): Do they look the same way, to within so many degrees?
 * What is not known does not.
 */
bool place_along(const struct place *a, const struct place *b, double deg);

/*
 * place_right(a, b, limits): Are they at most so far apart, and do they look the
 * same way to within so many degrees, unless that is PLACE_ANY?
 */
bool place_right(const struct place *a, const struct place *b,
	const struct place_limits *limits);

/* place_truth(record): Its member "truth" if that is an object, or itself. */
struct span place_truth(struct span record);

/*
 * place_name(record, a): What names the image, "image" or else "id", decoded as
 * json_str does; absent if nothing does.
 */
struct span place_name(struct span record, struct arena *a);

#endif
