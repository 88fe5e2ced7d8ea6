/*
 * town_shoot: pictures of a town, taken and put away.
 *
 * A picture is a view (vision/town_view.h) that is rendered, developed and saved
 * with its depth and a record (vision/frame.h). The same struct and the same
 * number make the same bytes.
 */
#ifndef VISION_TOWN_SHOOT_H
#define VISION_TOWN_SHOOT_H

#include "vision/town_film.h"
#include "vision/town_view.h"

enum town_role { TOWN_ON_STREET, TOWN_IN_AIR };

struct town_shoot {
	struct town town; /* built by the caller, who releases it, too */
	struct town_views views;
	struct town_light light;
	struct town_film film; /* whose seed is set for each picture */
	unsigned samples;      /* as in struct town_camera */
	double unit; /* of the depth maps in metres; 0: there are none */
	const char *dir;
	float *rgb, *depth; /* for the module; zeroed at first */
};

/*
 * town_shoot(s, role, i, record, e): Take picture ${i}, below the number that
 * there is room for, save it as DIR/ROLE-NNNNN.png and so on, and append its
 * record. The unit of an aerial depth map is doubled until three times the
 * distance of the ground fits. Returns 0, or -1 with ${e}.
 */
int town_shoot(struct town_shoot *s, enum town_role role, size_t i,
	struct buf *record, struct err *e);

/* town_shoot_release(s): What belongs to the module; not the town. */
void town_shoot_release(struct town_shoot *s);

#endif
