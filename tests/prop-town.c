/*
 * What holds for every picture of a town: its depth and its pose say where each
 * pixel is, which other pictures of the place confirm; the same conditions are
 * the same bytes; another day changes only what moves.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "tap.h"
#include "vision/frame.h"
#include "vision/town_film.h"
#include "vision/town_num.h"
#include "vision/town_view.h"

#define WIDTH 200
#define HEIGHT 150
/* of one picture; a change of what towns look like changes it */
#define BYTES 0x930c59f480c71999U
#define PIXELS ((size_t)WIDTH * HEIGHT)

struct picture {
	struct town_camera camera;
	struct town_view view;
	float rgb[3 * PIXELS], depth[PIXELS];
};

static const struct town_views views = { .width = WIDTH,
	.height = HEIGHT,
	.focal = 150,
	.spacing = 1.5,
	.eye = 2.2,
	.headings = 4,
	.gsd = 0.5,
	.overlap = 0.8,
	.tilt = 50 };

static struct picture *
take(const struct town *t, bool air, size_t i)
{
	struct town_light light = { 140, 45, 0 };
	struct picture *p = mem_alloc(1, sizeof(*p));

	if (air)
		town_air_view(t, &views, i, &p->view);
	else
		town_street_view(t, &views, i, &p->view);
	p->camera = (struct town_camera){ p->view.pose, WIDTH, HEIGHT,
		views.focal, 2 };
	town_render(t, &light, &p->camera, p->rgb, p->depth);
	return p;
}

/* Where pixel ${at} of ${a} is in ${b}: false if outside; the depth there. */
static bool
reproject(const struct picture *a, const struct picture *b, size_t at,
	size_t *to, double *depth)
{
	double r[9], world[3], seen[3], z = (double)a->depth[at];
	size_t x = at % WIDTH, y = at / WIDTH;
	double camera[3] = { z * ((double)x + 0.5 - WIDTH / 2.0) / views.focal,
		z * ((double)y + 0.5 - HEIGHT / 2.0) / views.focal, z };
	double u, v;

	pose_rotation(&a->view.pose, r);
	for (int k = 0; k < 3; k++) {
		camera[k] -= a->view.pose.t[k];
		world[k] = 0;
	}
	for (int k = 0; k < 9; k++)
		world[k % 3] += r[k] * camera[k / 3];
	pose_apply(&b->view.pose, world, seen);
	if (seen[2] < 0.1)
		return false;
	u = seen[0] / seen[2] * views.focal + WIDTH / 2.0;
	v = seen[1] / seen[2] * views.focal + HEIGHT / 2.0;
	if (u < 1 || v < 1 || u >= WIDTH - 1 || v >= HEIGHT - 1)
		return false;
	*to = (size_t)v * WIDTH + (size_t)u;
	*depth = seen[2];
	return true;
}

/* The share of common pixels that agree, in depth and then in colour. */
static void
compare(const struct picture *a, const struct picture *b, double *depth,
	double *colour, size_t *n)
{
	size_t to, same = 0, like = 0;
	double z;

	*n = 0;
	for (size_t i = 0; i < PIXELS; i++) {
		double off = 0;

		if (!isfinite(a->depth[i]) || !reproject(a, b, i, &to, &z))
			continue;
		++*n;
		if (fabs((double)b->depth[to] - z) > 0.02 * z)
			continue;
		same++;
		for (int k = 0; k < 3; k++)
			off += fabs((double)a->rgb[3 * i + (size_t)k] -
				       (double)b->rgb[3 * to + (size_t)k]) /
			       3;
		like += off < 0.12;
	}
	*depth = (double)same / (double)(*n ? *n : 1);
	*colour = (double)like / (double)(same ? same : 1);
}

/* Neighbouring stops, both looking the same way; neighbours in the air. */
static void
agree(uint64_t seed)
{
	struct town t;
	struct town_conf conf = {
		.seed = seed, .blocks = 3, .traffic = 1, .pass = seed
	};
	static const struct {
		const char *what;
		bool air;
		size_t a, b;
		double depth, colour;
	} pairs[] = {
		{ "ahead", false, 40, 44, 0.75, 0.75 },
		{ "aside", false, 41, 45, 0.6, 0.75 },
		{ "from above", true, 0, 5, 0.7, 0.8 },
		{ "aslant", true, 1, 6, 0.6, 0.75 },
	};

	town_build(&t, &conf);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct picture *a = take(&t, pairs[i].air, pairs[i].a);
		struct picture *b = take(&t, pairs[i].air, pairs[i].b);
		double depth, colour, both;
		size_t n;

		compare(a, b, &depth, &colour, &n);
		ok(n > PIXELS / 20 && depth > pairs[i].depth &&
				colour > pairs[i].colour,
			"seed %u, %s: two pictures show one town",
			(unsigned)seed, pairs[i].what);
		tap_note("%zu common pixels, depth of %.3f, colour of %.3f", n,
			depth, colour);
		both = depth * colour;
		b->view.pose.t[0] += pairs[i].air ? 5 : 0.5;
		b->view.pose.t[2] -= pairs[i].air ? 5 : 0.5;
		compare(a, b, &depth, &colour, &n);
		ok(depth * colour < 0.85 * both,
			"and a pose that is wrong does not fit");
		tap_note("depth of %.3f, colour of %.3f", depth, colour);
		free(a);
		free(b);
	}
	town_release(&t);
}

static struct picture *
take_once(const struct town_conf *conf)
{
	struct town t;
	struct picture *p;

	town_build(&t, conf);
	p = take(&t, false, 13);
	town_release(&t);
	return p;
}

static bool
alike(const struct picture *a, const struct picture *b)
{
	return memcmp(a->rgb, b->rgb, sizeof(a->rgb)) == 0 &&
	       memcmp(a->depth, b->depth, sizeof(a->depth)) == 0;
}

static void
days(uint64_t seed)
{
	struct town_conf conf = {
		.seed = seed, .blocks = 2, .traffic = 1, .pass = 1
	};
	struct picture *one = take_once(&conf), *again = take_once(&conf),
		       *other;
	size_t same = 0, sky = 0;

	ok(alike(one, again), "the same day: the same bytes");
	free(again);
	conf.pass = 2;
	other = take_once(&conf);
	for (size_t i = 0; i < PIXELS; i++) {
		sky += isinf(one->depth[i]) != 0;
		same += memcmp(&one->depth[i], &other->depth[i], 4) == 0;
	}
	ok(!alike(one, other) && same > PIXELS / 2,
		"another day: what moves is elsewhere, the houses are not");
	tap_note("%.3f of the depths stay", (double)same / (double)PIXELS);
	ok(sky > 0, "there is sky");
	ok(memcmp(&one->view.pose, &other->view.pose, sizeof(struct pose)) == 0,
		"and the route is the same");
	free(other);
	conf.seed++;
	conf.pass = 1;
	other = take_once(&conf);
	ok(!alike(one, other), "another seed: another town");
	free(other);
	free(one);
}

static void
numbers(void)
{
	double worst = 0, turn = 0, s, c;

	for (int i = 0; i <= 1000; i++) {
		double x = i / 1000.0;
		double want = x <= 0.0031308 ? 12.92 * x
		                             : 1.055 * pow(x, 1 / 2.4) - 0.055;

		worst = fmax(worst, fabs(town_encode(x) - want));
		town_sincos(i * 1.7 - 800, &s, &c);
		turn = fmax(
			turn, fabs(s - sin((i * 1.7 - 800) * acos(-1) / 180)));
		turn = fmax(
			turn, fabs(c - cos((i * 1.7 - 800) * acos(-1) / 180)));
	}
	ok(worst < 1e-12, "sRGB's curve");
	ok(turn < 1e-14, "sine and cosine");
	ok(fabs(town_decay(1) - exp(-1)) < 0.002, "decay");
}

static void
film(void)
{
	float rgb[12] = { 0, 0.5F, 1, 1, 1, 1, 9, 0, 0, 0.1F, 0.1F, 0.1F };
	float depth[4] = { 1.0F, 2.004F, HUGE_VALF, 400 };
	struct image im = { .width = 2, .height = 2 };
	struct town_film f = { .channels = 3, .bits = 16 };

	ok(town_film(&f, rgb, &im, NULL) == 0 && im.samples[6] == 65535 &&
			im.samples[0] == 0,
		"light becomes samples, and clips");
	image_release(&im);
	im = (struct image){ .width = 2, .height = 2 };
	ok(frame_depth(depth, 0.005, &im, NULL) == 0 && im.samples[0] == 200 &&
			im.samples[1] == 401,
		"depth in steps");
	ok(im.samples[2] == 0 && im.samples[3] == 0,
		"the sky is 0, and what is too far");
	image_release(&im);
}

/* The light that a sample of 16 bits stands for. */
static double
light_of(uint16_t sample)
{
	double x = sample / 65535.0;

	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

#define MIDDLE 32
#define SIDE (2 * MIDDLE + 1)

/* The deviation, along x and y, of what is made of a point of light. */
static void
spread(double blur, double deviation[2])
{
	static float rgb[3 * SIDE * SIDE];
	struct town_film f = { .channels = 3, .bits = 16, .blur = blur };
	struct image im = { .width = SIDE, .height = SIDE };
	double sum = 0, square[2] = { 0 };

	memset(rgb, 0, sizeof(rgb));
	for (size_t k = 0; k < 3; k++)
		rgb[3 * (SIDE * SIDE / 2) + k] = 0.39F;
	deviation[0] = deviation[1] = 0;
	if (town_film(&f, rgb, &im, NULL))
		return;
	for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
		size_t x = i % SIDE, y = i / SIDE;
		double light = light_of(im.samples[3 * i]);
		double off[2] = { (double)x - MIDDLE, (double)y - MIDDLE };

		sum += light;
		for (int k = 0; k < 2; k++)
			square[k] += light * off[k] * off[k];
	}
	for (int k = 0; k < 2; k++)
		deviation[k] = sqrt(square[k] / sum);
	image_release(&im);
}

static void
blurs(void)
{
	static const double sizes[] = { 0.2, 0.5, 0.6, 0.8, 1, 1.5, 2.5, 4 };
	double worst = 0, is[2];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		spread(sizes[i], is);
		for (int k = 0; k < 2; k++)
			worst = fmax(worst, fabs(is[k] / sizes[i] - 1));
	}
	ok(worst < 0.01, "blur has the deviation that is asked for");
	tap_note("off by %.4f at the most", worst);
}

/* How bright a grey picture becomes. */
static double
bright(double exposure)
{
	float rgb[12];
	struct town_film f = {
		.channels = 1, .bits = 16, .exposure = exposure
	};
	struct image im = { .width = 2, .height = 2 };
	double light;

	for (int i = 0; i < 12; i++)
		rgb[i] = 0.2F;
	light = town_film(&f, rgb, &im, NULL) ? NAN : light_of(im.samples[0]);
	image_release(&im);
	return light;
}

static void
exposures(void)
{
	static const double stops[] = { -4.75, -1.5, -1, -0.9, -0.5, -0.1, 0.25,
		0.5, 1, 1.8 };
	double worst = 0, usual = bright(0);

	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		worst = fmax(
			worst, fabs(log2(bright(stops[i]) / usual) - stops[i]));
	ok(worst < 0.005,
		"a stop is twice the light, and half a stop its root");
	tap_note("off by %.4f stops at the most", worst);
}

/*
 * Behind a thousandth of a metre there is but haze, sky or not; a pixel that is
 * as far as one sees has lost 95 % of what makes it another colour. Only glass
 * is another matter: it mirrors a sky that is hazy.
 */
static void
haze(void)
{
	static float clear[3 * PIXELS], dim[3 * PIXELS], grey[3 * PIXELS];
	static float depth[PIXELS];
	const double sight = 60;
	struct town_conf conf = { .seed = 4, .blocks = 2, .pass = 1 };
	struct town_light light = { 140, 45, 0 };
	struct town_camera c = { .width = WIDTH,
		.height = HEIGHT,
		.focal = views.focal,
		.samples = 1 };
	struct town_view view;
	struct town t;
	double even = 0;
	size_t n = 0, right = 0;

	town_build(&t, &conf);
	town_street_view(&t, &views, 13, &view);
	c.pose = view.pose;
	town_render(&t, &light, &c, clear, depth);
	light.sight = sight;
	town_render(&t, &light, &c, dim, depth);
	light.sight = 0.001;
	town_render(&t, &light, &c, grey, depth);
	for (size_t i = 0; i < 3 * PIXELS; i++) {
		size_t at = i / 3, column = at % WIDTH, row = at / WIDTH;
		double x = (double)column + 0.5 - WIDTH / 2.0;
		double y = (double)row + 0.5 - HEIGHT / 2.0;
		double far = (double)depth[at] *
		             hypot(1, hypot(x, y) / c.focal);
		double own = (double)clear[i] - (double)grey[i];
		double left = (double)dim[i] - (double)grey[i];

		even = fmax(even, fabs((double)grey[i] - (double)grey[i % 3]));
		if (!isfinite(far))
			continue;
		n++;
		right += fabs(left - own * exp(-3 * far / sight)) < 0.003;
	}
	ok(even < 1e-6, "in thick haze all is grey, the sky too");
	ok((double)right > 0.9 * (double)n,
		"haze takes 95 %% at the distance that is asked for");
	tap_note("of %.4f of the pixels", (double)right / (double)n);
	town_release(&t);
}

/* What a machine makes of it, every machine has to. */
static void
bytes(void)
{
	struct town_conf conf = {
		.seed = 7, .blocks = 2, .traffic = 1, .pass = 1, .repeat = 0.2
	};
	struct town_film f = {
		.channels = 3, .bits = 16, .noise = 1, .blur = 0.6
	};
	struct image im = { .width = WIDTH, .height = HEIGHT };
	struct picture *p = take_once(&conf);
	uint64_t hash = 0;

	ok(town_film(&f, p->rgb, &im, NULL) == 0, "a picture of 16 bits");
	for (size_t i = 0; i < 3 * PIXELS; i++)
		hash = hash_mix(hash + im.samples[i]);
	for (size_t i = 0; i < PIXELS; i++)
		hash = hash_mix(
			hash + (uint64_t)((double)p->depth[i] < 1e4
						  ? (double)p->depth[i] * 1000
						  : 0));
	if (!ok(hash == BYTES, "the same bytes as everywhere"))
		tap_note("0x%016" PRIx64 ", not 0x%016" PRIx64, hash,
			(uint64_t)BYTES);
	image_release(&im);
	free(p);
}

int
main(void)
{
	numbers();
	film();
	blurs();
	exposures();
	haze();
	for (uint64_t seed = 1; seed <= 2; seed++)
		agree(seed);
	days(3);
	bytes();
	return tap_done();
}
