/*
 * device_opts: which device is wanted, within lib/vision.
 */
#ifndef VISION_DEVICE_OPTS_H
#define VISION_DEVICE_OPTS_H

#include <stdbool.h>

/* device_chosen(choice): ${choice}, or --device, or $CUPEL_CL, or "". */
const char *device_chosen(const char *choice);

/* device_chosen_none(choice): Whether it asks for the plain C twins. */
bool device_chosen_none(const char *choice);

/* device_without(why): Tell people, once, that the twins run. */
void device_without(const char *why);

#endif
