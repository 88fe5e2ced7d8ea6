/* cupel-agree: compare verdicts, probabilities and rewards with what people say. */
#include <math.h>

#include "base/opt.h"
#include "eval/agreement.h"
#include "record/stream.h"
#include "stat/threshold.h"

#define UNGIVEN UINT64_MAX
#define UNSET (-1)

static const char *const aims[] = {
	[THRESHOLD_F1] = "f1", [THRESHOLD_KAPPA] = "kappa", NULL
};

static struct {
	bool propositions, ranking;
	uint64_t rounds, seed;
	double threshold, train;
	int tune;
	struct agreement_how how;
} cfg = { .rounds = UNGIVEN,
	.seed = UNGIVEN,
	.threshold = NAN,
	.train = NAN,
	.tune = UNSET };

static const struct opt opts[] = {
	{ 0, "propositions", NULL, "compare probabilities with people's labels",
		OPT_FLAG(&cfg.propositions) },
	{ 0, "ranking", NULL, "compare rewards with the order of completions",
		OPT_FLAG(&cfg.ranking) },
	{ 0, "by", "EXPR", "a result for each group: the jq value EXPR",
		OPT_STR(&cfg.how.by) },
	{ 0, "people", NULL, "add each person's agreement with the others",
		OPT_FLAG(&cfg.how.people) },
	{ 0, "rounds", "N", "bootstrap rounds (default 1000; 0: none)",
		OPT_U64(&cfg.rounds) },
	{ 's', "seed", "N", "seed of the bootstrap, of --train (default 0)",
		OPT_U64(&cfg.seed) },
	{ 0, "table", NULL, "write tables for people",
		OPT_FLAG(&cfg.how.table) },
	{ 0, "labels", "EXPR",
		"propositions: what people say (default .labels)",
		OPT_STR(&cfg.how.labels) },
	{ 0, "threshold", "P", "propositions: yes from P on (default 0.5)",
		OPT_F64(&cfg.threshold) },
	{ 0, "tune", "RATE", "propositions: find thresholds by f1 or kappa",
		OPT_CHOICE(&cfg.tune, aims) },
	{ 0, "train", "SHARE", "tune: of the prompts to do it on (default 0.8)",
		OPT_F64(&cfg.train) },
	{ 0, "orderings", "FILE", "ranking: which completions are better",
		OPT_STR(&cfg.how.orderings) },
	{ 0, "base", "EXPR",
		"ranking: reward without rules (default .rm_score)",
		OPT_STR(&cfg.how.base) },
	{ 0, "reward", "EXPR", "ranking: reward with rules (default .reward)",
		OPT_STR(&cfg.how.reward) },
	{ 0, "figure", "FILE", "ranking: draw both rewards' histograms as SVG",
		OPT_STR(&cfg.how.figure) },
	{ 0 },
};
static const struct tool tool = { "agree",
	"compare verdicts, probabilities and rewards with what people say",
	"[file ...]", (const struct opt *const[]){ opts, stream_opts, NULL } };

struct comparison {
	const struct agreement_mode *mode;
	void *state;
	struct stream st;
	struct rec rec;
	struct leftout left;
};

/* Preparing. */

static void
only_with(const char *mode, bool chosen, const char *option, bool given)
{
	if (given && !chosen)
		die(ST_USAGE, "%s goes with %s", option, mode);
}

static void
check_modes(void)
{
	bool plain = !cfg.propositions && !cfg.ranking;
	bool tune = cfg.tune != UNSET, seeds = plain || tune;
	const struct agreement_how *h = &cfg.how;

	if (cfg.propositions && cfg.ranking)
		die(ST_USAGE,
			"--propositions and --ranking exclude each other");
	only_with("verdicts alone", plain, "--people", h->people);
	only_with("verdicts alone", plain, "--rounds", cfg.rounds != UNGIVEN);
	only_with("verdicts or --tune", seeds, "--seed", cfg.seed != UNGIVEN);
	only_with("--propositions", cfg.propositions, "--labels", h->labels);
	only_with("--propositions", cfg.propositions, "--threshold",
		!isnan(cfg.threshold));
	only_with("--propositions", cfg.propositions, "--tune", tune);
	only_with("--tune", tune, "--train", !isnan(cfg.train));
	only_with("--ranking", cfg.ranking, "--orderings", h->orderings);
	only_with("--ranking", cfg.ranking, "--base", h->base);
	only_with("--ranking", cfg.ranking, "--reward", h->reward);
	only_with("--ranking", cfg.ranking, "--figure", h->figure);
	only_with("verdicts, --ranking or --tune", seeds || cfg.ranking, "--by",
		h->by);
	if (cfg.ranking && !h->orderings)
		die(ST_USAGE, "--orderings FILE is needed: it says which "
			      "completion types are better than which");
}

static void
settle_values(void)
{
	struct agreement_how *h = &cfg.how;

	h->rounds = cfg.rounds == UNGIVEN ? 1000 : cfg.rounds;
	h->seed = cfg.seed == UNGIVEN ? 0 : cfg.seed;
	h->tune = cfg.tune != UNSET;
	h->aim = cfg.tune;
	h->threshold = isnan(cfg.threshold) ? 0.5 : cfg.threshold;
	h->train = isnan(cfg.train) ? 0.8 : cfg.train;
	if (!(h->threshold >= 0 && h->threshold <= 1))
		die(ST_USAGE, "--threshold: a probability is expected");
	if (!(h->train > 0 && h->train <= 1))
		die(ST_USAGE,
			"--train: a share above 0 and up to 1 is expected");
}

static void
prepare(struct comparison *c)
{
	struct err e;

	check_modes();
	settle_values();
	c->mode = cfg.propositions ? &agreement_propositions
	          : cfg.ranking    ? &agreement_rewards
	                           : &agreement_verdicts;
	c->state = c->mode->open(&cfg.how, &e);
	if (c->state == NULL)
		die(ST_USAGE, "%s", e.msg);
}

/* Finishing. */

static void
write_results(struct comparison *c)
{
	struct buf out = { 0 };
	struct err e;

	if (c->mode->print(c->state, &c->left, &out, &e))
		die(ST_CUT, "%s", e.msg);
	if (out.len) {
		out.len--; /* stream_put ends the line */
		stream_put(&c->st, buf_span(&out));
	}
	buf_release(&out);
	leftout_tell(&c->left);
}

int
main(int argc, char **argv)
{
	struct comparison c = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&c);
	stream_open(&c.st, argv);
	while (stream_read(&c.st, &c.rec))
		c.mode->take(c.state, &c.rec, &c.left);
	complain_tell(&c.left.unusable);
	if (!c.st.cut)
		write_results(&c);
	status = leftout_status(&c.left, stream_close(&c.st));
	c.mode->close(c.state);
	rec_release(&c.rec);
	return status;
}
