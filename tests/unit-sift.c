/*
 * unit-sift: where keypoints are found, what their angles mean, and how their
 * descriptors are laid out.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"
#include "vision/sift_chain.h"
#include "vision/sift_math.h"

#define TURN 6.283185307179586

/* A picture that is a function of where the pixel's centre is. */
struct scene {
	uint32_t width, height;
	double (*at)(double x, double y);
	const uint8_t *mask;
};

static struct features
find_in(const struct scene *s, const struct sift_opts *opts)
{
	size_t n = (size_t)s->width * s->height;
	float *grey = mem_alloc(n, sizeof(*grey));
	struct features_in in = { grey, s->mask, s->width, s->height };
	struct features f;
	struct err e = { "" };
	struct sift *sift = sift_open(NULL, &e);

	for (size_t i = 0; i < n; i++) {
		size_t y = i / s->width;

		grey[i] = (float)s->at(
			(double)(i % s->width) + .5, (double)y + .5);
	}
	if (sift_find(sift, &in, opts, &f, &e))
		ok(false, "it is found: %s", e.msg);
	sift_close(sift);
	free(grey);
	return f;
}

static double
blob(double x, double y, double sigma)
{
	return exp(-.5 * (x * x + y * y) / (sigma * sigma));
}

static double
three_blobs(double x, double y)
{
	return 60 + 120 * blob(x - 40.3, y - 30.6, 3) -
	       50 * blob(x - 110.75, y - 60.2, 8) +
	       90 * blob(x - 75.5, y - 90.5, 4);
}

/*
 * The same turned by a quarter from +x towards +y. As the sides are odd, halving
 * keeps the same pixels.
 */
static double
three_turned(double x, double y)
{
	return three_blobs(y, 121 - x);
}

static double
nothing(double x, double y)
{
	(void)x, (void)y;
	return 77;
}

/* A ramp, brighter to the right, below or up, seen by a point in the middle. */
static double
to_right(double x, double y)
{
	(void)y;
	return 4 * x;
}

static double
below(double x, double y)
{
	(void)x;
	return 4 * y;
}

static double
right_half(double x, double y)
{
	(void)y;
	return x > 32 ? 6 * (x - 32) : 0;
}

static double
lower_half(double x, double y)
{
	(void)x;
	return y > 32 ? 6 * (y - 32) : 0;
}

/* Many corners, the same every time. */
static double
speckled(double x, double y)
{
	double v = 128;

	for (int i = 0; i < 60; i++) {
		double px = fmod(i * 37.7, 150) + 5,
		       py = fmod(i * 23.3, 110) + 5;

		v += (i % 2 ? 60 : -55) *
		     blob(x - px, (y - py) * (1 + i % 3), 1.5 + i % 5);
	}
	return v < 0 ? 0 : v > 255 ? 255 : v;
}

/* The nearest keypoint, or one far away. */
static const struct keypoint *
nearest(const struct features *f, double x, double y)
{
	static const struct keypoint none = { -1e6f, -1e6f, 0, 0 };
	const struct keypoint *best = &none;

	for (size_t i = 0; i < f->n; i++) {
		const struct keypoint *k = &f->keypoints[i];

		if (hypot(k->x - x, k->y - y) < hypot(best->x - x, best->y - y))
			best = k;
	}
	return best;
}

static void
is_at(const struct features *f, double x, double y, double sigma)
{
	const struct keypoint *k = nearest(f, x, y);

	if (!ok(hypot(k->x - x, k->y - y) < .06, "a blob at (%g, %g)", x, y))
		tap_note("the nearest is at (%g, %g)", k->x, k->y);
	if (!ok(fabs(k->scale * exp2(1. / 6) / sigma - 1) < .02,
		    "its sigma is %g", sigma))
		tap_note("%g", k->scale);
}

/*
 * Of differences between sigma and 2^(1/3) sigma that one is strongest in a blob
 * whose own is 2^(1/6) sigma.
 */
static void
check_places(void)
{
	struct scene s = { 150, 120, three_blobs, NULL };

	for (int first = -1; first <= 1; first++) {
		struct sift_opts opts = SIFT_OPTS;
		struct features f;

		opts.first_octave = first;
		f = find_in(&s, &opts);
		tap_note("first octave %d: %zu features", first, f.n);
		is_at(&f, 110.75, 60.2, 8);
		if (first < 1) {
			is_at(&f, 40.3, 30.6, 3);
			is_at(&f, 75.5, 90.5, 4);
		}
		features_release(&f);
	}
}

static void
check_turned(void)
{
	struct scene s = { 150, 120, speckled, NULL };
	struct scene a = { 151, 121, three_blobs, NULL };
	struct scene b = { 121, 151, three_turned, NULL };
	struct sift_opts opts = SIFT_OPTS;
	struct features f = find_in(&a, &opts), g = find_in(&b, &opts);
	bool same = f.n == g.n;

	ok(f.n >= 3 && f.n == g.n, "as many in the picture when it is turned");
	for (size_t i = 0; same && i < f.n; i++) {
		const struct keypoint *k = &f.keypoints[i];
		const struct keypoint *l = nearest(&g, 121 - k->y, k->x);

		same = hypot((double)l->x - (121 - (double)k->y),
			       (double)l->y - (double)k->x) < .01 &&
		       fabs((double)l->scale - (double)k->scale) < .01;
	}
	ok(same, "in the places that turn with it");
	features_release(&f);
	features_release(&g);
	opts.upright = true;
	f = find_in(&s, &opts);
	same = f.n > 20;
	for (size_t i = 0; i < f.n; i++)
		same = same && f.keypoints[i].angle == 0;
	ok(same, "upright: all angles are 0");
	features_release(&f);
}

/* What a point in the middle of a scene looks like. */
static struct sift_look
look_at(double (*at)(double, double), bool upright)
{
	struct features_in in = { NULL, NULL, 64, 64 };
	struct sift_opts opts = SIFT_OPTS;
	struct sift_octave o[SIFT_OCTAVES] = { 0 };
	struct sift_point p = { 0, 1, 32, 32, 31.5f, 31.5f, 2, 1 };
	struct sift_plan plan;
	struct sift_look look;
	float grey[64 * 64];

	in.grey = grey;
	opts.upright = upright;
	for (int y = 0; y < 64; y++)
		for (int x = 0; x < 64; x++)
			grey[64 * y + x] = (float)at(x + .5, y + .5);
	sift_plan_make(&plan, &in, &opts);
	sift_pyramid(&plan, 0, grey, o);
	sift_describe(&plan, &o[0], &p, &look);
	sift_pyramid_release(&o[0]);
	return look;
}

/* Which cells have something: all of them, or those at the end of a side. */
enum where { EVERYWHERE, RIGHT, BOTTOM };

/* Is all there is in direction ${t} of these cells, but for blurred outlines? */
static bool
only_in(const struct sift_look *look, int t, enum where where)
{
	for (int i = 0; i < ROOTSIFT_BYTES; i++) {
		int x = i / 8 % 4, y = i / 32, v = look->descriptor[0][i];
		int along = where == RIGHT ? x : where == BOTTOM ? y : 3;

		if (along == 1 && i % 8 == t)
			continue;
		if (along > 1 && i % 8 == t ? v < 30 : v > 12)
			return false;
	}
	return true;
}

static void
check_layout(void)
{
	struct sift_look look = look_at(to_right, false);

	ok(look.angle[0] < 65 || look.angle[0] > 65471,
		"brighter to the right: angle 0");
	ok(look.angle[1] < 0, "and no other");
	ok(only_in(&look, 0, EVERYWHERE), "all of it in direction 0");
	look = look_at(below, false);
	ok(abs(look.angle[0] - 16384) < 65, "brighter below: a quarter turn");
	ok(only_in(&look, 0, EVERYWHERE), "all of it in direction 0");
	look = look_at(below, true);
	ok(only_in(&look, 6, EVERYWHERE),
		"upright, brighter below: direction 6, as COLMAP counts");
	look = look_at(right_half, true);
	ok(only_in(&look, 0, RIGHT), "columns follow x");
	look = look_at(lower_half, true);
	ok(only_in(&look, 6, BOTTOM), "rows follow y");
	look = look_at(lower_half, false);
	ok(only_in(&look, 0, RIGHT), "and turn with the angle");
}

/* In order, and which stay where there are too many or some are hidden. */
static void
check_choice(void)
{
	uint8_t mask[150 * 120];
	struct scene s = { 150, 120, speckled, NULL };
	struct sift_opts opts = SIFT_OPTS;
	struct features all = find_in(&s, &opts), f;
	bool seen = true;

	opts.most = 17;
	f = find_in(&s, &opts);
	ok(all.n > 34, "there are %zu", all.n);
	is_int((intmax_t)f.n, 17, "17 if no more are wanted");
	features_release(&f);
	opts.most = 0;
	f = find_in(&s, &opts);
	is_int((intmax_t)f.n, (intmax_t)all.n, "all with 0");
	features_release(&f);
	memset(mask, 0, sizeof(mask));
	for (int i = 0; i < 150 * 120; i++)
		mask[i] = i % 150 >= 70;
	s.mask = mask;
	f = find_in(&s, &opts);
	for (size_t i = 0; i < f.n; i++)
		seen = seen && f.keypoints[i].x >= 70;
	ok(seen && f.n > 0 && f.n < all.n, "none is hidden");
	features_release(&f);
	features_release(&all);
}

/*
 * Two cells, the border at 256: a faint point that stays is the only one of its
 * cell. Points count from the first pixel's centre, which is at .5.
 */
static void
check_cells(void)
{
	static const struct {
		float x;
		bool right;
	} faint[] = { { 255.4f, false }, { 255.6f, true } };
	struct features_in in = { NULL, NULL, 512, 16 };
	struct sift_opts opts = SIFT_OPTS;

	opts.most = 4;
	for (int i = 0; i < 2; i++) {
		struct sift_find s = { .in = &in, .opts = &opts };
		bool stays = false;

		s.points.v = mem_grow(
			NULL, &s.points.cap, 5, sizeof(*s.points.v));
		for (int k = 0; k < 5; k++)
			s.points.v[s.points.n++] = (struct sift_point){
				.column = k,
				.x = k ? (float)k : faint[i].x,
				.y = 8,
				.scale = 2,
				.response = (float)(k + 1)
			};
		sift_choose(&s);
		for (size_t k = 0; k < s.points.n; k++)
			stays = stays || s.points.v[k].column == 0;
		ok(s.points.n == 4 && stays == faint[i].right,
			"a point at %g is in the cell at the %s",
			faint[i].x + .5, faint[i].right ? "right" : "left");
		free(s.points.v);
	}
}

static void
check_none(void)
{
	static const uint32_t sizes[][2] = { { 1, 1 }, { 15, 200 }, { 16, 16 },
		{ 64, 48 } };
	struct sift_opts opts = SIFT_OPTS;
	struct err e;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct scene s = { sizes[i][0], sizes[i][1], nothing, NULL };
		struct features f = find_in(&s, &opts);

		ok(f.n == 0, "%u x %u of one grey: none", s.width, s.height);
		features_release(&f);
	}
	ok(sift_too_large(40000, 40000, &opts, &e) == -1, "too large");
	is_str(e.msg,
		"40000 x 40000 pixels are more than the 268435456 that are "
		"searched: give --max-size",
		"and what is too large");
	is_int(sift_too_large(16384, 16384, &opts, &e), 0, "just right");
	opts.first_octave = -1;
	is_int(sift_too_large(16384, 16384, &opts, &e), -1, "not doubled");
}

static void
check_math(void)
{
	double turns = 0, power = 0, wave = 0, root = 0, part = 0;

	for (int i = 1; i < 100000; i++) {
		double t = i * 1e-5, a = TURN * t;
		float x = (float)(i * .017), s, c;

		turns = fmax(turns,
			fabs(sift_turns((float)cos(a), (float)sin(a)) - t));
		power = fmax(
			power, fabs(sift_exp2((float)-t, 40) /
					       exp2(40 * (double)(float)-t) -
				       1));
		sift_sincos((float)t, &s, &c);
		wave = fmax(wave, hypot(s - sin(a), c - cos(a)));
		root = fmax(root, fabs(sift_sqrt(x) / sqrt((double)x) - 1));
		part = fmax(part, fabs(sift_divide(3, x) / (3. / x) - 1));
	}
	ok(turns < 1e-6 && power < 1e-6 && wave < 1e-6 && root < 3e-7 &&
			part < 1e-7,
		"angles, powers, waves, roots and quotients are right");
	tap_note("%g %g %g %g %g", turns, power, wave, root, part);
	ok(sift_turns(0, 0) == 0 && sift_sqrt(0) == 0 &&
			sift_turns(1, -1e-9f) == 0,
		"at the limits, too");
}

int
main(void)
{
	check_math();
	check_places();
	check_turned();
	check_layout();
	check_choice();
	check_cells();
	check_none();
	return tap_done();
}
