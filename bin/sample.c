/* cupel-sample: choose records: a subset, a shuffle, a split, a repeat. */
#include <math.h>
#include <stdlib.h>

#include "base/mt.h"
#include "base/opt.h"
#include "eval/draw.h"
#include "record/emit.h"
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
	struct split {
		struct span json; /* the name as JSON */
		double end;       /* of its share of [0, 1) */
	} * splits;
	size_t nsplits;
	struct draw draw;
	struct buf stratum;
	struct arena arena;
};

/* Preparing. */

static void
check_options(void)
{
	bool counted = cfg.count != UINT64_MAX, shared = cfg.fraction < 1;

	if (!(cfg.fraction >= 0 && cfg.fraction <= 1))
		die(ST_USAGE, "-p: a share between 0 and 1 is expected");
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

/* One NAME=SHARE of --split. */
static void
add_split(struct sampler *s, struct span part)
{
	const char *eq = memchr(part.s, '=', part.len);
	char *end = NULL;
	double share = eq ? strtod(eq + 1, &end) : -1;
	struct buf name = { 0 };
	struct split *x;

	if (!(share >= 0 && share <= 1) || eq == part.s ||
		end != part.s + part.len)
		die(ST_USAGE,
			"--split %s: shares such as a=0.8,b=0.2 are expected",
			cfg.split);
	s->splits = mem_resize(s->splits, s->nsplits + 1, sizeof(*s->splits));
	x = &s->splits[s->nsplits++];
	x->end = share + (s->nsplits > 1 ? x[-1].end : 0);
	emit_str(&name, (struct span){ part.s, (size_t)(eq - part.s) });
	x->json = (struct span){ arena_dup(&s->arena, buf_span(&name)),
		name.len };
	buf_release(&name);
}

static void
read_splits(struct sampler *s)
{
	for (const char *p = cfg.split; p;) {
		size_t len = strcspn(p, ",");

		add_split(s, (struct span){ p, len });
		p = p[len] ? p + len + 1 : NULL;
	}
	if (s->nsplits && fabs(s->splits[s->nsplits - 1].end - 1) > 1e-9)
		die(ST_USAGE,
			"--split %s: the shares are expected to add up to 1",
			cfg.split);
}

static void
prepare(struct sampler *s)
{
	check_options();
	read_splits(s);
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
	double side = draw_side(cfg.seed, &s->rec);
	size_t i = 0;

	if (s->nsplits == 0 || rec_failed(&s->rec))
		return;
	while (i + 1 < s->nsplits && side >= s->splits[i].end)
		i++;
	rec_set(&s->rec, "split", s->splits[i].json);
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

/* Stable: records that failed go behind the others; how many others. */
static size_t
failed_last(struct draw_item *v, size_t n)
{
	struct draw_item *failed = mem_alloc(n, sizeof(*failed));
	size_t good = 0, bad = 0;

	for (size_t i = 0; i < n; i++)
		*(v[i].failed ? &failed[bad++] : &v[good++]) = v[i];
	memcpy(v + good, failed, bad * sizeof(*v));
	free(failed);
	return good;
}

/* Leaves what Python draws, in the order drawn; how many are left. */
static size_t
draw_as_python(struct draw_item *v, size_t n)
{
	size_t good = failed_last(v, n), k = cfg.count, *index;
	struct draw_item *drawn;
	struct mt mt;

	if (k >= good)
		return n;
	index = mem_alloc(k, sizeof(*index));
	drawn = mem_alloc(k, sizeof(*drawn));
	mt_init(&mt, cfg.seed);
	mt_sample(&mt, good, k, index);
	for (size_t i = 0; i < k; i++)
		drawn[i] = v[index[i]];
	memcpy(v, drawn, k * sizeof(*v));
	memmove(v + k, v + good, (n - good) * sizeof(*v));
	free(drawn);
	free(index);
	return k + n - good;
}

/* The record's number among the draws of its prompt; 0 where it has none. */
static int64_t
sample_of(const struct rec *r)
{
	int64_t number;

	return json_i64(rec_get(r, "sample"), &number) && number > 0 ? number
	                                                             : 0;
}

static void
load(struct sampler *s, const struct draw_item *item)
{
	struct json_fault f;

	if (rec_parse(&s->rec, item->line, &f))
		die(ST_CUT, "a record did not survive the draw: %s", f.what);
}

/* One more than the highest "sample": what a further pass adds to it. */
static int64_t
stride(struct sampler *s, const struct draw_item *v, size_t n)
{
	int64_t most = 0, number;

	for (size_t i = 0; i < n; i++) {
		load(s, &v[i]);
		number = sample_of(&s->rec);
		most = number > most ? number : most;
	}
	return most + 1;
}

static void
write_pass(struct sampler *s, const struct draw_item *v, size_t n, int64_t base)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].failed && base)
			continue;
		load(s, &v[i]);
		if (!v[i].failed && cfg.repeat > 1)
			rec_set(&s->rec, "sample",
				arena_printf(&s->rec.arena, "%lld",
					(long long)(base +
						    sample_of(&s->rec))));
		stream_write(&s->st, &s->rec);
	}
}

static void
write_list(struct sampler *s)
{
	enum draw_order order = cfg.shuffle ? DRAW_SHUFFLED : DRAW_INPUT;
	int64_t step = 0;
	size_t n;
	struct draw_item *v = draw_take(&s->draw, order, &n);

	if (cfg.python)
		n = draw_as_python(v, n);
	if (cfg.repeat > 1)
		step = stride(s, v, n);
	for (uint64_t i = 0; i < cfg.repeat; i++)
		write_pass(s, v, n, (int64_t)i * step);
	free(v);
}

static void
release(struct sampler *s)
{
	expr_free(s->by);
	expr_free(s->where);
	free(s->splits);
	draw_release(&s->draw);
	buf_release(&s->stratum);
	arena_release(&s->arena);
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
	status = stream_close(&s.st);
	release(&s);
	return status;
}
