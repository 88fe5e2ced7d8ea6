/* cupel-pick: pick completions of each prompt by their rewards. */
#include <math.h>

#include "eval/picks.h"
#include "eval/rating.h"

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
	struct rec rec;
	struct rating rating;
	struct pool pool;
	struct picks out;
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
	p->out.pool = &p->pool;
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

static int
write_group(struct picker *p, struct pool_group *g, struct err *e)
{
	struct picks_pairs how = { cfg.gap, cfg.all, cfg.most };

	pool_rank(g);
	if (p->mode == BEST)
		return picks_best(&p->out, g, p->pool.best, e);
	return picks_pairs(&p->out, g, &how, e);
}

/* In the input's order; a group stands where its first record stood. */
static int
write_picks(struct picker *p, struct err *e)
{
	for (size_t i = 0; i < p->pool.n && stream_goes_on(&p->st); i++) {
		const struct pool_item *item = &p->pool.items[i];
		struct pool_group *g;

		if (item->fate == POOL_FAILED) {
			if (pool_load(&p->pool, i, &p->rec, e))
				return -1;
			stream_write(&p->st, &p->rec);
			continue;
		}
		g = &p->pool.groups[item->group];
		if (g->first == i && write_group(p, g, e))
			return -1;
	}
	return 0;
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
	struct err e;
	int rc = 0;

	if (p->mode == ADVANTAGE)
		rc = picks_advantages(
			&p->out, (enum advantage)cfg.advantage, &e);
	else if (p->mode != THRESHOLD)
		rc = write_picks(p, &e);
	if (rc)
		die(ST_CUT, "%s", e.msg);
	complain_tell(&p->out.unwritten);
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
	rec_release(&p->rec);
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
	if (p.st.cut)
		complain_tell(&p.out.unwritten);
	else
		finish(&p);
	status = stream_close(&p.st);
	if (status == ST_OK && p.out.unwritten.n)
		status = ST_SOME;
	release(&p);
	return status;
}
