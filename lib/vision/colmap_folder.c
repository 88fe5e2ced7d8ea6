#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "colmap_folder.h"
#include "record/emit.h"
#include "side.h"

#define TEXT_MOST ((size_t)1 << 31)
#define DEEPEST 32 /* folders within each other */

struct reading {
	const struct colmap_folder *folder;
	int (*each)(struct span record, void *arg);
	void *arg;
	struct map names; /* of images, where there is no model */
};

/* The path of what is called ${name} there, with ${extension}. */
static void
path_of(struct buf *path, const struct colmap_folder *f, struct span name,
	const char *extension)
{
	buf_clear(path);
	buf_printf(path, "%s/%.*s%s", f->path, SPAN_ARG(name), extension);
	buf_cstr(path);
}

/* A record's features. */

static int
load(struct features *f, const char *path, struct err *e)
{
	struct buf text = { .max = TEXT_MOST };
	struct err why;
	int rc = buf_file(&text, path, e);

	if (rc == 0 && colmap_read(f, buf_span(&text), &why))
		rc = err_set(e, "%s: %s", path, why.msg);
	buf_release(&text);
	return rc;
}

static void
put_members(struct buf *b, const struct features *f, const struct buf paths[2])
{
	emit_key(b, "keypoints"), emit_str(b, buf_span(&paths[0]));
	emit_key(b, "descriptors"), emit_str(b, buf_span(&paths[1]));
	emit_key(b, "features"), emit_begin(b, '{');
	emit_key(b, "type"), emit_cstr(b, features_names[f->type]);
	emit_key(b, "n"), emit_u64(b, f->n);
	emit_end(b, '}');
}

static void
put_error(struct buf *b, const char *code, const char *message)
{
	emit_key(b, "error"), emit_begin(b, '{');
	emit_key(b, "tool"), emit_cstr(b, progname);
	emit_key(b, "code"), emit_cstr(b, code);
	emit_key(b, "message"), emit_cstr(b, message);
	emit_end(b, '}');
}

/* The features in a text, as side files, into the record that is open. */
static void
put_features(struct buf *b, const struct colmap_folder *f,
	const struct colmap_image *image, const char *text)
{
	struct buf paths[2] = { { 0 }, { 0 } }, name = { 0 };
	struct features got = { 0 };
	struct err e;

	if (image->root && f->dir == NULL)
		buf_printf(&name, "%s/", image->root);
	buf_add(&name, image->name);
	if (load(&got, text, &e))
		put_error(b, "bad_features", e.msg);
	else if (side_path(&paths[0], f->dir, buf_span(&name), ".kpt", &e) ||
		 side_path(&paths[1], f->dir, buf_span(&name), ".desc", &e))
		put_error(b, "no_image", e.msg);
	else if (features_save(&got, paths[0].s, paths[1].s, &e))
		put_error(b, "write", e.msg);
	else
		put_members(b, &got, paths);
	features_release(&got);
	buf_release(&paths[0]);
	buf_release(&paths[1]);
	buf_release(&name);
}

static int
put_image(struct colmap_image *image, void *arg)
{
	struct reading *r = arg;
	struct buf record = { 0 }, text = { 0 };
	int rc;

	image->root = r->folder->images;
	colmap_record(&record, image);
	path_of(&text, r->folder, image->name, ".txt");
	if (access(text.s, F_OK) == 0)
		put_features(&record, r->folder, image, text.s);
	emit_end(&record, '}');
	rc = r->each(buf_span(&record), r->arg);
	buf_release(&record);
	buf_release(&text);
	return rc;
}

/* Models. */

static int
read_model(struct reading *r, const char *images, struct err *e)
{
	struct buf path = { 0 };
	struct buf texts[2] = { { .max = TEXT_MOST }, { .max = TEXT_MOST } };
	struct err why = { "" };
	int rc;

	path_of(&path, r->folder, SPAN("cameras.txt"), "");
	rc = buf_file(&texts[0], path.s, e);
	rc = rc ? rc : buf_file(&texts[1], images, e);
	if (rc == 0) {
		rc = colmap_model(buf_span(&texts[0]), buf_span(&texts[1]),
			put_image, r, &why);
		if (why.msg[0])
			err_set(e, "%s/%s", r->folder->path, why.msg);
	}
	buf_release(&path);
	buf_release(&texts[0]);
	buf_release(&texts[1]);
	return rc;
}

/* Features alone. */

/* Whether a file is of a model, whatever else of that is missing. */
static bool
is_of_model(struct span name)
{
	return span_eq(name, SPAN("cameras.txt")) ||
	       span_eq(name, SPAN("points3D.txt"));
}

/* Whether a file is for an image: its name without ".txt", else absent. */
static struct span
image_of(const char *name)
{
	struct span s = span_str(name), end = SPAN(".txt");

	if (is_of_model(s))
		return (struct span){ 0 };
	if (s.len <= end.len || memcmp(s.s + s.len - end.len, end.s, end.len))
		return (struct span){ 0 };
	s.len -= end.len;
	return s;
}

static int
collect(struct reading *r, const char *below, int depth, struct err *e)
{
	struct buf path = { 0 };
	struct dirent *entry;
	struct stat is;
	DIR *d;
	int rc = 0;

	path_of(&path, r->folder, span_str(below), "");
	d = opendir(path.s);
	if (d == NULL) {
		err_set(e, "%s: %s", path.s, strerror(errno));
		buf_release(&path);
		return -1;
	}
	while (rc == 0 && (entry = readdir(d))) {
		struct buf name = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		buf_printf(&name, "%s%s%s", below, *below ? "/" : "",
			entry->d_name);
		path_of(&path, r->folder, buf_span(&name), "");
		if (stat(path.s, &is) == 0 && S_ISDIR(is.st_mode)) {
			if (depth == DEEPEST)
				rc = err_set(e, "%s: more than %d folders deep",
					path.s, DEEPEST);
			else
				rc = collect(r, buf_cstr(&name), depth + 1, e);
		} else if (image_of(buf_cstr(&name)).s) {
			map_put(&r->names, image_of(name.s));
		}
		buf_release(&name);
	}
	closedir(d);
	buf_release(&path);
	return rc;
}

static int
read_features(struct reading *r, struct err *e)
{
	int rc = collect(r, "", 0, e);
	size_t *order = map_sorted(&r->names);

	if (rc == 0 && r->names.n == 0)
		rc = err_set(e, "%s: no model and no features there",
			r->folder->path);
	for (size_t i = 0; rc == 0 && i < r->names.n; i++) {
		struct colmap_image image = { .name = map_key(
						      &r->names, order[i]) };

		rc = put_image(&image, r);
	}
	free(order);
	map_release(&r->names);
	return rc;
}

int
colmap_folder_read(const struct colmap_folder *f,
	int (*each)(struct span record, void *arg), void *arg, struct err *e)
{
	struct reading r = { .folder = f, .each = each, .arg = arg };
	struct buf images = { 0 };
	int rc;

	path_of(&images, f, SPAN("images.txt"), "");
	if (access(images.s, F_OK) == 0)
		rc = read_model(&r, images.s, e);
	else
		rc = read_features(&r, e);
	buf_release(&images);
	return rc;
}
