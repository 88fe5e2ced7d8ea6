/*
 * town_house: a house and what hangs on it.
 */
#ifndef VISION_TOWN_HOUSE_H
#define VISION_TOWN_HOUSE_H

#include "vision/town.h"

/* A house's walls as its windows see them. */
struct town_bays {
	size_t n;      /* windows in a row */
	double margin; /* before the first bay */
	double width;  /* of the wall */
	size_t floors;
};

/* town_bays(h, face): How the windows of one of its walls stand. */
struct town_bays town_bays(const struct town_house *h, enum town_face face);

/*
 * town_house_add(t, plan, seed): Build a house on the ground between
 * ${plan->lo} and ${plan->hi}; ${plan->front} and ${plan->open} say which way
 * it looks, and the rest is the seed's.
 */
void town_house_add(
	struct town *t, const struct town_house *plan, uint32_t seed);

#endif
