/*
 * town_paint: the colours of a town's surfaces.
 *
 * A surface's colour is what it reflects, in linear light. Texture finer than
 * ${blur}, the metres that a sample covers, is left out, so that it fades with
 * distance rather than alias.
 */
#ifndef VISION_TOWN_PAINT_H
#define VISION_TOWN_PAINT_H

#include "vision/town.h"

struct town_paint {
	double rgb[3];
	double gloss; /* how much of the sky it mirrors, 0 to 1 */
};

/* A place on a surface: ${u} to the right, ${v} upwards, in metres. */
struct town_spot {
	double u, v, blur;
	uint32_t seed;
};

/* town_paint(t, h, blur, p): The colour where a ray hits. */
void town_paint(const struct town *t, const struct town_hit *h, double blur,
	struct town_paint *p);

/* The kinds of surface that have files of their own. */
void town_paint_wall(const struct town_house *h, enum town_face face,
	const struct town_spot *at, struct town_paint *p);
void town_paint_ground(const struct town *t, const struct town_hit *h,
	double blur, struct town_paint *p);

/* town_paint_set(p, hex, factor): A colour written as sRGB, times a factor. */
void town_paint_set(struct town_paint *p, uint32_t hex, double factor);
void town_paint_scale(struct town_paint *p, double factor);
void town_paint_copy(struct town_paint *p, const double rgb[3], double factor);

/*
 * town_tiles(at, wide, high, shift, joint): A wall of tiles, each row shifted by
 * ${shift} of a tile: each tile's brightness around 1, less in the joints.
 */
double town_tiles(const struct town_spot *at, double wide, double high,
	double shift, double joint);

#endif
