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

/* nearest_squared(a, b): The squared distance of two RootSIFT descriptors. */
uint32_t nearest_squared(const uint8_t *a, const uint8_t *b);

/* nearest_twin(query, train, out): As nearest_find. */
void nearest_twin(const struct features *query, const struct features *train,
	struct nearest *out);

#endif
