/*
 * town_things: what stands in a town besides its houses.
 *
 * Things of the town come from its seed, things of the day from its pass.
 */
#ifndef VISION_TOWN_THINGS_H
#define VISION_TOWN_THINGS_H

#include "vision/town.h"

/* town_yard_add(t, plot, seed): A gap between houses: a wall, a tree. */
void town_yard_add(
	struct town *t, const struct town_house *plot, uint32_t seed);

/* Blocks without houses; ${lo}: the corner of the block's ground. */
void town_park_add(struct town *t, const double lo[2], uint32_t seed);
void town_square_add(struct town *t, const double lo[2], uint32_t seed);

/* town_pavement_add(t, lo, seed): What stands around a block. */
void town_pavement_add(struct town *t, const double lo[2], uint32_t seed);

/* town_traffic_add(t): Cars and people, those of the day. */
void town_traffic_add(struct town *t);

#endif
