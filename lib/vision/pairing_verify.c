#include "pairing_pair.h"

/* The longer side of the larger image, as far as the records say; or 0. */
static uint32_t
size_of(const struct pair *p)
{
	static const char *const members[] = { "width", "height" };
	uint32_t longest = 0;

	for (int i = 0; i < 4; i++) {
		int64_t size;

		if (json_i64(json_get(p->records[i / 2], members[i % 2]),
			    &size) &&
			size > longest && size <= UINT32_MAX)
			longest = (uint32_t)size;
	}
	return longest;
}

static int
read_cameras(struct pair *p, struct camera cameras[2])
{
	static const char *const sides[2] = { "query", "match" };
	struct err e;

	for (int side = 0; side < 2; side++)
		if (camera_read(&cameras[side], p->records[side], &e)) {
			rec_fail(
				p->rec, "camera", "%s: %s", sides[side], e.msg);
			return -1;
		}
	return 0;
}

int
pairing_verify(const struct pairing *g, struct pair *p)
{
	struct verify_opts how = g->verify;
	struct camera cameras[2];
	struct err e;

	if (how.threshold <= 0)
		how.threshold = verify_threshold(how.model, size_of(p));
	p->threshold = how.threshold;
	if (how.model == VERIFY_ESSENTIAL) {
		if (read_cameras(p, cameras))
			return -1;
		how.query = &cameras[0];
		how.match = &cameras[1];
	}
	p->geometry.inlier = p->inlier;
	if (verify_find((const double(*)[4])p->points, p->n, &how, &p->geometry,
		    &e) == 0)
		return 0;
	rec_fail(p->rec, "bad_features", "%s", e.msg);
	return -1;
}
