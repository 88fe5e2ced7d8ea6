/* cupel-retrieve: find the images of a collection that show the same place. */
#include <float.h>
#include <math.h>

#include "record/stream.h"
#include "vision/describing.h"
#include "vision/device.h"
#include "vision/features.h"
#include "vision/learning.h"
#include "vision/lineup.h"
#include "vision/nearest.h"
#include "vision/pca.h"
#include "vision/seeking.h"
#include "vision/vocabulary.h"

static struct {
	const char *train, *vocabulary, *database, *sheet;
	bool describe;
	struct training_opts training;
	struct describing describing;
	struct seeking seeking;
	struct place_limits right;
} cfg = { .training = { .dims = TRAINING_ANY, .sample = 1 << 18 },
	.seeking.count = 20,
	.right = PLACE_LIMITS };

static const struct opt opts[] = {
	{ 0, "train", "FILE", "learn a vocabulary from the records, into FILE",
		OPT_STR(&cfg.train) },
	{ 's', "seed", "N", "seed of what is drawn at random (default 0)",
		OPT_U64(&cfg.training.seed) },
	{ 0, "clusters", "K", "train: centres (default 64, dense 128)",
		OPT_U64(&cfg.training.clusters),
		OPT_WITHIN(1, VOCABULARY_MOST,
			"a number from 1 to 1024 is expected") },
	{ 0, "dense", NULL, "train: describe pictures on a grid, not features",
		OPT_FLAG(&cfg.training.dense) },
	{ 0, "dims", "D", "train: axes, 0 for none (default by the images)",
		OPT_U64(&cfg.training.dims),
		OPT_WITHIN(
			0, PCA_MOST - 1, "a number below 1024 is expected") },
	{ 0, "sample", "N", "train: descriptors to learn from (default 262144)",
		OPT_U64(&cfg.training.sample),
		OPT_WITHIN(0, FEATURES_MOST,
			"a number from --clusters to 16777216 is expected") },
	{ 'V', "vocabulary", "FILE", "the vocabulary to describe images with",
		OPT_STR(&cfg.vocabulary) },
	{ 0, "describe", NULL, "add \"global\", the vector of each image",
		OPT_FLAG(&cfg.describe) },
	{ 0, "dir", "DIR", "describe: write vectors below DIR",
		OPT_STR(&cfg.describing.naming.dir) },
	{ 0, "images", "DIR", "image names below --dir are relative to DIR",
		OPT_STR(&cfg.describing.naming.images) },
	{ 0, "database", "FILE", "find the images of FILE most like each query",
		OPT_STR(&cfg.database) },
	{ 'n', "count", "N", "find: N images for each query (default 20)",
		OPT_U64(&cfg.seeking.count),
		OPT_WITHIN(1, HUGE_VAL, "at least 1 is expected") },
	{ 0, "rerank", "N", "find: order the first N by matches that agree",
		OPT_U64(&cfg.seeking.verified) },
	{ 0, "exclude-self", NULL, "find: leave out the query's own \"image\"",
		OPT_FLAG(&cfg.seeking.others) },
	{ 0, "sheet", "FILE", "find: draw queries and matches into FILE, a PNG",
		OPT_STR(&cfg.sheet) },
	{ 0, "radius", "M", "sheet: right is what is this near (default 25 m)",
		OPT_F64(&cfg.right.radius),
		OPT_WITHIN(DBL_TRUE_MIN, HUGE_VAL,
			"metres are expected, 25 say") },
	{ 0, "heading", "DEG",
		"and looks the same way within DEG (default any)",
		OPT_F64(&cfg.right.heading),
		OPT_WITHIN(0, 180, "degrees up to 180 are expected") },
	{ 0 },
};
static const struct tool tool = { "retrieve",
	"find the images of a collection that show the same place",
	"[file ...]",
	(const struct opt *const[]){ opts, device_opts, stream_opts, NULL } };

struct retriever {
	struct stream st;
	struct rec rec;
	struct device *device;
	struct nearest_engine *engine;
	struct vocabulary vocabulary;
	struct describer describer;
	struct learning learning; /* --train */
	struct seeking seeking;   /* --database */
	struct lineup lineup;     /* --sheet */
	struct buf line;
};

/* Preparing. */

static void
check_options(void)
{
	int modes = (cfg.train != NULL) + cfg.describe + (cfg.database != NULL);

	if (modes > 1)
		die(ST_USAGE, "--train, --describe and --database exclude each "
			      "other");
	if (modes == 0)
		die(ST_USAGE, "one of --train FILE, --describe and --database "
			      "FILE says what to do");
	if (cfg.describe && !cfg.vocabulary)
		die(ST_USAGE, "--describe needs -V FILE, a vocabulary that "
			      "--train made");
	if (cfg.train && cfg.vocabulary)
		die(ST_USAGE, "--train makes a vocabulary, -V reads one: give "
			      "one of them");
	opt_belong(cfg.train, "--train", "clusters dense dims sample");
	opt_belong(cfg.train || cfg.seeking.verified, "--train or --rerank",
		"seed");
	opt_belong(cfg.describe, "--describe", "dir");
	opt_belong(cfg.describing.naming.dir, "--dir", "images");
	opt_belong(
		cfg.database, "--database", "count rerank exclude-self sheet");
	opt_belong(cfg.sheet, "--sheet", "radius heading");
	if (cfg.training.clusters == 0)
		cfg.training.clusters = cfg.training.dense ? 128 : 64;
	if (cfg.training.sample < cfg.training.clusters)
		die(ST_USAGE,
			"--sample: a number from --clusters to %zu is expected",
			FEATURES_MOST);
}

static void
prepare(struct retriever *r)
{
	struct err e;

	check_options();
	if (device_open(&r->device, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	if (cfg.vocabulary &&
		vocabulary_load(&r->vocabulary, cfg.vocabulary, &e))
		die(ST_USAGE, "-V %s", e.msg);
	r->engine = nearest_open(r->device);
	r->describer = (struct describer){ &r->vocabulary, r->engine };
}

/* Training. */

static void
learn(struct retriever *r)
{
	struct err e;

	learning_start(&r->learning, &cfg.training);
	while (stream_read(&r->st, &r->rec))
		learning_take(&r->learning, &r->rec);
	learning_tell(&r->learning);
	if (r->st.cut)
		return;
	if (training_finish(
		    r->learning.training, r->engine, &r->vocabulary, &e))
		die(ST_USAGE, "%s", e.msg);
	if (vocabulary_save(&r->vocabulary, cfg.train, &e))
		die(ST_CUT, "%s", e.msg);
	learning_put(&r->learning, &r->vocabulary, cfg.train, &r->line);
	stream_put(&r->st, buf_span(&r->line));
}

/* Describing. */

static void
describe(struct retriever *r)
{
	struct describing d = cfg.describing;

	d.by = &r->describer;
	while (stream_read(&r->st, &r->rec)) {
		describing_do(&d, &r->rec);
		stream_write(&r->st, &r->rec);
	}
}

/* Finding. */

static void
write_pairs(struct retriever *r)
{
	for (size_t i = 0; i < r->seeking.n; i++) {
		buf_clear(&r->line);
		seeking_put(&r->seeking, &r->rec, i, &r->line);
		stream_put(&r->st, buf_span(&r->line));
	}
}

static void
find(struct retriever *r)
{
	struct seeking *s = &r->seeking;
	struct err e;

	*s = cfg.seeking;
	s->seed = cfg.training.seed;
	s->engine = r->engine;
	s->by = cfg.vocabulary ? &r->describer : NULL;
	r->lineup.right = cfg.right;
	s->lineup = cfg.sheet ? &r->lineup : NULL;
	if (seeking_start(s, cfg.database, r->device, &e))
		die(ST_USAGE, "%s", e.msg);
	while (stream_read(&r->st, &r->rec)) {
		seeking_do(s, &r->rec);
		if (rec_failed(&r->rec))
			stream_write(&r->st, &r->rec);
		else
			write_pairs(r);
	}
}

static void
draw(struct retriever *r)
{
	struct err e;

	if (lineup_save(&r->lineup, cfg.sheet, &e))
		die(ST_CUT, "--sheet %s", e.msg);
}

static void
release(struct retriever *r)
{
	learning_release(&r->learning);
	seeking_release(&r->seeking);
	lineup_release(&r->lineup);
	vocabulary_release(&r->vocabulary);
	nearest_close(r->engine);
	device_close(r->device);
	buf_release(&r->line);
	rec_release(&r->rec);
}

int
main(int argc, char **argv)
{
	struct retriever r = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&r);
	stream_open(&r.st, argv);
	if (cfg.train)
		learn(&r);
	else if (cfg.describe)
		describe(&r);
	else
		find(&r);
	status = stream_close(&r.st);
	if (status == ST_OK &&
		(learning_left(&r.learning) || r.seeking.db.left_out.n))
		status = ST_SOME;
	if (cfg.sheet && status != ST_CUT)
		draw(&r);
	release(&r);
	return status;
}
