/* cupel-match: match the features of two images. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "record/stream.h"
#include "vision/device.h"
#include "vision/features.h"
#include "vision/nearest_tune.h"
#include "vision/pairing.h"
#include "vision/roster.h"

#define UNSET (-1)

static struct {
	bool exhaustive, not_mutual, tune;
	uint64_t sequential, cache;
	const char *draw;
	int model, to;
	struct pairing how;
} cfg = { .to = UNSET,
	.cache = (uint64_t)1 << 30,
	.model = UNSET,
	.how = { .ratio = 0.8, .verify.rounds = VERIFY_ROUNDS } };

static const char *const to_names[] = { "colmap", "kapture", NULL };

static const struct opt opts[] = {
	{ 0, "exhaustive", NULL, "read image records, and match all pairs",
		OPT_FLAG(&cfg.exhaustive) },
	{ 0, "sequential", "N",
		"read image records, and match each with N next",
		OPT_U64(&cfg.sequential),
		OPT_WITHIN(1, HUGE_VAL, "at least 1 is expected") },
	{ 0, "ratio", "X", "nearest to second nearest, 0: any (default 0.8)",
		OPT_F64(&cfg.how.ratio),
		OPT_WITHIN(0, 1, "a number from 0 to 1 is expected") },
	{ 0, "no-mutual", NULL, "need not be the nearest the other way, too",
		OPT_FLAG(&cfg.not_mutual) },
	{ 0, "max-distance", "X", "the distance is at most X (default any)",
		OPT_F64(&cfg.how.max_distance),
		OPT_WITHIN(0, HUGE_VAL, "a number from 0 on is expected") },
	{ 0, "model", "NAME", "keep what fits a homography, fundamental ...",
		OPT_CHOICE(&cfg.model, verify_names) },
	{ 0, "threshold", "PIXELS", "so far an inlier may be off (see manual)",
		OPT_F64(&cfg.how.verify.threshold),
		OPT_WITHIN(DBL_TRUE_MIN, HUGE_VAL,
			"a number above 0 is expected") },
	{ 0, "rounds", "N", "samples to try at most (default 10000)",
		OPT_U64(&cfg.how.verify.rounds),
		OPT_WITHIN(1, HUGE_VAL, "a number above 0 is expected") },
	{ 's', "seed", "N", "seed the samples with N (default 0)",
		OPT_U64(&cfg.how.verify.seed) },
	{ 0, "inline", NULL, "write the matches into the record, no files",
		OPT_FLAG(&cfg.how.inlined) },
	{ 0, "dir", "DIR", "put side files below DIR (default: with keypoints)",
		OPT_STR(&cfg.how.out.naming.dir) },
	{ 0, "to", "WHAT",
		"write COLMAP's list, or for kapture below --dir too",
		OPT_CHOICE(&cfg.to, to_names) },
	{ 0, "images", "DIR", "image names below --dir are relative to DIR",
		OPT_STR(&cfg.how.out.naming.images) },
	{ 0, "draw", "FILE", "draw the first 8 pairs into FILE, a PNG",
		OPT_STR(&cfg.draw) },
	{ 0, "tune", NULL, "find and keep what is the fastest on the device",
		OPT_FLAG(&cfg.tune) },
	{ 0, "cache", "SIZE", "keep so much of features (default 1G)",
		OPT_SIZE(&cfg.cache) },
	{ 0 },
};
static const struct tool tool = { "match", "match the features of two images",
	"[file ...]",
	(const struct opt *const[]){ opts, device_opts, stream_opts, NULL } };

struct matcher {
	struct stream st;
	struct rec rec;
	struct device *device;
	struct roster roster; /* --exhaustive, --sequential */
	struct buf text;      /* of the pair that it made */
	struct pairing pairing;
	struct drawing drawing; /* --draw */
};

/* Preparing. */

static void
check_options(void)
{
	if (cfg.exhaustive && cfg.sequential)
		die(ST_USAGE, "--exhaustive and --sequential exclude each "
			      "other");
	opt_belong(cfg.model != UNSET, "--model", "threshold rounds seed");
	opt_belong(cfg.to != UNSET || cfg.how.out.naming.dir, "--to or --dir",
		"images");
	cfg.how.out.to = (enum exporting_to)(cfg.to - UNSET);
	if (cfg.how.out.to == EXPORTING_KAPTURE &&
		cfg.how.out.naming.dir == NULL)
		die(ST_USAGE, "--to kapture: say by --dir which folder");
}

static void
prepare(struct matcher *m)
{
	struct err e;

	check_options();
	if (device_open(&m->device, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	m->roster.reach = cfg.exhaustive ? UINT64_MAX : cfg.sequential;
	m->pairing = cfg.how;
	m->pairing.verifies = cfg.model != UNSET;
	if (m->pairing.verifies)
		m->pairing.verify.model = (enum verify_model)cfg.model;
	m->pairing.mutual = !cfg.not_mutual;
	m->pairing.drawing = cfg.draw ? &m->drawing : NULL;
	gallery_start(&m->pairing.gallery, nearest_open(m->device), m->device,
		cfg.cache);
}

/* Matching. */

/* The record goes out, or what another program reads in its stead. */
static void
write_record(struct matcher *m)
{
	const struct buf *list = &m->pairing.list;

	if (m->pairing.out.to != EXPORTING_COLMAP)
		stream_write(&m->st, &m->rec);
	else if (rec_failed(&m->rec))
		stream_count(&m->st, &m->rec);
	else
		stream_put(&m->st, (struct span){ list->s, list->len - 1 });
}

/* All of them come before the first pair; those with an "error" go on. */
static void
read_images(struct matcher *m)
{
	while (stream_read(&m->st, &m->rec)) {
		if (!rec_failed(&m->rec) && features_of_pair(m->rec.raw))
			rec_fail(&m->rec, "no_image",
				"a pair, where image records are expected: "
				"pairs need no --exhaustive or --sequential");
		if (rec_failed(&m->rec))
			write_record(m);
		else
			roster_add(&m->roster, &m->rec);
	}
	if (m->roster.n == 1)
		warn("a single image makes no pair: give at least two");
}

/* The next pair, read or made. */
static bool
next_pair(struct matcher *m)
{
	struct span images[2];
	struct err e;

	if (m->roster.reach == 0)
		return stream_read(&m->st, &m->rec);
	if (m->st.cut || !stream_goes_on(&m->st) ||
		!roster_next(&m->roster, images))
		return false;
	if (pairing_join(&m->rec, &m->text, images, &e))
		die(ST_CUT, "%s", e.msg);
	return true;
}

static void
match(struct matcher *m)
{
	if (m->roster.reach)
		read_images(m);
	while (next_pair(m)) {
		pairing_do(&m->pairing, &m->rec);
		write_record(m);
	}
}

/* Instead of matching: a record for each way in which the device can search. */
static void
tune(struct matcher *m)
{
	struct buf lines = { 0 };
	struct err e;

	if (nearest_tune(m->device, &lines, &e))
		die(ST_USAGE, "%s", e.msg);
	stream_put(&m->st, span_trim(buf_span(&lines), "\n"));
	buf_release(&lines);
}

static void
check_tuning(const struct matcher *m, char **operands)
{
	if (*operands)
		die(ST_USAGE, "--tune reads and matches nothing");
	opt_belong(false, "matching: --tune does none",
		"exhaustive sequential ratio no-mutual max-distance model "
		"inline dir to draw cache");
	if (m->device == NULL)
		die(ST_USAGE, "--tune: plain C is what it is; give --device");
}

static void
draw(struct matcher *m)
{
	struct err e;

	if (drawing_save(&m->drawing, cfg.draw, &e))
		die(ST_CUT, "--draw %s", e.msg);
}

static void
release(struct matcher *m)
{
	struct nearest_engine *engine = m->pairing.gallery.engine;

	pairing_release(&m->pairing);
	nearest_close(engine);
	device_close(m->device);
	drawing_release(&m->drawing);
	roster_release(&m->roster);
	buf_release(&m->text);
	rec_release(&m->rec);
}

int
main(int argc, char **argv)
{
	struct matcher m = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&m);
	if (cfg.tune)
		check_tuning(&m, argv);
	stream_open(&m.st, argv);
	if (cfg.tune)
		tune(&m);
	else
		match(&m);
	status = stream_close(&m.st);
	if (cfg.draw && status != ST_CUT)
		draw(&m);
	release(&m);
	return status;
}
