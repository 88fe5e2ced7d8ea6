/* cupel-reward: apply rules: propositions to classes, features and rewards. */
#include "eval/reward.h"
#include "record/stream.h"

static struct {
	struct opt_list rules;
	const char *weights;
	struct reward_how how;
} cfg;

static const struct opt opts[] = {
	{ 'r', "rules", "NAME",
		"a rule file or a built-in name; may be repeated",
		OPT_LIST(&cfg.rules) },
	{ 'w', "weights", "FILE", "weigh the features as cupel-fit wrote it",
		OPT_STR(&cfg.weights) },
	{ 0, "base", "EXPR", "what the weights add to (default .rm_score)",
		OPT_STR(&cfg.how.base) },
	{ 0, "exact", NULL, "exact class probabilities, not the product",
		OPT_FLAG(&cfg.how.exact) },
	{ 0, "explain", NULL, "add \"explain\": what moved the reward",
		OPT_FLAG(&cfg.how.explain) },
	{ 0 },
};
static const struct tool tool = { "reward",
	"apply rules: propositions to classes, features and rewards",
	"[file ...]", (const struct opt *const[]){ opts, stream_opts, NULL } };

struct worker {
	struct stream st;
	struct rec rec;
	struct rules rules;
	struct weights weights;
	struct plan plan;
	struct reward reward;
};

/* What can be said of the rules by themselves. */
static void
check_rules(const struct rules *r)
{
	if (r->nclasses + r->nconditions == 0)
		die(ST_USAGE, "%s: there are neither classes nor rules",
			r->path);
	if (cfg.weights && r->nclasses == 0)
		die(ST_USAGE,
			"%s: -w is by response type, and without "
			"completion_classes there is none; give each rule its "
			"weight there",
			r->path);
}

static void
load(struct worker *w)
{
	struct err e;

	if (cfg.rules.n == 0 && cfg.weights == NULL)
		die(ST_USAGE, "-r RULES or -w WEIGHTS is needed, or both");
	if (cfg.rules.n && rules_load(&w->rules, cfg.rules.v, cfg.rules.n, &e))
		die(ST_USAGE, "%s", e.msg);
	if (cfg.weights && weights_load(&w->weights, cfg.weights, &e))
		die(ST_USAGE, "%s", e.msg);
	if (cfg.rules.n)
		check_rules(&w->rules);
	if (plan_bind(&w->plan, cfg.rules.n ? &w->rules : NULL,
		    cfg.weights ? &w->weights : NULL, &e))
		die(ST_USAGE, "%s", e.msg);
}

static void
prepare(struct worker *w)
{
	struct err e;

	load(w);
	if (cfg.how.exact && w->rules.nclasses == 0)
		die(ST_USAGE, "--exact: there are no classes");
	if (!w->plan.rewards && (cfg.how.base || cfg.how.explain))
		die(ST_USAGE,
			"%s: without weights there is no reward; give -w, or "
			"rules with a weight",
			cfg.how.base ? "--base" : "--explain");
	if (reward_init(&w->reward, &w->plan, &cfg.how, &e))
		die(ST_USAGE, "%s", e.msg);
}

static void
release(struct worker *w)
{
	reward_release(&w->reward);
	plan_release(&w->plan);
	rules_release(&w->rules);
	weights_release(&w->weights);
	rec_release(&w->rec);
}

int
main(int argc, char **argv)
{
	struct worker w = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&w);
	stream_open(&w.st, argv);
	while (stream_read(&w.st, &w.rec)) {
		reward_give(&w.reward, &w.rec);
		stream_write(&w.st, &w.rec);
	}
	status = stream_close(&w.st);
	release(&w);
	return status;
}
