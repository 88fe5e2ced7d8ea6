/* cupel-agree: compare a grader's verdicts with people's. */
#include <stdlib.h>

#include "base/opt.h"
#include "eval/leftout.h"
#include "eval/meta.h"
#include "eval/summary.h"
#include "eval/themes.h"
#include "record/expr.h"
#include "record/stream.h"

static struct {
	uint64_t seed, rounds;
	bool table, people;
	const char *by;
} cfg = { .rounds = 1000 };

static const struct opt opts[] = {
	{ 0, "by", "EXPR", "a result for each group: the jq value EXPR",
		OPT_STR(&cfg.by) },
	{ 0, "people", NULL, "add each person's agreement with the others",
		OPT_FLAG(&cfg.people) },
	{ 0, "rounds", "N", "bootstrap rounds (default 1000; 0: none)",
		OPT_U64(&cfg.rounds) },
	{ 's', "seed", "N", "seed of the bootstrap (default 0)",
		OPT_U64(&cfg.seed) },
	{ 0, "table", NULL, "write tables for people", OPT_FLAG(&cfg.table) },
	{ 0 },
};
static const struct tool tool = { "agree",
	"compare a grader's verdicts with people's", "[file ...]",
	(const struct opt *const[]){ opts, stream_opts, NULL } };

struct agreement {
	struct stream st;
	struct rec rec;
	struct expr *by;
	struct tally tally;
	struct meta *metas; /* by the index of their group in the tally */
	size_t nmetas;
	struct leftout left;
	struct buf group, out;
};

/* Reading. */

/* The group's JSON text; absent with ${e} filled where --by gives none. */
static struct span
group_of(struct agreement *a, struct err *e)
{
	int rc;

	if (a->by == NULL)
		return SPAN("");
	buf_clear(&a->group);
	rc = expr_run(a->by, a->rec.raw, &a->group, e);
	if (rc == 0)
		err_set(e, "--by gives no result");
	return rc == 1 ? buf_span(&a->group) : (struct span){ 0 };
}

static struct meta *
meta_of(struct agreement *a, uint32_t group)
{
	size_t old = a->nmetas;

	a->metas = mem_grow(a->metas, &a->nmetas, group + 1, sizeof(*a->metas));
	memset(a->metas + old, 0, (a->nmetas - old) * sizeof(*a->metas));
	return &a->metas[group];
}

static void
take(struct agreement *a)
{
	struct err why;
	struct meta_row row;
	struct span group = group_of(a, &why);
	enum tally_fate fate = rec_failed(&a->rec) ? TALLY_ERROR
	                                           : TALLY_UNUSABLE;
	struct tally_row *last;

	tally_add(&a->tally, &a->rec, group);
	last = &a->tally.rows[a->tally.nrows - 1];
	if (group.s)
		fate = meta_read(&a->rec, &a->rec.arena, &row, &why);
	if (fate == TALLY_COUNTED) {
		meta_add(meta_of(a, last->group), &row);
		meta_put(&row, &a->rec.arena, &a->tally);
	} else {
		tally_fail(&a->tally, fate, fate == TALLY_UNGRADED);
	}
	leftout_count(&a->left, &a->rec, last, &why);
}

/* Writing. */

static void
add_means(const struct tally_group *g, struct metrics *m)
{
	const struct summary_how how = { cfg.seed, cfg.rounds, false };

	for (size_t i = 0; i < g->nseries; i++) {
		struct summary y = summary_of(&g->series[i], g->json, &how);

		metrics_f64(m, g->series[i].name, "", y.mean);
		metrics_u64(m, g->series[i].name, ":n_samples", y.n);
		if (y.drawn)
			metrics_f64(m, g->series[i].name, ":bootstrap_std",
				y.boot_std);
	}
}

static void
write_json(struct agreement *a, const struct tally_group *g,
	const struct meta *meta)
{
	struct metrics m = { 0 };
	struct buf people = { 0 }, line = { 0 };

	add_means(g, &m);
	meta_metrics(meta, &m);
	metrics_counts(&m, &g->counts);
	if (cfg.by)
		metrics_json(&m, SPAN("group"), g->json);
	if (cfg.people) {
		meta_people(meta, &people);
		metrics_json(&m, SPAN("physician_agreement_metric_lists"),
			buf_span(&people));
	}
	metrics_print(&m, &line);
	buf_add(&a->out, buf_span(&line));
	buf_byte(&a->out, '\n');
	buf_release(&line);
	buf_release(&people);
	metrics_release(&m);
}

static void
write_tables(struct agreement *a, const struct tally_group *g,
	const struct meta *meta)
{
	struct table rates = { 0 }, themes = { 0 };

	if (a->out.len)
		buf_byte(&a->out, '\n');
	if (cfg.by)
		buf_printf(&a->out, "%.*s\n", SPAN_ARG(g->json));
	meta_table(meta, &rates);
	table_print(&rates, &a->out);
	buf_byte(&a->out, '\n');
	themes_table(meta, &themes);
	table_print(&themes, &a->out);
	table_release(&rates);
	table_release(&themes);
}

static void
write_group(struct agreement *a, const struct tally_group *g)
{
	static const struct meta none;
	size_t i = map_find(&a->tally.groups, g->json);
	const struct meta *meta = i < a->nmetas ? &a->metas[i] : &none;

	if (cfg.table)
		write_tables(a, g, meta);
	else
		write_json(a, g, meta);
}

static void
write_results(struct agreement *a)
{
	uint32_t *order = tally_order(&a->tally);
	struct tally_group g, none = { .json = SPAN("") };
	size_t at = 0, groups = 0;

	while (tally_next(&a->tally, order, &at, &g)) {
		write_group(a, &g);
		tally_group_release(&g);
		groups++;
	}
	if (groups == 0 && !cfg.by)
		write_group(a, &none);
	if (a->out.len) {
		a->out.len--; /* stream_put ends the line */
		stream_put(&a->st, buf_span(&a->out));
	}
	free(order);
	leftout_tell(&a->left);
}

static void
release(struct agreement *a)
{
	expr_free(a->by);
	for (size_t i = 0; i < a->nmetas; i++)
		meta_release(&a->metas[i]);
	free(a->metas);
	tally_release(&a->tally);
	rec_release(&a->rec);
	buf_release(&a->group);
	buf_release(&a->out);
}

int
main(int argc, char **argv)
{
	struct agreement a = { 0 };
	enum status status;
	struct err e;

	(void)argc;
	argv = opt_parse(&tool, argv);
	if (cfg.by && (a.by = expr_compile(cfg.by, &e)) == NULL)
		die(ST_USAGE, "%s", e.msg);
	if (cfg.rounds > SUMMARY_MOST_ROUNDS)
		die(ST_USAGE, "--rounds: at most %d are expected",
			SUMMARY_MOST_ROUNDS);
	stream_open(&a.st, argv);
	while (stream_read(&a.st, &a.rec))
		take(&a);
	if (!a.st.cut)
		write_results(&a);
	status = leftout_status(&a.left, stream_close(&a.st));
	release(&a);
	return status;
}
