#include "vision/place.h"

#include <math.h>

#include "record/json.h"
#include "vision/pose.h"

static bool
number(struct span record, const char *name, double *to)
{
	return json_f64(json_get(record, name), to);
}

static int
of_pose(struct place *p, struct span record, struct err *e)
{
	struct pose pose;
	double centre[3];

	if (pose_read(&pose, record, e))
		return -1;
	pose_centre(&pose, centre);
	p->east = centre[0];
	p->north = centre[1];
	p->heading = pose_heading(&pose);
	p->headed = true;
	return 0;
}

int
place_read(struct place *p, struct span image, struct err *e)
{
	struct span record = place_truth(image);
	bool east = number(record, "easting", &p->east);
	bool north = number(record, "northing", &p->north);

	p->heading = 0;
	p->headed = number(record, "heading", &p->heading) ||
	            number(record, "angle", &p->heading);
	if (east && north)
		return 0;
	if (east || north)
		return err_set(e, "\"easting\" and \"northing\" go together");
	return of_pose(p, record, e);
}

double
place_apart(const struct place *a, const struct place *b)
{
	return hypot(a->east - b->east, a->north - b->north);
}

bool
place_along(const struct place *a, const struct place *b, double deg)
{
	double turn = fmod(fabs(a->heading - b->heading), 360);

	if (turn > 180)
		turn = 360 - turn;
	return a->headed && b->headed && turn <= deg;
}

struct span
place_truth(struct span record)
{
	struct span truth = json_get(record, "truth");

	return json_kind(truth) == JSON_OBJECT ? truth : record;
}

struct span
place_name(struct span record)
{
	struct span name = json_get(record, "image");

	if (json_kind(name) != JSON_STRING)
		name = json_get(record, "id");
	return json_kind(name) == JSON_STRING ? name : (struct span){ 0 };
}
