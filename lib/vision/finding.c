#include "finding.h"

#include <math.h>
#include <stdlib.h>

#include "record/emit.h"
#include "vision/side.h"

/* A record at work. */
struct shot {
	struct rec *rec;
	struct span name; /* of the image, with a NUL behind it */
	struct image image;
	uint32_t width, height; /* of the file; the image may be smaller */
	struct features features;
	struct buf paths[2]; /* of keypoints and descriptors */
};

/* What is too large is refused before it takes time and memory. */
static const char *
take_size(struct finding *g, struct shot *s, struct err *e)
{
	struct image size;
	const char *code = seen_size(&size, s->rec->raw, e);
	struct err why;

	s->width = size.width;
	s->height = size.height;
	image_shrunk(&size, g->seen.longest);
	if (code || g->type != FEATURES_ROOTSIFT ||
		!sift_too_large(size.width, size.height, &g->sift, &why))
		return code;
	err_set(e, "%.*s: %s", SPAN_ARG(s->name), why.msg);
	return "size";
}

static int
read_image(struct finding *g, struct shot *s)
{
	struct span name = json_str(rec_get(s->rec, "image"), &s->rec->arena);
	const char *code;
	struct err e;

	if (name.s)
		s->name.s = arena_dup(&s->rec->arena, name);
	s->name.len = name.len;
	code = take_size(g, s, &e);
	if (!code)
		code = seen_read(&s->image, s->rec->raw, &g->seen, &e);
	if (code) {
		rec_fail(s->rec, code, "%s", e.msg);
		return -1;
	}
	return 0;
}

static int
find_orb(struct finding *g, struct shot *s, struct err *e)
{
	uint8_t *grey = image_grey_bytes(&s->image);
	struct orb_in in = { grey, s->image.mask, s->image.width,
		s->image.height };
	int rc = orb_find(g->orb_by, &in, &g->orb, &s->features, e);

	free(grey);
	return rc;
}

static int
find_sift(struct finding *g, struct shot *s, struct err *e)
{
	float *grey = image_grey(&s->image);
	struct features_in in = { grey, s->image.mask, s->image.width,
		s->image.height };
	int rc = sift_find(g->sift_by, &in, &g->sift, &s->features, e);

	free(grey);
	return rc;
}

/* Keypoints of a picture made smaller become those of the file's. */
static void
enlarge(struct shot *s)
{
	double x = (double)s->width / s->image.width;
	double y = (double)s->height / s->image.height;

	for (size_t i = 0; i < s->features.n; i++) {
		struct keypoint *k = &s->features.keypoints[i];

		k->x = (float)(k->x * x);
		k->y = (float)(k->y * y);
		k->scale = (float)(k->scale * sqrt(x * y));
	}
}

static int
find(struct finding *g, struct shot *s)
{
	bool orb = g->type == FEATURES_ORB;
	struct err e;
	int rc = orb ? find_orb(g, s, &e) : find_sift(g, s, &e);

	if (rc)
		rec_fail(s->rec, "device", "%s: %s", s->name.s, e.msg);
	else if (s->image.width != s->width || s->image.height != s->height)
		enlarge(s);
	return rc;
}

static int
choose_paths(struct finding *g, struct shot *s, enum features_type type)
{
	struct err e;

	if (exporting_paths(&g->out, s->name, type, s->paths, &e) == 0)
		return 0;
	rec_fail(s->rec, "no_image", "%s", e.msg);
	return -1;
}

static int
save(const struct finding *g, struct shot *s)
{
	struct err e;

	if (features_save(&s->features, s->paths[0].s, s->paths[1].s, &e) == 0)
		return 0;
	rec_fail(s->rec, "write", "%s%s", e.msg,
		g->out.naming.dir ? "" : ": give a folder for files by --dir");
	return -1;
}

static void
set_number(struct rec *r, const char *name, uint32_t n)
{
	if (n && json_kind(rec_get(r, name)) <= JSON_NULL)
		rec_set(r, name, arena_printf(&r->arena, "%u", n));
}

static void
put(struct shot *s)
{
	static const char *const names[2] = { "keypoints", "descriptors" };
	struct buf b = { 0 };

	set_number(s->rec, "width", s->width);
	set_number(s->rec, "height", s->height);
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

/* For the other program, after all else. */
static void
pass_on(struct finding *g, struct shot *s)
{
	struct buf record = { 0 };
	const char *code;
	struct err e;

	rec_print(s->rec, &record);
	code = exporting_add(&g->out, buf_span(&record), &s->features, &e);
	if (code)
		rec_fail(s->rec, code, "%s: %s", s->name.s, e.msg);
	buf_release(&record);
}

static void
release(struct shot *s)
{
	for (int i = 0; i < 2; i++)
		buf_release(&s->paths[i]);
	features_release(&s->features);
	image_release(&s->image);
}

void
finding_do(struct finding *g, struct rec *r)
{
	struct shot s = { .rec = r };

	if (rec_failed(r))
		return;
	if (read_image(g, &s) == 0 && choose_paths(g, &s, g->type) == 0 &&
		find(g, &s) == 0 && save(g, &s) == 0) {
		put(&s);
		pass_on(g, &s);
	}
	release(&s);
}

static int
take(struct shot *s)
{
	struct err e;
	const char *name = side_named(s->rec->raw, "image", &s->rec->arena, &e);

	if (name == NULL)
		rec_fail(s->rec, "no_image", "%s", e.msg);
	else if (json_kind(rec_get(s->rec, "features")) <= JSON_NULL)
		rec_fail(s->rec, "no_features",
			"%s: there are no features to take", name);
	else if (features_load(&s->features, s->rec->raw, &e))
		rec_fail(s->rec, "bad_features", "%s", e.msg);
	if (rec_failed(s->rec))
		return -1;
	s->name = span_str(name);
	return 0;
}

/* Where the other program has places of its own, the record names those. */
static int
move(struct finding *g, struct shot *s)
{
	if (g->out.to != EXPORTING_KAPTURE)
		return 0;
	if (choose_paths(g, s, s->features.type) || save(g, s))
		return -1;
	put(s);
	return 0;
}

void
finding_take(struct finding *g, struct rec *r)
{
	struct shot s = { .rec = r };

	if (rec_failed(r))
		return;
	if (take(&s) == 0 && move(g, &s) == 0)
		pass_on(g, &s);
	release(&s);
}

void
finding_pass(struct finding *g, struct rec *r)
{
	struct features none = { 0 };
	const char *code;
	struct err e;

	if (json_kind(rec_get(r, "features")) > JSON_NULL) {
		finding_take(g, r);
		return;
	}
	if (rec_failed(r) || g->out.to != EXPORTING_KAPTURE)
		return;
	code = exporting_add(&g->out, r->raw, &none, &e);
	if (code)
		rec_fail(r, code, "%s", e.msg);
}
