#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "colmap.h"
#include "record/emit.h"
#include "words.h"

/* Image records. */

void
colmap_record(struct buf *b, const struct colmap_image *image)
{
	const struct colmap_camera *c = image->camera;
	struct buf path = { 0 };

	if (image->root)
		buf_printf(&path, "%s/", image->root);
	buf_add(&path, image->name);
	emit_begin(b, '{');
	emit_key(b, "image"), emit_str(b, buf_span(&path));
	buf_release(&path);
	if (c && c->width && c->height) {
		emit_key(b, "width"), emit_u64(b, c->width);
		emit_key(b, "height"), emit_u64(b, c->height);
	}
	if (c && c->model.s) {
		emit_key(b, "camera"), emit_begin(b, '{');
		emit_key(b, "model"), emit_str(b, c->model);
		emit_key(b, "params"), emit_begin(b, '[');
		for (size_t i = 0; i < c->n; i++)
			emit_f64(b, c->params[i]);
		emit_end(b, ']'), emit_end(b, '}');
	}
	if (image->pose)
		pose_emit(b, image->pose);
}

/* Takes so many numbers off a line; false where they are not there. */
static bool
numbers(struct span *line, double *to, size_t n)
{
	struct span word;

	for (size_t i = 0; i < n; i++)
		if (!words_next(line, &word) || !words_f64(word, &to[i]))
			return false;
	return true;
}

bool
colmap_params(struct colmap_camera *c, struct span line,
	bool (*next)(struct span *line, struct span *word))
{
	struct span word;

	for (c->n = 0; next(&line, &word); c->n++)
		if (c->n == COLMAP_PARAMS || !words_f64(word, &c->params[c->n]))
			return false;
	return true;
}

/* Models. */

struct cameras {
	struct map ids;
	struct colmap_camera *v; /* by the index of its id */
	size_t cap;
};

static int
read_cameras(struct cameras *to, struct span text, struct err *e)
{
	struct words w = { text, 0 };
	struct span line, id;

	while (words_told(&w, &line)) {
		struct colmap_camera c = { 0 };
		struct span width, height;
		size_t at;

		if (!words_next(&line, &id) || !words_next(&line, &c.model) ||
			!words_next(&line, &width) ||
			!words_next(&line, &height) ||
			!words_u32(width, &c.width) ||
			!words_u32(height, &c.height) ||
			!colmap_params(&c, line, words_next))
			return err_set(e,
				"cameras.txt: line %zu: an id, a model, width, "
				"height and parameters are expected",
				w.line);
		at = map_put(&to->ids, id);
		to->v = mem_grow(to->v, &to->cap, to->ids.n, sizeof(*to->v));
		to->v[at] = c;
	}
	return 0;
}

/* An image's line: its id, seven numbers, its camera's id and its name. */
static int
read_image(struct colmap_image *image, struct pose *pose,
	const struct cameras *cameras, struct span line)
{
	double v[7];
	struct span id;
	size_t at;

	if (!words_next(&line, &id) || !numbers(&line, v, 7) ||
		!words_next(&line, &id))
		return -1;
	memcpy(pose->q, v, sizeof(pose->q));
	memcpy(pose->t, v + 4, sizeof(pose->t));
	at = map_find(&cameras->ids, id);
	*image = (struct colmap_image){ .name = span_trim(line, " \t\r"),
		.pose = pose,
		.camera = at == MAP_NONE ? NULL : &cameras->v[at] };
	return image->name.len ? 0 : -1;
}

static int
read_images(const struct cameras *cameras, struct span text,
	int (*each)(struct colmap_image *image, void *arg), void *arg,
	struct err *e)
{
	struct words w = { text, 0 };
	struct colmap_image image;
	struct span line;
	struct pose pose;
	int rc = 0;

	while (rc == 0 && words_told(&w, &line)) {
		if (read_image(&image, &pose, cameras, line))
			return err_set(e,
				"images.txt: line %zu: an id, a pose of seven "
				"numbers, a camera's id and a name are "
				"expected",
				w.line);
		if (image.camera == NULL)
			return err_set(e,
				"images.txt: line %zu: its camera is not in "
				"cameras.txt",
				w.line);
		rc = each(&image, arg);
		/* Its points, on a line that may be blank. */
		words_line(&w, &line);
	}
	return rc;
}

int
colmap_model(struct span cameras, struct span images,
	int (*each)(struct colmap_image *image, void *arg), void *arg,
	struct err *e)
{
	struct cameras c = { 0 };
	int rc = read_cameras(&c, cameras, e);

	rc = rc ? rc : read_images(&c, images, each, arg, e);
	map_release(&c.ids);
	free(c.v);
	return rc;
}

/* Features. */

/* "N 128" on the first line. */
static int
read_header(struct words *w, uint32_t *n, struct err *e)
{
	struct span line, count, size;
	uint32_t bytes;

	if (!words_line(w, &line) || !words_next(&line, &count) ||
		!words_next(&line, &size) || words_next(&line, &line) ||
		!words_u32(count, n) || !words_u32(size, &bytes) ||
		*n > FEATURES_MOST)
		return err_set(e, "line 1: how many keypoints there are and "
				  "128 are expected");
	if (bytes != features_bytes(FEATURES_ROOTSIFT))
		return err_set(e,
			"line 1: descriptors have %u numbers, where 128 are "
			"expected",
			bytes);
	return 0;
}

/* The descriptor that the rest of a keypoint's line is. */
static bool
read_descriptor(struct span line, uint8_t *to)
{
	for (size_t i = 0; i < features_bytes(FEATURES_ROOTSIFT); i++) {
		struct span word;
		double d;

		if (!words_next(&line, &word) || !words_f64(word, &d) ||
			!(d >= 0 && d <= 255) || d != floor(d))
			return false;
		to[i] = (uint8_t)d;
	}
	return span_trim(line, " \t\r").len == 0;
}

static bool
read_keypoint(struct span *line, struct keypoint *k)
{
	double v[4];

	if (!numbers(line, v, 4))
		return false;
	*k = (struct keypoint){ (float)v[0], (float)v[1], (float)v[2],
		(float)v[3] };
	return isfinite(k->x) && isfinite(k->y) && isfinite(k->scale) &&
	       isfinite(k->angle);
}

static int
read_lines(struct words *w, struct features *f, uint32_t n, struct err *e)
{
	const size_t bytes = features_bytes(f->type);
	size_t caps[2] = { 0, 0 };
	struct span line;

	for (; f->n < n; f->n++) {
		if (!words_line(w, &line))
			return err_set(e,
				"%zu keypoints, where %u are expected", f->n,
				n);
		f->keypoints = mem_grow(f->keypoints, &caps[0], f->n + 1,
			sizeof(*f->keypoints));
		f->descriptors = mem_grow(
			f->descriptors, &caps[1], f->n + 1, bytes);
		if (!read_keypoint(&line, &f->keypoints[f->n]) ||
			!read_descriptor(line, f->descriptors + f->n * bytes))
			return err_set(e,
				"line %zu: x, y, scale, orientation and 128 "
				"whole numbers from 0 to 255 are expected",
				w->line);
	}
	while (words_line(w, &line))
		if (span_trim(line, " \t\r").len)
			return err_set(e, "line %zu: more than %u keypoints",
				w->line, n);
	return 0;
}

int
colmap_read(struct features *f, struct span text, struct err *e)
{
	struct words w = { text, 0 };
	uint32_t n = 0;

	*f = (struct features){ .type = FEATURES_ROOTSIFT };
	if (read_header(&w, &n, e) == 0 && read_lines(&w, f, n, e) == 0)
		return 0;
	features_release(f);
	return -1;
}

/* " 255": printf takes most of the time, otherwise. */
static void
put_u8(struct buf *b, unsigned n)
{
	buf_byte(b, ' ');
	if (n >= 100)
		buf_byte(b, (char)('0' + n / 100));
	if (n >= 10)
		buf_byte(b, (char)('0' + n / 10 % 10));
	buf_byte(b, (char)('0' + n % 10));
}

int
colmap_write(struct buf *b, const struct features *f, struct err *e)
{
	const size_t bytes = features_bytes(FEATURES_ROOTSIFT);

	if (f->type != FEATURES_ROOTSIFT)
		return err_set(e,
			"COLMAP's text is for rootsift, and these features are "
			"%s",
			features_names[f->type]);
	buf_printf(b, "%zu %zu\n", f->n, bytes);
	for (size_t i = 0; i < f->n; i++) {
		const struct keypoint *k = &f->keypoints[i];
		const uint8_t *d = f->descriptors + i * bytes;

		buf_printf(b, "%.9g %.9g %.9g %.9g", (double)k->x, (double)k->y,
			(double)k->scale, (double)k->angle);
		for (size_t j = 0; j < bytes; j++)
			put_u8(b, d[j]);
		buf_byte(b, '\n');
	}
	return 0;
}

/* Matches. */

bool
colmap_lists(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((uint8_t)name.s[i] <= ' ')
			return false;
	return true;
}

void
colmap_match(struct buf *b, const struct span names[2], const struct matches *m)
{
	buf_add(b, names[0]);
	buf_byte(b, ' ');
	buf_add(b, names[1]);
	buf_byte(b, '\n');
	for (size_t i = 0; i < m->n; i++)
		buf_printf(
			b, "%" PRIu32 " %" PRIu32 "\n", m->v[i].a, m->v[i].b);
	buf_byte(b, '\n');
}
