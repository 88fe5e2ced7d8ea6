#include "vision/place.h"

#include <math.h>

#include "record/json.h"
#include "vision/pose.h"

/* Is the member there? What is there and no number is an error: -1. */
static int
number(struct span record, const char *name, double *to, struct err *e)
{
	struct span value = json_get(record, name);

	if (json_kind(value) <= JSON_NULL)
		return 0;
	if (json_f64(value, to))
		return 1;
	return err_set(e, "\"%s\" has to be a number, not %.*s", name,
		SPAN_ARG(value));
}

static int
read_heading(struct place *p, struct span record, struct err *e)
{
	int there = number(record, "heading", &p->heading, e);

	if (there == 0)
		there = number(record, "angle", &p->heading, e);
	p->headed = there > 0;
	return there < 0 ? -1 : 0;
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
	int east = number(record, "easting", &p->east, e);
	int north = east < 0 ? -1 : number(record, "northing", &p->north, e);

	p->heading = 0;
	if (north < 0 || read_heading(p, record, e))
		return -1;
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

bool
place_right(const struct place *a, const struct place *b,
	const struct place_limits *limits)
{
	return place_apart(a, b) <= limits->radius &&
	       (limits->heading == PLACE_ANY ||
		       place_along(a, b, limits->heading));
}

struct span
place_truth(struct span record)
{
	struct span truth = json_get(record, "truth");

	return json_kind(truth) == JSON_OBJECT ? truth : record;
}

struct span
place_name(struct span record, struct arena *a)
{
	struct span name = json_str(json_get(record, "image"), a);

	return name.s ? name : json_str(json_get(record, "id"), a);
}
