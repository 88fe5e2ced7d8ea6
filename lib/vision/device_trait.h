/*
 * device_trait: what is known of a feature before a device is asked, within
 * lib/vision.
 */
#ifndef VISION_DEVICE_TRAIT_H
#define VISION_DEVICE_TRAIT_H

#include "vision/device.h"

struct device_trait {
	const char *name;    /* in the list of devices */
	const char *options; /* that kernels/probe.cl is compiled with */
	bool nvidia; /* asked of nobody else: their compilers know no PTX */
};

extern const struct device_trait device_traits[DEVICE_FEATURES];

#endif
