/*
 * nearest_twin: what the kernels of nearest.cl compute, in plain C.
 *
 * The definition: descriptor by descriptor, in order. The kernels are held
 * against it, and it is what runs where there is no device.
 */
#ifndef VISION_NEAREST_TWIN_H
#define VISION_NEAREST_TWIN_H

#include "vision/features.h"
#include "vision/nearest.h"

/* nearest_twin(query, train, out): As nearest_find. */
void nearest_twin(const struct features *query, const struct features *train,
	struct nearest *out);

#endif
