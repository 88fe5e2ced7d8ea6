#include <stdlib.h>

#include "eval/agreement.h"
#include "eval/meta.h"
#include "eval/summary.h"
#include "eval/themes.h"
#include "record/expr.h"

struct verdicts {
	const struct agreement_how *how;
	struct expr *by;
	struct tally tally;
	struct meta *metas; /* by the index of their group in the tally */
	size_t nmetas;
	struct buf group;
};

static void
end(void *state)
{
	struct verdicts *v = state;

	if (v == NULL)
		return;
	expr_free(v->by);
	for (size_t i = 0; i < v->nmetas; i++)
		meta_release(&v->metas[i]);
	free(v->metas);
	tally_release(&v->tally);
	buf_release(&v->group);
	free(v);
}

static void *
begin(const struct agreement_how *how, struct err *e)
{
	struct verdicts *v = mem_alloc(1, sizeof(*v));

	*v = (struct verdicts){ .how = how };
	if (how->rounds > SUMMARY_MOST_ROUNDS)
		err_set(e, "--rounds: at most %d are expected",
			SUMMARY_MOST_ROUNDS);
	else if (!how->by || (v->by = expr_compile(how->by, e)) != NULL)
		return v;
	end(v);
	return NULL;
}

/* Reading. */

/* The group's JSON text; absent with ${e} filled where --by gives none. */
static struct span
group_of(struct verdicts *v, const struct rec *r, struct err *e)
{
	int rc;

	if (v->by == NULL)
		return SPAN("");
	buf_clear(&v->group);
	rc = expr_run(v->by, r->raw, &v->group, e);
	if (rc == 0)
		err_set(e, "--by gives no result");
	return rc == 1 ? buf_span(&v->group) : (struct span){ 0 };
}

static struct meta *
meta_of(struct verdicts *v, uint32_t group)
{
	size_t old = v->nmetas;

	v->metas = mem_grow(v->metas, &v->nmetas, group + 1, sizeof(*v->metas));
	memset(v->metas + old, 0, (v->nmetas - old) * sizeof(*v->metas));
	return &v->metas[group];
}

static void
take(void *state, struct rec *r, struct leftout *left)
{
	struct verdicts *v = state;
	struct err why = { 0 };
	struct meta_row row;
	struct span group = group_of(v, r, &why);
	enum tally_fate fate = rec_failed(r) ? TALLY_ERROR : TALLY_UNUSABLE;
	struct tally_row *last;

	tally_add(&v->tally, r, group);
	last = &v->tally.rows[v->tally.nrows - 1];
	if (group.s)
		fate = meta_read(r, &r->arena, &row, &why);
	if (fate == TALLY_COUNTED) {
		meta_add(meta_of(v, last->group), &row);
		meta_put(&row, &r->arena, &v->tally);
	} else {
		tally_fail(&v->tally, fate, fate == TALLY_UNGRADED);
	}
	leftout_count(left, r, last, &why);
	if (fate == TALLY_UNGRADED && *why.msg)
		complain_of(&left->unusable, r, "%s", why.msg);
}

/* Writing. */

static void
add_means(const struct agreement_how *a, const struct tally_group *g,
	struct metrics *m)
{
	const struct summary_how how = { a->seed, a->rounds, false };

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
print_json(const struct verdicts *v, const struct tally_group *g,
	const struct meta *meta, struct buf *out)
{
	struct metrics m = { 0 };
	struct buf people = { 0 }, line = { 0 };

	add_means(v->how, g, &m);
	meta_metrics(meta, &m);
	metrics_counts(&m, &g->counts);
	if (v->by)
		metrics_json(&m, SPAN("group"), g->json);
	if (v->how->people) {
		meta_people(meta, &people);
		metrics_json(&m, SPAN("physician_agreement_metric_lists"),
			buf_span(&people));
	}
	metrics_print(&m, &line);
	buf_add(out, buf_span(&line));
	buf_byte(out, '\n');
	buf_release(&line);
	buf_release(&people);
	metrics_release(&m);
}

static void
print_tables(const struct verdicts *v, const struct tally_group *g,
	const struct meta *meta, struct buf *out)
{
	struct table rates = { 0 }, themes = { 0 };

	if (out->len)
		buf_byte(out, '\n');
	if (v->by)
		buf_printf(out, "%.*s\n", SPAN_ARG(g->json));
	meta_table(meta, &rates);
	table_print(&rates, out);
	buf_byte(out, '\n');
	themes_table(meta, &themes);
	table_print(&themes, out);
	table_release(&rates);
	table_release(&themes);
}

static void
print_group(
	const struct verdicts *v, const struct tally_group *g, struct buf *out)
{
	static const struct meta none;
	size_t i = map_find(&v->tally.groups, g->json);
	const struct meta *meta = i < v->nmetas ? &v->metas[i] : &none;

	if (v->how->table)
		print_tables(v, g, meta, out);
	else
		print_json(v, g, meta, out);
}

static int
print(void *state, const struct leftout *left, struct buf *out, struct err *e)
{
	struct verdicts *v = state;
	uint32_t *order = tally_order(&v->tally);
	struct tally_group g, none = { .json = SPAN("") };
	size_t at = 0, groups = 0;

	(void)left;
	(void)e;
	leftout_grouped(&v->tally, v->how->by);
	while (tally_next(&v->tally, order, &at, &g)) {
		print_group(v, &g, out);
		tally_group_release(&g);
		groups++;
	}
	if (groups == 0 && !v->by)
		print_group(v, &none, out);
	free(order);
	return 0;
}

const struct agreement_mode agreement_verdicts = { begin, take, print, end };
