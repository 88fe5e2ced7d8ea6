/*
 * vlad: an image's descriptors as one vector.
 *
 * VLAD (Jegou, Douze, Schmid and Perez, CVPR 2010): of each centre of a
 * vocabulary the sum of what its descriptors differ from it. The part of each
 * centre is scaled to length 1, so that a pattern which repeats does not drown
 * the rest (Arandjelovic and Zisserman, CVPR 2013), then every number is replaced
 * by its root, keeping its sign, and the whole is scaled to length 1. Where the
 * vocabulary has axes the vector is turned onto them and divided by the spread
 * along each, and again scaled to length 1 (Jegou and Chum, ECCV 2012): that is
 * done in the axes already.
 *
 * The sums are whole numbers, and what follows is done in one fixed order, so the
 * vector depends neither on the order of the descriptors nor on the device.
 */
#ifndef VISION_VLAD_H
#define VISION_VLAD_H

#include <stdbool.h>

#include "base/die.h"

struct features;
struct nearest_engine;
struct vocabulary;

/*
 * vlad_whole(g, v, f, out, e): The vector before it is turned, of length
 * vocabulary_length(); all 0 where every descriptor is a centre or there is none.
 * Returns 0, or -1 with ${e} filled where the device failed.
 */
int vlad_whole(struct nearest_engine *g, const struct vocabulary *v,
	const struct features *f, float *out, struct err *e);

/*
 * vlad_turn(v, whole, out): The vector as it is compared, of vocabulary_dims()
 * numbers; false where it has no direction.
 */
bool vlad_turn(const struct vocabulary *v, const float *whole, float *out);

#endif
