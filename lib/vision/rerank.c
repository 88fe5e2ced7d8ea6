#include <stdlib.h>

#include "rerank.h"

#define RATIO 0.8
#define MEMORY ((size_t)1 << 30) /* of features that are kept */

void
rerank_init(struct rerank *r, struct nearest_engine *engine, uint64_t seed)
{
	*r = (struct rerank){
		.pairing = { .ratio = RATIO,
			.mutual = true,
			.inlined = true,
			.verifies = true,
			.verify = { .model = VERIFY_FUNDAMENTAL,
				.rounds = VERIFY_ROUNDS,
				.seed = seed },
			.gallery = { .engine = engine, .limit = MEMORY } }
	};
}

/* Is the error of a pair not the query's, nor the device's? */
static const char *
fault(struct rerank *r, struct span query, struct span error, struct err *e)
{
	struct arena *a = &r->pair.arena;
	struct span why = json_str(json_get(error, "message"), a);
	struct gallery_fault f;

	err_set(e, "%.*s", SPAN_ARG(why));
	if (json_is(json_get(error, "code"), "device"))
		return "device";
	return gallery_get(&r->pairing.gallery, query, &f) ? NULL : f.code;
}

/* The inliers of one model, 0 where nothing could be matched. */
static const char *
count(struct rerank *r, struct span query, struct rerank_item *item,
	struct err *e)
{
	struct span images[2] = { query, item->record };
	int64_t inliers = 0;

	item->inliers = 0;
	if (pairing_join(&r->pair, &r->line, images, e))
		return "malformed";
	pairing_do(&r->pairing, &r->pair);
	if (rec_failed(&r->pair))
		return fault(r, query, rec_get(&r->pair, "error"), e);
	if (json_i64(json_get(rec_get(&r->pair, "geometry"), "inliers"),
		    &inliers) &&
		inliers > 0)
		item->inliers = (uint64_t)inliers;
	return NULL;
}

/* Of two views from one point there is no epipolar geometry: a homography is. */
static const char *
count_best(struct rerank *r, struct span query, struct rerank_item *item,
	struct err *e)
{
	const char *code;

	r->pairing.verify.model = VERIFY_FUNDAMENTAL;
	code = count(r, query, item, e);
	if (code || item->inliers)
		return code;
	r->pairing.verify.model = VERIFY_HOMOGRAPHY;
	return count(r, query, item, e);
}

/* By insertion, which keeps the order of equals; there are few. */
static void
sort(struct rerank_item *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct rerank_item item = v[i];
		size_t at = i;

		for (; at > 0 && v[at - 1].inliers < item.inliers; at--)
			v[at] = v[at - 1];
		v[at] = item;
	}
}

const char *
rerank_do(struct rerank *r, struct span query, struct rerank_item *v, size_t n,
	struct err *e)
{
	const char *code = NULL;

	for (size_t i = 0; !code && i < n; i++)
		code = count_best(r, query, &v[i], e);
	if (!code)
		sort(v, n);
	return code;
}

void
rerank_release(struct rerank *r)
{
	pairing_release(&r->pairing);
	rec_release(&r->pair);
	buf_release(&r->line);
}
