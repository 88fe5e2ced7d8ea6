/*
 * fuzz-colmap: COLMAP's texts from anywhere. The first line says what the rest
 * is: "features", or "model" with the two files behind each other and a line
 * "images" between them. What was read comes back from what is written of it,
 * and images become records.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "record/emit.h"
#include "record/json.h"
#include "vision/colmap.h"
#include "vision/words.h"

static bool
same(const struct features *a, const struct features *b)
{
	return a->n == b->n &&
	       memcmp(a->keypoints, b->keypoints,
		       a->n * sizeof(*a->keypoints)) == 0 &&
	       memcmp(a->descriptors, b->descriptors, a->n * ROOTSIFT_BYTES) ==
	               0;
}

static void
read_features(struct span text)
{
	struct features f, again;
	struct buf b = { 0 };
	struct err e = { "" };

	if (colmap_read(&f, text, &e)) {
		if (e.msg[0] == '\0' || f.n || f.keypoints)
			abort();
		return;
	}
	if (colmap_write(&b, &f, &e) || colmap_read(&again, buf_span(&b), &e) ||
		(f.n && !same(&f, &again)))
		abort();
	features_release(&again);
	features_release(&f);
	buf_release(&b);
}

static int
each(struct colmap_image *image, void *arg)
{
	struct buf b = { 0 };
	struct json_fault fault;

	colmap_record(&b, image);
	emit_end(&b, '}');
	if (json_scan(buf_span(&b), NULL, &fault))
		abort();
	buf_release(&b);
	++*(size_t *)arg;
	return 0;
}

static void
read_model(struct span text)
{
	struct words w = { text, 0 };
	struct span cameras = { text.s, 0 }, line;
	struct err e = { "" };
	size_t n = 0;

	while (words_line(&w, &line) && !span_is(line, "images"))
		cameras.len = (size_t)(w.rest.s - text.s);
	if (colmap_model(cameras, w.rest, each, &n, &e) && e.msg[0] == '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words w = { { (const char *)data, size }, 0 };
	struct span line;

	if (!words_line(&w, &line))
		return 0;
	if (span_is(line, "features"))
		read_features(w.rest);
	if (span_is(line, "model"))
		read_model(w.rest);
	return 0;
}
