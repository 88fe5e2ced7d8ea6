/*
 * town_cast: rays against the solids of a town.
 *
 * A solid is a box, a box cut by sloping planes (a roof) or the ellipsoid that
 * fills a box (the crown of a tree). The ground is the plane z = 0. Solids are
 * found through a grid over the ground whose cells list those that reach into
 * them. Coordinates are metres: x east, y north, z up.
 */
#ifndef VISION_TOWN_CAST_H
#define VISION_TOWN_CAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum town_shape {
	TOWN_BOX,
	TOWN_RIDGE_X, /* a roof of two slopes with its ridge along x */
	TOWN_RIDGE_Y,
	TOWN_HIP, /* a roof of four slopes */
	TOWN_BALL,
};

/* A box's sides, two an axis, and the slopes that face the same ways. */
enum town_face {
	TOWN_WEST,
	TOWN_EAST,
	TOWN_SOUTH,
	TOWN_NORTH,
	TOWN_BOTTOM,
	TOWN_TOP,
	TOWN_SLOPE_WEST,
	TOWN_SLOPE_EAST,
	TOWN_SLOPE_SOUTH,
	TOWN_SLOPE_NORTH,
	TOWN_ROUND,
};

struct town_solid {
	double lo[3], hi[3];
	enum town_shape shape;
	int stuff;     /* what it is: an enum town_stuff */
	uint32_t seed; /* of its looks */
	uint32_t of;   /* the building it belongs to, an index */
};

struct town_grid {
	struct town_solid *solids;
	size_t n, cap;
	double low, high; /* of x and y alike: where the cells are */
	size_t side;      /* cells in a row */
	uint32_t *first;  /* side * side + 1: where each cell's list begins */
	uint32_t *lists;
	double *tops; /* how high a cell's solids reach */
};

struct town_ray {
	double from[3], way[3]; /* from + t way */
};

struct town_hit {
	double t;
	const struct town_solid *solid; /* NULL: the ground */
	enum town_face face;
	double at[3], normal[3];
};

/* town_grid_add(g, s): One more solid; before town_grid_build. */
struct town_solid *town_grid_add(
	struct town_grid *g, const struct town_solid *s);

/* town_grid_build(g, low, high): Make the cells. */
void town_grid_build(struct town_grid *g, double low, double high);

/* town_cast(g, ray, h): The nearest hit in front; false: the sky. */
bool town_cast(const struct town_grid *g, const struct town_ray *ray,
	struct town_hit *h);

/* town_shaded(g, ray): Does any solid stand in the ray's way? */
bool town_shaded(const struct town_grid *g, const struct town_ray *ray);

void town_grid_release(struct town_grid *g);

#endif
