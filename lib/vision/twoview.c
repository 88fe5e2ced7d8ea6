#include "twoview.h"

#include <stdlib.h>

#include "base/arena.h"
#include "record/json.h"

bool
twoview_same_type(const struct twoview *v)
{
	return v->images[0]->features.type == v->images[1]->features.type;
}

/* All matches, as points. */
static void
take_points(struct twoview *v)
{
	const struct keypoint *query = v->images[0]->features.keypoints;
	const struct keypoint *match = v->images[1]->features.keypoints;
	size_t n = v->matches.n;

	v->points = mem_alloc(n + !n, sizeof(*v->points));
	v->inlier = mem_alloc(n + !n, 1);
	for (size_t i = 0; i < n; i++) {
		const struct keypoint *a = &query[v->matches.v[i].a];
		const struct keypoint *b = &match[v->matches.v[i].b];

		v->points[i][0] = a->x;
		v->points[i][1] = a->y;
		v->points[i][2] = b->x;
		v->points[i][3] = b->y;
		v->inlier[i] = 1;
	}
}

int
twoview_match(struct twoview *v, const struct nearest_opts *how, struct err *e)
{
	if (nearest_match(
		    v->images[0]->set, v->images[1]->set, how, &v->matches, e))
		return -1;
	take_points(v);
	return 0;
}

uint32_t
twoview_size(const struct span records[2])
{
	static const char *const members[] = { "width", "height" };
	uint32_t longest = 0;

	for (int i = 0; i < 4; i++) {
		int64_t size;

		if (json_i64(json_get(records[i / 2], members[i % 2]), &size) &&
			size > longest && size <= UINT32_MAX)
			longest = (uint32_t)size;
	}
	return longest;
}

int
twoview_verify(struct twoview *v, const struct verify_opts *how, uint32_t size,
	struct err *e)
{
	struct verify_opts o = *how;

	if (o.threshold <= 0)
		o.threshold = verify_threshold(o.model, size);
	v->threshold = o.threshold;
	v->geometry.inlier = v->inlier;
	return verify_find((const double(*)[4])v->points, v->matches.n, &o,
		&v->geometry, e);
}

void
twoview_release(struct twoview *v)
{
	free(v->points);
	free(v->inlier);
	matches_release(&v->matches);
}
