#include "seen.h"

#include "record/json.h"
#include "side.h"

#define AROUND 8 /* pixels */

/* A picture at work. */
struct sight {
	struct span record;
	struct image *image;
	const char *path; /* of it */
	struct arena arena;
};

/* Does the record say anything of it? */
static bool
has(const struct sight *s, const char *name)
{
	return json_kind(json_get(s->record, name)) > JSON_NULL;
}

/* What is wrong with two files: which they are. */
static int
both(const struct sight *s, const char *path, const struct err *why,
	struct err *e)
{
	return err_set(e, "%s, %s: %s", s->path, path, why->msg);
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
	const char *path;
	struct image mask;
	struct err why;
	int rc;

	if (!has(s, "mask"))
		return 0;
	path = side_named(s->record, "mask", &s->arena, e);
	if (path == NULL || image_read(&mask, path, e))
		return -1;
	rc = image_hide(s->image, &mask, &why);
	image_release(&mask);
	return rc ? both(s, path, &why, e) : 0;
}

/* Hide where the depth is unknown: at the edge of a rendered scene, say. */
static int
hide_depthless(struct sight *s, struct err *e)
{
	struct span invalid = json_get(s->record, "depth_invalid");
	const char *path;
	struct image depth;
	int64_t unknown = 0;
	struct err why;
	int rc;

	if (!has(s, "depth"))
		return 0;
	if (json_kind(invalid) > JSON_NULL &&
		(!json_i64(invalid, &unknown) || unknown < 0 ||
			unknown > UINT16_MAX))
		return err_set(e,
			"\"depth_invalid\" is %.*s: a whole number from 0 to "
			"65535 is expected",
			SPAN_ARG(invalid));
	path = side_named(s->record, "depth", &s->arena, e);
	if (path == NULL || image_read_depth(&depth, path, e))
		return -1;
	rc = image_hide_depth(s->image, &depth, (unsigned)unknown, &why);
	image_release(&depth);
	return rc ? both(s, path, &why, e) : 0;
}

typedef int reader(struct image *, const char *path, struct err *);

static const char *
read_sight(struct sight *s, reader *read, struct err *e)
{
	struct err why;

	s->path = side_named(s->record, "image", &s->arena, e);
	if (s->path == NULL)
		return "no_image";
	if (read(s->image, s->path, e))
		return "bad_image";
	if (check_size(s, "width", s->image->width, &why) == 0 &&
		check_size(s, "height", s->image->height, &why) == 0)
		return NULL;
	err_set(e, "%s: %s", s->path, why.msg);
	return "size";
}

/* What has no depth may have a colour, which is left alone: sky, say. */
static int
hide_all(struct sight *s, const struct seen_opts *opts, struct err *e)
{
	if (hide_masked(s, e))
		return -1;
	image_fill(s->image);
	if (!opts->any_depth && hide_depthless(s, e))
		return -1;
	if (image_shrink(s->image, opts->longest, e))
		return -1;
	image_hide_around(s->image, AROUND);
	return 0;
}

const char *
seen_size(struct image *im, struct span record, struct err *e)
{
	struct sight s = { .record = record, .image = im };
	const char *code;

	*im = (struct image){ 0 };
	code = read_sight(&s, image_size, e);
	arena_release(&s.arena);
	return code;
}

const char *
seen_read(struct image *im, struct span record, const struct seen_opts *opts,
	struct err *e)
{
	struct sight s = { .record = record, .image = im };
	const char *code;

	*im = (struct image){ 0 };
	code = read_sight(&s, image_read, e);
	if (!code && hide_all(&s, opts, e))
		code = "bad_image";
	if (code)
		image_release(im);
	arena_release(&s.arena);
	return code;
}
