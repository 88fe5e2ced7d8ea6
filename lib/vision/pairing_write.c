#include "pairing_pair.h"
#include "record/emit.h"
#include "side.h"

/*
 * QUERY.overlapping/MATCH where the keypoints are, or below the directory; in a
 * kapture folder in one of our own, whose name no part of the format has.
 */
static int
matches_path(const struct pairing *g, const struct pair *p, struct buf *path,
	struct err *e)
{
	struct naming how = g->out.naming;
	struct span match, kpt = json_str(json_get(p->records[0], "keypoints"),
				   &p->rec->arena);
	struct buf dir = { 0 }, own = { 0 };
	int rc = 0;

	if (g->out.to == EXPORTING_KAPTURE) {
		buf_printf(&own, "%s/cupel", how.dir);
		how.dir = buf_cstr(&own);
	}
	if (how.dir) {
		rc = naming_path(&how, p->names[0], "", &dir, e);
	} else {
		if (kpt.len > 4 && memcmp(kpt.s + kpt.len - 4, ".kpt", 4) == 0)
			kpt.len -= 4;
		buf_add(&dir, kpt);
	}
	buf_add(&dir, SPAN(".overlapping"));
	rc = rc ? rc : naming_name(&how, p->names[1], &match, e);
	rc = rc ? rc : side_path(path, buf_cstr(&dir), match, ".matches", e);
	buf_release(&dir);
	buf_release(&own);
	return rc;
}

static void
keep(struct pair *p)
{
	const struct twoview *v = &p->views;

	for (size_t i = 0; i < v->matches.n; i++)
		if (v->inlier[i])
			matches_add(&p->kept, v->matches.v[i]);
}

/* The side file, if there is to be one: ${path} says. */
static int
save(const struct pairing *g, struct pair *p, struct buf *path)
{
	struct err e;

	if (g->inlined &&
		(g->out.naming.dir == NULL || g->out.to == EXPORTING_KAPTURE))
		return 0;
	if (matches_path(g, p, path, &e))
		rec_fail(p->rec, "no_image", "%s", e.msg);
	else if (matches_save(&p->kept, path->s, &e))
		rec_fail(p->rec, "write", "%s", e.msg);
	else
		return 0;
	return -1;
}

static void
put_matches(struct pair *p, const struct buf *path, struct buf *b)
{
	emit_begin(b, '{');
	emit_key(b, "n");
	emit_u64(b, p->kept.n);
	if (path->len) {
		emit_key(b, "file");
		emit_str(b, buf_span(path));
	}
	emit_end(b, '}');
	rec_set_buf(p->rec, "matches", b);
}

static void
put_pairs(struct pair *p, struct buf *b)
{
	const struct twoview *v = &p->views;

	emit_begin(b, '[');
	for (size_t i = 0; i < v->matches.n; i++) {
		if (!v->inlier[i])
			continue;
		emit_begin(b, '[');
		for (int k = 0; k < 4; k++)
			emit_f64(b, v->points[i][k]);
		emit_end(b, ']');
	}
	emit_end(b, ']');
	rec_set_buf(p->rec, "pairs", b);
}

static void
put_matrix(const struct verify_result *r, struct buf *b)
{
	if (r->inliers == 0) {
		emit_null(b);
		return;
	}
	emit_begin(b, '[');
	for (int i = 0; i < 9; i++)
		emit_f64(b, r->matrix[i]);
	emit_end(b, ']');
}

static void
put_geometry(const struct pairing *g, struct pair *p, struct buf *b)
{
	const struct verify_result *r = &p->views.geometry;

	emit_begin(b, '{');
	emit_key(b, "model");
	emit_cstr(b, verify_names[g->verify.model]);
	emit_key(b, "matrix");
	put_matrix(r, b);
	emit_key(b, "inliers");
	emit_u64(b, r->inliers);
	if (g->verify.model != VERIFY_HOMOGRAPHY) {
		emit_key(b, "planar");
		emit_u64(b, r->planar);
	}
	emit_key(b, "matches");
	emit_u64(b, p->views.matches.n);
	emit_key(b, "threshold");
	emit_f64(b, p->views.threshold);
	emit_key(b, "rounds");
	emit_u64(b, r->rounds);
	emit_end(b, '}');
	rec_set_buf(p->rec, "geometry", b);
}

static void
draw(const struct pairing *g, const struct pair *p)
{
	const struct twoview *v = &p->views;
	struct picture_pair picture = {
		.query = { NULL, p->names[0], &v->images[0]->features },
		.match = { NULL, p->names[1], &v->images[1]->features },
		.pairs = (const double(*)[4])v->points,
		.inlier = v->inlier,
		.n = v->matches.n,
	};

	drawing_add(g->drawing, &picture);
}

/* What an earlier run may have left is not true any more. */
static void
put_members(const struct pairing *g, struct pair *p, const struct buf *path)
{
	struct buf b = { 0 };

	put_matches(p, path, &b);
	buf_clear(&b);
	if (g->inlined)
		put_pairs(p, &b);
	else
		rec_unset(p->rec, "pairs");
	buf_clear(&b);
	if (g->verifies)
		put_geometry(g, p, &b);
	else
		rec_unset(p->rec, "geometry");
	buf_release(&b);
}

/* For the other program, after all else. */
static void
pass_on(struct pairing *g, struct pair *p)
{
	struct exporting_pair pair = { { p->names[0], p->names[1] },
		p->views.images[0]->features.type, &p->kept };
	struct err e;
	const char *code;

	buf_clear(&g->list);
	code = exporting_pair(&g->out, &pair, &g->list, &e);
	if (code)
		rec_fail(p->rec, code, "%s", e.msg);
}

void
pairing_write(struct pairing *g, struct pair *p)
{
	struct buf path = { 0 };

	keep(p);
	if (save(g, p, &path) == 0) {
		put_members(g, p, &path);
		if (g->drawing)
			draw(g, p);
		pass_on(g, p);
	}
	buf_release(&path);
}
