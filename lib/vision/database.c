#include <inttypes.h>
#include <stdlib.h>

#include "database.h"
#include "vision/features.h"
#include "vision/vocabulary.h"

/* Is a vector that names ${vocabulary} to be compared with the others? */
static const char *
check(struct database *db, const struct global *g, struct span vocabulary,
	struct err *e)
{
	struct span own = span_str(db->vocabulary);

	if (!db->any) {
		db->any = true;
		db->dims = g->n;
		memcpy(db->vocabulary, vocabulary.s, vocabulary.len);
		return NULL;
	}
	if (own.len && vocabulary.len && !span_eq(own, vocabulary))
		err_set(e,
			"described with the vocabulary %.*s, where the "
			"database has %s: describe it again",
			SPAN_ARG(vocabulary), db->vocabulary);
	else if (g->n != db->dims)
		err_set(e,
			"a vector of %zu numbers, where the database has %zu",
			g->n, db->dims);
	else
		return NULL;
	return "bad_global";
}

/* The vector that the record names, and which vocabulary is. */
static const char *
read_vector(struct span record, struct global *g, struct span *vocabulary,
	struct arena *a, struct err *e)
{
	*vocabulary = json_str(json_get(record, "vocabulary"), a);
	if (vocabulary->s == NULL)
		*vocabulary = SPAN("");
	if (vocabulary->len >= sizeof(((struct database *)0)->vocabulary)) {
		err_set(e, "\"vocabulary\" is too long a name");
		return "bad_global";
	}
	return global_load(g, record, e) ? "bad_global" : NULL;
}

static const char *
make_vector(const struct describer *d, struct span record, struct global *g,
	struct span *vocabulary, struct err *e)
{
	if (features_of_pair(record)) {
		err_set(e, FEATURES_PAIR);
		return "no_features";
	}
	if (d == NULL) {
		err_set(e, "the record has no \"global\": describe it first, "
			   "or give its vocabulary with -V");
		return "no_global";
	}
	*vocabulary = span_str(d->vocabulary->name);
	return describe_image(d, record, g, e);
}

const char *
database_vector(struct database *db, const struct describer *d,
	struct span record, struct global *g, struct err *e)
{
	struct arena a = { 0 };
	struct span vocabulary;
	enum json_kind kind = json_kind(json_get(record, "global"));
	const char *code;

	*g = (struct global){ 0 };
	if (kind == JSON_ABSENT || kind == JSON_NULL)
		code = make_vector(d, record, g, &vocabulary, e);
	else
		code = read_vector(record, g, &vocabulary, &a, e);
	code = code ? code : check(db, g, vocabulary, e);
	if (code)
		global_release(g);
	arena_release(&a);
	return code;
}

static void
add(struct database *db, const struct describer *d, struct rec *r)
{
	struct global g;
	struct err e;
	size_t n = db->atlas ? atlas_n(db->atlas) : 0;

	if (rec_failed(r)) {
		complain_of(&db->left_out, r,
			"the image carries an error: it is never a match");
		return;
	}
	if (database_vector(db, d, r->raw, &g, &e)) {
		complain_of(&db->left_out, r, "%s", e.msg);
		return;
	}
	if (db->atlas == NULL)
		db->atlas = atlas_new(db->dims);
	db->lines = mem_grow(db->lines, &db->cap, n + 1, sizeof(*db->lines));
	db->lines[n] = r->raw;
	atlas_add(db->atlas, g.v);
	global_release(&g);
}

int
database_load(struct database *db, const char *path, const struct describer *d,
	struct err *e)
{
	struct json_fault f;
	struct rec r = { 0 };
	int rc;

	*db = (struct database){ 0 };
	if (rec_file_open(&db->file, path, e))
		return -1;
	while ((rc = rec_file_next(&db->file, &r, &f)) > 0)
		add(db, d, &r);
	if (rc < 0)
		err_set(e, "%s:%" PRIu64 ":%zu: %s", path, db->file.line,
			f.at + 1, f.what);
	if (rc == 0 && db->atlas == NULL)
		rc = err_set(e, "%s: no image in it can be compared", path);
	rec_release(&r);
	return rc;
}

void
database_release(struct database *db)
{
	atlas_free(db->atlas);
	free(db->lines);
	rec_file_release(&db->file);
	map_release(&db->left_out.reasons);
	*db = (struct database){ 0 };
}
