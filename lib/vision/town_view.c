#include "vision/town_view.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "vision/town_num.h"

#define AIR_VIEWS 5     /* of each target */
#define AIR_LOWEST 45.0 /* metres: no roof is higher */

/* The pose at ${at} that looks to ${heading} and ${up}, in degrees. */
static void
look(struct pose *p, const double at[3], double heading, double up)
{
	double sh, ch, su, cu, r[9];

	town_sincos(heading, &sh, &ch);
	town_sincos(up, &su, &cu);
	r[0] = ch, r[1] = -sh, r[2] = 0;           /* right */
	r[6] = sh * cu, r[7] = ch * cu, r[8] = su; /* forward */
	for (int k = 0; k < 3; k++) {              /* down: forward x right */
		int a = (k + 1) % 3, b = (k + 2) % 3;

		r[3 + k] = r[6 + a] * r[b] - r[6 + b] * r[a];
	}
	pose_set(p, r, at);
}

static uint32_t
view_seed(const struct town *t, uint32_t which, size_t i)
{
	return town_hash2(t->today + which, (int32_t)i, 0);
}

/* The street. */

/* From the first crossing of a street to its last. */
static double
street_length(const struct town *t)
{
	return TOWN_PITCH * (double)t->conf.blocks;
}

static double
route_length(const struct town *t)
{
	return 2 * street_length(t) * (double)(t->conf.blocks + 1);
}

int
town_street_room(const struct town *t, const struct town_views *v, size_t n,
	struct err *e)
{
	size_t room;

	if (v->scatter)
		return 0;
	room = (size_t)(route_length(t) / v->spacing) * v->headings;
	if (n > room)
		return err_set(e,
			"--street: the streets have room for %zu pictures; "
			"lower --spacing, or --scatter them",
			room);
	return 0;
}

/* Up one street and down the next, first those that run east, then north. */
static double
route_place(const struct town *t, double way, double at[3])
{
	double length = street_length(t);
	size_t n = t->conf.blocks + 1, street = (size_t)(way / length);
	bool north = street >= n, back = street & 1;
	double along = way - length * (double)street, lane = back ? 1.8 : -1.8;

	if (north) {
		street -= n;
		back = street & 1;
		lane = back ? -1.8 : 1.8;
	}
	at[north] = town_street(t, 0) + (back ? length - along : along);
	at[!north] = town_street(t, street) + lane;
	return north ? (back ? 180 : 0) : (back ? 270 : 90);
}

void
town_street_view(const struct town *t, const struct town_views *v, size_t i,
	struct town_view *to)
{
	double at[3] = { 0, 0, v->eye }, up = 0;
	uint32_t seed = view_seed(t, 700, i);

	if (v->scatter) {
		double way = route_length(t) * town_pick(seed, 1, 0, 1);

		route_place(t, way, at);
		to->heading = town_pick(seed, 2, 0, 360);
		at[0] += town_pick(seed, 3, -0.2, 0.2);
		at[1] += town_pick(seed, 4, -0.2, 0.2);
		at[2] += town_pick(seed, 5, -0.2, 0.2);
		up = town_pick(seed, 6, -2, 6);
	} else {
		uint64_t stop = i / v->headings;

		to->heading = route_place(t, v->spacing * (double)stop, at);
		to->heading += 360.0 / (double)v->headings *
		               (double)(i % v->headings);
		if (to->heading >= 360)
			to->heading -= 360;
	}
	look(&to->pose, at, to->heading, up);
	to->told = to->pose;
}

/* The air. */

static double
air_spacing(const struct town_views *v)
{
	double side = v->width < v->height ? v->width : v->height;

	return side * v->gsd * (1 - v->overlap);
}

static size_t
air_side(const struct town *t, const struct town_views *v)
{
	return 1 + (size_t)(2 * t->half / air_spacing(v));
}

int
town_air_room(const struct town *t, const struct town_views *v, size_t n,
	struct err *e)
{
	size_t room = AIR_VIEWS * air_side(t, v) * air_side(t, v);
	double s, c, height;

	town_sincos(v->tilt, &s, &c);
	height = s * v->gsd * v->focal;
	if (height < AIR_LOWEST)
		return err_set(e,
			"--gsd: the camera would fly at %.0f m, among the "
			"roofs; at least %.3f m a pixel are expected",
			height, v->gsd * AIR_LOWEST / height);
	if (n > room)
		return err_set(e,
			"--aerial: %zu pictures cover the town; raise "
			"--overlap or --blocks for more",
			room);
	return 0;
}

/* The target ${k} in order of rings around the middle one. */
static void
air_target(const struct town *t, const struct town_views *v, size_t k,
	double at[2])
{
	ptrdiff_t side = (ptrdiff_t)air_side(t, v), low = -(side / 2);
	ptrdiff_t high = low + side - 1;

	for (ptrdiff_t ring = 0;; ring++)
		for (ptrdiff_t j = -ring; j <= ring; j++)
			for (ptrdiff_t i = -ring; i <= ring; i++) {
				ptrdiff_t a = i < 0 ? -i : i,
					  b = j < 0 ? -j : j;

				if ((a > b ? a : b) != ring || i < low ||
					i > high || j < low || j > high)
					continue;
				if (k-- == 0) {
					at[0] = (double)i * air_spacing(v);
					at[1] = (double)j * air_spacing(v);
					return;
				}
			}
}

/* About normal, of deviation 1. */
static double
stray(uint32_t seed, uint32_t which)
{
	double sum = -2;

	for (uint32_t k = 0; k < 4; k++)
		sum += town_pick(seed, 4 * which + k, 0, 1);
	return sum * sqrt(3);
}

void
town_air_view(const struct town *t, const struct town_views *v, size_t i,
	struct town_view *to)
{
	size_t from = i % AIR_VIEWS;
	double tilt = from ? v->tilt : 90, back, s, c, at[3];
	double distance = v->gsd * v->focal;
	uint32_t seed = view_seed(t, 800, i);

	to->heading = from ? 90.0 * (double)(from - 1) : 0;
	air_target(t, v, i / AIR_VIEWS, at);
	town_sincos(tilt, &at[2], &back);
	town_sincos(to->heading, &s, &c);
	at[0] -= s * back * distance;
	at[1] -= c * back * distance;
	at[2] *= distance;
	look(&to->pose, at, to->heading, -tilt);
	for (int k = 0; k < 3; k++)
		at[k] += v->noise_m * stray(seed, (uint32_t)k);
	look(&to->told, at, to->heading + v->noise_deg * stray(seed, 3),
		-tilt + v->noise_deg * stray(seed, 4));
}
