/*
 * prop-camera: for random cameras of every model a pixel's ray is projected to
 * that pixel again; poses compose, invert and read back as they were written;
 * what a record lacks is said.
 */
#include <math.h>

#include "base/rng.h"
#include "record/json.h"
#include "tap.h"
#include "vision/camera.h"

#define SEED 7
#define CASES 20000

static struct rng rng;

static double
between(double low, double high)
{
	return low + (high - low) * rng_unit(&rng);
}

static void
some_camera(struct camera *c, enum camera_model model)
{
	static const double radial[4] = { .25, .05, .002, .002 };
	size_t n = camera_model_params(model);
	size_t bends = model == CAMERA_SIMPLE_PINHOLE ? 3
	               : model == CAMERA_PINHOLE      ? 4
	               : model == CAMERA_OPENCV       ? 4
	                                              : 3;
	double p[CAMERA_PARAMS];
	struct err e;

	for (size_t i = 0; i < n; i++)
		p[i] = i < bends - 2 ? between(600, 900)
		       : i < bends   ? between(300, 500)
		                     : between(-1, 1) * radial[i - bends];
	if (camera_set(c, span_str(camera_model_name(model)), p, n, &e) != 0)
		tap_note("%s", e.msg);
}

static void
check_rays(void)
{
	for (int model = CAMERA_SIMPLE_PINHOLE; model <= CAMERA_OPENCV;
		model++) {
		double worst = 0;
		int seen = 0;

		for (int i = 0; i < CASES; i++) {
			double pixel[2] = { between(0, 800), between(0, 800) };
			double ray[3], back[2] = { 0, 0 };
			struct camera c;

			some_camera(&c, (enum camera_model)model);
			if (!camera_ray(&c, pixel, ray))
				continue;
			seen += camera_project(&c, ray, back);
			worst = fmax(worst,
				hypot(back[0] - pixel[0], back[1] - pixel[1]));
		}
		ok(worst < 1e-6 && seen > CASES * 99 / 100,
			"%s: %d rays come back to their pixels, off by %g",
			camera_model_name((enum camera_model)model), seen,
			worst);
	}
}

static void
check_folds(void)
{
	double params[] = { 500, 400, 400, -.3 }, pixel[2], ray[3];
	double corner[2] = { 400 + 500 * 2, 400 };
	double in[3] = { .5, 0, 1 }, out[3] = { 3, 0, 1 },
	       back[3] = { 0, 0, -1 };
	struct camera c;
	struct err e;

	is_int(camera_set(&c, SPAN("SIMPLE_RADIAL"), params, 4, &e), 0,
		"a camera with much distortion");
	ok(camera_project(&c, in, pixel), "it sees what is near the axis");
	ok(!camera_project(&c, out, pixel), "not what the polynomial folds in");
	ok(!camera_project(&c, back, pixel), "nor what is behind it");
	ok(!camera_ray(&c, corner, ray), "no ray comes from beyond the fold");
	ok(camera_distorts(&c), "it distorts");
}

static void
some_pose(struct pose *p)
{
	double norm = 0;

	for (int i = 0; i < 4; i++) {
		p->q[i] = between(-1, 1);
		norm += p->q[i] * p->q[i];
	}
	for (int i = 0; i < 4; i++)
		p->q[i] /= sqrt(norm);
	for (int i = 0; i < 3; i++)
		p->t[i] = between(-1000, 1000);
}

static double
off(const double *a, const double *b, int n)
{
	double worst = 0;

	for (int i = 0; i < n; i++)
		worst = fmax(worst, fabs(a[i] - b[i]));
	return worst;
}

/* What is written reads back, up to the sign of q and its last bits. */
static double
reread(const struct pose *p)
{
	struct buf b = { NULL };
	struct pose back = { .t = { 0 } };
	struct err e;
	double worst;

	buf_byte(&b, '{');
	pose_emit(&b, p);
	buf_byte(&b, '}');
	worst = pose_read(&back, buf_span(&b), &e) == 0
	                ? off(p->t, back.t, 3) + pose_angle(p, &back)
	                : INFINITY;
	buf_release(&b);
	return worst;
}

static void
check_poses(void)
{
	double centre_off = 0, set_off = 0, relative_off = 0, read_off = 0;
	double then_off = 0;

	for (int i = 0; i < CASES; i++) {
		struct pose a, b, again, ab;
		double r[9], c[3], zero[3] = { 0 }, at[3], x[3], y[3], z[3];

		some_pose(&a), some_pose(&b);
		pose_rotation(&a, r), pose_centre(&a, c);
		pose_apply(&a, c, at);
		centre_off = fmax(centre_off, off(at, zero, 3));
		pose_set(&again, r, c);
		set_off = fmax(set_off,
			pose_angle(&a, &again) + pose_distance(&a, &again));
		for (int k = 0; k < 3; k++)
			x[k] = between(-10, 10);
		pose_relative(&a, &b, &ab);
		pose_apply(&a, x, y), pose_apply(&ab, y, z);
		pose_apply(&b, x, y);
		relative_off = fmax(relative_off, off(y, z, 3));
		pose_then(&a, &ab, &again);
		then_off = fmax(then_off,
			pose_angle(&b, &again) + pose_distance(&b, &again));
		read_off = fmax(read_off, reread(&a));
	}
	ok(centre_off < 1e-10, "the centre is at 0, off by %g", centre_off);
	ok(set_off < 1e-10, "rotation and centre make the pose, off by %g",
		set_off);
	ok(relative_off < 1e-9, "relative poses compose, off by %g",
		relative_off);
	ok(then_off < 1e-9, "one pose after another, off by %g", then_off);
	ok(read_off < 1e-10, "poses read back, off by %g", read_off);
}

/* A camera over the ground that looks at an azimuth, this far below level. */
static void
look(struct pose *p, double azimuth, double below)
{
	double a = azimuth / 57.29577951308232, b = below / 57.29577951308232;
	double r[9] = { cos(a), -sin(a), 0, -sin(b) * sin(a), -sin(b) * cos(a),
		-cos(b), cos(b) * sin(a), cos(b) * cos(a), -sin(b) };
	double at[3] = { 30, 40, 2 };

	pose_set(p, r, at);
}

static void
check_headings(void)
{
	static const double below[] = { 0, 30, 89, 90 };
	double worst = 0;
	struct pose p, origin = { .q = { 1, 0, 0, 0 } };

	for (int azimuth = 0; azimuth < 360; azimuth += 5)
		for (int i = 0; i < 4; i++) {
			double d;

			look(&p, azimuth, below[i]);
			d = fabs(pose_heading(&p) - azimuth);
			worst = fmax(worst, fmin(d, 360 - d));
		}
	ok(worst < 1e-9, "headings are azimuths, off by %g", worst);
	ok(fabs(pose_distance(&p, &origin) - sqrt(2504)) < 1e-9,
		"the distance is that of the centres");
}

static void
refused(const char *record, bool camera, const char *why)
{
	struct span text = span_str(record);
	struct camera c;
	struct pose p;
	struct err e = { "" };
	int rc = camera ? camera_read(&c, text, &e) : pose_read(&p, text, &e);

	ok(rc == -1 && strstr(e.msg, why), "%s: %s", record, e.msg);
}

static void
check_records(void)
{
	const char *good =
		"{\"width\":768,\"height\":512,\"camera\":{\"model\":"
		"\"OPENCV\",\"params\":[1,2,3,4,5,6,7,8]}}";
	struct buf b = { NULL };
	struct camera c;
	struct err e = { "" };

	is_int(camera_read(&c, span_str(good), &e), 0, "a camera is read");
	buf_byte(&b, '{');
	camera_emit(&b, &c);
	buf_byte(&b, '}');
	is_str(buf_cstr(&b),
		"{\"width\":768,\"height\":512,\"camera\":{\"model\":"
		"\"OPENCV\","
		"\"params\":[1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0]}}",
		"and written as it was");
	buf_release(&b);
	refused("{}", true, "there is no \"camera\"");
	refused("{\"camera\":{\"model\":\"FISHEYE\",\"params\":[1]}}", true,
		"convert it to");
	refused("{\"camera\":{\"model\":\"PINHOLE\",\"params\":[1,2]}}", true,
		"4 parameters, not 2");
	refused("{\"camera\":{\"model\":\"PINHOLE\",\"params\":[1,0,3,4]}}",
		true, "focal length");
	refused("{\"camera\":{\"model\":\"PINHOLE\",\"params\":[1,2,3,null]}}",
		true, "not null");
	refused("{\"camera\":{\"model\":5,\"params\":[]}}", true, "a text");
	refused("{\"width\":0,\"camera\":{\"model\":\"SIMPLE_PINHOLE\","
		"\"params\":[1,2,3]}}",
		true, "\"width\"");
	refused("{\"t\":[0,0,0]}", false, "there is no \"q_wxyz\"");
	refused("{\"q_wxyz\":[1,0,0],\"t\":[0,0,0]}", false, "4 numbers");
	refused("{\"q_wxyz\":[1,0.1,0,0],\"t\":[0,0,0]}", false, "its length");
	refused("{\"q_wxyz\":[0,0,0,0],\"t\":[0,0,0]}", false, "its length");
	refused("{\"q_wxyz\":[1,0,0,0],\"t\":[0,\"1\",0]}", false, "\"t\"");
}

int
main(void)
{
	tap_note("seed %d", SEED);
	rng_init(&rng, SEED, 0);
	check_rays();
	check_folds();
	check_poses();
	check_headings();
	check_records();
	return tap_done();
}
