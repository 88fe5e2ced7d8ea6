/*
 * prop-seen: what is hidden does not matter. Whatever colours a file has below
 * alpha 0, or a picture where its mask is 0, the features and descriptors are the
 * same bytes; and elsewhere they are nearly those of the whole picture.
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/rng.h"
#include "tap.h"
#include "vision/dense.h"
#include "vision/features.h"
#include "vision/nearest_twin.h"
#include "vision/orb.h"
#include "vision/seen.h"
#include "vision/sift.h"

#define SEED 3
#define W 320
#define H 240
#define N (W * H)
#define BLOBS 500

static const char path[] = "prop-seen.png", mask_path[] = "prop-seen.mask.png",
		  depth_path[] = "prop-seen.depth.png";

enum garbage { TRUE, BLACK, NOISE, GARBAGE };

static uint16_t scene[3 * N]; /* the whole picture */
static uint8_t hidden[N];     /* of it */

static void
draw(struct rng *r)
{
	static double v[N];

	for (int b = 0; b < BLOBS; b++) {
		double x = W * rng_unit(r), y = H * rng_unit(r);
		double size = 1.2 * pow(8, rng_unit(r));
		double height = 120 * (rng_unit(r) - .5);

		for (int i = 0; i < N; i++) {
			double dx = i % W - x, dy = floor(i / (double)W) - y;

			if (fabs(dx) < 5 * size && fabs(dy) < 5 * size)
				v[i] += height * exp(-.5 * (dx * dx + dy * dy) /
							 (size * size));
		}
	}
	for (int i = 0; i < 3 * N; i++)
		scene[i] = (uint16_t)fmin(
			255, fmax(0, 127 + v[i / 3] * (1 - .1 * (i % 3))));
	for (int i = 0; i < N; i++)
		hidden[i] = hypot(i % W - 200., i / (double)W - 120) < 50 ||
		            i % W < 20;
}

/* A picture: the scene, and something else where it is hidden. */
static struct image
picture(enum garbage with, struct rng *r)
{
	struct image im = { .width = W, .height = H, .channels = 3, .bits = 8 };

	im.samples = mem_alloc(3 * N, sizeof(*im.samples));
	for (int i = 0; i < 3 * N; i++)
		im.samples[i] = with == TRUE || !hidden[i / 3] ? scene[i]
		                : with == BLACK                ? 0
		                                : (uint16_t)rng_below(r, 256);
	return im;
}

static void
save(const struct image *im, const char *to)
{
	struct err e;

	if (image_write(im, to, &e))
		tap_note("%s", e.msg);
}

/* What tells which pixels are hidden: 255, or 0 for those; or a depth map. */
static void
save_mask(const char *to, uint8_t bits)
{
	struct image im = { .width = W, .height = H, .channels = 1, bits };

	im.samples = mem_alloc(N, sizeof(*im.samples));
	for (int i = 0; i < N; i++)
		im.samples[i] = hidden[i] ? 0 : 255;
	save(&im, to);
	image_release(&im);
}

static void
read_as(const char *record, struct image *im)
{
	struct err e = { "" };
	struct seen_opts opts = { 0 };
	const char *code = seen_read(im, span_str(record), &opts, &e);

	if (code)
		ok(false, "%s: %s", code, e.msg);
}

static const char *const kinds[] = { "RootSIFT", "ORB", "dense" };

static void
find_orb(const struct image *im, struct features *f)
{
	uint8_t *grey = image_grey_bytes(im);
	struct orb_in in = { grey, im->mask, W, H };
	struct err e;
	struct orb *o = orb_open(NULL, &e);

	orb_find(o, &in, &ORB_OPTS, f, &e);
	orb_close(o);
	free(grey);
}

static void
find(const struct image *im, int kind, struct features *f)
{
	float *grey = image_grey(im);
	struct features_in in = { grey, im->mask, W, H };
	struct err e;
	struct sift *s = sift_open(NULL, &e);

	if (kind == 0)
		sift_find(s, &in, &SIFT_OPTS, f, &e);
	else if (kind == 1)
		find_orb(im, f);
	else
		dense_find(&in, f);
	sift_close(s);
	free(grey);
}

static bool
equal(const struct features *a, const struct features *b)
{
	size_t bytes = a->n * features_bytes(a->type);

	if (a->n == 0 || a->n != b->n ||
		memcmp(a->descriptors, b->descriptors, bytes) != 0)
		return false;
	return a->keypoints == NULL ||
	       memcmp(a->keypoints, b->keypoints,
		       a->n * sizeof(*a->keypoints)) == 0;
}

/* The same bytes, whatever is below alpha 0 or beside the mask. */
static void
test_garbage(bool alpha, struct rng *r)
{
	struct features f[GARBAGE][3];

	for (int with = 0; with < GARBAGE; with++) {
		struct image im = picture((enum garbage)with, r);

		im.mask = alpha ? mem_alloc(N, 1) : NULL;
		for (int i = 0; alpha && i < N; i++)
			im.mask[i] = !hidden[i];
		save(&im, path);
		image_release(&im);
		read_as(alpha ? "{\"image\":\"prop-seen.png\"}"
			      : "{\"image\":\"prop-seen.png\","
				"\"mask\":\"prop-seen.mask.png\"}",
			&im);
		for (int k = 0; k < 3; k++)
			find(&im, k, &f[with][k]);
		image_release(&im);
	}
	for (int k = 0; k < 3; k++)
		ok(equal(&f[TRUE][k], &f[BLACK][k]) &&
				equal(&f[BLACK][k], &f[NOISE][k]),
			"%s, hidden by %s: %zu features, the same bytes",
			kinds[k], alpha ? "alpha" : "mask", f[TRUE][k].n);
	for (int with = 0; with < GARBAGE; with++)
		for (int k = 0; k < 3; k++)
			features_release(&f[with][k]);
}

/* Is there one in ${f} where it is, as large, that looks like it? */
static bool
has(const struct features *f, const struct features *of, size_t i)
{
	size_t bytes = features_bytes(f->type);
	const struct keypoint *p = &of->keypoints[i];
	struct features one = { of->type, 1, NULL,
		of->descriptors + i * bytes };
	uint32_t most = f->type == FEATURES_ORB ? 32 : 150 * 150;

	for (size_t j = 0; j < f->n; j++) {
		const struct keypoint *q = &f->keypoints[j];
		struct features other = { f->type, 1, NULL,
			f->descriptors + j * bytes };
		struct nearest d;

		if (hypot((double)p->x - q->x, (double)p->y - q->y) >
				p->scale / 4 ||
			fabs(log((double)p->scale / q->scale)) > .2)
			continue;
		nearest_twin(&one, &other, &d);
		if (d.best < most)
			return true;
	}
	return false;
}

static size_t
missing(const struct features *a, const struct features *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += !has(b, a, i);
	return n;
}

/* Against the whole picture, searched where the hidden one is. */
static void
test_outline(int kind, double most, struct rng *r)
{
	struct image whole = picture(TRUE, r), im = picture(BLACK, r);
	struct features want, got;
	size_t gone, phantom;

	save(&im, path);
	image_release(&im);
	read_as("{\"image\":\"prop-seen.png\",\"mask\":"
		"\"prop-seen.mask.png\"}",
		&im);
	find(&im, kind, &got);
	whole.mask = im.mask;
	find(&whole, kind, &want);
	whole.mask = NULL;
	gone = missing(&want, &got), phantom = missing(&got, &want);
	ok((double)(gone + phantom) < most * (double)want.n,
		"%s: of %zu features %zu are gone, %zu phantoms", kinds[kind],
		want.n, gone, phantom);
	features_release(&want);
	features_release(&got);
	image_release(&whole);
	image_release(&im);
}

/* What has a colour and no depth, such as the sky, keeps it. */
static void
test_depth(struct rng *r)
{
	struct image im = picture(TRUE, r);

	save(&im, path);
	image_release(&im);
	read_as("{\"image\":\"prop-seen.png\",\"depth\":"
		"\"prop-seen.depth.png\"}",
		&im);
	ok(im.samples && memcmp(im.samples, scene, sizeof(scene)) == 0,
		"where only the depth is unknown the picture stays");
	ok(im.mask && !im.mask[120 * W + 200] && !im.mask[27] && im.mask[28],
		"but is hidden, and 8 pixels around");
	image_release(&im);
}

int
main(void)
{
	struct rng r;

	rng_init(&r, SEED, 0);
	tap_note("seed %d", SEED);
	draw(&r);
	save_mask(mask_path, 8);
	save_mask(depth_path, 16);
	test_garbage(true, &r);
	test_garbage(false, &r);
	test_outline(0, .12, &r);
	test_outline(1, .12, &r);
	test_depth(&r);
	unlink(path);
	unlink(mask_path);
	unlink(depth_path);
	return tap_done();
}
