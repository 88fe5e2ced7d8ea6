/*
 * camera: how a camera maps a direction to a pixel, and back.
 *
 * COLMAP's conventions and models. In the camera's frame x points right, y down
 * and z forward; the centre of the first pixel is at (0.5, 0.5). A model maps
 * (u, v) = (x/z, y/z), bent by the lens, to fx u + cx, fy v + cy. With
 * rr = uu + vv its parameters are:
 *
 *	SIMPLE_PINHOLE  f, cx, cy
 *	PINHOLE         fx, fy, cx, cy
 *	SIMPLE_RADIAL   f, cx, cy, k        (u, v) times 1 + k rr
 *	RADIAL          f, cx, cy, k1, k2   times 1 + k1 rr + k2 rr rr
 *	OPENCV          fx, fy, cx, cy, k1, k2, p1, p2
 *	                as RADIAL, plus 2 p1 uv + p2 (rr + 2 uu) on u and
 *	                p1 (rr + 2 vv) + 2 p2 uv on v (Brown 1971)
 *
 * A record says it as "camera":{"model":NAME,"params":[...]}, with the size of
 * its image in "width" and "height".
 */
#ifndef VISION_CAMERA_H
#define VISION_CAMERA_H

#include <stdint.h>

#include "base/buf.h"
#include "vision/pose.h"

enum camera_model {
	CAMERA_SIMPLE_PINHOLE,
	CAMERA_PINHOLE,
	CAMERA_SIMPLE_RADIAL,
	CAMERA_RADIAL,
	CAMERA_OPENCV,
};

#define CAMERA_PARAMS 8 /* at the most */

struct camera {
	enum camera_model model;
	double params[CAMERA_PARAMS]; /* in COLMAP's order, the rest 0 */
	uint32_t width, height;       /* 0: not known */
};

/* COLMAP's name for the model, and how many parameters it has. */
const char *camera_model_name(enum camera_model model);
size_t camera_model_params(enum camera_model model);

/*
 * camera_set(c, name, params, n): Make ${c} the model called ${name} with the
 * ${n} parameters, of an image whose size is not known. Returns 0, or -1 with
 * what is wrong in ${e}.
 */
int camera_set(struct camera *c, struct span name, const double *params,
	size_t n, struct err *e);

/*
 * camera_read(c, record, e): The camera of an image record, a JSON object.
 * Returns 0, or -1 with what is missing or wrong in ${e}.
 */
int camera_read(struct camera *c, struct span record, struct err *e);

/*
 * camera_emit(b, c): The members "width" and "height", where they are known,
 * and "camera", into the object that ${b} is in the middle of.
 */
void camera_emit(struct buf *b, const struct camera *c);

/* The focal lengths and the principal point, in pixels. */
struct camera_lens {
	double fx, fy, cx, cy;
};
struct camera_lens camera_lens(const struct camera *c);

/* camera_distorts(c): Does the lens bend anything? */
bool camera_distorts(const struct camera *c);

/*
 * camera_project(c, point, pixel): Where the camera sees a point of its frame,
 * inside its image or not. False where it cannot: the point is not in front, or
 * so far out that the lens's polynomial folds back.
 */
bool camera_project(
	const struct camera *c, const double point[3], double pixel[2]);

/*
 * camera_ray(c, pixel, ray): The direction (u, v, 1) that the camera sees at a
 * pixel. Distortion is taken out by Newton's method; false where it does not
 * converge to 1e-10 within the part that does not fold.
 */
bool camera_ray(const struct camera *c, const double pixel[2], double ray[3]);

#endif
