/* cupel-score: aggregate graded records: means, intervals, shares. */
#include <stdlib.h>

#include "base/opt.h"
#include "eval/leftout.h"
#include "eval/partial.h"
#include "eval/results.h"
#include "record/stream.h"

#define MOST_SAMPLES 1000000 /* of a prompt */
#define UNGIVEN UINT64_MAX

static struct {
	uint64_t seed, rounds, worst_at;
	bool runs, table, partial, merge;
	const char *by, *value, *share;
} cfg = { .rounds = 1000, .worst_at = UNGIVEN };

static const struct opt opts[] = {
	{ 0, "by", "EXPR", "a result for each group: the jq value EXPR",
		OPT_STR(&cfg.by) },
	{ 0, "value", "EXPR", "the mean of the jq value EXPR, not of rubrics",
		OPT_STR(&cfg.value) },
	{ 0, "share", "EXPR", "the shares of the labels that EXPR gives",
		OPT_STR(&cfg.share) },
	{ 0, "worst-at", "K", "expected worst of 1 to K samples of a prompt",
		OPT_U64(&cfg.worst_at) },
	{ 0, "runs", NULL, "how the mean varies from run to run",
		OPT_FLAG(&cfg.runs) },
	{ 0, "rounds", "N", "bootstrap rounds (default 1000; 0: none)",
		OPT_U64(&cfg.rounds) },
	{ 's', "seed", "N", "seed of the bootstrap (default 0)",
		OPT_U64(&cfg.seed) },
	{ 0, "table", NULL, "write a table for people", OPT_FLAG(&cfg.table) },
	{ 0, "partial", NULL, "write a line for each record, for --merge",
		OPT_FLAG(&cfg.partial) },
	{ 0, "merge", NULL, "read what --partial wrote, in any order",
		OPT_FLAG(&cfg.merge) },
	{ 0 },
};
static const struct tool tool = { "score",
	"aggregate graded records: means, intervals, shares", "[file ...]",
	(const struct opt *const[]){ opts, stream_opts, NULL } };

struct scorer {
	struct stream st;
	struct rec rec;
	struct tally tally;
	struct rows rows;
	struct partial partial;
	struct leftout left;
	struct buf line;
};

/* Preparing. */

static void
check_options(void)
{
	if (cfg.value && cfg.share)
		die(ST_USAGE, "--value and --share exclude each other");
	if (cfg.partial && cfg.merge)
		die(ST_USAGE, "--partial and --merge exclude each other");
	if (cfg.merge && (cfg.value || cfg.share || cfg.by))
		die(ST_USAGE, "--by, --value and --share go with --partial; "
			      "--merge finds them in what that wrote");
	if (cfg.partial && (cfg.table || cfg.worst_at || cfg.runs))
		die(ST_USAGE, "--table, --worst-at and --runs go with --merge, "
			      "not with --partial");
}

static void
check_sizes(void)
{
	if (cfg.rounds > SUMMARY_MOST_ROUNDS)
		die(ST_USAGE, "--rounds: at most %d are expected",
			SUMMARY_MOST_ROUNDS);
	if (cfg.worst_at == UNGIVEN)
		cfg.worst_at = 0;
	else if (cfg.worst_at == 0 || cfg.worst_at > MOST_SAMPLES)
		die(ST_USAGE, "--worst-at: a number from 1 to %d is expected",
			MOST_SAMPLES);
}

static void
check_means(const struct rows_make *make)
{
	if (make->what != ROWS_SHARE || (!cfg.worst_at && !cfg.runs))
		return;
	die(ST_USAGE, "--worst-at and --runs are about means, not "
		      "about --share");
}

static void
prepare(struct scorer *s)
{
	struct err e;

	check_sizes();
	check_options();
	s->rows.tally = s->partial.tally = &s->tally;
	s->rows.make = (struct rows_make){
		.what = cfg.value ? ROWS_VALUE
		                  : (cfg.share ? ROWS_SHARE : ROWS_RUBRIC),
		.expr = cfg.value ? cfg.value : cfg.share,
		.by = cfg.by,
	};
	check_means(&s->rows.make);
	if (rows_compile(&s->rows, &e))
		die(ST_USAGE, "%s", e.msg);
}

/* Reading. */

static void
take(struct scorer *s)
{
	struct err why;

	rows_add(&s->rows, &s->rec, &why);
	leftout_count(
		&s->left, &s->rec, &s->tally.rows[s->tally.nrows - 1], &why);
}

static void
take_partial(struct scorer *s)
{
	size_t n = s->tally.nrows;
	struct err e;

	if (partial_read(&s->partial, &s->rec, &e))
		die(ST_CUT, "%s:%llu: %s", s->rec.file,
			(unsigned long long)s->rec.line, e.msg);
	if (s->tally.nrows > n)
		tally_count(&s->left.counts, &s->tally.rows[n]);
}

static void
put_line(struct scorer *s)
{
	stream_put(&s->st, buf_span(&s->line));
	buf_clear(&s->line);
}

static void
read_all(struct scorer *s)
{
	while (stream_read(&s->st, &s->rec)) {
		if (cfg.merge)
			take_partial(s);
		else
			take(s);
		if (cfg.partial) {
			partial_row(&s->tally, &s->line);
			put_line(s);
			tally_clear(&s->tally);
		}
	}
}

/* Writing. */

/* Records that claim to be the same are counted; people are told once. */
static void
warn_of_twins(const struct tally *t, const uint32_t *order)
{
	uint32_t first;
	size_t n = tally_twins(t, order, &first);
	const struct tally_row *row;

	if (n == 0)
		return;
	row = &t->rows[first];
	warn("%s:%llu: %.*s %s (%zu such record%s): counted as repeats, which "
	     "\"sample\" would number",
		row->file, (unsigned long long)row->line, SPAN_ARG(row->id),
		row->sample.s ? "is there again with the same \"sample\""
			      : "is there again without a \"sample\"",
		n, n == 1 ? "" : "s");
}

static struct result_how
how(struct scorer *s)
{
	const struct rows_make *make = cfg.merge ? &s->partial.make
	                                         : &s->rows.make;

	check_means(make);
	return (struct result_how){
		.what = make->what,
		.grouped = make->by != NULL,
		.runs = cfg.runs,
		.worst_at = cfg.worst_at,
		.left = &s->left,
		.summary = { cfg.seed, cfg.rounds, cfg.merge },
	};
}

static void
write_results(struct scorer *s)
{
	struct result_how h = how(s);
	uint32_t *order = tally_order(&s->tally);
	struct err e;
	int rc;

	warn_of_twins(&s->tally, order);
	leftout_grouped(
		&s->tally, cfg.merge ? s->partial.make.by : s->rows.make.by);
	if (cfg.table)
		rc = results_table(&h, &s->tally, order, &s->line, &e);
	else
		rc = results_lines(&h, &s->tally, order, &s->line, &e);
	if (rc)
		die(ST_USAGE, "%s", e.msg);
	if (s->line.len)
		put_line(s);
	free(order);
}

/* Finishing. */

static void
finish(struct scorer *s, size_t files)
{
	struct err e;

	complain_tell(&s->left.unusable);
	if (s->st.cut)
		return;
	if (cfg.merge && partial_whole(&s->partial, files, &e))
		die(ST_CUT, "%s", e.msg);
	if (cfg.partial) {
		partial_end(&s->rows.make, s->left.counts.records, &s->line);
		put_line(s);
	} else {
		write_results(s);
	}
	leftout_tell(&s->left);
}

static void
release(struct scorer *s)
{
	rows_release(&s->rows);
	partial_release(&s->partial);
	tally_release(&s->tally);
	rec_release(&s->rec);
	buf_release(&s->line);
}

int
main(int argc, char **argv)
{
	struct scorer s = { 0 };
	enum status status;
	size_t files = 0;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&s);
	while (argv[files])
		files++;
	stream_open(&s.st, argv);
	read_all(&s);
	finish(&s, files ? files : 1);
	status = leftout_status(&s.left, stream_close(&s.st));
	release(&s);
	return status;
}
