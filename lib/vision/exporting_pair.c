#include "exporting.h"
#include "side.h"

#define MATCH_BYTES 12
#define MATCHES_MOST ((size_t)1 << 24)

/* A pair that goes out. */
struct outgoing {
	struct span names[2]; /* of its images, as others know them */
	enum features_type type;
	struct matches matches;
	struct arena arena;
};

/* The side file of the matches that the record names. */
static int
load(struct outgoing *o, struct span record, struct err *e)
{
	struct span matches = json_get(record, "matches");
	struct buf b = { 0 };
	const char *path;
	struct err why;
	int64_t n;
	int rc;

	path = side_named(matches, "file", &o->arena, &why);
	if (path == NULL)
		return err_set(e, "\"matches\": %s", why.msg);
	if (!json_i64(json_get(matches, "n"), &n) || n < 0 ||
		(uint64_t)n > MATCHES_MOST)
		return err_set(e,
			"\"matches\": \"n\" is not a whole number from 0 to "
			"%zu",
			MATCHES_MOST);
	rc = side_load(&b, path, (size_t)n, MATCH_BYTES, e);
	for (size_t i = 0; rc == 0 && i < (size_t)n; i++) {
		const char *p = b.s + i * MATCH_BYTES;

		matches_add(&o->matches,
			(struct match){ side_u32(p), side_u32(p + 4),
				side_u32(p + 8) });
	}
	buf_release(&b);
	return rc;
}

static void
find_names(struct outgoing *o, const struct exporting *x, struct span record)
{
	static const char *const sides[2] = { "query", "match" };

	for (int i = 0; i < 2; i++) {
		struct span image = json_get(record, sides[i]);
		struct span name = json_str(
			json_get(image, "image"), &o->arena);
		struct span type = json_get(
			json_get(image, "features"), "type");

		o->names[i] = exporting_name(x->images, name);
		if (json_is(type, features_names[FEATURES_ORB]))
			o->type = FEATURES_ORB;
	}
}

/* COLMAP takes a line of two names apart at the blank. */
static const char *
put_list(const struct outgoing *o, struct buf *text, struct err *e)
{
	for (int i = 0; i < 2; i++)
		for (size_t j = 0; j < o->names[i].len; j++)
			if ((uint8_t)o->names[i].s[j] <= ' ') {
				err_set(e,
					"COLMAP cannot read the name \"%.*s\" "
					"in a list of matches",
					SPAN_ARG(o->names[i]));
				return "no_image";
			}
	colmap_match(text, o->names, &o->matches);
	return NULL;
}

const char *
exporting_pair(const struct exporting *x, struct span record, struct buf *text,
	struct err *e)
{
	struct outgoing o = { .type = FEATURES_ROOTSIFT };
	const char *code = NULL;

	find_names(&o, x, record);
	if (load(&o, record, e))
		code = "bad_features";
	else if (x->to == EXPORTING_COLMAP)
		code = put_list(&o, text, e);
	else if (kapture_match(x->dir, o.names, o.type, &o.matches, e))
		code = "write";
	matches_release(&o.matches);
	arena_release(&o.arena);
	return code;
}
