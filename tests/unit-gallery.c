/* unit-gallery: what is read once, what is kept, and what is let go. */
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"
#include "vision/gallery.h"

#define IMAGES 5
#define ROWS 100

static char records[IMAGES][200];

/* Image i has ROWS features, the first byte of each descriptor being i. */
static void
make(int i)
{
	struct features f = { FEATURES_ORB, ROWS,
		mem_alloc(ROWS, sizeof(struct keypoint)), mem_alloc(ROWS, 32) };
	char kpt[32], desc[32];
	struct err e = { "" };

	memset(f.keypoints, 0, ROWS * sizeof(*f.keypoints));
	memset(f.descriptors, i, ROWS * 32);
	snprintf(kpt, sizeof(kpt), "%d.kpt", i);
	snprintf(desc, sizeof(desc), "%d.desc", i);
	if (features_save(&f, kpt, desc, &e))
		tap_note("%s", e.msg);
	snprintf(records[i], sizeof(records[i]),
		"{\"keypoints\":\"%s\",\"descriptors\":\"%s\","
		"\"features\":{\"type\":\"orb\",\"n\":%d}}",
		kpt, desc, ROWS);
	features_release(&f);
}

static const struct gallery_image *
get(struct gallery *g, int i)
{
	struct gallery_fault f;

	return gallery_get(g, span_str(records[i]), &f);
}

/* Every pair of images, as --exhaustive has them; do both hold what they should? */
static bool
all_pairs(struct gallery *g)
{
	bool good = true;

	for (int i = 0; i < IMAGES; i++)
		for (int j = i + 1; j < IMAGES; j++) {
			const struct gallery_image *a = get(g, i);
			const struct gallery_image *b = get(g, j);

			good &= a && b && a->features.descriptors[0] == i &&
			        b->features.descriptors[0] == j;
		}
	return good;
}

static void
test_limits(struct nearest_engine *engine)
{
	struct gallery g = { .engine = engine, .limit = 1 << 20 };
	size_t one;

	ok(all_pairs(&g), "all pairs, with room for all");
	is_int((intmax_t)g.loads, IMAGES, "each image is read once");
	one = g.held / IMAGES;
	gallery_release(&g);
	g = (struct gallery){ .engine = engine, .limit = 0 };
	ok(all_pairs(&g), "all pairs, without room");
	is_int((intmax_t)g.held, (intmax_t)(2 * one), "two images are kept");
	ok(g.loads > IMAGES, "others are read again");
	gallery_release(&g);
	g = (struct gallery){ .engine = engine, .limit = 3 * one };
	for (int i = 0; i < IMAGES; i++) {
		get(&g, 0);
		get(&g, i);
	}
	is_int((intmax_t)g.held, (intmax_t)(3 * one), "as many as fit");
	is_int((intmax_t)g.loads, IMAGES, "what is wanted again stays");
	gallery_release(&g);
	ok(g.held == 0 && g.n == 0, "all are let go");
}

static void
test_faults(struct nearest_engine *engine)
{
	struct gallery g = { .engine = engine };
	struct gallery_fault f;

	ok(gallery_get(&g, SPAN("{}"), &f) == NULL,
		"a record without features");
	is_str(f.code, "no_features", "and its code");
	unlink("0.desc");
	ok(gallery_get(&g, span_str(records[0]), &f) == NULL,
		"a side file that is not there");
	is_str(f.code, "bad_features", "and its code");
	make(0);
	ok(get(&g, 0), "it is there now");
	gallery_release(&g);
}

int
main(void)
{
	char dir[] = "/tmp/unit-gallery-XX"
		     "XX"
		     "XX";
	struct nearest_engine *engine = nearest_open(NULL);

	if (mkdtemp(dir) == NULL || chdir(dir))
		return 99;
	for (int i = 0; i < IMAGES; i++)
		make(i);
	test_limits(engine);
	test_faults(engine);
	nearest_close(engine);
	for (int i = 0; i < IMAGES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%d.kpt", i);
		unlink(name);
		snprintf(name, sizeof(name), "%d.desc", i);
		unlink(name);
	}
	rmdir(dir);
	return tap_done();
}
