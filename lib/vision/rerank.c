#include "rerank.h"

#include <string.h>

#include "twoview.h"

#define MEMORY ((size_t)1 << 30) /* of features that are kept */

static const struct nearest_opts alike = {
	.ratio = 0.8, .mutual = true, .max_distance = NEAREST_NONE
};

void
rerank_start(struct rerank *r, struct nearest_engine *engine,
	const struct device *d, uint64_t seed)
{
	*r = (struct rerank){ .seed = seed };
	gallery_start(&r->gallery, engine, d, MEMORY);
}

/* Matches that agree on ${model}; keypoints that are no numbers agree on none. */
static size_t
inliers(const struct rerank *r, struct twoview *v, enum verify_model model,
	uint32_t size)
{
	struct verify_opts how = { .model = model, .seed = r->seed };
	struct err e;

	return twoview_verify(v, &how, size, &e) ? 0 : v->geometry.inliers;
}

/* Of two views from one point there is no epipolar geometry: a homography is. */
static int
count(const struct rerank *r, struct twoview *v, struct span query,
	struct rerank_item *item, struct err *e)
{
	uint32_t size = twoview_size((struct span[]){ query, item->record });

	if (twoview_match(v, &alike, e))
		return -1;
	item->inliers = inliers(r, v, VERIFY_FUNDAMENTAL, size);
	if (item->inliers == 0)
		item->inliers = inliers(r, v, VERIFY_HOMOGRAPHY, size);
	return 0;
}

static const char *
compare(struct rerank *r, struct span query, struct rerank_item *item,
	struct err *e)
{
	struct gallery_fault f;
	struct twoview v = { 0 };
	const char *code = NULL;

	item->inliers = 0;
	for (int side = 0; side < 2; side++) {
		v.images[side] = gallery_get(
			&r->gallery, side ? item->record : query, &f);
		if (v.images[side])
			continue;
		*e = f.why;
		return side == 0 || strcmp(f.code, "device") == 0 ? f.code
		                                                  : NULL;
	}
	if (twoview_same_type(&v) && count(r, &v, query, item, e))
		code = "device";
	twoview_release(&v);
	return code;
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
		code = compare(r, query, &v[i], e);
	if (!code)
		sort(v, n);
	return code;
}

void
rerank_release(struct rerank *r)
{
	gallery_release(&r->gallery);
}
