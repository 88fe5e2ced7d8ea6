/* cupel-match: match the features of two images. */
#include <math.h>
#include <stdlib.h>

#include "record/emit.h"
#include "record/stream.h"
#include "vision/device.h"
#include "vision/exporting.h"
#include "vision/nearest_tune.h"
#include "vision/pairing.h"

#define UNSET (-1)
#define UNGIVEN UINT64_MAX

static struct {
	bool exhaustive, not_mutual, tune;
	uint64_t sequential, cache;
	const char *draw;
	int model, to;
	struct pairing how;
	struct exporting out;
} cfg = { .to = UNSET,
	.sequential = UNGIVEN,
	.cache = (uint64_t)1 << 30,
	.model = UNSET,
	.how = { .ratio = 0.8,
		.verify = {
			.threshold = -INFINITY, .rounds = VERIFY_ROUNDS } } };

static const char *const to_names[] = { "colmap", "kapture", NULL };

static const struct opt opts[] = {
	{ 0, "exhaustive", NULL, "read image records, and match all pairs",
		OPT_FLAG(&cfg.exhaustive) },
	{ 0, "sequential", "N",
		"read image records, and match each with N next",
		OPT_U64(&cfg.sequential) },
	{ 0, "ratio", "X", "nearest to second nearest, 0: any (default 0.8)",
		OPT_F64(&cfg.how.ratio) },
	{ 0, "no-mutual", NULL, "need not be the nearest the other way, too",
		OPT_FLAG(&cfg.not_mutual) },
	{ 0, "max-distance", "X", "the distance is at most X (default any)",
		OPT_F64(&cfg.how.max_distance) },
	{ 0, "model", "NAME", "keep what fits a homography, fundamental ...",
		OPT_CHOICE(&cfg.model, verify_names) },
	{ 0, "threshold", "PIXELS", "so far an inlier may be off (see manual)",
		OPT_F64(&cfg.how.verify.threshold) },
	{ 0, "rounds", "N", "samples to try at most (default 10000)",
		OPT_U64(&cfg.how.verify.rounds) },
	{ 's', "seed", "N", "seed the samples with N (default 0)",
		OPT_U64(&cfg.how.verify.seed) },
	{ 0, "inline", NULL, "write the matches into the record, no files",
		OPT_FLAG(&cfg.how.inlined) },
	{ 0, "dir", "DIR", "put side files below DIR (default: with keypoints)",
		OPT_STR(&cfg.how.dir) },
	{ 0, "to", "WHAT",
		"write COLMAP's list, or for kapture below --dir too",
		OPT_CHOICE(&cfg.to, to_names) },
	{ 0, "images", "DIR", "image names below --dir are relative to DIR",
		OPT_STR(&cfg.out.images) },
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
	struct span *images; /* all records; what failed is written as it is */
	size_t n, cap;
	struct arena arena;
	struct pairing pairing;
	struct drawing drawing; /* --draw */
};

static bool
reads_images(void)
{
	return cfg.exhaustive || cfg.sequential != UNGIVEN;
}

static void
check_matching(void)
{
	if (cfg.exhaustive && cfg.sequential != UNGIVEN)
		die(ST_USAGE, "--exhaustive and --sequential exclude each "
			      "other");
	if (cfg.how.ratio < 0 || cfg.how.ratio > 1)
		die(ST_USAGE, "--ratio: a number from 0 to 1 is expected");
	if (cfg.how.max_distance < 0)
		die(ST_USAGE, "--max-distance: a number from 0 on is expected");
	if ((isfinite(cfg.how.verify.threshold) &&
		    cfg.how.verify.threshold <= 0) ||
		cfg.how.verify.rounds == 0)
		die(ST_USAGE, "--threshold, --rounds: a number above 0 is "
			      "expected");
	if (cfg.sequential == 0)
		die(ST_USAGE, "--sequential: at least 1 is expected");
	opt_belong(cfg.model != UNSET, "--model", "threshold rounds seed");
	opt_belong(cfg.to != UNSET || cfg.how.dir, "--to or --dir", "images");
}

static void
check_writing(void)
{
	if (cfg.to != UNSET && cfg.how.inlined && cfg.how.dir == NULL)
		die(ST_USAGE,
			"--to %s reads the side files that --inline does "
			"not write: give --dir",
			to_names[cfg.to]);
	cfg.out.to = (enum exporting_to)(cfg.to - UNSET);
	cfg.out.dir = cfg.how.dir;
	cfg.how.images = cfg.out.images;
	if (cfg.out.to == EXPORTING_KAPTURE && cfg.out.dir == NULL)
		die(ST_USAGE, "--to kapture: say by --dir which folder");
}

/* So much is kept of images, and of a device half its memory at the most. */
static uint64_t
room(const struct device *d)
{
	uint64_t half = d ? device_info(d)->memory / 2 : UINT64_MAX;

	return half < cfg.cache ? half : cfg.cache;
}

static void
prepare(struct matcher *m)
{
	struct err e;

	check_matching();
	check_writing();
	if (device_open(&m->device, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	m->pairing = cfg.how;
	m->pairing.verifies = cfg.model != UNSET;
	if (m->pairing.verifies)
		m->pairing.verify.model = (enum verify_model)cfg.model;
	m->pairing.mutual = !cfg.not_mutual;
	m->pairing.drawing = cfg.draw ? &m->drawing : NULL;
	m->pairing.gallery.limit = room(m->device);
	m->pairing.gallery.engine = nearest_open(m->device);
}

/* The pair's record goes out, or what another program reads in its stead. */
static void
write_pair(struct matcher *m)
{
	struct buf record = { 0 }, text = { 0 };
	const char *code = NULL;
	struct err e;

	if (cfg.to != UNSET && !rec_failed(&m->rec)) {
		rec_print(&m->rec, &record);
		code = exporting_pair(&cfg.out, buf_span(&record), &text, &e);
	}
	if (code)
		rec_fail(&m->rec, code, "%s", e.msg);
	if (cfg.out.to != EXPORTING_COLMAP)
		stream_write(&m->st, &m->rec);
	else if (rec_failed(&m->rec))
		stream_count(&m->st, &m->rec);
	else
		stream_put(&m->st, (struct span){ text.s, text.len - 1 });
	buf_release(&record);
	buf_release(&text);
}

/* Pairs as they come. */
static void
match_pairs(struct matcher *m)
{
	while (stream_read(&m->st, &m->rec)) {
		pairing_do(&m->pairing, &m->rec);
		write_pair(m);
	}
}

/* An image that takes no part. */
static void
write_image(struct matcher *m)
{
	if (cfg.out.to == EXPORTING_COLMAP)
		stream_count(&m->st, &m->rec);
	else
		stream_write(&m->st, &m->rec);
}

/* Reads all image records; those with an "error" go on at once. */
static void
read_images(struct matcher *m)
{
	while (stream_read(&m->st, &m->rec)) {
		struct buf b = { 0 };

		if (rec_failed(&m->rec)) {
			write_image(m);
			continue;
		}
		rec_print(&m->rec, &b);
		m->images = mem_grow(
			m->images, &m->cap, m->n + 1, sizeof(*m->images));
		m->images[m->n].s = arena_dup(&m->arena, buf_span(&b));
		m->images[m->n++].len = b.len;
		buf_release(&b);
	}
}

static void
match_two(struct matcher *m, struct span query, struct span match)
{
	struct json_fault f;
	struct buf b = { 0 };

	emit_begin(&b, '{');
	emit_key(&b, "query");
	emit_raw(&b, query);
	emit_key(&b, "match");
	emit_raw(&b, match);
	emit_end(&b, '}');
	if (rec_parse(&m->rec, buf_span(&b), &f))
		die(ST_CUT, "a pair of records is no record: %s", f.what);
	m->rec.file = NULL; /* it stands in none */
	pairing_do(&m->pairing, &m->rec);
	write_pair(m);
	buf_release(&b);
}

static void
match_images(struct matcher *m)
{
	size_t reach = cfg.exhaustive ? SIZE_MAX : cfg.sequential;

	read_images(m);
	for (size_t i = 0; i < m->n && !m->st.cut; i++)
		for (size_t j = i + 1; j < m->n && j - i <= reach; j++) {
			if (m->st.unwritable)
				return;
			match_two(m, m->images[i], m->images[j]);
		}
}

static void
match(struct matcher *m, char **operands)
{
	stream_open(&m->st, operands);
	if (reads_images())
		match_images(m);
	else
		match_pairs(m);
}

/* Instead of matching: a record for each way in which the device can search. */
static void
tune(struct matcher *m, char **operands)
{
	struct buf lines = { 0 };
	struct span rest, line;
	struct err e;

	if (*operands)
		die(ST_USAGE, "--tune reads and matches nothing");
	opt_belong(false, "matching: --tune does none",
		"exhaustive sequential ratio no-mutual max-distance model "
		"inline dir to draw cache");
	if (m->device == NULL)
		die(ST_USAGE, "--tune: plain C is what it is; give --device");
	if (nearest_tune(m->device, &lines, &e))
		die(ST_USAGE, "%s", e.msg);
	stream_open(&m->st, operands);
	rest = buf_span(&lines);
	while (span_line(&rest, &line))
		stream_put(&m->st, line);
	buf_release(&lines);
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

	gallery_release(&m->pairing.gallery);
	nearest_close(engine);
	device_close(m->device);
	drawing_release(&m->drawing);
	arena_release(&m->arena);
	free(m->images);
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
		tune(&m, argv);
	else
		match(&m, argv);
	status = stream_close(&m.st);
	if (cfg.draw)
		draw(&m);
	release(&m);
	return status;
}
