/*
 * device_cache: compiled programs, kept between runs, within lib/vision.
 *
 * A file each in $XDG_CACHE_HOME/cupel, or else ~/.cache/cupel. Many filters
 * start together and may be killed at any time, so a file has its name only when
 * it is complete, and is believed only if its checksum fits. What was used least
 * recently goes when there is too much. A cache that cannot be read or written
 * is the same as none: nobody is told.
 */
#ifndef VISION_DEVICE_CACHE_H
#define VISION_DEVICE_CACHE_H

#include "base/buf.h"

/* device_cache_get(key, b): Append what is kept under ${key} (a file name). */
bool device_cache_get(const char *key, struct buf *b);

/* device_cache_put(key, bytes): Keep ${bytes} under ${key}. */
void device_cache_put(const char *key, struct span bytes);

#endif
