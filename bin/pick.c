/* cupel-pick: pick completions of each prompt by their rewards. */
#include <math.h>
#include <stdlib.h>

#include "eval/picks.h"
#include "eval/rating.h"
#include "record/emit.h"

#define UNSET (-1)
#define UNGIVEN UINT64_MAX

static struct {
	uint64_t best, most;
	bool pairs, all;
	double gap, threshold;
	int advantage, to;
	const char *reward, *by;
} cfg = { .best = UNGIVEN,
	.most = UNGIVEN,
	.threshold = -INFINITY,
	.advantage = UNSET,
	.to = UNSET,
	.reward = ".reward" };

static const struct opt opts[] = {
	{ 'n', "best", "N", "the N best of each prompt (the default, with 1)",
		OPT_U64(&cfg.best) },
	{ 0, "pairs", NULL, "the best and the worst of each prompt as a pair",
		OPT_FLAG(&cfg.pairs) },
	{ 0, "all", NULL, "pairs: every two completions of a prompt",
		OPT_FLAG(&cfg.all) },
	{ 0, "gap", "X", "pairs: rewards differ by at least X (default 0)",
		OPT_F64(&cfg.gap) },
	{ 0, "max-pairs", "N", "pairs: with --all, at most N of a prompt",
		OPT_U64(&cfg.most) },
	{ 0, "threshold", "X", "those with a reward of at least X",
		OPT_F64(&cfg.threshold) },
	{ 0, "advantage", "NAME", "add \"advantage\": grpo, dr-grpo, rloo ...",
		OPT_CHOICE(&cfg.advantage, advantage_names) },
	{ 0, "reward", "EXPR", "the reward, a jq value (default .reward)",
		OPT_STR(&cfg.reward) },
	{ 0, "by", "EXPR", "what a prompt is: the jq value EXPR",
		OPT_STR(&cfg.by) },
	{ 0, "to", "TRAINER", "write what trl, openrlhf, openai ... read",
		OPT_CHOICE(&cfg.to, trainer_names) },
	{ 0 },
};
static const struct tool tool = { "pick",
	"pick completions of each prompt by their rewards", "[file ...]",
	(const struct opt *const[]){ opts, stream_opts, NULL } };

enum mode { BEST, PAIRS, THRESHOLD, ADVANTAGE };

struct picker {
	enum mode mode;
	struct stream st;
	struct rec rec, other;
	struct rating rating;
	struct pool pool;
	struct picks out;
	struct buf advantage; /* its text */
	uint64_t unrewarded;
};

/* Preparing. */

static enum mode
chosen_mode(void)
{
	bool threshold = isfinite(cfg.threshold);
	int n = (cfg.best != UNGIVEN) + cfg.pairs + threshold +
	        (cfg.advantage != UNSET);

	if (n > 1)
		die(ST_USAGE, "--best, --pairs, --threshold and --advantage "
			      "exclude each other");
	if (cfg.pairs)
		return PAIRS;
	if (threshold)
		return THRESHOLD;
	return cfg.advantage != UNSET ? ADVANTAGE : BEST;
}

static void
check_options(const struct picker *p)
{
	const char *name = p->out.to ? trainer_names[cfg.to] : "";

	if (cfg.best == 0 || cfg.most == 0)
		die(ST_USAGE, "--best, --max-pairs: at least 1 is expected");
	if ((cfg.all || cfg.gap > 0) && !cfg.pairs)
		die(ST_USAGE, "--all and --gap go with --pairs");
	if (cfg.gap < 0)
		die(ST_USAGE, "--gap: a number not below 0 is expected");
	if (cfg.most != UNGIVEN && !cfg.all)
		die(ST_USAGE, "--max-pairs goes with --pairs --all");
	if (p->out.to && p->mode == ADVANTAGE)
		die(ST_USAGE, "--to and --advantage exclude each other");
	if (p->out.to && p->mode == PAIRS && !trainer_reads_pairs(p->out.to))
		die(ST_USAGE, "--to %s: it reads no pairs; try --best", name);
	if (p->out.to && p->mode != PAIRS && !trainer_reads_rows(p->out.to))
		die(ST_USAGE, "--to %s: it reads pairs; add --pairs", name);
}

static void
prepare(struct picker *p)
{
	struct err e;

	p->mode = chosen_mode();
	p->out.st = &p->st;
	p->out.to = cfg.to == UNSET ? TRAINER_NONE
	                            : (enum trainer)(TRAINER_TRL + cfg.to);
	check_options(p);
	if (rating_init(&p->rating, cfg.reward, cfg.by, &e))
		die(ST_USAGE, "%s", e.msg);
	if (p->mode == BEST)
		p->pool.best = cfg.best == UNGIVEN ? 1 : cfg.best;
	if (p->mode == PAIRS && !cfg.all)
		p->pool.best = p->pool.worst = 1;
}

/* Reading. */

static void
take(struct picker *p)
{
	bool now = p->mode == THRESHOLD; /* nothing to wait for */
	struct trainer_side side = { .r = &p->rec };
	struct span prompt;
	enum pool_fate fate = rating_of(
		&p->rating, &p->rec, &side.reward, now ? NULL : &prompt);

	p->unrewarded += fate == POOL_UNRANKED;
	if (fate == POOL_RANKED && !now)
		pool_add(&p->pool, &p->rec, prompt, side.reward);
	else if (fate == POOL_FAILED && (p->out.to || now))
		picks_failed(&p->out, &p->rec);
	else if (fate == POOL_FAILED || p->mode == ADVANTAGE)
		pool_keep(&p->pool, &p->rec, fate);
	else if (fate == POOL_RANKED && side.reward >= cfg.threshold)
		picks_row(&p->out, &side);
}

/* Writing. */

static const struct rec *
load(const struct picker *p, size_t item, struct rec *r)
{
	struct err e;

	if (pool_load(&p->pool, item, r, &e))
		die(ST_CUT, "%s", e.msg);
	return r;
}

static struct trainer_side
side_of(const struct picker *p, const struct pool_member *m, struct rec *r)
{
	return (struct trainer_side){ load(p, m->item, r), m->reward };
}

static void
write_best(struct picker *p, const struct pool_group *g)
{
	for (size_t i = 0; i < g->n && i < p->pool.best; i++) {
		struct trainer_side side = side_of(p, &g->v[i], &p->rec);

		picks_row(&p->out, &side);
	}
}

static void
write_pairs(struct picker *p, const struct pool_group *g)
{
	struct pool_pairs walk = { .g = g, .gap = cfg.gap };
	uint64_t tries = cfg.all ? UINT64_MAX : 1, left = cfg.most;
	const struct pool_member *x, *y;

	while (left && tries-- && pool_pair(&walk, &x, &y)) {
		struct trainer_side better = side_of(p, x, &p->rec),
				    worse = side_of(p, y, &p->other);

		left -= picks_pair(&p->out, &better, &worse);
	}
}

/* In the input's order; a group stands where its first record stood. */
static void
write_picks(struct picker *p)
{
	for (size_t i = 0; i < p->pool.n && !p->st.unwritable; i++) {
		const struct pool_item *item = &p->pool.items[i];
		struct pool_group *g;

		if (item->fate == POOL_FAILED) {
			stream_write(&p->st, load(p, i, &p->rec));
			continue;
		}
		g = &p->pool.groups[item->group];
		if (g->first != i)
			continue;
		pool_rank(g);
		if (p->mode == BEST)
			write_best(p, g);
		else
			write_pairs(p, g);
	}
}

/* Where rloo has nothing to compare a single completion to it is null. */
static void
add_advantage(struct picker *p, const struct pool_item *item, double x)
{
	bool alone = item->fate != POOL_RANKED ||
	             p->pool.groups[item->group].seen == 1;

	if (item->fate == POOL_FAILED)
		return;
	if (!isfinite(x) && !alone) {
		rec_fail(&p->rec, "reward",
			"the rewards are too large to compute with");
		return;
	}
	buf_clear(&p->advantage);
	emit_f64(&p->advantage, x);
	rec_set_buf(&p->rec, "advantage", &p->advantage);
}

static void
write_advantages(struct picker *p)
{
	double *all = pool_advantages(&p->pool, (enum advantage)cfg.advantage);

	for (size_t i = 0; i < p->pool.n && !p->st.unwritable; i++) {
		load(p, i, &p->rec);
		add_advantage(p, &p->pool.items[i], all[i]);
		stream_write(&p->st, &p->rec);
	}
	free(all);
}

/* Telling. */

static void
tell(const char *what, uint64_t n)
{
	if (n)
		warn("%s: %llu", what, (unsigned long long)n);
}

static void
finish(struct picker *p)
{
	struct pool_counts n = pool_count(&p->pool, cfg.gap);

	if (p->mode == ADVANTAGE)
		write_advantages(p);
	else if (p->mode != THRESHOLD)
		write_picks(p);
	tell("prompts with a single completion, compared to nothing", n.single);
	tell("prompts whose completions have equal rewards", n.tied);
	tell("prompts without two rewards that differ by --gap", n.close);
	tell("records without a reward, left aside", p->unrewarded);
	tell("pairs of completions that say the same, left out", p->out.twins);
	tell("records or pairs that could not be written", p->out.unwritten.n);
}

static void
release(struct picker *p)
{
	rating_release(&p->rating);
	pool_release(&p->pool);
	picks_release(&p->out);
	buf_release(&p->advantage);
	rec_release(&p->rec);
	rec_release(&p->other);
}

int
main(int argc, char **argv)
{
	struct picker p = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&p);
	stream_open(&p.st, argv);
	while (stream_read(&p.st, &p.rec))
		take(&p);
	if (!p.st.cut)
		finish(&p);
	status = stream_close(&p.st);
	if (status == ST_OK && p.out.unwritten.n)
		status = ST_SOME;
	release(&p);
	return status;
}
