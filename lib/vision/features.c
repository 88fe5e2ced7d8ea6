#include <math.h>
#include <stdlib.h>

#include "features.h"
#include "record/json.h"
#include "side.h"

#define KEYPOINT_BYTES 16

const char *const features_names[] = { "rootsift", "orb", NULL };

size_t
features_bytes(enum features_type type)
{
	return type == FEATURES_ORB ? ORB_BYTES : ROOTSIFT_BYTES;
}

int
features_save(const struct features *f, const char *keypoints,
	const char *descriptors, struct err *e)
{
	struct buf b = { 0 };
	int rc;

	buf_add(&b, (struct span){ (const char *)f->descriptors,
			    f->n * features_bytes(f->type) });
	rc = side_save(&b, descriptors, e);
	buf_clear(&b);
	for (size_t i = 0; i < f->n; i++) {
		const struct keypoint *k = &f->keypoints[i];

		side_put_f32(&b, k->x);
		side_put_f32(&b, k->y);
		side_put_f32(&b, k->scale);
		side_put_f32(&b, k->angle);
	}
	rc = rc ? rc : side_save(&b, keypoints, e);
	buf_release(&b);
	return rc;
}

bool
features_of_pair(struct span record)
{
	return json_kind(json_get(record, "query")) == JSON_OBJECT &&
	       json_get(record, "features").s == NULL;
}

/* What "features" says: the type, and how many. */
static int
read_kind(struct features *f, struct span record, struct err *e)
{
	struct span kind = json_get(record, "features");
	struct span type = json_get(kind, "type");
	int64_t n;
	int i = 0;

	if (features_of_pair(record))
		return err_set(e, FEATURES_PAIR);
	if (json_kind(kind) != JSON_OBJECT)
		return err_set(e, "the record has no features: run it through "
				  "cupel-feature first");
	while (features_names[i] && !json_is(type, features_names[i]))
		i++;
	if (features_names[i] == NULL)
		return err_set(e,
			"features.type is %.*s, where rootsift and orb are "
			"what there is",
			SPAN_ARG(type.s ? type : SPAN("absent")));
	if (!json_i64(json_get(kind, "n"), &n) || n < 0 ||
		(uint64_t)n > FEATURES_MOST)
		return err_set(e,
			"features.n is not a whole number from 0 to %zu",
			FEATURES_MOST);
	f->type = (enum features_type)i;
	f->n = (size_t)n;
	return 0;
}

/* The side file that the record's member ${name} names, into ${b}. */
static int
read_side(struct buf *b, struct span record, const char *name,
	size_t elements[2], struct err *e)
{
	struct arena a = { 0 };
	const char *path = side_named(record, name, &a, e);
	int rc = path ? side_load(b, path, elements[0], elements[1], e) : -1;

	arena_release(&a);
	return rc;
}

static int
read_keypoints(struct features *f, struct span record, struct err *e)
{
	struct buf b = { 0 };
	int rc = read_side(&b, record, "keypoints",
		(size_t[2]){ f->n, KEYPOINT_BYTES }, e);

	f->keypoints = rc ? NULL : mem_alloc(f->n, sizeof(*f->keypoints));
	for (size_t i = 0; rc == 0 && i < f->n; i++) {
		const char *p = b.s + i * KEYPOINT_BYTES;
		struct keypoint k = { side_f32(p), side_f32(p + 4),
			side_f32(p + 8), side_f32(p + 12) };

		if (!isfinite(k.x) || !isfinite(k.y) || !isfinite(k.scale) ||
			!isfinite(k.angle))
			rc = err_set(e,
				"\"keypoints\": keypoint %zu is not finite", i);
		f->keypoints[i] = k;
	}
	buf_release(&b);
	return rc;
}

static int
read_descriptors(struct features *f, struct span record, struct err *e)
{
	struct buf b = { 0 };
	int rc = read_side(&b, record, "descriptors",
		(size_t[2]){ f->n, features_bytes(f->type) }, e);

	f->descriptors = rc ? NULL : (uint8_t *)b.s;
	if (rc)
		buf_release(&b);
	return rc;
}

int
features_load(struct features *f, struct span record, struct err *e)
{
	*f = (struct features){ 0 };
	if (read_kind(f, record, e) == 0 && read_keypoints(f, record, e) == 0 &&
		read_descriptors(f, record, e) == 0)
		return 0;
	features_release(f);
	return -1;
}

void
features_release(struct features *f)
{
	if (f == NULL)
		return;
	free(f->keypoints);
	free(f->descriptors);
	*f = (struct features){ 0 };
}
