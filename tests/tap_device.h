/*
 * tap_device: the device that a test runs on, if there is one.
 *
 * Only where there is none at all may a test leave something out: a device that
 * cannot be opened is a point that failed.
 */
#ifndef TAP_DEVICE_H
#define TAP_DEVICE_H

#include "tap.h"
#include "vision/device.h"

/* tap_device(): The device of $CUPEL_CL, or NULL; the caller closes it. */
static inline struct device *
tap_device(void)
{
	struct device *d = NULL;
	struct err e;

	if (device_open(&d, NULL, &e))
		ok(false, "the device opens: %s", e.msg);
	return d;
}

#endif
