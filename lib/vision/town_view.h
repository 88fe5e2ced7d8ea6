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

#define TOWN_AIR_VIEWS 5     /* of each target */
#define TOWN_AIR_LOWEST 45.0 /* metres: no roof is higher */

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

/* How many there are; of scattered ones SIZE_MAX. */
size_t town_street_views(const struct town *t, const struct town_views *v);
size_t town_air_views(const struct town *t, const struct town_views *v);

/* town_air_height(v, tilt): How high the camera flies, in metres. */
double town_air_height(const struct town_views *v, double tilt);

/* The view ${i}, below their number. */
void town_street_view(const struct town *t, const struct town_views *v,
	size_t i, struct town_view *to);
void town_air_view(const struct town *t, const struct town_views *v, size_t i,
	struct town_view *to);

#endif
