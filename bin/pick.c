/* cupel-pick: pick completions of each prompt by their rewards. */
#include <math.h>
#include <stdlib.h>

#include "base/opt.h"
#include "eval/group.h"
#include "eval/pool.h"
#include "eval/trainer.h"
#include "record/complain.h"
#include "record/emit.h"
#include "record/stream.h"
#include "stat/advantage.h"
#include "stat/mean.h"

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
	enum trainer to;
	struct stream st;
	struct rec rec, other;
	struct expr *reward;
	struct group group;
	struct pool pool;
	struct buf key, value, line;
	struct complain unwritten;
	uint64_t unrewarded, twins, rows;
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
	const char *name = p->to ? trainer_names[cfg.to] : "";

	if (cfg.best == 0 || cfg.most == 0)
		die(ST_USAGE, "--best, --max-pairs: at least 1 is expected");
	if ((cfg.all || cfg.gap > 0) && !cfg.pairs)
		die(ST_USAGE, "--all and --gap go with --pairs");
	if (cfg.gap < 0)
		die(ST_USAGE, "--gap: a number not below 0 is expected");
	if (cfg.most != UNGIVEN && !cfg.all)
		die(ST_USAGE, "--max-pairs goes with --pairs --all");
	if (p->to && p->mode == ADVANTAGE)
		die(ST_USAGE, "--to and --advantage exclude each other");
	if (p->to && p->mode == PAIRS && !trainer_reads_pairs(p->to))
		die(ST_USAGE, "--to %s: it reads no pairs; try --best", name);
	if (p->to && p->mode != PAIRS && !trainer_reads_rows(p->to))
		die(ST_USAGE, "--to %s: it reads pairs; add --pairs", name);
}

static void
prepare(struct picker *p)
{
	struct err e;

	p->mode = chosen_mode();
	p->to = cfg.to == UNSET ? TRAINER_NONE
	                        : (enum trainer)(TRAINER_TRL + cfg.to);
	check_options(p);
	p->reward = expr_compile(cfg.reward, &e);
	if (p->reward == NULL || group_init(&p->group, cfg.by, &e))
		die(ST_USAGE, "%s", e.msg);
	if (p->mode == BEST)
		p->pool.best = cfg.best == UNGIVEN ? 1 : cfg.best;
	if (p->mode == PAIRS && !cfg.all)
		p->pool.best = p->pool.worst = 1;
}

/* Failing. */

/* Trainers read no errors, so what is written for them has none. */
static void
write_failed(struct picker *p, struct rec *r)
{
	struct span why = json_str(
		json_get(rec_get(r, "error"), "message"), &r->arena);

	if (p->to)
		complain_of(&p->unwritten, r, "%.*s",
			SPAN_ARG(why.s ? why : SPAN("it carries an error")));
	else
		stream_write(&p->st, r);
}

/* Reading. */

/* 1, 0 where the reward is null, or -1 where the record failed over it. */
static int
read_reward(struct picker *p, double *reward)
{
	struct err e = { "gives no value" };
	struct span v;

	buf_clear(&p->value);
	if (expr_run(p->reward, p->rec.raw, &p->value, &e) != 1) {
		rec_fail(&p->rec, "expression", "--reward %s", e.msg);
		return -1;
	}
	v = json_value(buf_span(&p->value));
	if (json_kind(v) == JSON_NULL)
		return 0;
	if (json_f64(v, reward))
		return 1;
	rec_fail(&p->rec, "reward", "%s: %s; a finite number is expected",
		cfg.reward, json_kind_name(json_kind(v)));
	return -1;
}

/* What becomes of the record; ${*reward} where it is ranked. */
static enum pool_fate
rate(struct picker *p, double *reward)
{
	struct err e;
	int rc;

	if (rec_failed(&p->rec))
		return POOL_FAILED;
	rc = read_reward(p, reward);
	if (rc == 0) {
		p->unrewarded++;
		return POOL_UNRANKED;
	}
	buf_clear(&p->key);
	if (rc == 1 && p->mode != THRESHOLD &&
		group_key(&p->group, &p->rec, &p->key, &e)) {
		rec_fail(&p->rec, "group", "%s", e.msg);
		rc = -1;
	}
	return rc == 1 ? POOL_RANKED : POOL_FAILED;
}

static void
write_row(struct picker *p, const struct rec *r, double reward)
{
	struct trainer_side side = { r, reward };
	struct err e;

	if (p->to == TRAINER_NONE) {
		stream_write(&p->st, r);
		return;
	}
	buf_clear(&p->line);
	if (trainer_row(p->to, &side, p->rows, &p->line, &e)) {
		complain_of(&p->unwritten, r, "%s", e.msg);
		return;
	}
	stream_put(&p->st, buf_span(&p->line));
	p->rows++;
}

static void
take(struct picker *p)
{
	double reward = 0;
	enum pool_fate fate = rate(p, &reward);

	if (p->mode != THRESHOLD && fate == POOL_RANKED)
		pool_add(&p->pool, &p->rec, buf_span(&p->key), reward);
	else if (fate == POOL_FAILED && (p->to || p->mode == THRESHOLD))
		write_failed(p, &p->rec);
	else if (fate == POOL_FAILED || p->mode == ADVANTAGE)
		pool_keep(&p->pool, &p->rec, fate);
	else if (fate == POOL_RANKED && reward >= cfg.threshold)
		write_row(p, &p->rec, reward);
}

/* Writing. */

static const struct rec *
load(const struct picker *p, size_t item, struct rec *r)
{
	const struct pool_item *x = &p->pool.items[item];
	struct json_fault f;

	if (rec_parse(r, (struct span){ x->line, x->len }, &f))
		die(ST_CUT, "a record did not survive the wait: %s", f.what);
	r->file = x->file;
	r->line = x->number;
	return r;
}

static void
write_best(struct picker *p, const struct pool_group *g)
{
	for (size_t i = 0; i < g->n && i < p->pool.best; i++)
		write_row(p, load(p, g->v[i], &p->rec),
			p->pool.items[g->v[i]].reward);
}

/* Writes the pair of two items if it is one; was it? */
static bool
write_pair(struct picker *p, size_t better, size_t worse)
{
	const struct pool_item *items = p->pool.items;
	struct trainer_side a = { &p->rec, items[better].reward },
			    b = { &p->other, items[worse].reward };
	struct err e;

	if (!(a.reward > b.reward) || a.reward - b.reward < cfg.gap)
		return false;
	load(p, better, &p->rec);
	load(p, worse, &p->other);
	if (trainer_same(a.r, b.r)) {
		p->twins++;
		return false;
	}
	buf_clear(&p->line);
	if (trainer_pair(p->to, &a, &b, &p->line, &e)) {
		complain_of(&p->unwritten, a.r, "%s", e.msg);
		return false;
	}
	stream_put(&p->st, buf_span(&p->line));
	return true;
}

/* Those furthest apart in rank come first, and stay where there are too many. */
static void
write_pairs(struct picker *p, const struct pool_group *g)
{
	uint64_t left = cfg.all ? cfg.most : 1;

	for (size_t apart = g->n - 1; apart > 0 && left; apart--) {
		for (size_t i = 0; i + apart < g->n && left; i++)
			left -= write_pair(p, g->v[i], g->v[i + apart]);
		if (!cfg.all)
			break;
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
		pool_rank(&p->pool, g);
		if (p->mode == BEST)
			write_best(p, g);
		else
			write_pairs(p, g);
	}
}

/* Advantages. */

static double
deviation_of_all(const struct pool *pool)
{
	double *r = mem_alloc(pool->n + 1, sizeof(*r)), s;
	size_t n = 0;

	for (size_t i = 0; i < pool->n; i++)
		if (pool->items[i].fate == POOL_RANKED)
			r[n++] = pool->items[i].reward;
	s = mean_std_sample(r, n);
	free(r);
	return s;
}

/* The advantages of all items, in their order; NaN for those without. */
static double *
advantages(const struct pool *pool)
{
	double *all = mem_alloc(pool->n + 1, sizeof(*all));
	double *r = mem_alloc(2 * pool->n + 1, sizeof(*r));
	double *out = r + pool->n, s = deviation_of_all(pool);

	for (size_t i = 0; i < pool->n; i++)
		all[i] = NAN;
	for (size_t k = 0; k < pool->names.n; k++) {
		const struct pool_group *g = &pool->groups[k];

		for (size_t i = 0; i < g->n; i++)
			r[i] = pool->items[g->v[i]].reward;
		advantage_group((enum advantage)cfg.advantage, r, g->n, s, out);
		for (size_t i = 0; i < g->n; i++)
			all[g->v[i]] = out[i];
	}
	free(r);
	return all;
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
	buf_clear(&p->line);
	emit_f64(&p->line, x);
	rec_set_buf(&p->rec, "advantage", &p->line);
}

static void
write_advantages(struct picker *p)
{
	double *all = advantages(&p->pool);

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
tell_groups(const struct picker *p)
{
	uint64_t single = 0, tied = 0, close = 0;

	for (size_t i = 0; i < p->pool.names.n; i++) {
		const struct pool_group *g = &p->pool.groups[i];
		double gap = g->most - g->least;

		single += g->seen == 1;
		tied += g->seen > 1 && !(gap > 0);
		close += gap > 0 && gap < cfg.gap;
	}
	tell("prompts with a single completion, compared to nothing", single);
	tell("prompts whose completions have equal rewards", tied);
	tell("prompts without two rewards that differ by --gap", close);
}

static void
finish(struct picker *p)
{
	if (p->mode == ADVANTAGE)
		write_advantages(p);
	else if (p->mode != THRESHOLD)
		write_picks(p);
	tell_groups(p);
	tell("records without a reward, left aside", p->unrewarded);
	tell("pairs of completions that say the same, left out", p->twins);
	tell("records or pairs that could not be written", p->unwritten.n);
}

static void
release(struct picker *p)
{
	expr_free(p->reward);
	group_release(&p->group);
	pool_release(&p->pool);
	buf_release(&p->key);
	buf_release(&p->value);
	buf_release(&p->line);
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
	if (status == ST_OK && p.unwritten.n)
		status = ST_SOME;
	release(&p);
	return status;
}
