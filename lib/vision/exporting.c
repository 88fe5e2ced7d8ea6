#include "exporting.h"
#include "side.h"

/* Past what leads nowhere. */
static struct span
past(struct span path, const char *nowhere)
{
	while (span_starts(path, span_str(nowhere)))
		path.s++, path.len--;
	return path;
}

static struct span
past_here(struct span path)
{
	while (span_starts(path, SPAN("./")))
		path = past((struct span){ path.s + 1, path.len - 1 }, "/");
	return path;
}

struct span
exporting_name(const char *images, struct span image)
{
	struct span root, inner = past_here(image);

	if (images == NULL)
		return image;
	root = past_here(span_str(images));
	while (root.len && root.s[root.len - 1] == '/')
		root.len--;
	if (root.len == 0 && *images == '/')
		return past(inner, "/");
	if (root.len == 0 || span_is(root, "."))
		return inner;
	if (!span_starts(inner, root) || inner.len <= root.len + 1 ||
		inner.s[root.len] != '/')
		return image;
	return past(
		(struct span){ inner.s + root.len, inner.len - root.len }, "/");
}

/* The name below the directory; beside the image there is no other. */
static struct span
name_of(const struct exporting *x, struct span image)
{
	return x->dir ? exporting_name(x->images, image) : image;
}

int
exporting_paths(struct exporting *x, struct span image, enum features_type type,
	struct buf paths[2], struct err *e)
{
	struct span name = name_of(x, image);

	if (x->to == EXPORTING_KAPTURE)
		return kapture_paths(&x->kapture, name, type, paths, e);
	if (side_path(&paths[0], x->dir, name, ".kpt", e))
		return -1;
	return side_path(&paths[1], x->dir, name, ".desc", e);
}

static const char *
add_colmap(const struct exporting *x, struct span image,
	const struct features *f, struct err *e)
{
	struct buf path = { 0 }, text = { 0 };
	const char *code = NULL;

	if (colmap_write(&text, f, e))
		code = "bad_features";
	else if (side_path(&path, x->dir, name_of(x, image), ".txt", e))
		code = "no_image";
	else if (side_save(&text, path.s, e))
		code = "write";
	buf_release(&text);
	buf_release(&path);
	return code;
}

const char *
exporting_add(struct exporting *x, struct span record, const struct features *f,
	struct err *e)
{
	struct arena a = { 0 };
	struct span image = json_str(json_get(record, "image"), &a);
	const char *code = NULL;

	if (x->to == EXPORTING_COLMAP)
		code = add_colmap(x, image, f, e);
	if (x->to == EXPORTING_KAPTURE &&
		kapture_add(&x->kapture, name_of(x, image), record, e))
		code = "camera";
	arena_release(&a);
	return code;
}

int
exporting_close(struct exporting *x, struct err *e)
{
	return x->to == EXPORTING_KAPTURE ? kapture_close(&x->kapture, e) : 0;
}
