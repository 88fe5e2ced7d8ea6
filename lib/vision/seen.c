#include "seen.h"

#include "record/json.h"

#define AROUND 8 /* pixels */

/* A picture at work. */
struct sight {
	struct span record;
	struct image *image;
	struct arena arena;
};

/* A member that names a file, or absent; -1 where it is something else. */
static int
path_of(struct sight *s, const char *name, struct span *path)
{
	struct span value = json_get(s->record, name);
	struct span text = json_str(value, &s->arena);

	*path = (struct span){ 0 };
	if (json_kind(value) <= JSON_NULL)
		return 0;
	if (text.s == NULL || text.len == 0 || memchr(text.s, 0, text.len))
		return -1;
	path->s = arena_dup(&s->arena, text);
	path->len = text.len;
	return 0;
}

/* The record's size, where it tells one, is the picture's. */
static int
check_size(struct sight *s, const char *name, uint32_t size, struct err *e)
{
	struct span value = json_get(s->record, name);
	int64_t n;

	if (json_kind(value) <= JSON_NULL)
		return 0;
	if (json_i64(value, &n) && n == size)
		return 0;
	return err_set(e, "the record's %s is %.*s, the picture's %u", name,
		SPAN_ARG(value), size);
}

/* Hide what the record's mask, a picture of the same size, has 0. */
static int
hide_masked(struct sight *s, struct err *e)
{
	struct span path;
	struct image mask;
	int rc;

	if (path_of(s, "mask", &path))
		return err_set(e, "\"mask\": a path is expected");
	if (path.s == NULL)
		return 0;
	if (image_read(&mask, path.s, e))
		return -1;
	rc = image_hide(s->image, &mask, e);
	image_release(&mask);
	return rc;
}

/* Hide what is near a hidden pixel. */
static int
hide_around(struct sight *s, struct err *e)
{
	struct image seen = { s->image->width, s->image->height, 1, 16, 0, 0 };
	size_t n = (size_t)seen.width * seen.height;
	int rc;

	if (s->image->mask == NULL)
		return 0;
	if (image_make(&seen, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		seen.samples[i] = s->image->mask[i];
	rc = image_hide_depth(s->image, &seen, 0, AROUND, e);
	image_release(&seen);
	return rc;
}

/* Hide where the depth is unknown: at the edge of a rendered scene, say. */
static int
hide_depthless(struct sight *s, struct err *e)
{
	struct span path, invalid = json_get(s->record, "depth_invalid");
	struct image depth;
	int64_t unknown = 0;
	int rc;

	if (path_of(s, "depth", &path))
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
	rc = image_hide_depth(s->image, &depth, (unsigned)unknown, AROUND, e);
	image_release(&depth);
	return rc;
}

static const char *
read_sight(struct sight *s, struct err *e)
{
	struct span path;
	struct err why;

	if (path_of(s, "image", &path) || path.s == NULL) {
		err_set(e, "\"image\" is missing: the path of a picture is "
			   "expected");
		return "no_image";
	}
	if (image_read(s->image, path.s, e))
		return "bad_image";
	if (check_size(s, "width", s->image->width, &why) == 0 &&
		check_size(s, "height", s->image->height, &why) == 0)
		return NULL;
	err_set(e, "%s: %s", path.s, why.msg);
	return "size";
}

const char *
seen_read(struct image *im, struct span record, bool any_depth, struct err *e)
{
	struct sight s = { .record = record, .image = im };
	const char *code;

	*im = (struct image){ 0 };
	code = read_sight(&s, e);
	if (!code && (hide_masked(&s, e) || hide_around(&s, e) ||
			     (!any_depth && hide_depthless(&s, e))))
		code = "bad_image";
	if (code)
		image_release(im);
	arena_release(&s.arena);
	return code;
}
