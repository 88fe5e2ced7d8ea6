/* cupel-recall: how often places are recognised, and poses found. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "record/rec_file.h"
#include "record/stream.h"
#include "vision/recall_read.h"
#include "vision/recall_report.h"

static struct {
	struct recall places;
	struct poses poses;
	const char *truth, *database, *by;
	struct recall_report report;
} cfg = {
	.places = { .radius = 25,
		.heading = RECALL_ANY,
		.k = { 1, 5, 10, 20 },
		.nk = 4 },
};

static int
parse_ks(const char *text, struct err *e)
{
	struct recall *r = &cfg.places;

	r->nk = 0;
	for (const char *p = text;; p++) {
		char *end;
		unsigned long k = strtoul(p, &end, 10);

		if (*p < '1' || *p > '9' || k > 1000000 || r->nk == RECALL_KS ||
			(r->nk && k <= r->k[r->nk - 1]) ||
			(*end && *end != ','))
			return err_set(e, "up to 16 ranks, each above the one "
					  "before, with commas between are "
					  "expected: 1,5,10,20");
		r->k[r->nk++] = k;
		if (*end == '\0')
			return 0;
		p = end;
	}
}

static int
parse_within(const char *text, struct err *e)
{
	struct poses *p = &cfg.poses;
	double v[2];

	if (opt_numbers(text, ',', v, 2) != 2 || v[0] <= 0 || v[1] <= 0)
		return err_set(e, "metres and degrees are expected: 0.25,2");
	if (p->nwithin == POSES_WITHIN)
		return err_set(e, "more than %d", POSES_WITHIN);
	p->within[p->nwithin++] = (struct poses_error){ v[0], v[1] };
	return 0;
}

static const struct opt opts[] = {
	{ 0, "truth", "FILE", "the queries, each with its true place and pose",
		OPT_STR(&cfg.truth) },
	{ 0, "database", "FILE", "all images that an answer may name",
		OPT_STR(&cfg.database) },
	{ 0, "radius", "M", "right is what is this near (default 25 m)",
		OPT_F64(&cfg.places.radius),
		OPT_WITHIN(DBL_TRUE_MIN, HUGE_VAL,
			"metres are expected, 25 say") },
	{ 0, "heading", "DEG",
		"and looks the same way within DEG (default any)",
		OPT_F64(&cfg.places.heading),
		OPT_WITHIN(0, 180, "degrees up to 180 are expected") },
	{ 0, "ranks", "LIST", "recall among so many (default 1,5,10,20)",
		OPT_PARSE(parse_ks) },
	{ 0, "by", "EXPR", "rank by this jq value, largest first (.rank)",
		OPT_STR(&cfg.by) },
	{ 0, "answerable", NULL, "leave out queries without any right image",
		OPT_FLAG(&cfg.report.answerable) },
	{ 0, "within", "M,DEG", "poses: right if this near; repeatable",
		OPT_PARSE(parse_within) },
	{ 'v', "each", NULL, "write a record for each query, too",
		OPT_FLAG(&cfg.report.each) },
	{ 0, "table", NULL, "write a table for people",
		OPT_FLAG(&cfg.report.table) },
	{ 0 },
};
static const struct tool tool = { "recall",
	"how often places are recognised, and poses found", "[file ...]",
	(const struct opt *const[]){ opts, stream_opts, NULL } };

enum mode { UNDECIDED, PLACES, POSES };

struct recaller {
	enum mode mode, otherwise; /* what is read; if no record tells */
	struct stream st;
	struct rec rec;
	struct rec_file truth, database;
	struct recall_read pairs;
	struct complain unusable;
	uint64_t errors; /* records that failed or are complained of */
};

/* Preparing. */

static void
load(struct rec_file *f, const char *path)
{
	struct err e;

	if (path && rec_file_open(f, path, &e))
		die(ST_USAGE, "%s", e.msg);
}

static void
prepare(struct recaller *r)
{
	static const struct poses_error usual[] = { { .25, 2 }, { .5, 5 },
		{ 5, 10 } };
	struct poses *p = &cfg.poses;
	struct err e;

	r->pairs.to = &cfg.places;
	r->pairs.unusable = &r->unusable;
	if (cfg.by && !(r->pairs.by = expr_compile(cfg.by, &e)))
		die(ST_USAGE, "--by: %s", e.msg);
	if (cfg.report.each && cfg.report.table)
		die(ST_USAGE, "--each and --table exclude each other");
	load(&r->truth, cfg.truth);
	load(&r->database, cfg.database);
	cfg.places.queries.listed = cfg.truth != NULL;
	cfg.places.database.listed = cfg.database != NULL;
	r->otherwise = p->nwithin && cfg.truth ? POSES : PLACES;
	if (p->nwithin == 0) {
		memcpy(p->within, usual, sizeof(usual));
		p->nwithin = sizeof(usual) / sizeof(*usual);
	}
}

/* The images of a file: ${im}, or with their true poses where that is NULL. */
static void
list(struct rec_file *f, struct recall_images *im)
{
	struct json_fault fault;
	struct rec rec = { 0 };
	struct err e;
	int got;

	while ((got = rec_file_next(f, &rec, &fault)) > 0)
		if (im ? recall_list(&cfg.places, im, rec.raw, &e)
		       : poses_true(&cfg.poses, rec.raw, &e))
			die(ST_USAGE, "%s:%" PRIu64 ": %s", f->path, f->line,
				e.msg);
	if (got < 0)
		die(ST_USAGE, "%s:%" PRIu64 ": an image record is expected",
			f->path, f->line);
	rec_release(&rec);
}

/* What the first record is that did not fail decides what is measured. */
static void
decide(struct recaller *r, enum mode mode)
{
	r->mode = mode;
	if (mode == PLACES) {
		opt_belong(
			false, "poses, not pairs: --radius is meant", "within");
		list(&r->truth, &cfg.places.queries);
		list(&r->database, &cfg.places.database);
		return;
	}
	if (cfg.truth == NULL)
		die(ST_USAGE,
			"records that are no pairs are estimates of poses: "
			"--truth is needed to compare them with");
	opt_belong(false, "pairs, not poses",
		"database radius heading ranks by answerable");
	list(&r->truth, NULL);
}

/* Reading. */

/* What the record is; of one that failed without a pair it is not known. */
static enum mode
mode_of(const struct rec *r)
{
	if (json_kind(rec_get(r, "query")) == JSON_OBJECT)
		return PLACES;
	return rec_failed(r) ? UNDECIDED : POSES;
}

static void
take_record(struct recaller *r)
{
	enum mode mode = mode_of(&r->rec);
	struct err e;

	if (mode == UNDECIDED) {
		if (r->mode == POSES)
			poses_failed(&cfg.poses, r->rec.raw);
		else
			recall_read_query(&r->pairs, &r->rec);
		return;
	}
	if (r->mode == UNDECIDED)
		decide(r, mode);
	if (mode != r->mode)
		complain_of(&r->unusable, &r->rec, "pairs and poses are mixed");
	else if (mode == PLACES)
		recall_read_pair(&r->pairs, &r->rec);
	else if (poses_estimated(&cfg.poses, r->rec.raw, &e))
		complain_of(&r->unusable, &r->rec, "%s", e.msg);
}

static void
take(struct recaller *r)
{
	uint64_t before = r->unusable.n;

	take_record(r);
	r->errors += rec_failed(&r->rec) || r->unusable.n > before;
}

static void
finish(struct recaller *r)
{
	if (r->mode == UNDECIDED)
		decide(r, r->otherwise);
	cfg.report.st = &r->st;
	cfg.report.errors = r->errors;
	if (r->mode == PLACES)
		recall_report_places(&cfg.report, &cfg.places);
	else
		recall_report_poses(&cfg.report, &cfg.poses);
	complain_tell(&r->unusable);
	if (r->pairs.unlisted)
		warn("pairs whose query is not in --truth, left aside: "
		     "%" PRIu64,
			r->pairs.unlisted);
	if (r->pairs.ranked && r->pairs.unranked)
		warn("pairs without a rank, taken as the last: %" PRIu64,
			r->pairs.unranked);
}

static void
release(struct recaller *r)
{
	recall_release(&cfg.places);
	poses_release(&cfg.poses);
	expr_free(r->pairs.by);
	rec_file_release(&r->truth);
	rec_file_release(&r->database);
	rec_release(&r->rec);
}

int
main(int argc, char **argv)
{
	struct recaller r = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&r);
	stream_open(&r.st, argv);
	while (stream_read(&r.st, &r.rec))
		take(&r);
	if (r.st.cut)
		complain_tell(&r.unusable);
	else
		finish(&r);
	status = stream_close(&r.st);
	if (status == ST_OK && r.errors)
		status = ST_SOME;
	release(&r);
	return status;
}
