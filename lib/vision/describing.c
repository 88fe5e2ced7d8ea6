#include "describing.h"

#include "record/emit.h"
#include "vision/vocabulary.h"

static void
put(struct rec *r, const char *name, struct span text)
{
	struct buf b = { 0 };

	emit_str(&b, text);
	rec_set_buf(r, name, &b);
	buf_release(&b);
}

static const char *
save(const struct describing *d, struct rec *r, const struct global *g,
	struct err *e)
{
	struct span image = json_str(rec_get(r, "image"), &r->arena);
	struct buf path = { 0 };
	const char *code = NULL;
	struct err why;

	if (naming_path(&d->naming, image, ".gfeat", &path, &why)) {
		err_set(e, "\"image\": %s", why.msg);
		code = "no_image";
	} else if (global_save(g, path.s, e)) {
		code = "write";
	} else {
		put(r, "global", buf_span(&path));
		put(r, "vocabulary", span_str(d->by->vocabulary->name));
	}
	buf_release(&path);
	return code;
}

void
describing_do(const struct describing *d, struct rec *r)
{
	struct global g;
	struct err e;
	const char *code;

	if (rec_failed(r))
		return;
	code = describe_image(d->by, r->raw, &g, &e);
	if (!code)
		code = save(d, r, &g, &e);
	if (code)
		rec_fail(r, code, "%s", e.msg);
	global_release(&g);
}
