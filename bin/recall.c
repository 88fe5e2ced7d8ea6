/* cupel-recall: how often places are recognised, and poses found. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "record/complain.h"
#include "record/expr.h"
#include "record/stream.h"
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
	.poses = { .within = { { .25, 2 }, { .5, 5 }, { 5, 10 } },
		.nwithin = 3 },
};
static bool any_within;

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
	char *comma, *end;
	struct poses_error w;

	w.m = strtod(text, &comma);
	w.deg = *comma == ',' ? strtod(comma + 1, &end) : -1;
	if (comma == text || *comma != ',' || end == comma + 1 || *end ||
		!(w.m > 0 && w.deg > 0 && isfinite(w.m) && isfinite(w.deg)))
		return err_set(e, "metres and degrees are expected: 0.25,2");
	if (!any_within)
		p->nwithin = 0;
	any_within = true;
	if (p->nwithin == POSES_WITHIN)
		return err_set(e, "more than %d", POSES_WITHIN);
	p->within[p->nwithin++] = w;
	return 0;
}

static const struct opt opts[] = {
	{ 0, "truth", "FILE", "the queries, each with its true place and pose",
		OPT_STR(&cfg.truth) },
	{ 0, "database", "FILE", "all images that an answer may name",
		OPT_STR(&cfg.database) },
	{ 0, "radius", "M", "right is what is this near (default 25 m)",
		OPT_F64(&cfg.places.radius) },
	{ 0, "heading", "DEG",
		"and looks the same way within DEG (default any)",
		OPT_F64(&cfg.places.heading) },
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
	enum mode mode;
	struct stream st;
	struct rec rec;
	struct expr *by;
	struct buf truth, database; /* the files */
	struct complain unusable;
	uint64_t errors; /* records that failed or are complained of */
	uint64_t unlisted, ranked, unranked;
};

/* Preparing. */

/* one_line(record, e): What is done with each record of a file. */
typedef int one_line(struct span record, struct err *e);

static int
add_listed(struct recall_images *im, struct span record, struct err *e)
{
	size_t i = recall_images_add(im, record, e);

	if (i == SIZE_MAX)
		return -1;
	if (!recall_agrees(&cfg.places, im, i, record))
		return err_set(e, "the image is elsewhere than in an earlier "
				  "record");
	return 0;
}

static int
add_query(struct span record, struct err *e)
{
	return add_listed(&cfg.places.queries, record, e);
}

static int
add_image(struct span record, struct err *e)
{
	return add_listed(&cfg.places.database, record, e);
}

static int
add_truth(struct span record, struct err *e)
{
	return poses_true(&cfg.poses, record, e);
}

static void
each_line(const struct buf *b, const char *path, one_line *add)
{
	struct json_members top = { 0 };
	struct span rest = buf_span(b), text;
	struct json_fault f;
	struct err e;

	for (unsigned long long line = 1; span_line(&rest, &text); line++) {
		text = span_trim(text, " \t\r");
		if (text.len == 0)
			continue;
		if (json_scan(text, &top, &f) || *text.s != '{')
			die(ST_USAGE, "%s:%llu: an image record is expected",
				path, line);
		if (add(text, &e))
			die(ST_USAGE, "%s:%llu: %s", path, line, e.msg);
	}
	json_members_release(&top);
}

static void
load(struct buf *b, const char *path)
{
	struct err e;

	if (path && buf_file(b, path, &e))
		die(ST_USAGE, "%s", e.msg);
}

static void
prepare(struct recaller *r)
{
	struct err e;

	if (!(cfg.places.radius > 0))
		die(ST_USAGE, "--radius: metres are expected, 25 say");
	if (cfg.places.heading != RECALL_ANY &&
		!(cfg.places.heading >= 0 && cfg.places.heading <= 180))
		die(ST_USAGE, "--heading: degrees up to 180 are expected");
	if (cfg.by && !(r->by = expr_compile(cfg.by, &e)))
		die(ST_USAGE, "--by: %s", e.msg);
	if (cfg.report.each && cfg.report.table)
		die(ST_USAGE, "--each and --table exclude each other");
	load(&r->truth, cfg.truth);
	load(&r->database, cfg.database);
}

/* What the first record is that did not fail decides what is measured. */
static void
decide(struct recaller *r, enum mode mode)
{
	r->mode = mode;
	if (mode == PLACES) {
		opt_belong(
			false, "poses, not pairs: --radius is meant", "within");
		each_line(&r->truth, cfg.truth, add_query);
		each_line(&r->database, cfg.database, add_image);
		return;
	}
	if (cfg.truth == NULL)
		die(ST_USAGE,
			"records that are no pairs are estimates of poses: "
			"--truth is needed to compare them with");
	opt_belong(false, "pairs, not poses",
		"database radius heading ranks by answerable");
	each_line(&r->truth, cfg.truth, add_truth);
}

/* Reading. */

/* What has no rank comes last: in the input's order, where nothing has one. */
static double
rank_of(struct recaller *r)
{
	struct span rank = rec_get(&r->rec, "rank");
	double order;

	if (json_f64(rank, &order)) {
		r->ranked++;
		return order;
	}
	if (json_kind(rank) > JSON_NULL)
		complain_of(&r->unusable, &r->rec,
			"\"rank\" is no number: the pair comes last");
	else if (!rec_failed(&r->rec))
		r->unranked++;
	return HUGE_VAL;
}

static double
order_of(struct recaller *r)
{
	double order = 0;
	struct err e;

	if (r->by == NULL)
		return rank_of(r);
	if (expr_f64(r->by, r->rec.raw, &order, &e)) {
		if (!rec_failed(&r->rec))
			complain_of(&r->unusable, &r->rec, "--by: %s", e.msg);
		order = -HUGE_VAL;
	}
	return -order;
}

static bool
is_listed(const struct recall_images *im, struct span image)
{
	struct span name = recall_name(image);

	return name.s && map_find(&im->names, name) != MAP_NONE;
}

/*
 * An image's index, SIZE_MAX where there is none. Of an image that is not
 * ${listed} in a file the first record says where it is, and others may not
 * differ: what is measured would depend on their order.
 */
static size_t
image_of(struct recaller *r, struct recall_images *im, struct span record,
	const char *listed, const char *what)
{
	struct err e;
	size_t i = recall_images_add(im, record, &e);

	if (i == SIZE_MAX)
		complain_of(&r->unusable, &r->rec, "%s: %s", what, e.msg);
	else if (!listed && !recall_agrees(&cfg.places, im, i, record))
		complain_of(&r->unusable, &r->rec,
			"%s is elsewhere than in an earlier record, which "
			"counts",
			what);
	return i;
}

/* Which image the answer is; SIZE_MAX where that cannot be told. */
static size_t
answer_of(struct recaller *r)
{
	struct recall *p = &cfg.places;
	struct span match = rec_get(&r->rec, "match");

	if (rec_failed(&r->rec))
		return SIZE_MAX;
	if (cfg.database && !is_listed(&p->database, match)) {
		complain_of(&r->unusable, &r->rec,
			"the match is not in --database");
		return SIZE_MAX;
	}
	return image_of(r, &p->database, match, cfg.database, "the match");
}

/* An answer that cannot be used is a wrong one: those behind it stay there. */
static void
take_pair(struct recaller *r)
{
	struct recall *p = &cfg.places;
	struct span query = rec_get(&r->rec, "query");
	size_t from;

	if (cfg.truth && !is_listed(&p->queries, query)) {
		r->unlisted++;
		return;
	}
	from = image_of(r, &p->queries, query, cfg.truth, "the query");
	if (from != SIZE_MAX)
		recall_add(p, from, answer_of(r), order_of(r));
}

/* A query that got no pair counts, too, as far as it is known where it was. */
static void
take_failed(struct recaller *r)
{
	struct recall_images *im = &cfg.places.queries;
	struct recall_place place;
	struct err e;

	if (cfg.truth == NULL && r->mode != POSES &&
		recall_place_read(&place, r->rec.raw, &e) == 0 &&
		recall_name(r->rec.raw).s)
		image_of(r, im, r->rec.raw, NULL, "the query");
}

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
		take_failed(r);
		return;
	}
	if (r->mode == UNDECIDED)
		decide(r, mode);
	if (mode != r->mode)
		complain_of(&r->unusable, &r->rec, "pairs and poses are mixed");
	else if (mode == PLACES)
		take_pair(r);
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
	cfg.report.st = &r->st;
	cfg.report.errors = r->errors;
	if (r->mode == UNDECIDED)
		decide(r, any_within && cfg.truth ? POSES : PLACES);
	if (r->mode == PLACES)
		recall_report_places(&cfg.report, &cfg.places);
	else
		recall_report_poses(&cfg.report, &cfg.poses);
	complain_tell(&r->unusable);
	if (r->unlisted)
		warn("pairs whose query is not in --truth, left aside: %llu",
			(unsigned long long)r->unlisted);
	if (r->ranked && r->unranked)
		warn("pairs without a rank, taken as the last: %llu",
			(unsigned long long)r->unranked);
}

static void
release(struct recaller *r)
{
	recall_release(&cfg.places);
	poses_release(&cfg.poses);
	expr_free(r->by);
	buf_release(&r->truth);
	buf_release(&r->database);
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
