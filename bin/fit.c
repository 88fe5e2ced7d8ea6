/* cupel-fit: fit reward weights to orderings of completions. */
#include <math.h>
#include <stdlib.h>

#include "base/opt.h"
#include "eval/fitting.h"
#include "eval/group.h"
#include "record/complain.h"
#include "record/emit.h"
#include "record/stream.h"

static opt_parser parse_margin;

static const char *const solvers[] = { "adamw", "exact", NULL };

static struct {
	const char *orderings, *base, *by;
	int solver;
	struct opt_list ignore;
	struct fitting how;
	struct fitting_margin *margins;
} cfg = { .how = {
		  .adamw = { 0.01, 0.05, 0.9, 0.999, 1e-8, 1000 },
		  .l2 = 0.001,
		  .margin = 1,
		  .train = 0.95,
	  } };

static const struct opt opts[] = {
	{ 0, "orderings", "FILE", "which completion types are better: required",
		OPT_STR(&cfg.orderings) },
	{ 0, "base", "EXPR", "the reward to add to (default .rm_score)",
		OPT_STR(&cfg.base) },
	{ 0, "by", "EXPR", "what a prompt is: the jq value EXPR",
		OPT_STR(&cfg.by) },
	{ 0, "margin", "X", "by how much better is to win (default 1)",
		OPT_F64(&cfg.how.margin) },
	{ 0, "label-margin", "LABEL=X", "X times that where LABEL is to win",
		OPT_PARSE(parse_margin) },
	{ 0, "ignore", "FEATURE", "leave its weight 0", OPT_LIST(&cfg.ignore) },
	{ 0, "train", "SHARE", "of the prompts to fit to (default 0.95)",
		OPT_F64(&cfg.how.train) },
	{ 's', "seed", "N", "seed of that choice (default 0)",
		OPT_U64(&cfg.how.seed) },
	{ 0, "solver", "NAME", "adamw (default) or exact",
		OPT_CHOICE(&cfg.solver, solvers) },
	{ 0, "lr", "X", "adamw: learning rate (default 0.01)",
		OPT_F64(&cfg.how.adamw.lr) },
	{ 0, "decay", "X", "adamw: weight decay (default 0.05)",
		OPT_F64(&cfg.how.adamw.decay) },
	{ 0, "iterations", "N", "adamw: full-batch steps (default 1000)",
		OPT_U64(&cfg.how.adamw.iterations) },
	{ 0, "l2", "X", "exact: add X/2 |w|^2 to the loss (default 0.001)",
		OPT_F64(&cfg.how.l2) },
	{ 0 },
};
static const struct tool tool = { "fit",
	"fit reward weights to orderings of completions", "[file ...]",
	(const struct opt *const[]){ opts, stream_opts, NULL } };

struct fitter {
	struct stream st;
	struct rec rec;
	struct expr *base;
	struct group group;
	struct order orders;
	struct sheet sheet;
	struct buf key, weights, report, line;
	struct complain unusable;
	uint64_t carried;
	size_t unfitted; /* response types without weights */
};

/* Preparing. */

/* The last factor that is given for a label counts. */
static void
set_margin(struct fitting_margin m)
{
	size_t i = 0;

	while (i < cfg.how.nmargins && !span_eq(cfg.margins[i].label, m.label))
		i++;
	if (i == cfg.how.nmargins)
		cfg.margins = mem_resize(
			cfg.margins, ++cfg.how.nmargins, sizeof(*cfg.margins));
	cfg.margins[i] = m;
}

static int
parse_margin(const char *text, struct err *e)
{
	const char *eq = strrchr(text, '=');
	struct span number = span_str(eq ? eq + 1 : "");
	struct fitting_margin m = { 0 };
	struct json_fault f;

	if (eq)
		m.label = (struct span){ text, (size_t)(eq - text) };
	if (json_scan(number, NULL, &f) || !json_f64(number, &m.factor) ||
		m.factor < 0)
		return err_set(e, "LABEL=X with a number X, not below 0, is "
				  "expected");
	set_margin(m);
	return 0;
}

static void
check_options(void)
{
	const struct fit_adamw *a = &cfg.how.adamw;

	if (cfg.orderings == NULL)
		die(ST_USAGE, "--orderings FILE is needed: it says which "
			      "completion types are better than which");
	if (!(cfg.how.train > 0 && cfg.how.train <= 1))
		die(ST_USAGE,
			"--train: a share above 0 and up to 1 is expected");
	if (cfg.how.margin < 0)
		die(ST_USAGE, "--margin: a number not below 0 is expected");
	if (!(a->lr > 0) || a->decay < 0 || !(a->lr * a->decay < 1))
		die(ST_USAGE, "--lr, --decay: positive numbers with a product "
			      "below 1 are expected");
	if (!(cfg.how.l2 > 0))
		die(ST_USAGE, "--l2: a number above 0 is expected: without "
			      "it the weights need not be bounded");
}

/* A label that no orderings name cannot be meant. */
static void
check_margins(const struct order *o)
{
	for (size_t i = 0; i < cfg.how.nmargins; i++) {
		struct span label = cfg.margins[i].label;
		bool found = false;

		for (size_t t = 0; t < o->types.n; t++)
			found |= map_find(&o->v[t].labels, label) != MAP_NONE;
		if (!found)
			die(ST_USAGE,
				"--label-margin: %s does not name \"%.*s\"",
				cfg.orderings, SPAN_ARG(label));
	}
}

static void
prepare(struct fitter *f)
{
	struct err e;

	check_options();
	if (order_file(&f->orders, cfg.orderings, &e) ||
		group_init(&f->group, cfg.by, &e))
		die(ST_USAGE, "%s", e.msg);
	if (cfg.base && (f->base = expr_compile(cfg.base, &e)) == NULL)
		die(ST_USAGE, "%s", e.msg);
	check_margins(&f->orders);
	f->sheet.orders = &f->orders;
	cfg.how.solver = cfg.solver ? FITTING_EXACT : FITTING_ADAMW;
	cfg.how.margins = cfg.margins;
	cfg.how.ignore = cfg.ignore.v;
	cfg.how.nignore = cfg.ignore.n;
}

/* Reading. */

static int
read_base(struct fitter *f, double *base, struct err *e)
{
	struct span v = rec_get(&f->rec, "rm_score");
	struct err why = { "" };

	if (f->base) {
		if (expr_f64(f->base, f->rec.raw, base, &why) == 0)
			return 0;
		return err_set(e, "--base %s", why.msg);
	}
	if (v.s == NULL)
		return err_set(e, "\"rm_score\" is missing: --base EXPR says "
				  "where the reward is, --base 0 fits the "
				  "rules alone");
	if (json_f64(v, base))
		return 0;
	return err_set(e, "\"rm_score\" is %s; a finite number is expected",
		json_kind_name(json_kind(v)));
}

static void
take(struct fitter *f)
{
	enum sheet_fate fate;
	struct sheet_in in = { 0 };
	struct err e;

	if (rec_failed(&f->rec)) {
		f->carried++;
		return;
	}
	buf_clear(&f->key);
	if (group_key(&f->group, &f->rec, &f->key, &e) ||
		read_base(f, &in.base, &e)) {
		complain_of(&f->unusable, &f->rec, "%s", e.msg);
		return;
	}
	in.prompt = buf_span(&f->key);
	fate = sheet_add(&f->sheet, &f->rec, &in, &e);
	if (fate == SHEET_UNORDERED)
		die(ST_USAGE, "%s:%llu: %s has %s", f->rec.file,
			(unsigned long long)f->rec.line, cfg.orderings, e.msg);
	if (fate == SHEET_UNUSABLE)
		complain_of(&f->unusable, &f->rec, "%s", e.msg);
}

/* Fitting. */

static void
check_ignored(const struct sheet *s)
{
	for (size_t i = 0; i < cfg.ignore.n; i++) {
		struct span name = span_str(cfg.ignore.v[i]);
		bool found = s->types.n == 0;

		for (size_t t = 0; t < s->types.n; t++)
			found |= map_find(&s->v[t].features, name) != MAP_NONE;
		if (!found)
			die(ST_USAGE,
				"--ignore %s: no record has such a feature",
				cfg.ignore.v[i]);
	}
}

/* Response types go by name, so that the output does not depend on the order. */
static void
fit_types(struct fitter *f)
{
	size_t n = f->sheet.types.n;
	size_t *order = map_sorted(&f->sheet.types);

	emit_begin(&f->weights, '{');
	emit_begin(&f->report, '{');
	for (size_t i = 0; i < n; i++)
		f->unfitted += fitting_type(&cfg.how,
				       map_key(&f->sheet.types, order[i]),
				       &f->sheet.v[order[i]], &f->weights,
				       &f->report) != 0;
	emit_end(&f->weights, '}');
	emit_end(&f->report, '}');
	free(order);
}

/* Writing. */

static void
put_adamw(struct buf *b)
{
	const struct fit_adamw *a = &cfg.how.adamw;

	emit_key(b, "lr"), emit_f64(b, a->lr);
	emit_key(b, "decay"), emit_f64(b, a->decay);
	emit_key(b, "betas"), emit_begin(b, '[');
	emit_f64(b, a->beta1), emit_f64(b, a->beta2), emit_end(b, ']');
	emit_key(b, "eps"), emit_f64(b, a->eps);
	emit_key(b, "iterations"), emit_u64(b, a->iterations);
}

static void
put_settings(struct buf *b)
{
	const struct fitting *how = &cfg.how;

	emit_key(b, "settings"), emit_begin(b, '{');
	emit_key(b, "solver"), emit_cstr(b, solvers[cfg.solver]);
	if (how->solver == FITTING_EXACT)
		emit_key(b, "l2"), emit_f64(b, how->l2);
	else
		put_adamw(b);
	emit_key(b, "margin"), emit_f64(b, how->margin);
	emit_key(b, "label_margins"), emit_begin(b, '{');
	for (size_t i = 0; i < how->nmargins; i++) {
		emit_key_span(b, how->margins[i].label);
		emit_f64(b, how->margins[i].factor);
	}
	emit_end(b, '}');
	emit_key(b, "ignore"), emit_begin(b, '[');
	for (size_t i = 0; i < how->nignore; i++)
		emit_cstr(b, how->ignore[i]);
	emit_end(b, ']');
	emit_key(b, "base"), emit_cstr(b, cfg.base ? cfg.base : ".rm_score");
	emit_key(b, "train"), emit_f64(b, how->train);
	emit_key(b, "seed"), emit_u64(b, how->seed);
	emit_end(b, '}');
}

static void
write_result(struct fitter *f)
{
	struct buf *b = &f->line;
	uint64_t left = f->carried + f->unusable.n;

	check_ignored(&f->sheet);
	fit_types(f);
	emit_begin(b, '{');
	emit_key(b, "weights"), emit_raw(b, buf_span(&f->weights));
	emit_key(b, "report"), emit_raw(b, buf_span(&f->report));
	put_settings(b);
	emit_key(b, "records"), emit_u64(b, f->st.read);
	emit_key(b, "errors"), emit_u64(b, left);
	emit_end(b, '}');
	stream_put(&f->st, buf_span(b));
	if (left)
		warn("%llu of %llu records are left out: %llu carry an error, "
		     "%llu are unusable",
			(unsigned long long)left,
			(unsigned long long)f->st.read,
			(unsigned long long)f->carried,
			(unsigned long long)f->unusable.n);
}

static void
release(struct fitter *f)
{
	expr_free(f->base);
	group_release(&f->group);
	sheet_release(&f->sheet);
	order_release(&f->orders);
	buf_release(&f->key);
	buf_release(&f->weights);
	buf_release(&f->report);
	buf_release(&f->line);
	rec_release(&f->rec);
	free(cfg.margins);
	free(cfg.ignore.v);
}

int
main(int argc, char **argv)
{
	struct fitter f = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&f);
	stream_open(&f.st, argv);
	while (stream_read(&f.st, &f.rec))
		take(&f);
	complain_tell(&f.unusable);
	if (!f.st.cut)
		write_result(&f);
	status = stream_close(&f.st);
	if (status == ST_OK && (f.carried || f.unusable.n || f.unfitted))
		status = ST_SOME;
	release(&f);
	return status;
}
