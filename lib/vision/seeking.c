#include "seeking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/emit.h"

int
seeking_start(
	struct seeking *s, const char *path, struct device *d, struct err *e)
{
	struct err why;
	int rc = database_load(&s->db, path, s->by, e);
	size_t n;

	s->path = path;
	rerank_start(&s->rerank, s->engine, d, s->seed);
	complain_tell(&s->db.left_out);
	if (rc)
		return -1;
	if (atlas_load(s->db.atlas, d, &why))
		return err_set(e, "%s: %s", path, why.msg);
	n = atlas_n(s->db.atlas);
	if (s->count > n)
		s->count = n;
	s->hits = mem_alloc(n, sizeof(*s->hits));
	s->v = mem_alloc(n, sizeof(*s->v));
	if (s->lineup)
		lineup_start(s->lineup, s->count);
	return 0;
}

static bool
same_image(struct span a, struct span b)
{
	struct span one = json_get(a, "image"), other = json_get(b, "image");
	struct arena texts = { 0 };
	bool same = json_kind(one) == JSON_STRING &&
	            json_kind(other) == JSON_STRING &&
	            span_eq(json_str(one, &texts), json_str(other, &texts));

	arena_release(&texts);
	return same;
}

/* Takes the first ${want} of the ${k} best that may be matches. */
static void
take_hits(struct seeking *s, struct span query, size_t k, size_t want)
{
	s->n = 0;
	for (size_t i = 0; i < k && s->n < want; i++) {
		struct span record = s->db.lines[s->hits[i].index];

		if (!s->others || !same_image(query, record))
			s->v[s->n++] = (struct rerank_item){ .record = record,
				.score = s->hits[i].score };
	}
}

/* The best ones, of as many as it takes. */
static const char *
search(struct seeking *s, struct span query, size_t want, struct err *e)
{
	size_t all = atlas_n(s->db.atlas), k = want;
	struct global g;
	const char *code = database_vector(&s->db, s->by, query, &g, e);

	while (!code) {
		if (atlas_search(s->db.atlas, g.v, k, s->hits, e))
			code = "device";
		else
			take_hits(s, query, k, want);
		if (s->n == want || k == all)
			break;
		k = k < all / 2 ? 2 * k : all;
	}
	global_release(&g);
	return code;
}

/* Fills ${s->v} with what is to be written. */
static const char *
find(struct seeking *s, struct span query, struct err *e)
{
	uint64_t most = s->count > s->verified ? s->count : s->verified;
	size_t all = atlas_n(s->db.atlas), first;
	const char *code = search(s, query, most < all ? most : all, e);

	if (!code && s->n == 0) {
		err_set(e, "%s has no other image to match", s->path);
		code = "unmatched";
	}
	first = s->verified < s->n ? s->verified : s->n;
	if (!code && first)
		code = rerank_do(&s->rerank, query, s->v, first, e);
	if (s->n > s->count)
		s->n = s->count;
	return code;
}

/* What the i-th of them has its rank by. */
static void
say_why(const struct seeking *s, size_t i, char *to, size_t size)
{
	unsigned long long n = s->v[i].inliers;

	if (i < s->verified)
		snprintf(to, size, "%llu inlier%s", n, n == 1 ? "" : "s");
	else
		snprintf(to, size, "%.4f", s->v[i].score);
}

static void
draw(const struct seeking *s, struct span query)
{
	char note[32];

	lineup_query(s->lineup, query);
	for (size_t i = 0; i < s->n; i++) {
		say_why(s, i, note, sizeof(note));
		lineup_match(s->lineup, s->v[i].record, i + 1, span_str(note));
	}
}

void
seeking_do(struct seeking *s, struct rec *query)
{
	const char *code;
	struct err e;

	s->n = 0;
	if (rec_failed(query))
		return;
	code = find(s, query->raw, &e);
	if (code)
		rec_fail(query, code, "%s", e.msg);
	else if (s->lineup)
		draw(s, query->raw);
}

void
seeking_put(const struct seeking *s, const struct rec *query, size_t i,
	struct buf *b)
{
	const struct rerank_item *item = &s->v[i];

	emit_begin(b, '{');
	emit_key(b, "query"), rec_print(query, b);
	emit_key(b, "match"), emit_raw(b, item->record);
	emit_key(b, "rank"), emit_u64(b, i + 1);
	emit_key(b, "score"), emit_f64(b, round(item->score * 1e7) / 1e7);
	if (i < s->verified)
		emit_key(b, "inliers"), emit_u64(b, item->inliers);
	emit_end(b, '}');
}

void
seeking_release(struct seeking *s)
{
	database_release(&s->db);
	rerank_release(&s->rerank);
	free(s->v);
	free(s->hits);
}
