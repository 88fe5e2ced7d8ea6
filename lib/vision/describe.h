/*
 * describe: from an image's record to its vector.
 *
 * A describer makes vectors with one vocabulary on one device, of the features
 * that a record names or, with a dense vocabulary, of its picture. What goes
 * wrong is the record's fault or the device's, and told as a word for rec_fail
 * with a message.
 */
#ifndef VISION_DESCRIBE_H
#define VISION_DESCRIBE_H

#include "base/span.h"
#include "vision/global.h"

struct device;
struct features;
struct nearest_engine;
struct vocabulary;

struct describer {
	const struct vocabulary *vocabulary;
	struct nearest_engine *engine;
};

/*
 * describe_features(record, dense, f, e): The descriptors of an image's record,
 * at least one of them, RootSIFT, into ${f}: with ${dense} those of its picture.
 * Returns NULL, or a word for rec_fail with ${e} filled and ${f} empty.
 */
const char *describe_features(
	struct span record, bool dense, struct features *f, struct err *e);

/*
 * describe_image(d, record, g, e): The vector of an image's record into ${g}.
 * Returns NULL, or a word for rec_fail with ${e} filled and ${g} empty.
 */
const char *describe_image(const struct describer *d, struct span record,
	struct global *g, struct err *e);

#endif
