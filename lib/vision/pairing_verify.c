#include "pairing_pair.h"

static int
read_cameras(struct pair *p, struct camera cameras[2])
{
	struct err e;

	for (int side = 0; side < 2; side++)
		if (camera_read(&cameras[side], p->records[side], &e)) {
			rec_fail(p->rec, "camera", "%s: %s",
				pairing_sides[side], e.msg);
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

	if (how.model == VERIFY_ESSENTIAL) {
		if (read_cameras(p, cameras))
			return -1;
		how.query = &cameras[0];
		how.match = &cameras[1];
	}
	if (twoview_verify(&p->views, &how, twoview_size(p->records), &e) == 0)
		return 0;
	rec_fail(p->rec, "bad_features", "%s", e.msg);
	return -1;
}
