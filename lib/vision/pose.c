#include "pose.h"

#include <math.h>

#include "record/emit.h"
#include "record/json.h"

#define DEGREES 57.295779513082320876798154814105
#define OFF 1e-3        /* of |q|: a unit that was rounded, not another thing */
#define STEEP 0.1045285 /* sin 6 degrees */

/* A member that is an array of n numbers. */
static int
read_numbers(double *to, size_t n, struct span record, const char *name,
	struct err *e)
{
	struct span v = json_get(record, name);
	struct json_iter it = json_iter(v);
	struct json_member m;

	if (json_kind(v) == JSON_ABSENT || json_kind(v) == JSON_NULL)
		return err_set(e,
			"there is no \"%s\": give the image its pose, world to "
			"camera, as \"q_wxyz\" and \"t\"",
			name);
	if (json_kind(v) != JSON_ARRAY || json_count(v) != n)
		return err_set(
			e, "\"%s\" has to be an array of %zu numbers", name, n);
	for (size_t i = 0; json_next(&it, &m); i++)
		if (!json_f64(m.value, &to[i]))
			return err_set(e,
				"\"%s\" has to be %zu numbers, not %.*s", name,
				n, SPAN_ARG(m.value));
	return 0;
}

static double
length(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i] * v[i];
	return sqrt(sum);
}

int
pose_read(struct pose *p, struct span record, struct err *e)
{
	double norm;

	if (read_numbers(p->q, 4, record, "q_wxyz", e) != 0 ||
		read_numbers(p->t, 3, record, "t", e) != 0)
		return -1;
	norm = length(p->q, 4);
	if (!(fabs(norm - 1) <= OFF))
		return err_set(e,
			"\"q_wxyz\" is no rotation: its length is %g, not 1",
			norm);
	for (int i = 0; i < 4; i++)
		p->q[i] /= norm;
	return 0;
}

static void
emit_numbers(struct buf *b, const char *name, const double *v, size_t n)
{
	emit_key(b, name), emit_begin(b, '[');
	for (size_t i = 0; i < n; i++)
		emit_f64(b, v[i]);
	emit_end(b, ']');
}

void
pose_emit(struct buf *b, const struct pose *p)
{
	double q[4];

	/* 0 + x spells a negative zero as 0. */
	for (int i = 0; i < 4; i++)
		q[i] = 0 + (p->q[0] < 0 ? -p->q[i] : p->q[i]);
	emit_numbers(b, "q_wxyz", q, 4);
	emit_numbers(b, "t", p->t, 3);
}

/*
 * The greatest of the four is found from the diagonal and the others from it, so
 * that nothing is lost to a root of nearly nothing (Shepperd 1978).
 */
static void
quaternion(double q[4], const double r[9])
{
	double t[4] = { r[0] + r[4] + r[8], r[0] - r[4] - r[8],
		r[4] - r[0] - r[8], r[8] - r[0] - r[4] };
	double wx = r[7] - r[5], wy = r[2] - r[6], wz = r[3] - r[1];
	double xy = r[1] + r[3], xz = r[2] + r[6], yz = r[5] + r[7];
	double pairs[4][4] = { { 0, wx, wy, wz }, { wx, 0, xy, xz },
		{ wy, xy, 0, yz }, { wz, xz, yz, 0 } };
	int k = 0;
	double norm;

	for (int i = 1; i < 4; i++)
		if (t[i] > t[k])
			k = i;
	for (int i = 0; i < 4; i++)
		q[i] = i == k ? 1 + t[k] : pairs[k][i];
	norm = length(q, 4);
	for (int i = 0; i < 4; i++)
		q[i] /= norm;
}

void
pose_set(struct pose *p, const double r[9], const double centre[3])
{
	quaternion(p->q, r);
	for (int i = 0; i < 3; i++)
		p->t[i] = -(r[3 * i] * centre[0] + r[3 * i + 1] * centre[1] +
			    r[3 * i + 2] * centre[2]);
}

void
pose_rotation(const struct pose *p, double r[9])
{
	double w = p->q[0], x = p->q[1], y = p->q[2], z = p->q[3];

	r[0] = 1 - 2 * (y * y + z * z);
	r[1] = 2 * (x * y - z * w);
	r[2] = 2 * (x * z + y * w);
	r[3] = 2 * (x * y + z * w);
	r[4] = 1 - 2 * (x * x + z * z);
	r[5] = 2 * (y * z - x * w);
	r[6] = 2 * (x * z - y * w);
	r[7] = 2 * (y * z + x * w);
	r[8] = 1 - 2 * (x * x + y * y);
}

void
pose_centre(const struct pose *p, double centre[3])
{
	double r[9];

	pose_rotation(p, r);
	for (int i = 0; i < 3; i++)
		centre[i] = -(r[i] * p->t[0] + r[3 + i] * p->t[1] +
			      r[6 + i] * p->t[2]);
}

void
pose_apply(const struct pose *p, const double world[3], double camera[3])
{
	double r[9];

	pose_rotation(p, r);
	for (int i = 0; i < 3; i++)
		camera[i] = r[3 * i] * world[0] + r[3 * i + 1] * world[1] +
		            r[3 * i + 2] * world[2] + p->t[i];
}

/* to = b * a: first a and then b. */
static void
turn(double to[4], const double b[4], const double a[4])
{
	to[0] = b[0] * a[0] - b[1] * a[1] - b[2] * a[2] - b[3] * a[3];
	to[1] = b[0] * a[1] + b[1] * a[0] + b[2] * a[3] - b[3] * a[2];
	to[2] = b[0] * a[2] - b[1] * a[3] + b[2] * a[0] + b[3] * a[1];
	to[3] = b[0] * a[3] + b[1] * a[2] - b[2] * a[1] + b[3] * a[0];
}

/* The pose that leads back. */
static struct pose
inverse(const struct pose *p)
{
	struct pose to = { { p->q[0], -p->q[1], -p->q[2], -p->q[3] }, { 0 } };

	pose_centre(p, to.t);
	return to;
}

void
pose_then(const struct pose *a, const struct pose *b, struct pose *to)
{
	struct pose c = { 0 };

	turn(c.q, b->q, a->q);
	pose_apply(b, a->t, c.t);
	*to = c;
}

void
pose_relative(const struct pose *a, const struct pose *b, struct pose *to)
{
	struct pose back = inverse(a);

	pose_then(&back, b, to);
}

double
pose_heading(const struct pose *p)
{
	double r[9], east, north, degrees;

	/* The rows of R are the camera's axes in the world. */
	pose_rotation(p, r);
	east = r[6], north = r[7];
	if (east * east + north * north < STEEP * STEEP)
		east = -r[3], north = -r[4];
	degrees = atan2(east, north) * DEGREES;
	if (degrees < 0)
		degrees += 360;
	return degrees < 360 ? degrees : 0;
}

double
pose_distance(const struct pose *a, const struct pose *b)
{
	double ca[3], cb[3];

	pose_centre(a, ca);
	pose_centre(b, cb);
	for (size_t i = 0; i < 3; i++)
		ca[i] -= cb[i];
	return length(ca, 3);
}

double
pose_angle(const struct pose *a, const struct pose *b)
{
	struct pose from;

	/* The arc cosine of the trace loses all digits below 1e-6 degrees. */
	pose_relative(a, b, &from);
	return 2 * atan2(length(from.q + 1, 3), fabs(from.q[0])) * DEGREES;
}
