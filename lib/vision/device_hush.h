/*
 * device_hush: drivers kept from talking, within lib/vision.
 *
 * Their compilers write to standard error, whoever called them: counts of
 * warnings, and what is wrong with what was only tried. What matters of it is in
 * the build log. $CUPEL_CL_VERBOSE lets them talk.
 */
#ifndef VISION_DEVICE_HUSH_H
#define VISION_DEVICE_HUSH_H

#include <stdbool.h>

/* device_verbose(): Whether people want to know what the driver does. */
bool device_verbose(void);

/* device_hush(): From here on nothing is heard; what ends it. */
int device_hush(void);

/* device_speak(saved): The end of what device_hush began. They nest. */
void device_speak(int saved);

#endif
