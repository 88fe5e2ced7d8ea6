#include "pairing.h"

#include <math.h>
#include <stdlib.h>

#include "pairing_pair.h"
#include "record/emit.h"
#include "side.h"

static const char *const sides[2] = { "query", "match" };

int
pairing_join(struct rec *r, struct buf *text, const struct span images[2],
	struct err *e)
{
	struct json_fault f;

	buf_clear(text);
	emit_begin(text, '{');
	for (int side = 0; side < 2; side++)
		emit_key(text, sides[side]), emit_raw(text, images[side]);
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
	struct span record = rec_get(r, sides[side]);
	enum json_kind error;
	const char *name;
	struct err e;

	if (json_kind(record) != JSON_OBJECT) {
		rec_fail(r, "no_pair",
			"\"%s\": an image record is expected; for pairs of "
			"image records give --exhaustive or --sequential",
			sides[side]);
		return -1;
	}
	error = json_kind(json_get(record, "error"));
	if (error > JSON_NULL) {
		rec_fail(r, "no_features", "the %s carries an error itself",
			sides[side]);
		return -1;
	}
	p->records[side] = record;
	name = side_named(record, "image", &r->arena, &e);
	if (name == NULL) {
		rec_fail(r, "no_image", "the %s's %s", sides[side], e.msg);
		return -1;
	}
	p->names[side] = span_str(name);
	return 0;
}

static int
load_image(struct pairing *g, struct pair *p, int side)
{
	struct gallery_fault f;

	p->images[side] = gallery_get(&g->gallery, p->records[side], &f);
	if (p->images[side])
		return 0;
	rec_fail(p->rec, f.code, "%s: %s", sides[side], f.why.msg);
	return -1;
}

static int
same_type(struct pair *p)
{
	enum features_type a = p->images[0]->features.type;
	enum features_type b = p->images[1]->features.type;

	if (a == b)
		return 0;
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
	struct nearest_opts how = { g->ratio, g->mutual,
		farthest(g->max_distance, p->images[0]->features.type) };
	struct err e;

	if (nearest_match(p->images[0]->set, p->images[1]->set, &how,
		    &p->matches, &e) == 0)
		return 0;
	rec_fail(p->rec, "device", "%s", e.msg);
	return -1;
}

/* All of them, as points. */
static void
take_points(struct pair *p)
{
	size_t n = p->matches.n;

	p->n = n;
	p->points = mem_alloc(n + !n, sizeof(*p->points));
	p->inlier = mem_alloc(n + !n, 1);
	for (size_t i = 0; i < n; i++) {
		const struct match *m = &p->matches.v[i];
		const struct keypoint *a =
			&p->images[0]->features.keypoints[m->a];
		const struct keypoint *b =
			&p->images[1]->features.keypoints[m->b];

		p->points[i][0] = a->x;
		p->points[i][1] = a->y;
		p->points[i][2] = b->x;
		p->points[i][3] = b->y;
		p->inlier[i] = 1;
	}
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
	if (prepare(g, &p) == 0 && match(g, &p) == 0) {
		take_points(&p);
		if (!g->verifies || pairing_verify(g, &p) == 0)
			pairing_write(g, &p);
	}
	free(p.points);
	free(p.inlier);
	matches_release(&p.matches);
	matches_release(&p.kept);
}

void
pairing_release(struct pairing *g)
{
	gallery_release(&g->gallery);
	buf_release(&g->list);
}
