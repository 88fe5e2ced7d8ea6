#include <inttypes.h>
#include <stdlib.h>

#include "kapture.h"
#include "record/emit.h"
#include "record/json.h"
#include "side.h"

/* The text file of keypoints or descriptors of a type. */
static int
save_type(const struct kapture *k, const char *what, const char *type,
	const struct buf *line, struct err *e)
{
	struct buf path = { 0 };
	int rc;

	buf_printf(&path, "%s/reconstruction/%s/%s/%s.txt", k->dir, what, type,
		what);
	rc = side_save(line, buf_cstr(&path), e);
	buf_release(&path);
	return rc;
}

static int
save_types(struct kapture *k, enum features_type type, struct err *e)
{
	const char *name = features_names[type];
	struct buf b = { 0 };
	int rc;

	buf_printf(&b, KAPTURE_HEAD "# name, dtype, dsize\n%s, float32, 4\n",
		name);
	rc = save_type(k, "keypoints", name, &b, e);
	buf_clear(&b);
	buf_printf(&b,
		KAPTURE_HEAD
		"# name, dtype, dsize, keypoints_type, metric_type\n"
		"%s, uint8, %zu, %s, %s\n",
		name, features_bytes(type), name,
		type == FEATURES_ORB ? "Hamming" : "L2");
	rc = rc ? rc : save_type(k, "descriptors", name, &b, e);
	buf_release(&b);
	k->typed[type] = rc == 0;
	return rc;
}

/* An image's name below records_data, where it may lie already. */
static struct span
inner_name(struct span image)
{
	struct span below = SPAN("sensors/records_data/");
	const char *at = span_find(image, below);

	if (at == NULL || (at > image.s && at[-1] != '/'))
		return image;
	at += below.len;
	return (struct span){ at, (size_t)(image.s + image.len - at) };
}

int
kapture_paths(struct kapture *k, struct span image, enum features_type type,
	struct buf paths[2], struct err *e)
{
	static const char *const what[] = { "keypoints", "descriptors" };
	static const char *const extension[] = { ".kpt", ".desc" };
	struct buf dir = { 0 };
	int rc = k->typed[type] ? 0 : save_types(k, type, e);

	for (int i = 0; rc == 0 && i < 2; i++) {
		buf_clear(&dir);
		buf_printf(&dir, "%s/reconstruction/%s/%s", k->dir, what[i],
			features_names[type]);
		rc = side_path(&paths[i], buf_cstr(&dir), inner_name(image),
			extension[i], e);
	}
	buf_release(&dir);
	return rc;
}

/*
 * Appends the numbers of an array, each times ${sign}, in their shortest
 * spelling behind a comma; -1 if it is none.
 */
static int
put_numbers(struct buf *b, struct span array, double sign)
{
	struct json_iter it = json_iter(array);
	struct json_member m;

	if (json_kind(array) != JSON_ARRAY)
		return -1;
	while (json_next(&it, &m)) {
		char text[EMIT_F64_MAX];
		double x;

		if (!json_f64(m.value, &x))
			return -1;
		/* 0 + x spells a negative zero as 0. */
		buf_printf(b, ", %.*s", (int)emit_f64_text(text, 0 + sign * x),
			text);
	}
	return 0;
}

/* A field of a line: a comma or the line's end would end it, too. */
static int
put_field(struct buf *b, struct span text, const char *what, struct err *e)
{
	for (size_t i = 0; text.s && i < text.len; i++)
		if (text.s[i] == ',' || (uint8_t)text.s[i] < ' ')
			return err_set(e,
				"%s \"%.*s\" holds what kapture has no "
				"spelling "
				"for",
				what, SPAN_ARG(text));
	buf_add(b, text);
	return 0;
}

/* What sensors.txt says of a record's camera, or of its size at least. */
static int
put_camera(struct buf *b, struct span record, struct err *e)
{
	struct span camera = json_get(record, "camera");
	struct span model = SPAN("UNKNOWN_CAMERA");
	struct arena a = { 0 };
	int64_t size[2];
	int rc = 0;

	if (!json_i64(json_get(record, "width"), &size[0]) ||
		!json_i64(json_get(record, "height"), &size[1]))
		return err_set(e, "\"width\" and \"height\" are missing");
	if (json_kind(camera) > JSON_NULL)
		model = json_str(json_get(camera, "model"), &a);
	if (model.s == NULL || model.len == 0)
		rc = err_set(e, "\"camera\" has no model");
	rc = rc ? rc : put_field(b, model, "the camera's model", e);
	buf_printf(b, ", %" PRId64 ", %" PRId64, size[0], size[1]);
	if (rc == 0 && json_kind(camera) > JSON_NULL &&
		put_numbers(b, json_get(camera, "params"), 1))
		rc = err_set(e, "\"params\" of \"camera\" are no numbers");
	arena_release(&a);
	return rc;
}

/* What trajectories.txt says of a record's pose, where it has one. */
static int
put_pose(struct buf *b, struct span record, struct err *e)
{
	struct span q = json_get(record, "q_wxyz"), t = json_get(record, "t");
	struct pose p;

	if (json_kind(q) <= JSON_NULL && json_kind(t) <= JSON_NULL)
		return 0;
	if (pose_read(&p, record, e))
		return -1;
	put_numbers(b, q, p.q[0] < 0 ? -1 : 1);
	put_numbers(b, t, 1);
	return 0;
}

int
kapture_note(
	struct kapture *k, struct span name, struct span record, struct err *e)
{
	struct buf camera = { 0 }, pose = { 0 };
	int rc = -1;
	size_t i;

	if (put_camera(&camera, record, e) || put_pose(&pose, record, e))
		goto out;
	i = map_put(&k->images, name);
	k->v = mem_grow(k->v, &k->cap, i + 1, sizeof(*k->v));
	k->v[i] = (struct kapture_image){ map_put(&k->cameras,
						  buf_span(&camera)),
		map_put(&k->poses, buf_span(&pose)) };
	rc = 0;
out:
	buf_release(&camera);
	buf_release(&pose);
	return rc;
}

int
kapture_add(
	struct kapture *k, struct span image, struct span record, struct err *e)
{
	struct buf path = { 0 }, name = { 0 };
	int rc = side_path(&path, "", inner_name(image), "", e);

	/* Past the "./" of no directory. */
	if (rc == 0)
		rc = put_field(&name, (struct span){ path.s + 2, path.len - 2 },
			"the image's name", e);
	rc = rc ? rc : kapture_note(k, buf_span(&name), record, e);
	buf_release(&path);
	buf_release(&name);
	return rc;
}

/* The cosine of unit descriptors, which RootSIFT has times 512; equal bits. */
static double
likeness(enum features_type type, uint32_t distance)
{
	double d = type == FEATURES_ORB ? distance / 256.0
	                                : distance / (2 * 512.0 * 512.0);

	return d < 1 ? 1 - d : 0;
}

int
kapture_match(const char *dir, const struct span names[2],
	enum features_type type, const struct matches *m, struct err *e)
{
	struct span a = inner_name(names[0]), b = inner_name(names[1]);
	bool turned = span_cmp(a, b) > 0;
	struct buf path = { 0 }, below = { 0 }, bytes = { 0 };
	int rc;

	buf_printf(&path, "%s/reconstruction/matches/%s", dir,
		features_names[type]);
	rc = side_path(
		&below, buf_cstr(&path), turned ? b : a, ".overlapping", e);
	rc = rc ? rc : side_path(&path, below.s, turned ? a : b, ".matches", e);
	for (size_t i = 0; i < m->n; i++) {
		const struct match *v = &m->v[i];

		side_put_f64(&bytes, turned ? v->b : v->a);
		side_put_f64(&bytes, turned ? v->a : v->b);
		side_put_f64(&bytes, likeness(type, v->distance));
	}
	rc = rc ? rc : side_save(&bytes, path.s, e);
	buf_release(&bytes);
	buf_release(&below);
	buf_release(&path);
	return rc;
}

void
kapture_release(struct kapture *k)
{
	map_release(&k->cameras);
	map_release(&k->poses);
	map_release(&k->images);
	free(k->v);
	*k = (struct kapture){ .dir = k->dir };
}
