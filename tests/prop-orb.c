/*
 * prop-orb: binary features of random pictures: what turning, brightening and
 * hiding do to them, and that every device finds the same to the byte.
 */
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/rng.h"
#include "tap.h"
#include "vision/orb.h"
#include "vision/orb_steps.h"

/* Two times 5/6 without a rest: that is three levels. */
#define W 216
#define H 180
#define WHOLE_LEVELS 3
/* hash_bytes of all of orb_pattern. */
#define PATTERN UINT64_C(13904761260536281712)
#define PI 3.14159265358979323846

/* A picture of rectangles and a little noise, from 30 to 210. */
static uint8_t *
picture(uint64_t seed)
{
	uint8_t *p = mem_alloc(W * H, sizeof(*p));
	struct rng r;

	rng_init(&r, seed, 0);
	for (size_t i = 0; i < W * H; i++)
		p[i] = 120;
	for (int n = 0; n < 60; n++) {
		uint64_t x = rng_below(&r, W), y = rng_below(&r, H);
		uint64_t w = 3 + rng_below(&r, 40), h = 3 + rng_below(&r, 40);
		uint8_t grey = (uint8_t)(rng_below(&r, 160) + 40);

		for (uint64_t j = y; j < y + h && j < H; j++)
			for (uint64_t i = x; i < x + w && i < W; i++)
				p[j * W + i] = grey;
	}
	for (size_t i = 0; i < W * H; i++)
		p[i] = (uint8_t)(p[i] + rng_below(&r, 20) - 10);
	return p;
}

static struct features
find(struct device *d, const struct orb_in *in, const struct orb_opts *o)
{
	struct features f;
	struct err e = { "" };
	struct orb *by = orb_open(d, &e);

	if (!ok(by && orb_find(by, in, o, &f, &e) == 0, "%u x %u%s", in->width,
		    in->height, e.msg))
		exit(1);
	orb_close(by);
	return f;
}

static struct features
find_in(const uint8_t *grey, const struct orb_opts *o)
{
	struct orb_in in = { grey, NULL, W, H };

	return find(NULL, &in, o);
}

static bool
same_point(const struct keypoint *a, const struct keypoint *b)
{
	double turn = remainder((double)a->angle - b->angle, 2 * PI);

	return fabsf(a->x - b->x) < 1e-3f && fabsf(a->y - b->y) < 1e-3f &&
	       a->scale == b->scale && fabs(turn) < 1e-3;
}

/* How many of ${a} are in ${b}, with the same descriptor. */
static size_t
shared(const struct features *a, const struct features *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++)
			if (same_point(&a->keypoints[i], &b->keypoints[j]) &&
				memcmp(a->descriptors + 32 * i,
					b->descriptors + 32 * j, 32) == 0) {
				n++;
				break;
			}
	return n;
}

static bool
equal(const struct features *a, const struct features *b)
{
	return a->n == b->n &&
	       memcmp(a->keypoints, b->keypoints,
		       a->n * sizeof(*a->keypoints)) == 0 &&
	       memcmp(a->descriptors, b->descriptors, a->n * 32) == 0;
}

/* Those of the first levels come first. */
static void
keep_whole_levels(struct features *f)
{
	const float finest = f->keypoints[0].scale;
	size_t n = 0;

	while (n < f->n &&
		f->keypoints[n].scale < finest * pow(1.2, WHOLE_LEVELS - .5))
		n++;
	f->n = n;
}

/*
 * A quarter turn takes (x, y) to (H - y, x), and the right to the bottom. All of
 * it is exact but where equal scores lie side by side, and below a level that
 * loses a rest of its sixths at the right or the bottom.
 */
static void
check_turned(const uint8_t *grey)
{
	struct orb_opts all = { .threshold = 20 };
	struct features f = find_in(grey, &all), g;
	uint8_t *turned = mem_alloc(W * H, sizeof(*turned));
	struct orb_in in = { turned, NULL, H, W };
	size_t n;

	for (size_t y = 0; y < H; y++)
		for (size_t x = 0; x < W; x++)
			turned[x * H + (H - 1 - y)] = grey[y * W + x];
	g = find(NULL, &in, &all);
	keep_whole_levels(&f);
	keep_whole_levels(&g);
	for (size_t i = 0; i < f.n; i++) {
		struct keypoint *k = &f.keypoints[i], was = *k;

		k->x = H - was.y;
		k->y = was.x;
		k->angle = was.angle + (float)(PI / 2);
	}
	n = shared(&f, &g);
	ok(f.n > 200 && n >= f.n * 97 / 100,
		"turned by 90 degrees: of %zu %zu the same", f.n, n);
	free(turned);
	features_release(&f);
	features_release(&g);
}

/* A constant cancels everywhere. */
static void
check_brighter(const uint8_t *grey)
{
	struct orb_opts all = { .threshold = 20 };
	struct features f = find_in(grey, &all), g;
	uint8_t *more = mem_alloc(W * H, sizeof(*more));

	for (size_t i = 0; i < W * H; i++)
		more[i] = (uint8_t)(grey[i] + 25);
	g = find_in(more, &all);
	ok(equal(&f, &g), "brighter by 25: the same to the byte");
	free(more);
	features_release(&f);
	features_release(&g);
}

static void
check_hidden(const uint8_t *grey)
{
	struct orb_opts all = { .threshold = 20 };
	struct features f = find_in(grey, &all), g;
	uint8_t *mask = mem_alloc(W * H, 1);
	struct orb_in in = { grey, mask, W, H };
	size_t seen = 0, far = 0;

	for (size_t i = 0; i < W * H; i++)
		mask[i] = i % W >= 100;
	g = find(NULL, &in, &all);
	for (size_t i = 0; i < f.n; i++)
		far += f.keypoints[i].x > 100 + 2 * f.keypoints[i].scale;
	for (size_t i = 0; i < g.n; i++)
		seen += g.keypoints[i].x > 100;
	ok(g.n && seen == g.n, "nothing is found where it is hidden");
	ok(shared(&g, &f) == g.n && g.n >= far,
		"elsewhere it is what it was: %zu, %zu", g.n, far);
	free(mask);
	features_release(&f);
	features_release(&g);
}

static void
check_most(const uint8_t *grey)
{
	struct orb_opts all = { .threshold = 20 }, some = all;
	struct features f = find_in(grey, &all), g;
	bool ordered = true;

	some.most = 100;
	g = find_in(grey, &some);
	is_int((intmax_t)g.n, 100, "no more than asked for");
	is_int((intmax_t)shared(&g, &f), 100, "which are of all");
	for (size_t i = 1; i < f.n; i++) {
		const struct keypoint *a = &f.keypoints[i - 1], *b = a + 1;

		ordered &= a->scale < b->scale ||
		           (a->scale == b->scale &&
				   (a->y < b->y ||
					   (a->y == b->y && a->x < b->x)));
	}
	ok(ordered, "by level, row and column");
	features_release(&g);
	some.upright = true;
	g = find_in(grey, &some);
	for (size_t i = 0; i < g.n; i++)
		ordered &= g.keypoints[i].angle == 0;
	ok(ordered && g.n == 100, "upright: no angles");
	features_release(&f);
	features_release(&g);
}

/* A square's corners, and a dot: its middle is that of its pixel. */
static void
check_square(void)
{
	uint8_t *p = mem_alloc(160 * 160, sizeof(*p));
	struct orb_in in = { p, NULL, 160, 160 };
	struct orb_opts all = { .threshold = 20 };
	bool near = true;
	struct features f;

	for (int i = 0; i < 160 * 160; i++)
		p[i] = abs(2 * (i % 160) - 159) < 40 &&
		                       abs(2 * (i / 160) - 159) < 40
		               ? 200
		               : 50;
	f = find(NULL, &in, &all);
	for (size_t i = 0; i < f.n; i++) {
		const struct keypoint *k = &f.keypoints[i];

		near &= fabsf(fabsf(k->x - 80) - 20) < 2 * k->scale;
		near &= fabsf(fabsf(k->y - 80) - 20) < 2 * k->scale;
	}
	ok(f.n >= 8 && near, "a square's %zu corners are where they are", f.n);
	features_release(&f);

	for (int i = 0; i < 160 * 160; i++)
		p[i] = 50;
	for (int i = -1; i <= 1; i++)
		p[60 * 160 + 80 + i] = p[(60 + i) * 160 + 80] = i ? 150 : 250;
	p[60 * 160 + 80] = 250;
	f = find(NULL, &in, &all);
	ok(f.n > 0 && f.keypoints[0].x == 80.5f && f.keypoints[0].y == 60.5f,
		"a pixel's middle is half a pixel from its edge");
	free(p);
	features_release(&f);
}

static void
check_none(void)
{
	static const uint32_t size[][2] = { { 0, 0 }, { 1, 1 }, { 38, 160 },
		{ 160, 38 }, { 39, 39 }, { 200, 120 } };
	struct orb *by = orb_open(NULL, NULL);
	uint8_t *p = mem_alloc(200 * 160, sizeof(*p));

	for (int i = 0; i < 200 * 160; i++)
		p[i] = 7;
	for (size_t i = 0; i < sizeof(size) / sizeof(*size); i++) {
		struct orb_in in = { p, NULL, size[i][0], size[i][1] };
		struct features f = find(NULL, &in, &ORB_OPTS);

		is_int((intmax_t)f.n, 0, "small or flat: none");
		is_int(f.type, FEATURES_ORB, "of the type");
		features_release(&f);
	}
	free(p);
	ok(orb_find(by, &(struct orb_in){ NULL, NULL, 1 << 15, 8193 },
		   &ORB_OPTS, &(struct features){ 0 }, NULL),
		"an image that is too large");
	orb_close(by);
}

/* Descriptors are compared over years: the pattern is what it was. */
static void
check_pattern(void)
{
	struct orb_ends *ends = mem_alloc(ORB_ENDS, sizeof(*ends));
	uint64_t sum;
	int most = 0;

	orb_pattern(ends);
	for (size_t i = 0; i < ORB_ENDS; i++) {
		most = abs(ends[i].x) > most ? abs(ends[i].x) : most;
		most = abs(ends[i].y) > most ? abs(ends[i].y) : most;
	}
	is_int(most, ORB_RADIUS, "no end is outside the radius");
	sum = hash_bytes(0,
		(struct span){ (const char *)ends, ORB_ENDS * sizeof(*ends) });
	ok(sum == PATTERN, "the pattern, for ever: %" PRIu64, sum);
	free(ends);
}

static uint64_t
digest(const struct features *f)
{
	struct span k = { (const char *)f->keypoints,
		f->n * sizeof(*f->keypoints) };
	struct span d = { (const char *)f->descriptors, f->n * 32 };

	return hash_bytes(hash_bytes(f->n, k), d);
}

/* What is found in the picture, and in its beginning read as other shapes. */
static bool
digest_shapes(struct orb *by, const uint8_t *grey, uint64_t *sum, struct err *e)
{
	static const uint32_t size[][2] = { { W, H }, { 97, 211 }, { 45, 300 },
		{ 333, 40 }, { 39, 39 } };

	for (size_t i = 0; i < sizeof(size) / sizeof(*size); i++) {
		struct orb_in in = { grey, NULL, size[i][0], size[i][1] };
		struct orb_opts o = { .most = i ? 0 : 150, .threshold = 15 };
		struct features f;

		if (orb_find(by, &in, &o, &f, e))
			return false;
		*sum = *sum * 31 + digest(&f);
		features_release(&f);
	}
	return true;
}

/* The same, and as black on white: no sum is beyond what holds it. */
static bool
digest_all(struct orb *by, const uint8_t *grey, uint64_t *sum, struct err *e)
{
	uint8_t *hard = mem_alloc(W * H, 1);
	bool fine;

	*sum = 0;
	for (size_t i = 0; i < W * H; i++)
		hard[i] = grey[i] < 100 ? 0 : 255;
	fine = digest_shapes(by, grey, sum, e) &&
	       digest_shapes(by, hard, sum, e);
	free(hard);
	return fine;
}

/* What a device finds that allows groups of ${size}, in a process of its own. */
static void
run_device(const char *size, const uint8_t *grey, int to)
{
	uint64_t sum[2] = { 0, 0 };
	struct device *d = NULL;
	struct orb *by = NULL;
	struct err e = { "" };

	if (*size)
		setenv("POCL_MAX_WORK_GROUP_SIZE", size, 1);
	if (device_open(&d, NULL, &e) == 0 && d == NULL)
		sum[0] = 1;
	else if (d == NULL || (by = orb_open(d, &e)) == NULL ||
		 !digest_all(by, grey, &sum[1], &e))
		tap_note("%s", e.msg);
	orb_close(by);
	device_close(d);
	_exit(write(to, sum, sizeof(sum)) != sizeof(sum));
}

static void
check_device(const char *size, const uint8_t *grey)
{
	uint64_t sum[2] = { 0, 0 }, twin;
	struct orb *by = orb_open(NULL, NULL);
	char name[64];
	int ends[2];
	pid_t child;

	snprintf(name, sizeof(name), "a device, groups of %s: the same",
		*size ? size : "any size");
	fflush(stdout);
	if (pipe(ends) || (child = fork()) < 0)
		exit(99);
	if (child == 0)
		run_device(size, grey, ends[1]);
	close(ends[1]);
	if (read(ends[0], sum, sizeof(sum)) != sizeof(sum))
		sum[0] = 0;
	close(ends[0]);
	waitpid(child, NULL, 0);
	if (sum[0])
		tap_skip(name, "there is no device");
	else
		ok(digest_all(by, grey, &twin, NULL) && sum[1] == twin, "%s",
			name);
	orb_close(by);
}

int
main(void)
{
	uint8_t *grey = picture(4);

	check_pattern();
	check_none();
	check_square();
	check_turned(grey);
	check_brighter(grey);
	check_hidden(grey);
	check_most(grey);
	check_device("", grey);
	check_device("1", grey);
	check_device("64", grey);
	free(grey);
	return tap_done();
}
