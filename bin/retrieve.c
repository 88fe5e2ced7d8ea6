/* cupel-retrieve: find the images of a collection that show the same place. */
#include <math.h>
#include <stdlib.h>

#include "base/opt.h"
#include "record/emit.h"
#include "record/stream.h"
#include "vision/database.h"
#include "vision/device.h"
#include "vision/exporting.h"
#include "vision/features.h"
#include "vision/lineup.h"
#include "vision/nearest.h"
#include "vision/pca.h"
#include "vision/rerank.h"
#include "vision/side.h"
#include "vision/training.h"
#include "vision/vocabulary.h"

#define UNGIVEN UINT64_MAX

static struct {
	const char *train, *vocabulary, *database, *dir, *images, *sheet;
	bool describe, dense, exclude_self;
	uint64_t count, rerank, seed, clusters, dims, sample;
} cfg = {
	.count = 20, .clusters = UNGIVEN, .dims = UNGIVEN, .sample = 1 << 18
};

static const struct opt opts[] = {
	{ 0, "train", "FILE", "learn a vocabulary from the records, into FILE",
		OPT_STR(&cfg.train) },
	{ 's', "seed", "N", "seed of what is drawn at random (default 0)",
		OPT_U64(&cfg.seed) },
	{ 0, "clusters", "K", "train: centres (default 64, dense 128)",
		OPT_U64(&cfg.clusters) },
	{ 0, "dense", NULL, "train: describe pictures on a grid, not features",
		OPT_FLAG(&cfg.dense) },
	{ 0, "dims", "D", "train: axes, 0 for none (default by the images)",
		OPT_U64(&cfg.dims) },
	{ 0, "sample", "N", "train: descriptors to learn from (default 262144)",
		OPT_U64(&cfg.sample) },
	{ 'V', "vocabulary", "FILE", "the vocabulary to describe images with",
		OPT_STR(&cfg.vocabulary) },
	{ 0, "describe", NULL, "add \"global\", the vector of each image",
		OPT_FLAG(&cfg.describe) },
	{ 0, "dir", "DIR", "describe: write vectors below DIR",
		OPT_STR(&cfg.dir) },
	{ 0, "images", "DIR", "image names below --dir are relative to DIR",
		OPT_STR(&cfg.images) },
	{ 0, "database", "FILE", "find the images of FILE most like each query",
		OPT_STR(&cfg.database) },
	{ 'n', "count", "N", "find: N images for each query (default 20)",
		OPT_U64(&cfg.count) },
	{ 0, "rerank", "N", "find: order the first N by matches that agree",
		OPT_U64(&cfg.rerank) },
	{ 0, "exclude-self", NULL, "find: leave out the query's own \"image\"",
		OPT_FLAG(&cfg.exclude_self) },
	{ 0, "sheet", "FILE", "find: draw queries and matches into FILE, a PNG",
		OPT_STR(&cfg.sheet) },
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
	struct vocabulary vocabulary;
	struct describer describer;
	const struct describer *describes; /* it, or NULL without -V */
	struct training *training;
	struct database db;
	struct atlas_hit *hits;
	struct rerank rerank;
	struct rerank_item *items;
	struct lineup lineup; /* --sheet */
	struct complain unusable;
	uint64_t carried;
	struct buf line, path;
};

/* Preparing. */

static void
check_training(void)
{
	if (cfg.train && cfg.vocabulary)
		die(ST_USAGE, "--train makes a vocabulary, -V reads one: give "
			      "one of them");
	if (cfg.clusters == UNGIVEN)
		cfg.clusters = cfg.dense ? 128 : 64;
	if (cfg.clusters < 1 || cfg.clusters > VOCABULARY_MOST)
		die(ST_USAGE, "--clusters: a number from 1 to %d is expected",
			VOCABULARY_MOST);
	if (cfg.dims != UNGIVEN && cfg.dims >= PCA_MOST)
		die(ST_USAGE, "--dims: a number below %d is expected",
			PCA_MOST);
	if (cfg.sample < cfg.clusters || cfg.sample > FEATURES_MOST)
		die(ST_USAGE,
			"--sample: a number from --clusters to %zu is expected",
			FEATURES_MOST);
}

static void
check_options(void)
{
	int modes = (cfg.train != NULL) + cfg.describe + (cfg.database != NULL);

	if (modes != 1)
		die(ST_USAGE, "one of --train FILE, --describe and --database "
			      "FILE says what to do");
	if (cfg.describe && !cfg.vocabulary)
		die(ST_USAGE, "--describe needs -V FILE, a vocabulary that "
			      "--train made");
	opt_belong(cfg.train, "--train", "clusters dense dims sample");
	opt_belong(cfg.train || cfg.rerank, "--train or --rerank", "seed");
	opt_belong(cfg.describe, "--describe", "dir");
	opt_belong(cfg.dir, "--dir", "images");
	opt_belong(
		cfg.database, "--database", "count rerank exclude-self sheet");
	if (cfg.count == 0)
		die(ST_USAGE, "-n: at least 1 is expected");
	check_training();
}

static void
prepare_training(struct retriever *r)
{
	struct training_opts o = { .clusters = (uint32_t)cfg.clusters,
		.dims = cfg.dims == UNGIVEN ? TRAINING_ANY : (uint32_t)cfg.dims,
		.sample = cfg.sample,
		.seed = cfg.seed,
		.dense = cfg.dense };

	r->training = training_new(&o);
}

static void
prepare_database(struct retriever *r)
{
	struct err e;
	size_t n;

	if (database_load(&r->db, cfg.database, r->describes, &e)) {
		complain_tell(&r->db.left_out);
		die(ST_USAGE, "%s", e.msg);
	}
	complain_tell(&r->db.left_out);
	if (atlas_load(r->db.atlas, r->device, &e))
		die(ST_USAGE, "%s: %s", cfg.database, e.msg);
	n = atlas_n(r->db.atlas);
	r->hits = mem_alloc(n, sizeof(*r->hits));
	r->items = mem_alloc(n, sizeof(*r->items));
	lineup_start(&r->lineup, cfg.count < n ? cfg.count : n);
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
	r->describer.vocabulary = &r->vocabulary;
	r->describer.engine = nearest_open(r->device);
	if (cfg.vocabulary)
		r->describes = &r->describer;
	rerank_init(&r->rerank, r->describer.engine, cfg.seed);
	if (cfg.train)
		prepare_training(r);
}

/* Training. */

static void
learn(struct retriever *r)
{
	struct features f;
	struct err e;

	if (rec_failed(&r->rec)) {
		r->carried++;
	} else if (describe_features(r->rec.raw, cfg.dense, &f, &e)) {
		complain_of(&r->unusable, &r->rec, "%s", e.msg);
	} else {
		training_add(r->training, r->rec.raw, &f);
		features_release(&f);
	}
}

static void
put_summary(struct retriever *r)
{
	const struct vocabulary *v = &r->vocabulary;
	struct buf *b = &r->line;

	emit_begin(b, '{');
	emit_key(b, "vocabulary"), emit_cstr(b, v->name);
	emit_key(b, "file"), emit_cstr(b, cfg.train);
	emit_key(b, "clusters"), emit_u64(b, v->clusters);
	emit_key(b, "dims"), emit_u64(b, v->dims);
	emit_key(b, "length"), emit_u64(b, vocabulary_dims(v));
	emit_key(b, "dense"), emit_bool(b, v->dense);
	emit_key(b, "seed"), emit_u64(b, v->seed);
	emit_key(b, "images"), emit_u64(b, v->images);
	emit_key(b, "descriptors"), emit_u64(b, training_seen(r->training));
	emit_key(b, "records"), emit_u64(b, r->st.read);
	emit_key(b, "errors"), emit_u64(b, r->carried + r->unusable.n);
	emit_end(b, '}');
	stream_put(&r->st, buf_span(b));
}

static void
finish_training(struct retriever *r)
{
	struct err e;

	complain_tell(&r->unusable);
	if (r->st.cut)
		return;
	if (training_finish(
		    r->training, r->describer.engine, &r->vocabulary, &e))
		die(ST_USAGE, "%s", e.msg);
	if (vocabulary_save(&r->vocabulary, cfg.train, &e))
		die(ST_CUT, "%s", e.msg);
	put_summary(r);
	if (r->carried)
		warn("records that carry an error, left aside: %llu",
			(unsigned long long)r->carried);
}

/* Describing. */

static void
save_global(struct retriever *r, const struct global *g)
{
	struct span image = rec_get(&r->rec, "image");
	struct span name = json_str(image, &r->rec.arena);
	struct err e;

	if (cfg.dir)
		name = exporting_name(cfg.images, name);
	if (side_path(&r->path, cfg.dir, name, ".gfeat", &e)) {
		rec_fail(&r->rec, "no_image", "\"image\": %s", e.msg);
		return;
	}
	if (global_save(g, buf_cstr(&r->path), &e)) {
		rec_fail(&r->rec, "write", "%s", e.msg);
		return;
	}
	buf_clear(&r->line);
	emit_str(&r->line, buf_span(&r->path));
	rec_set_buf(&r->rec, "global", &r->line);
	buf_clear(&r->line);
	emit_cstr(&r->line, r->vocabulary.name);
	rec_set_buf(&r->rec, "vocabulary", &r->line);
}

static void
describe(struct retriever *r)
{
	struct global g;
	struct err e;
	const char *code;

	if (!rec_failed(&r->rec)) {
		code = describe_image(&r->describer, r->rec.raw, &g, &e);
		if (code)
			rec_fail(&r->rec, code, "%s", e.msg);
		else
			save_global(r, &g);
		global_release(&g);
	}
	stream_write(&r->st, &r->rec);
}

/* Finding. */

static bool
is_self(struct retriever *r, struct span match)
{
	struct span own = rec_get(&r->rec, "image"), other;
	struct arena *a = &r->rec.arena;

	if (!cfg.exclude_self || json_kind(own) != JSON_STRING)
		return false;
	other = json_get(match, "image");
	return json_kind(other) == JSON_STRING &&
	       span_eq(json_str(own, a), json_str(other, a));
}

static void
put_pair(struct retriever *r, const struct rerank_item *item, uint64_t rank)
{
	struct buf *b = &r->line;

	buf_clear(b);
	emit_begin(b, '{');
	emit_key(b, "query");
	rec_print(&r->rec, b);
	emit_key(b, "match"), emit_raw(b, item->record);
	emit_key(b, "rank"), emit_u64(b, rank);
	emit_key(b, "score"), emit_f64(b, round(item->score * 1e7) / 1e7);
	if (rank <= cfg.rerank)
		emit_key(b, "inliers"), emit_u64(b, item->inliers);
	emit_end(b, '}');
	stream_put(&r->st, buf_span(b));
	if (cfg.sheet)
		lineup_match(&r->lineup, item->record, rank, item->score);
}

static void
put_pairs(struct retriever *r, size_t n)
{
	if (cfg.sheet)
		lineup_query(&r->lineup, r->rec.raw);
	for (size_t i = 0; i < n && i < cfg.count; i++)
		put_pair(r, &r->items[i], i + 1);
}

/* Takes the first ${want} of the ${k} best that may be matches; how many. */
static size_t
take_hits(struct retriever *r, size_t k, size_t want)
{
	size_t n = 0;

	for (size_t i = 0; i < k && n < want; i++) {
		struct span record = r->db.lines[r->hits[i].index];

		if (!is_self(r, record))
			r->items[n++] = (struct rerank_item){ .record = record,
				.score = r->hits[i].score };
	}
	return n;
}

/* The best ones, as many as it takes. */
static const char *
search(struct retriever *r, size_t *n, struct err *e)
{
	uint64_t most = cfg.count > cfg.rerank ? cfg.count : cfg.rerank;
	size_t all = atlas_n(r->db.atlas), want = most < all ? most : all;
	struct global g;
	const char *code = database_vector(
		&r->db, r->describes, r->rec.raw, &g, e);

	*n = 0;
	for (size_t k = want; !code && *n < want;
		k = k < all / 2 ? 2 * k : all) {
		if (atlas_search(r->db.atlas, g.v, k, r->hits, e))
			code = "device";
		else
			*n = take_hits(r, k, want);
		if (k == all)
			break;
	}
	global_release(&g);
	if (code || *n)
		return code;
	err_set(e, "%s has no other image to match", cfg.database);
	return "unmatched";
}

static void
find(struct retriever *r)
{
	struct err e;
	const char *code;
	size_t n, first;

	if (rec_failed(&r->rec)) {
		stream_write(&r->st, &r->rec);
		return;
	}
	code = search(r, &n, &e);
	first = cfg.rerank < n ? (size_t)cfg.rerank : n;
	if (!code && first)
		code = rerank_do(&r->rerank, r->rec.raw, r->items, first, &e);
	if (!code) {
		put_pairs(r, n);
		return;
	}
	rec_fail(&r->rec, code, "%s", e.msg);
	stream_write(&r->st, &r->rec);
}

static void
draw(struct retriever *r)
{
	struct err e;

	if (lineup_save(&r->lineup, cfg.sheet, &e))
		die(ST_CUT, "--sheet %s", e.msg);
}

static void
take(struct retriever *r)
{
	if (cfg.train)
		learn(r);
	else if (cfg.describe)
		describe(r);
	else
		find(r);
}

static void
release(struct retriever *r)
{
	training_free(r->training);
	database_release(&r->db);
	lineup_release(&r->lineup);
	vocabulary_release(&r->vocabulary);
	rerank_release(&r->rerank);
	nearest_close(r->describer.engine);
	device_close(r->device);
	free(r->hits);
	free(r->items);
	buf_release(&r->line);
	buf_release(&r->path);
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
	if (cfg.database)
		prepare_database(&r);
	while (stream_read(&r.st, &r.rec))
		take(&r);
	if (cfg.train)
		finish_training(&r);
	status = stream_close(&r.st);
	if (status == ST_OK && (r.carried || r.unusable.n || r.db.left_out.n))
		status = ST_SOME;
	if (cfg.sheet)
		draw(&r);
	release(&r);
	return status;
}
