#include "pairing.h"

#include <math.h>
#include <stdlib.h>

#include "pairing_pair.h"
#include "record/emit.h"
#include "side.h"

const char *const pairing_sides[2] = { "query", "match" };

int
pairing_join(struct rec *r, struct buf *text, const struct span images[2],
	struct err *e)
{
	struct json_fault f;

	buf_clear(text);
	emit_begin(text, '{');
	for (int side = 0; side < 2; side++)
		emit_key(text, pairing_sides[side]),
			emit_raw(text, images[side]);
	emit_end(text, '}');
	if (rec_parse(r, buf_span(text), &f))
		return err_set(e, "a pair of records is no record: %s", f.what);
	r->file = NULL; /* it stands in none */
	return 0;
}

static int
find_image(struct pair *p, int side)
{
	struct rec *r = p->rec;
	struct span record = rec_get(r, pairing_sides[side]);
	enum json_kind error;
	const char *name;
	struct err e;

	if (json_kind(record) != JSON_OBJECT) {
		rec_fail(r, "no_pair",
			"\"%s\": an image record is expected; for pairs of "
			"image records give --exhaustive or --sequential",
			pairing_sides[side]);
		return -1;
	}
	error = json_kind(json_get(record, "error"));
	if (error > JSON_NULL) {
		rec_fail(r, "no_features", "the %s carries an error itself",
			pairing_sides[side]);
		return -1;
	}
	p->records[side] = record;
	name = side_named(record, "image", &r->arena, &e);
	if (name == NULL) {
		rec_fail(r, "no_image", "the %s's %s", pairing_sides[side],
			e.msg);
		return -1;
	}
	p->names[side] = span_str(name);
	return 0;
}

static int
load_image(struct pairing *g, struct pair *p, int side)
{
	struct gallery_fault f;

	p->views.images[side] = gallery_get(&g->gallery, p->records[side], &f);
	if (p->views.images[side])
		return 0;
	rec_fail(p->rec, f.code, "%s: %s", pairing_sides[side], f.why.msg);
	return -1;
}

static int
same_type(struct pair *p)
{
	enum features_type a, b;

	if (twoview_same_type(&p->views))
		return 0;
	a = p->views.images[0]->features.type;
	b = p->views.images[1]->features.type;
	rec_fail(p->rec, "bad_features",
		"the query has %s features, the match %s: find both in one way",
		features_names[a], features_names[b]);
	return -1;
}

/* As whole numbers: RootSIFT is 512 times a unit vector, and squared. */
static uint32_t
farthest(double distance, enum features_type type)
{
	double most = type == FEATURES_ROOTSIFT
	                      ? distance * distance * 512 * 512
	                      : distance;

	if (distance <= 0 || most >= NEAREST_NONE)
		return NEAREST_NONE;
	return (uint32_t)floor(most);
}

static int
match(const struct pairing *g, struct pair *p)
{
	enum features_type type = p->views.images[0]->features.type;
	struct nearest_opts how = { g->ratio, g->mutual,
		farthest(g->max_distance, type) };
	struct err e;

	if (type == FEATURES_ROOTSIFT && g->max_distance > 1.42) {
		rec_fail(p->rec, "bad_features",
			"--max-distance: rootsift features are 0 to 1.42 "
			"apart, "
			"not %g: give such a distance",
			g->max_distance);
		return -1;
	}
	if (twoview_match(&p->views, &how, &e) == 0)
		return 0;
	rec_fail(p->rec, "device", "%s", e.msg);
	return -1;
}

static int
prepare(struct pairing *g, struct pair *p)
{
	for (int side = 0; side < 2; side++)
		if (find_image(p, side))
			return -1;
	for (int side = 0; side < 2; side++)
		if (load_image(g, p, side))
			return -1;
	return same_type(p);
}

void
pairing_do(struct pairing *g, struct rec *r)
{
	struct pair p = { .rec = r };

	if (rec_failed(r))
		return;
	if (prepare(g, &p) == 0 && match(g, &p) == 0 &&
		(!g->verifies || pairing_verify(g, &p) == 0))
		pairing_write(g, &p);
	twoview_release(&p.views);
	matches_release(&p.kept);
}

void
pairing_release(struct pairing *g)
{
	gallery_release(&g->gallery);
	buf_release(&g->list);
}
