#include "exporting.h"
#include "side.h"

int
exporting_paths(struct exporting *x, struct span image, enum features_type type,
	struct buf paths[2], struct err *e)
{
	struct span name;

	if (x->to == EXPORTING_KAPTURE) {
		if (naming_name(&x->naming, image, &name, e))
			return -1;
		return kapture_paths(&x->kapture, name, type, paths, e);
	}
	if (naming_path(&x->naming, image, ".kpt", &paths[0], e))
		return -1;
	return naming_path(&x->naming, image, ".desc", &paths[1], e);
}

/* Its features can be read, and matches be made by COLMAP alone. */
static void
note_unlisted(struct exporting *x, struct span image)
{
	struct span name;

	if (naming_name(&x->naming, image, &name, NULL) || colmap_lists(name))
		return;
	if (x->unlisted++ == 0)
		err_set(&x->first_unlisted, "%.*s", SPAN_ARG(name));
}

static const char *
add_colmap(struct exporting *x, struct span image, const struct features *f,
	struct err *e)
{
	struct buf path = { 0 }, text = { 0 };
	const char *code = NULL;

	if (colmap_write(&text, f, e))
		code = "bad_features";
	else if (naming_path(&x->naming, image, ".txt", &path, e))
		code = "no_image";
	else if (side_save(&text, path.s, e))
		code = "write";
	else
		note_unlisted(x, image);
	buf_release(&text);
	buf_release(&path);
	return code;
}

static const char *
add_kapture(struct exporting *x, struct span image, struct span record,
	struct err *e)
{
	struct span name;

	if (naming_name(&x->naming, image, &name, e))
		return "no_image";
	return kapture_add(&x->kapture, name, record, e) ? "camera" : NULL;
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
	if (x->to == EXPORTING_KAPTURE)
		code = add_kapture(x, image, record, e);
	arena_release(&a);
	return code;
}

int
exporting_close(struct exporting *x, struct err *e)
{
	if (x->unlisted)
		warn("names with a blank, which COLMAP cannot read in a list "
		     "of matches: %llu; the first: \"%s\": rename the images",
			(unsigned long long)x->unlisted, x->first_unlisted.msg);
	return x->to == EXPORTING_KAPTURE ? kapture_close(&x->kapture, e) : 0;
}
