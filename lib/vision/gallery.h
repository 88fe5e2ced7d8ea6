/*
 * gallery: the images that are being matched, each read once.
 *
 * Where all images meet each other an image is wanted many times. The gallery
 * keeps features in memory and their descriptors on the device for as long as
 * there is room, and lets go of what was not wanted for the longest time. An
 * image is known by the side files that its record names.
 */
#ifndef VISION_GALLERY_H
#define VISION_GALLERY_H

#include "base/map.h"
#include "vision/device.h"
#include "vision/features.h"
#include "vision/nearest.h"

struct gallery_image {
	struct features features;
	struct nearest_set *set;
	size_t key;
	uint64_t wanted; /* when it was last, counted in images */
};

struct gallery {
	struct nearest_engine *engine;
	size_t limit; /* bytes of features that are kept */
	size_t held;
	struct map keys;
	struct gallery_image **images; /* by key; NULL: not there now */
	size_t images_cap;
	struct gallery_image **kept; /* those that are there, in any order */
	size_t n, cap;
	uint64_t wanted; /* images that were, so far */
	uint64_t loads;  /* how often side files were read */
};

/* Why an image cannot be had: a code of cupel-record(5), and for people. */
struct gallery_fault {
	const char *code;
	struct err why;
};

/*
 * gallery_start(g, engine, d, limit): Begin. So many bytes of features are kept,
 * but half the memory of ${d}, to which ${engine} belongs, at the most; NULL is
 * plain C.
 */
void gallery_start(struct gallery *g, struct nearest_engine *engine,
	const struct device *d, uint64_t limit);

/*
 * gallery_get(g, record, f): The image whose record, a JSON object, this is. The
 * last two that were handed out stay, whatever the limit. NULL with ${f} filled
 * where the record or its side files are not right or the device fails.
 */
const struct gallery_image *gallery_get(
	struct gallery *g, struct span record, struct gallery_fault *f);

/* gallery_release(g): Let go of all; the engine stays. */
void gallery_release(struct gallery *g);

#endif
