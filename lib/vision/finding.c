#include "finding.h"

#include <stdlib.h>

#include "record/emit.h"
#include "vision/image.h"
#include "vision/side.h"

#define AROUND 8 /* pixels */

/* A record at work. */
struct shot {
	struct rec *rec;
	struct span name; /* of the image, with a NUL behind it */
	struct image image;
	struct features features;
	struct buf paths[2]; /* of keypoints and descriptors */
};

/* A member that names a file, or absent; -1 where it is something else. */
static int
path_of(struct rec *r, const char *name, struct span *path)
{
	struct span value = rec_get(r, name);
	struct span text = json_str(value, &r->arena);

	*path = (struct span){ 0 };
	if (json_kind(value) <= JSON_NULL)
		return 0;
	if (text.s == NULL || text.len == 0 || memchr(text.s, 0, text.len))
		return -1;
	path->s = arena_dup(&r->arena, text);
	path->len = text.len;
	return 0;
}

/* The record's size, where it tells one, is the picture's. */
static int
check_size(struct shot *s, const char *name, uint32_t size)
{
	struct span value = rec_get(s->rec, name);
	int64_t n;

	if (json_kind(value) <= JSON_NULL)
		return 0;
	if (json_i64(value, &n) && n == size)
		return 0;
	rec_fail(s->rec, "size",
		"%s: the record's %s is %.*s, the picture's %u", s->name.s,
		name, SPAN_ARG(value), size);
	return -1;
}

static int
read_image(struct finding *g, struct shot *s)
{
	struct err e;

	if (path_of(s->rec, "image", &s->name) || s->name.s == NULL) {
		rec_fail(s->rec, "no_image",
			"\"image\" is missing: the path of a picture is "
			"expected");
		return -1;
	}
	if (image_read(&s->image, s->name.s, &e)) {
		rec_fail(s->rec, "bad_image", "%s", e.msg);
		return -1;
	}
	if (check_size(s, "width", s->image.width) ||
		check_size(s, "height", s->image.height))
		return -1;
	if (sift_too_large(s->image.width, s->image.height, &g->sift, &e)) {
		rec_fail(s->rec, "size", "%s: %s", s->name.s, e.msg);
		return -1;
	}
	return 0;
}

/* Hide what the record's mask, a picture of the same size, has 0. */
static int
hide_masked(struct shot *s, struct err *e)
{
	struct span path;
	struct image mask;
	int rc;

	if (path_of(s->rec, "mask", &path))
		return err_set(e, "\"mask\": a path is expected");
	if (path.s == NULL)
		return 0;
	if (image_read(&mask, path.s, e))
		return -1;
	rc = image_hide(&s->image, &mask, e);
	image_release(&mask);
	return rc;
}

/* Hide what is near a hidden pixel. */
static int
hide_around(struct shot *s, struct err *e)
{
	struct image seen = { s->image.width, s->image.height, 1, 16, 0, 0 };
	size_t n = (size_t)seen.width * seen.height;
	int rc;

	if (s->image.mask == NULL)
		return 0;
	if (image_make(&seen, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		seen.samples[i] = s->image.mask[i];
	rc = image_hide_depth(&s->image, &seen, 0, AROUND, e);
	image_release(&seen);
	return rc;
}

/* Hide where the depth is unknown: at the edge of a rendered scene, say. */
static int
hide_depthless(struct shot *s, struct err *e)
{
	struct span path, invalid = rec_get(s->rec, "depth_invalid");
	struct image depth;
	int64_t unknown = 0;
	int rc;

	if (path_of(s->rec, "depth", &path))
		return err_set(e, "\"depth\": a path is expected");
	if (path.s == NULL)
		return 0;
	if (json_kind(invalid) > JSON_NULL &&
		(!json_i64(invalid, &unknown) || unknown < 0 ||
			unknown > UINT16_MAX))
		return err_set(e,
			"\"depth_invalid\" is %.*s: a whole number from 0 to "
			"65535 is expected",
			SPAN_ARG(invalid));
	if (image_read_depth(&depth, path.s, e))
		return -1;
	rc = image_hide_depth(&s->image, &depth, (unsigned)unknown, AROUND, e);
	image_release(&depth);
	return rc;
}

static int
hide(const struct finding *g, struct shot *s)
{
	struct err e;

	if (hide_masked(s, &e) == 0 && hide_around(s, &e) == 0 &&
		(g->any_depth || hide_depthless(s, &e) == 0))
		return 0;
	rec_fail(s->rec, "bad_image", "%s", e.msg);
	return -1;
}

static int
find(struct finding *g, struct shot *s)
{
	struct features_in in = { image_grey(&s->image), s->image.mask,
		s->image.width, s->image.height };
	struct err e;
	int rc;

	if (g->type == FEATURES_ORB)
		rc = orb_find(g->device, &in, &g->orb, &s->features, &e);
	else
		rc = sift_find(g->sift_by, &in, &g->sift, &s->features, &e);
	free((float *)in.grey);
	if (rc)
		rec_fail(s->rec, "device", "%s: %s", s->name.s, e.msg);
	return rc;
}

static int
save(const struct finding *g, struct shot *s)
{
	struct err e;

	if (side_path(&s->paths[0], g->dir, s->name, ".kpt", &e) == 0 &&
		side_path(&s->paths[1], g->dir, s->name, ".desc", &e) == 0 &&
		features_save(&s->features, s->paths[0].s, s->paths[1].s, &e) ==
			0)
		return 0;
	rec_fail(s->rec, "write", "%s", e.msg);
	return -1;
}

static void
set_number(struct rec *r, const char *name, uint32_t n)
{
	if (json_kind(rec_get(r, name)) <= JSON_NULL)
		rec_set(r, name, arena_printf(&r->arena, "%u", n));
}

static void
put(struct shot *s)
{
	static const char *const names[2] = { "keypoints", "descriptors" };
	struct buf b = { 0 };

	set_number(s->rec, "width", s->image.width);
	set_number(s->rec, "height", s->image.height);
	for (int i = 0; i < 2; i++) {
		buf_clear(&b);
		emit_str(&b, span_str(s->paths[i].s));
		rec_set_buf(s->rec, names[i], &b);
	}
	buf_clear(&b);
	emit_begin(&b, '{');
	emit_key(&b, "type"), emit_cstr(&b, features_names[s->features.type]);
	emit_key(&b, "n"), emit_u64(&b, s->features.n);
	emit_end(&b, '}');
	rec_set_buf(s->rec, "features", &b);
	buf_release(&b);
}

void
finding_do(struct finding *g, struct rec *r)
{
	struct shot s = { .rec = r };

	if (rec_failed(r))
		return;
	if (read_image(g, &s) == 0 && hide(g, &s) == 0 && find(g, &s) == 0 &&
		save(g, &s) == 0)
		put(&s);
	for (int i = 0; i < 2; i++)
		buf_release(&s.paths[i]);
	features_release(&s.features);
	image_release(&s.image);
}
