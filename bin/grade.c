/* cupel-grade: put questions about each record to a judge model. */
#include "eval/exam.h"
#include "model/ask.h"
#include "record/emit.h"

static struct {
	const char *grader, *template;
	struct opt_list rules;
	bool all;
	uint64_t judges;
} cfg = { .grader = "healthbench", .judges = 1 };

static const struct opt opts[] = {
	{ 'g', "grader", "NAME",
		"built-in grader or YAML file (default healthbench)",
		OPT_STR(&cfg.grader) },
	{ 'r', "rules", "FILE", "propositions: the rule file; repeatable",
		OPT_LIST(&cfg.rules) },
	{ 0, "all", NULL, "propositions: ask each, needed or not",
		OPT_FLAG(&cfg.all) },
	{ 0, "template", "FILE", "ask with the template in FILE instead",
		OPT_STR(&cfg.template) },
	{ 0, "judges", "N", "ask N times and let them vote (default 1)",
		OPT_U64(&cfg.judges) },
	{ 0 },
};
static const struct tool tool = { "grade",
	"grade replies by asking a judge model", "[file ...]",
	(const struct opt *const[]){ opts, ask_opts, stream_opts, NULL } };

static struct grader grader;
static struct rules rules;
static struct exam_plan plan = { .grader = &grader, .rules = &rules };

static void
load_rules(void)
{
	bool wanted = grader.questions == GRADER_PROPOSITIONS;
	struct err e;

	if (!wanted && (cfg.rules.n || cfg.all))
		die(ST_USAGE,
			"-r and --all: the grader %s asks no propositions",
			grader.name);
	if (!wanted)
		return;
	if (cfg.rules.n == 0)
		die(ST_USAGE, "-r: which propositions? -r refusal has some");
	if (rules_load(&rules, cfg.rules.v, cfg.rules.n, &e))
		die(ST_USAGE, "%s", e.msg);
	if (grader.template.s)
		rules.template = grader.template;
	if (!rules.template.s)
		die(ST_USAGE, "%s: prompt_template is missing", rules.path);
}

static void
prepare(void)
{
	struct err e;

	if (cfg.judges < 1 || cfg.judges > 1000)
		die(ST_USAGE, "--judges: a number from 1 to 1000 is expected");
	plan.judges = (unsigned)cfg.judges;
	plan.every = cfg.all;
	if (grader_load(&grader, cfg.grader, &e) ||
		(cfg.template && grader_template(&grader, cfg.template, &e)))
		die(ST_USAGE, "%s", e.msg);
	load_rules();
}

/* The question as the one user message. */
static struct span
as_messages(struct rec *r, struct span text)
{
	struct buf b = { 0 };
	struct span json;

	emit_begin(&b, '[');
	emit_begin(&b, '{');
	emit_key(&b, "role"), emit_cstr(&b, "user");
	emit_key(&b, "content"), emit_str(&b, text);
	emit_end(&b, '}');
	emit_end(&b, ']');
	json = (struct span){ arena_dup(&r->arena, buf_span(&b)), b.len };
	buf_release(&b);
	return json;
}

static void
begin(struct ask_job *job)
{
	struct rec *r = &job->rec;
	struct exam *x = arena_array(&r->arena, 1, sizeof(*x));
	unsigned first = (unsigned)(rec_sample(r) * cfg.judges);

	job->own = x;
	if (exam_open(x, r, &plan))
		return;
	for (size_t i = 0; i < x->n; i++) {
		struct chat_ask ask = {
			.messages = as_messages(r, x->questions[i].text),
			.system = grader.system,
			.model = ask_model(),
			.params = grader.parameters,
			.logprobs = grader.questions == GRADER_PROPOSITIONS,
			.alternatives = (unsigned)grader.top_logprobs,
		};

		for (unsigned j = 0; j < plan.judges; j++)
			ask_put(job, &ask, first + j);
	}
}

static bool
answer(struct ask_job *job, size_t index, const struct chat_reply *r)
{
	return exam_reply(job->own, &job->rec, index / plan.judges,
		(unsigned)(index % plan.judges), r);
}

static void
finish(struct ask_job *job, struct stream *st)
{
	if (!rec_failed(&job->rec))
		exam_close(job->own, &job->rec);
	stream_write(st, &job->rec);
}

int
main(int argc, char **argv)
{
	static const struct ask_tool asking = { begin, answer, finish };
	struct stream st;
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	ask_model();
	prepare();
	stream_open(&st, argv);
	status = ask_run(&st, &asking);
	grader_release(&grader);
	rules_release(&rules);
	return status;
}
