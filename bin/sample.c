/* cupel-sample: choose records: a subset, a shuffle, a split, a repeat. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/opt.h"
#include "eval/draw.h"
#include "eval/split.h"
#include "record/expr.h"
#include "record/stream.h"

static struct {
	uint64_t count, seed, repeat;
	double fraction;
	bool shuffle, python;
	const char *by, *where, *split;
} cfg = { .count = UINT64_MAX, .repeat = 1, .fraction = 1 };

static const struct opt opts[] = {
	{ 'n', "count", "N", "keep N records, with --by N of each stratum",
		OPT_U64(&cfg.count) },
	{ 'p', "fraction", "P", "keep each record with probability P",
		OPT_F64(&cfg.fraction) },
	{ 0, "by", "EXPR", "stratify: the jq value EXPR names the stratum",
		OPT_STR(&cfg.by) },
	{ 0, "where", "EXPR", "consider records for which EXPR holds",
		OPT_STR(&cfg.where) },
	{ 0, "shuffle", NULL, "put the records in random order",
		OPT_FLAG(&cfg.shuffle) },
	{ 0, "split", "SHARES", "add \"split\": a or b to prompts, a=0.8,b=0.2",
		OPT_STR(&cfg.split) },
	{ 0, "repeat", "N", "write the list N times, numbered in \"sample\"",
		OPT_U64(&cfg.repeat) },
	{ 0, "python", NULL, "draw as Python's random.Random(seed).sample",
		OPT_FLAG(&cfg.python) },
	{ 's', "seed", "N", "seed of the draw (default 0)",
		OPT_U64(&cfg.seed) },
	{ 0 },
};
static const struct tool tool = { "sample",
	"choose records: a subset, a shuffle, a split, a repeat", "[file ...]",
	(const struct opt *const[]){ opts, stream_opts, NULL } };

struct sampler {
	struct stream st;
	struct rec rec;
	struct expr *by, *where;
	struct split split;
	struct draw draw;
	struct buf stratum;
};

/* Preparing. */

static void
check_options(void)
{
	bool counted = cfg.count != UINT64_MAX, shared = cfg.fraction < 1;

	if (!(cfg.fraction >= 0 && cfg.fraction <= 1))
		die(ST_USAGE, "-p %g: a share between 0 and 1 is expected",
			cfg.fraction);
	if (counted && shared)
		die(ST_USAGE, "-n and -p exclude each other");
	if (cfg.by && !counted && !shared)
		die(ST_USAGE, "--by: how many of each stratum? give -n or -p");
	if (cfg.python && (!counted || cfg.by || cfg.shuffle))
		die(ST_USAGE,
			"--python goes with -n, not with --by, --shuffle");
	if (cfg.repeat == 0)
		die(ST_USAGE, "--repeat: at least 1 is expected");
}

static struct expr *
compiled(const char *text)
{
	struct expr *x = NULL;
	struct err e;

	if (text && (x = expr_compile(text, &e)) == NULL)
		die(ST_USAGE, "%s", e.msg);
	return x;
}

static void
prepare(struct sampler *s)
{
	struct err e;

	check_options();
	if (cfg.split && split_read(&s->split, cfg.split, &e))
		die(ST_USAGE, "--split %s", e.msg);
	s->by = compiled(cfg.by);
	s->where = compiled(cfg.where);
	s->draw.count = cfg.python ? SIZE_MAX : cfg.count;
	s->draw.fraction = cfg.by ? cfg.fraction : 1;
}

/* Reading. */

/* Is the record a candidate? One for which --where fails is, and carries it. */
static bool
candidate(struct sampler *s)
{
	bool yes = true;
	struct err e;

	if (rec_failed(&s->rec) || !s->where)
		return true;
	if (expr_test(s->where, s->rec.raw, &yes, &e)) {
		rec_fail(&s->rec, "expression", "--where %s", e.msg);
		return true;
	}
	return yes;
}

static void
name_stratum(struct sampler *s)
{
	struct err e = { "gives no value" };

	buf_clear(&s->stratum);
	if (s->by && !rec_failed(&s->rec) &&
		expr_run(s->by, s->rec.raw, &s->stratum, &e) != 1)
		rec_fail(&s->rec, "expression", "--by %s", e.msg);
}

static void
label_split(struct sampler *s)
{
	if (cfg.split && !rec_failed(&s->rec))
		rec_set(&s->rec, "split",
			split_part(&s->split, draw_side(cfg.seed, &s->rec)));
}

/* Is each record decided on by itself, as it comes? */
static bool
one_by_one(void)
{
	return cfg.count == UINT64_MAX && !cfg.by && !cfg.shuffle &&
	       cfg.repeat == 1;
}

static void
take(struct sampler *s)
{
	name_stratum(s);
	label_split(s);
	if (!cfg.by && !rec_failed(&s->rec) &&
		draw_chance(cfg.seed, &s->rec) >= cfg.fraction)
		return;
	if (one_by_one())
		stream_write(&s->st, &s->rec);
	else if (rec_failed(&s->rec))
		draw_keep(&s->draw, &s->rec);
	else
		draw_put(&s->draw, buf_span(&s->stratum),
			draw_key(cfg.seed, &s->rec), &s->rec);
}

/* Writing. */

static void
load(struct sampler *s, const struct draw_item *item)
{
	struct json_fault f;

	if (rec_parse(&s->rec, item->line, &f))
		die(ST_CUT, "a record did not survive the draw: %s", f.what);
}

/* One more than the highest "sample": what a further pass adds to it. */
static uint64_t
stride(struct sampler *s, const struct draw_item *v, size_t n)
{
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		load(s, &v[i]);
		if (rec_sample(&s->rec) > most)
			most = rec_sample(&s->rec);
	}
	return most + 1;
}

static void
write_pass(
	struct sampler *s, const struct draw_item *v, size_t n, uint64_t base)
{
	for (size_t i = 0; i < n && stream_goes_on(&s->st); i++) {
		if (v[i].failed && base)
			continue;
		load(s, &v[i]);
		if (!v[i].failed && cfg.repeat > 1)
			rec_set(&s->rec, "sample",
				arena_printf(&s->rec.arena, "%" PRIu64,
					base + rec_sample(&s->rec)));
		stream_write(&s->st, &s->rec);
	}
}

static void
write_list(struct sampler *s)
{
	enum draw_order order = cfg.shuffle ? DRAW_SHUFFLED : DRAW_INPUT;
	uint64_t step = 0;
	size_t n;
	struct draw_item *v = draw_take(&s->draw, order, &n);

	if (cfg.python)
		n = draw_python(v, n, cfg.count, cfg.seed);
	if (cfg.repeat > 1)
		step = stride(s, v, n);
	for (uint64_t i = 0; i < cfg.repeat && stream_goes_on(&s->st); i++)
		write_pass(s, v, n, i * step);
	free(v);
}

/* A path that is misspelt gives one stratum, and a sample that looks right. */
static void
tell_strata(const struct sampler *s)
{
	size_t i = map_find(&s->draw.names, SPAN("null"));

	if (cfg.by && i != MAP_NONE && s->draw.strata[i].put == s->draw.put)
		warn("--by %s: null for all %zu records: one stratum", cfg.by,
			s->draw.put);
}

static void
release(struct sampler *s)
{
	expr_free(s->by);
	expr_free(s->where);
	split_release(&s->split);
	draw_release(&s->draw);
	buf_release(&s->stratum);
	rec_release(&s->rec);
}

int
main(int argc, char **argv)
{
	struct sampler s = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&s);
	stream_open(&s.st, argv);
	while (stream_read(&s.st, &s.rec))
		if (candidate(&s))
			take(&s);
	if (!one_by_one() && !s.st.cut)
		write_list(&s);
	tell_strata(&s);
	status = stream_close(&s.st);
	release(&s);
	return status;
}
