#include "pairing.h"

#include <math.h>
#include <stdlib.h>

#include "record/emit.h"
#include "side.h"

/* A pair at work. */
struct pair {
	struct rec *rec;
	struct span records[2];
	struct span names[2]; /* of the images */
	const struct gallery_image *images[2];
	struct matches matches;
};

static const char *const sides[2] = { "query", "match" };

static int
find_image(struct pair *p, int side)
{
	struct rec *r = p->rec;
	struct span record = rec_get(r, sides[side]);
	enum json_kind error;

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
	p->names[side] = json_str(json_get(record, "image"), &r->arena);
	if (p->names[side].s == NULL) {
		rec_fail(r, "no_image", "the %s's \"image\" is missing",
			sides[side]);
		return -1;
	}
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

/* Where the keypoints are, or below the directory: QUERY.overlapping/MATCH. */
static int
matches_path(const struct pairing *g, const struct pair *p, struct buf *path,
	struct err *e)
{
	struct span kpt = json_str(
		json_get(p->records[0], "keypoints"), &p->rec->arena);
	struct buf dir = { 0 };
	size_t end = kpt.len;
	int rc = 0;

	if (g->dir) {
		rc = side_path(&dir, g->dir, p->names[0], "", e);
	} else {
		if (end > 4 && memcmp(kpt.s + end - 4, ".kpt", 4) == 0)
			end -= 4;
		buf_add(&dir, (struct span){ kpt.s, end });
	}
	buf_add(&dir, SPAN(".overlapping"));
	if (rc == 0)
		rc = side_path(
			path, buf_cstr(&dir), p->names[1], ".matches", e);
	buf_release(&dir);
	return rc;
}

static int
save(const struct pairing *g, struct pair *p, struct buf *path)
{
	struct err e;

	if (matches_path(g, p, path, &e) == 0 &&
		matches_save(&p->matches, path->s, &e) == 0)
		return 0;
	rec_fail(p->rec, "write", "%s", e.msg);
	return -1;
}

/* The keypoints of a match: the query's x and y, then the match's. */
static void
points_of(const struct pair *p, const struct match *m, double to[4])
{
	const struct keypoint *a = &p->images[0]->features.keypoints[m->a];
	const struct keypoint *b = &p->images[1]->features.keypoints[m->b];

	to[0] = a->x;
	to[1] = a->y;
	to[2] = b->x;
	to[3] = b->y;
}

static void
put_pairs(struct pair *p, struct buf *b)
{
	buf_clear(b);
	emit_begin(b, '[');
	for (size_t i = 0; i < p->matches.n; i++) {
		double at[4];

		points_of(p, &p->matches.v[i], at);
		emit_begin(b, '[');
		for (int k = 0; k < 4; k++)
			emit_f64(b, at[k]);
		emit_end(b, ']');
	}
	emit_end(b, ']');
	rec_set_buf(p->rec, "pairs", b);
}

static void
put_matches(const struct pairing *g, struct pair *p, const struct buf *path)
{
	struct buf b = { 0 };

	emit_begin(&b, '{');
	emit_key(&b, "n");
	emit_u64(&b, p->matches.n);
	if (path->len) {
		emit_key(&b, "file");
		emit_str(&b, buf_span(path));
	}
	emit_end(&b, '}');
	rec_set_buf(p->rec, "matches", &b);
	if (g->inlined)
		put_pairs(p, &b);
	else
		rec_unset(p->rec, "pairs");
	buf_release(&b);
}

static void
draw(const struct pairing *g, const struct pair *p)
{
	size_t n = p->matches.n;
	double(*pairs)[4] = mem_alloc(n + !n, sizeof(*pairs));
	struct picture_pair picture = {
		.query = { .name = p->names[0],
			.features = &p->images[0]->features },
		.match = { .name = p->names[1],
			.features = &p->images[1]->features },
		.pairs = (const double(*)[4])pairs,
		.n = n,
	};

	for (size_t i = 0; i < n; i++)
		points_of(p, &p->matches.v[i], pairs[i]);
	drawing_add(g->drawing, &picture);
	free(pairs);
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
	struct buf path = { 0 };
	bool file = g->dir || !g->inlined;

	if (rec_failed(r))
		return;
	if (prepare(g, &p) == 0 && match(g, &p) == 0 &&
		(!file || save(g, &p, &path) == 0)) {
		put_matches(g, &p, &path);
		if (g->drawing)
			draw(g, &p);
	}
	buf_release(&path);
	matches_release(&p.matches);
}
