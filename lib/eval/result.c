#include <stdlib.h>

#include "eval/metrics.h"
#include "eval/result.h"
#include "record/emit.h"
#include "stat/mean.h"
#include "stat/tail.h"

const struct tally_series *
result_series(const struct result_how *how, const struct tally_group *g)
{
	return tally_find(g, how->what == ROWS_RUBRIC ? SPAN("overall_score")
						      : SPAN("value"));
}

double
result_mean(const struct result_how *how, double mean)
{
	return how->what == ROWS_RUBRIC ? mean_clip(mean) : mean;
}

void
result_worst_at(
	const struct result_how *how, const struct tally_series *s, double *out)
{
	summary_worst_at(s, how->worst_at, out);
	for (size_t k = 0; k < how->worst_at; k++)
		out[k] = result_mean(how, out[k]);
}

int
result_runs(const struct result_how *how, const struct tally *t,
	const struct tally_series *s, struct summary_runs *r, struct err *e)
{
	double *means;

	*r = (struct summary_runs){ 0 };
	if (how->summary.merged && summary_unnumbered(t, s))
		return err_set(e,
			"prompts come more than once without a "
			"\"sample\": which run a merged record was in "
			"is not known");
	summary_runs(t, s, how->summary.merged, r);
	means = arena_array(&r->arena, r->n, sizeof(*means));
	for (size_t i = 0; i < r->n; i++)
		means[i] = r->v[i].mean = result_mean(how, r->v[i].mean);
	r->mean = mean_of(means, r->n);
	r->std = mean_std(means, r->n);
	tail_sort(means, r->n);
	r->min = means[0];
	r->max = means[r->n - 1];
	return 0;
}

static void
emit_worst_at(const struct result_how *how, const struct tally_series *s,
	struct buf *b)
{
	double *v = mem_alloc(how->worst_at, sizeof(*v));

	result_worst_at(how, s, v);
	emit_begin(b, '[');
	for (size_t k = 0; k < how->worst_at; k++)
		emit_f64(b, v[k]);
	emit_end(b, ']');
	free(v);
}

static void
emit_run(const struct summary_run *run, struct buf *b)
{
	emit_begin(b, '{');
	emit_key(b, "sample"), emit_raw(b, run->sample);
	emit_key(b, "n"), emit_u64(b, run->n);
	emit_key(b, "mean"), emit_f64(b, run->mean);
	emit_end(b, '}');
}

static int
emit_runs(const struct result_how *how, const struct tally *t,
	const struct tally_series *s, struct buf *b, struct err *e)
{
	struct summary_runs r;

	if (result_runs(how, t, s, &r, e))
		return -1;
	emit_begin(b, '{');
	emit_key(b, "n"), emit_u64(b, r.n);
	emit_key(b, "mean"), emit_f64(b, r.mean);
	emit_key(b, "std"), emit_f64(b, r.std);
	emit_key(b, "min"), emit_f64(b, r.min);
	emit_key(b, "max"), emit_f64(b, r.max);
	emit_key(b, "run"), emit_begin(b, '[');
	for (size_t i = 0; i < r.n; i++)
		emit_run(&r.v[i], b);
	emit_end(b, ']');
	emit_end(b, '}');
	summary_runs_release(&r);
	return 0;
}

static void
add_series(const struct result_how *how, struct metrics *m,
	const struct tally_series *s, struct span group)
{
	struct summary y = summary_of(s, group, &how->summary);
	bool overall = span_is(s->name, "overall_score");

	metrics_f64(m, s->name, "", mean_clip(y.mean));
	metrics_u64(m, s->name, ":n_samples", y.n);
	metrics_f64(m, s->name, ":mean_raw", y.mean);
	if (overall) {
		metrics_f64(m, SPAN("score"), "", mean_clip(y.mean));
		metrics_u64(m, SPAN("score"), ":n_samples", y.n);
	}
	if (!y.drawn)
		return;
	metrics_f64(m, s->name, ":bootstrap_std", y.boot_clipped);
	metrics_f64(m, s->name, ":ci_low", y.low);
	metrics_f64(m, s->name, ":ci_high", y.high);
	if (overall)
		metrics_f64(m, SPAN("score"), ":bootstrap_std", y.boot_clipped);
}

static void
add_worst_at(const struct result_how *how, const struct tally_group *g,
	const struct tally_series *s, struct metrics *m)
{
	size_t n = summary_enough(s, how->worst_at).owners;
	struct buf b = { 0 };

	emit_worst_at(how, s, &b);
	metrics_json(m, SPAN("worst_at"), buf_span(&b));
	metrics_u64(m, SPAN("worst_at_prompts"), "", n);
	metrics_u64(m, SPAN("worst_at_left_out"), "", g->owners - n);
	buf_release(&b);
}

/* "worst_at" and "runs", where they are asked for. */
static int
add_extras(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct metrics *m, struct err *e)
{
	const struct tally_series *s = result_series(how, g);
	struct buf b = { 0 };
	int rc = 0;

	if (how->worst_at && s)
		add_worst_at(how, g, s, m);
	if (how->runs && s) {
		rc = emit_runs(how, t, s, &b, e);
		metrics_json(m, SPAN("runs"), buf_span(&b));
	}
	buf_release(&b);
	return rc;
}

static int
rubric_json(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct buf *b, struct err *e)
{
	struct metrics m = { 0 };
	int rc;

	for (size_t i = 0; i < g->nseries; i++)
		add_series(how, &m, &g->series[i], g->json);
	metrics_counts(&m, &g->counts);
	if (how->grouped)
		metrics_json(&m, SPAN("group"), g->json);
	rc = add_extras(how, t, g, &m, e);
	metrics_print(&m, b);
	metrics_release(&m);
	return rc;
}

static void
emit_summary(const struct result_how *how, const struct tally_series *s,
	struct span group, struct buf *b)
{
	struct summary y = summary_of(s, group, &how->summary);

	emit_key(b, "mean"), emit_f64(b, y.mean);
	emit_key(b, "std"), emit_f64(b, y.std);
	if (y.drawn) {
		emit_key(b, "ci_low"), emit_f64(b, y.low);
		emit_key(b, "ci_high"), emit_f64(b, y.high);
	}
}

static void
worst_json(const struct result_how *how, const struct tally_group *g,
	const struct tally_series *s, struct buf *b)
{
	size_t n = summary_enough(s, how->worst_at).owners;

	emit_key(b, "worst_at"), emit_worst_at(how, s, b);
	emit_key(b, "worst_at_prompts"), emit_u64(b, n);
	emit_key(b, "worst_at_left_out"), emit_u64(b, g->owners - n);
}

static int
value_json(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct buf *b, struct err *e)
{
	const struct tally_series *s = result_series(how, g);
	int rc = 0;

	emit_key(b, "n"), emit_u64(b, s ? s->n : 0);
	if (s == NULL)
		return emit_key(b, "mean"), emit_null(b), 0;
	emit_summary(how, s, g->json, b);
	if (how->worst_at)
		worst_json(how, g, s, b);
	if (how->runs)
		emit_key(b, "runs"), rc = emit_runs(how, t, s, b, e);
	return rc;
}

static void
share_json(const struct tally_group *g, struct buf *b)
{
	uint64_t n = g->counts.records - g->counts.errors;

	emit_key(b, "n"), emit_u64(b, n);
	emit_key(b, "share"), emit_begin(b, '{');
	for (size_t i = 0; i < g->nseries; i++) {
		emit_key_span(b, g->series[i].name);
		emit_f64(b, (double)g->series[i].n / (double)n);
	}
	emit_end(b, '}');
	emit_key(b, "count"), emit_begin(b, '{');
	for (size_t i = 0; i < g->nseries; i++) {
		emit_key_span(b, g->series[i].name);
		emit_u64(b, g->series[i].n);
	}
	emit_end(b, '}');
}

int
result_json(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct buf *b, struct err *e)
{
	int rc = 0;

	if (how->what == ROWS_RUBRIC)
		return rubric_json(how, t, g, b, e);
	emit_begin(b, '{');
	if (how->grouped)
		emit_key(b, "group"), emit_raw(b, g->json);
	if (how->what == ROWS_SHARE)
		share_json(g, b);
	else
		rc = value_json(how, t, g, b, e);
	emit_key(b, "errors"), emit_u64(b, g->counts.errors);
	emit_end(b, '}');
	return rc;
}
