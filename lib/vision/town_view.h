/*
 * town_view: where the cameras of a town stand.
 *
 * On the street, either along a route that takes in every street, or scattered
 * over the roadway with any heading. In the air, over a grid of targets whose
 * pictures overlap, the middle of the town first: one picture from straight
 * above and four that look down from the north, east, south and west.
 */
#ifndef VISION_TOWN_VIEW_H
#define VISION_TOWN_VIEW_H

#include "vision/town_render.h"

struct town_views {
	uint32_t width, height;
	double focal;
	/* the street */
	double spacing; /* metres between two places of the route */
	double eye;     /* height */
	uint64_t headings;
	bool scatter;
	/* the air */
	double gsd; /* metres that a pixel covers in the middle of the picture */
	double overlap; /* 0 to 0.95: of neighbouring pictures, along a side */
	double tilt;    /* degrees from the horizon down */
	double noise_m, noise_deg; /* deviation of the pose that is told */
};

struct town_view {
	struct pose pose, told; /* the same without noise */
	double heading;         /* degrees from north over east */
};

/*
 * Is there room for ${n} pictures, and the camera above the roofs? Returns 0, or
 * -1 with ${e} saying which of cupel-town's options to change. Of scattered
 * pictures there is no end.
 */
int town_street_room(const struct town *t, const struct town_views *v, size_t n,
	struct err *e);
int town_air_room(const struct town *t, const struct town_views *v, size_t n,
	struct err *e);

/* The view ${i}, of those that there is room for. */
void town_street_view(const struct town *t, const struct town_views *v,
	size_t i, struct town_view *to);
void town_air_view(const struct town *t, const struct town_views *v, size_t i,
	struct town_view *to);

#endif
