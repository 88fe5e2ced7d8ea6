/*
 * pose: where a camera stands and where it looks.
 *
 * A pose maps the world to the camera's frame, x_camera = R x_world + t, as in
 * COLMAP: R is a unit quaternion (w, x, y, z) after Hamilton, and t is not the
 * camera's centre, which is -R't. The world's x points east, y north and z up, in
 * metres. Matrices are row-major.
 *
 * A record says it as "q_wxyz":[w,x,y,z] and "t":[x,y,z].
 */
#ifndef VISION_POSE_H
#define VISION_POSE_H

#include "base/buf.h"

struct pose {
	double q[4], t[3];
};

/*
 * pose_read(p, record, e): The pose of an image record, a JSON object, with the
 * quaternion made a unit exactly. Returns 0, or -1 with what is missing or wrong
 * in ${e}; so it is where |q| is off by more than a thousandth.
 */
int pose_read(struct pose *p, struct span record, struct err *e);

/*
 * pose_emit(b, p): The members "q_wxyz" and "t" into the object that ${b} is in
 * the middle of. Of q and -q, which are the same, the one with w >= 0.
 */
void pose_emit(struct buf *b, const struct pose *p);

/* pose_set(p, r, centre): The pose with the rotation ${r} at ${centre}. */
void pose_set(struct pose *p, const double r[9], const double centre[3]);

void pose_rotation(const struct pose *p, double r[9]);
void pose_centre(const struct pose *p, double centre[3]);

/* pose_apply(p, world, camera): A point of the world in the camera's frame. */
void pose_apply(const struct pose *p, const double world[3], double camera[3]);

/* pose_then(a, b, to): First ${a} and then ${b}, which maps from ${a}'s frame. */
void pose_then(const struct pose *a, const struct pose *b, struct pose *to);

/* pose_relative(a, b, to): The pose that maps ${a}'s frame to ${b}'s. */
void pose_relative(const struct pose *a, const struct pose *b, struct pose *to);

/*
 * pose_heading(p): Where the camera looks on the ground plane, in degrees from
 * north (+y) over east (+x), in [0, 360). One that looks up or down to within 6
 * degrees heads where the upper edge of its image does.
 */
double pose_heading(const struct pose *p);

/* pose_distance(a, b): How far apart the centres are. */
double pose_distance(const struct pose *a, const struct pose *b);

/* pose_angle(a, b): The angle between their rotations, in degrees. */
double pose_angle(const struct pose *a, const struct pose *b);

#endif
