/*
 * unit-colmap: features to COLMAP's text and back, models to image records, and
 * what is said of texts that are not as they should be.
 */
#include <float.h>
#include <stdlib.h>

#include "base/rng.h"
#include "record/emit.h"
#include "tap.h"
#include "vision/colmap.h"
#include "vision/words.h"

#define N 300

/* Any finite float, as often as not an odd one. */
static float
any_float(struct rng *r)
{
	static const float odd[] = { 0, -0.0f, 1e-42f, FLT_MAX, -FLT_MIN, 0.1f,
		16777216, 3.14159274f };
	uint32_t bits = (uint32_t)rng_u64(r);
	float x;

	if (rng_below(r, 8) == 0)
		return odd[rng_below(r, sizeof(odd) / sizeof(*odd))];
	memcpy(&x, &bits, sizeof(x));
	return x - x == 0 ? x : 1.5f;
}

static void
check_round_trip(void)
{
	struct features f = { .type = FEATURES_ROOTSIFT, .n = N }, g;
	struct buf b = { 0 }, again = { 0 };
	struct err e = { "" };
	struct rng r;

	rng_init(&r, 5, 0);
	f.keypoints = mem_alloc(N, sizeof(*f.keypoints));
	f.descriptors = mem_alloc(N, 128);
	for (size_t i = 0; i < N; i++)
		f.keypoints[i] = (struct keypoint){ any_float(&r),
			any_float(&r), any_float(&r), any_float(&r) };
	for (size_t i = 0; i < (size_t)N * 128; i++)
		f.descriptors[i] = (uint8_t)rng_below(&r, 256);
	ok(colmap_write(&b, &f, &e) == 0, "features are written%s", e.msg);
	ok(strncmp(buf_cstr(&b), "300 128\n", 8) == 0, "how many stands first");
	ok(colmap_read(&g, buf_span(&b), &e) == 0, "and read%s", e.msg);
	ok(g.n == N && g.type == FEATURES_ROOTSIFT &&
			memcmp(f.descriptors, g.descriptors, N * 128) == 0,
		"the descriptors are the same");
	ok(memcmp(f.keypoints, g.keypoints, N * sizeof(*f.keypoints)) == 0,
		"and the keypoints, to the last bit");
	colmap_write(&again, &g, &e);
	ok(span_eq(buf_span(&b), buf_span(&again)), "and their text");
	features_release(&g);

	f.type = FEATURES_ORB;
	ok(colmap_write(&b, &f, &e), "binary ones cannot be written");
	is_str(e.msg,
		"COLMAP's text is for rootsift, and these features are orb",
		"and why");
	features_release(&f);
	buf_release(&again);
	buf_release(&b);
}

/* A text of features with ${head}, a keypoint and ${n} numbers behind it. */
static const char *
text_of(struct buf *b, const char *head, const char *keypoint, int n)
{
	buf_clear(b);
	buf_printf(b, "%s\n%s", head, keypoint);
	for (int i = 0; i < n; i++)
		buf_printf(b, " %d", i);
	buf_byte(b, '\n');
	return buf_cstr(b);
}

static void
fails(const char *text, const char *want)
{
	struct features f;
	struct err e = { "" };

	ok(colmap_read(&f, span_str(text), &e) && f.n == 0, "a bad text");
	is_str(e.msg, want, want);
}

static void
check_bad_features(void)
{
	static const char row[] =
		"line 2: x, y, scale, orientation and 128 whole numbers from 0 "
		"to 255 are expected";
	struct buf b = { 0 };

	fails("", "line 1: how many keypoints there are and 128 are expected");
	fails("1\n",
		"line 1: how many keypoints there are and 128 are expected");
	fails("-1 128\n",
		"line 1: how many keypoints there are and 128 are expected");
	fails("16777217 128\n",
		"line 1: how many keypoints there are and 128 are expected");
	fails("1 64\n1 2 3 4\n", "line 1: descriptors have 64 numbers, where "
				 "128 are expected");
	fails("16777216 128\n", "0 keypoints, where 16777216 are expected");
	fails(text_of(&b, "2 128", "1 2 3 4", 128),
		"1 keypoints, where 2 are expected");
	fails(text_of(&b, "0 128", "1 2 3 4", 128),
		"line 2: more than 0 keypoints");
	fails(text_of(&b, "1 128", "1 2 3 4", 127), row);
	fails(text_of(&b, "1 128", "1 2 3 4", 129), row);
	fails(text_of(&b, "1 128", "1 2 nan 4", 128), row);
	fails(text_of(&b, "1 128", "1 2 0x10 4", 128), row);
	fails(text_of(&b, "1 128", "1 2 1e39 4", 128), row);
	fails(text_of(&b, "1 128", "1 2 3 4 256", 127), row);
	fails(text_of(&b, "1 128", "1 2 3 4 -1", 127), row);
	fails(text_of(&b, "1 128", "1 2 3 4 0.5", 127), row);
	buf_release(&b);
}

static int
each(struct colmap_image *image, void *arg)
{
	image->root = "photos";
	colmap_record(arg, image);
	emit_end(arg, '}');
	buf_byte(arg, '\n');
	return 0;
}

static const char *
model(struct buf *b, const char *cameras, const char *images)
{
	static struct err e;

	buf_clear(b);
	e.msg[0] = '\0';
	if (colmap_model(span_str(cameras), span_str(images), each, b, &e))
		return e.msg;
	return buf_cstr(b);
}

static void
check_models(void)
{
	struct buf b = { 0 };

	is_str(model(&b,
		       "# Camera list\n1 PINHOLE 640 480 500 500.5 320 240.25\n"
		       "4 FOV 8 6 1 2 3 4 .5\r\n",
		       "# Image list\n"
		       "9 1 0 0 0 1.5 -2 300 1 a b/1.png\n"
		       "1 2 3 4 5 6\n"
		       "8 -0.5 0.5 0.5 0.5 0 0 1e-05 4 2.png\r\n"
		       "\r\n"),
		"{\"image\":\"photos/a b/1.png\",\"width\":640,\"height\":480,"
		"\"camera\":{\"model\":\"PINHOLE\","
		"\"params\":[500.0,500.5,320.0,240.25]},"
		"\"q_wxyz\":[1.0,0.0,0.0,0.0],\"t\":[1.5,-2.0,300.0]}\n"
		"{\"image\":\"photos/2.png\",\"width\":8,\"height\":6,"
		"\"camera\":{\"model\":\"FOV\","
		"\"params\":[1.0,2.0,3.0,4.0,0.5]},"
		"\"q_wxyz\":[0.5,-0.5,-0.5,-0.5],\"t\":[0.0,0.0,1e-05]}\n",
		"a model's images, in their order");
	is_str(model(&b, "", ""), "", "of none none");
	is_str(model(&b, "1 PINHOLE 640\n", ""),
		"cameras.txt: line 1: an id, a model, width, height and "
		"parameters are expected",
		"a camera that is cut");
	is_str(model(&b, "1 PINHOLE 6 4 5 x\n", ""),
		"cameras.txt: line 1: an id, a model, width, height and "
		"parameters are expected",
		"a parameter that is no number");
	is_str(model(&b, "1 PINHOLE 6 4 5 5 3 2\n",
		       "#\n1 1 0 0 0 0 0 0 2 a.png\n\n"),
		"images.txt: line 2: its camera is not in cameras.txt",
		"a camera that is not there");
	is_str(model(&b, "1 PINHOLE 6 4 5 5 3 2\n", "1 1 0 0 0 0 0 0 1\n\n"),
		"images.txt: line 1: an id, a pose of seven numbers, a "
		"camera's id and a name are expected",
		"an image without a name");
	buf_release(&b);
}

static void
check_matches(void)
{
	struct match v[] = { { 0, 7, 9 }, { 4294967295u, 2, 1 } };
	struct matches m = { v, 2, 0 };
	struct buf b = { 0 };

	colmap_match(
		&b, (struct span[2]){ SPAN("a.png"), SPAN("b/c.png") }, &m);
	m.n = 0;
	colmap_match(&b, (struct span[2]){ SPAN("a.png"), SPAN("d.png") }, &m);
	is_str(buf_cstr(&b),
		"a.png b/c.png\n0 7\n4294967295 2\n\na.png d.png\n\n",
		"matches, a blank line behind each pair");
	buf_release(&b);
}

static void
check_numbers(void)
{
	static const char *const good[] = { "1", "1.", ".5", "+1", "-1e-05",
		"0123" };
	static const char *const bad[] = { "", "-", "1x", "0x1", "inf", "nan",
		"1e999", "1 2", "--1", "1e", "1,5" };
	uint32_t u;
	double d;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(words_f64(span_str(good[i]), &d), "a number: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!words_f64(span_str(bad[i]), &d), "none: %s", bad[i]);
	ok(words_u32(SPAN("4294967295"), &u) && u == UINT32_MAX, "the largest");
	ok(!words_u32(SPAN("4294967296"), &u) && !words_u32(SPAN(""), &u) &&
			!words_u32(SPAN("-1"), &u),
		"what is none");
}

int
main(void)
{
	check_numbers();
	check_round_trip();
	check_bad_features();
	check_models();
	check_matches();
	return tap_done();
}
