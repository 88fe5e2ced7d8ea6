#include "vision/recall_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "record/emit.h"

/* Writing places. */

static void
put(struct recall_report *to)
{
	emit_end(&to->json, '}');
	if (!to->table)
		stream_put(to->st, buf_span(&to->json));
	buf_clear(&to->json);
}

static void
write_query(struct recall_report *to, const struct recall *r, size_t i,
	const struct recall_result *q)
{
	struct buf *b = &to->json;

	emit_begin(b, '{');
	emit_key(b, "query");
	emit_str(b, map_key(&r->queries.names, i));
	emit_key(b, "listed"), emit_u64(b, q->listed);
	emit_key(b, "positives"), emit_u64(b, q->positives);
	emit_key(b, "first");
	if (q->first)
		emit_u64(b, q->first);
	else
		emit_null(b);
	emit_key(b, "best_m"), emit_f64(b, q->best_m);
	put(to);
}

struct total {
	size_t n, missing, unanswerable;
	double recall[RECALL_KS], map[RECALL_KS];
};

static void
add_up(struct total *t, const struct recall *p, const struct recall_result *q)
{
	t->missing += q->listed == 0;
	t->n++;
	for (size_t k = 0; k < p->nk; k++) {
		t->recall[k] += q->first && q->first <= p->k[k];
		t->map[k] += q->ap[k];
	}
}

/* The total's sums as means; none of nothing. */
static void
take_means(struct total *t, const struct recall *p)
{
	for (size_t k = 0; k < p->nk; k++) {
		t->recall[k] = t->n ? t->recall[k] / (double)t->n : NAN;
		t->map[k] = t->n ? t->map[k] / (double)t->n : NAN;
	}
}

static void
emit_at(struct buf *b, const char *what, uint64_t k, double x)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%llu", what, (unsigned long long)k);
	emit_key(b, name), emit_f64(b, x);
}

static void
write_places(
	struct recall_report *to, const struct recall *p, const struct total *t)
{
	struct buf *b = &to->json;

	emit_begin(b, '{');
	emit_key(b, "n"), emit_u64(b, t->n);
	emit_key(b, "missing"), emit_u64(b, t->missing);
	emit_key(b, "unanswerable"), emit_u64(b, t->unanswerable);
	emit_key(b, "database"), emit_u64(b, p->database.names.n);
	emit_key(b, "errors"), emit_u64(b, to->errors);
	emit_key(b, "radius"), emit_f64(b, p->radius);
	emit_key(b, "heading"), emit_f64(b, p->heading);
	for (size_t k = 0; k < p->nk; k++)
		emit_at(b, "recall", p->k[k], t->recall[k]);
	for (size_t k = 0; k < p->nk; k++)
		emit_at(b, "map", p->k[k], t->map[k]);
	put(to);
}

static void
table_blank(struct table *t)
{
	table_line(t, "%s", "");
}

static void
table_share(struct table *t, double share)
{
	if (isnan(share))
		table_cell(t, "-");
	else
		table_cell(t, "%.1f %%", 100 * share);
}

static void
print_table(struct recall_report *to, struct table *t)
{
	struct buf b = { 0 };

	table_print(t, &b);
	if (b.len) /* its last line feed comes with the line */
		b.len--;
	stream_put(to->st, buf_span(&b));
	buf_release(&b);
	table_release(t);
}

static void
show_places(
	struct recall_report *to, const struct recall *p, const struct total *t)
{
	struct table table = { .columns = 3 };

	table_cell(&table, "among the first");
	table_cell(&table, "recall");
	table_cell(&table, "mAP");
	for (size_t k = 0; k < p->nk; k++) {
		table_cell(&table, "%llu", (unsigned long long)p->k[k]);
		table_share(&table, t->recall[k]);
		table_share(&table, t->map[k]);
	}
	table_blank(&table);
	table_line(&table,
		"%zu queries, %zu not answered, %zu without a right "
		"image within %g m",
		t->n, t->missing, t->unanswerable, p->radius);
	table_line(&table, "%zu images in the database", p->database.names.n);
	print_table(to, &table);
}

void
recall_report_places(struct recall_report *to, struct recall *r)
{
	struct recall_result *q = recall_judge(r);
	struct total t = { 0 };

	for (size_t i = 0; i < r->queries.names.n; i++) {
		bool answerable = q[i].positives > 0;

		t.unanswerable += !answerable;
		if (to->each)
			write_query(to, r, i, &q[i]);
		if (answerable || !to->answerable)
			add_up(&t, r, &q[i]);
	}
	take_means(&t, r);
	if (to->table)
		show_places(to, r, &t);
	else
		write_places(to, r, &t);
	free(q);
	buf_release(&to->json);
}

/* Writing poses. */

static size_t
count_missing(const struct poses *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->names.n; i++)
		n += isinf(p->errors[i].m) != 0;
	return n;
}

static void
write_pose(struct recall_report *to, const struct poses *p, size_t i)
{
	struct buf *b = &to->json;

	emit_begin(b, '{');
	emit_key(b, "image");
	emit_str(b, map_key(&p->names, i));
	emit_key(b, "err_m"), emit_f64(b, p->errors[i].m);
	emit_key(b, "err_deg"), emit_f64(b, p->errors[i].deg);
	put(to);
}

static void
write_poses(struct recall_report *to, const struct poses *p)
{
	struct poses_error median = poses_median(p);
	struct buf *b = &to->json;

	emit_begin(b, '{');
	emit_key(b, "n"), emit_u64(b, p->names.n);
	emit_key(b, "missing"), emit_u64(b, count_missing(p));
	emit_key(b, "errors"), emit_u64(b, to->errors);
	emit_key(b, "median_m"), emit_f64(b, median.m);
	emit_key(b, "median_deg"), emit_f64(b, median.deg);
	for (size_t i = 0; i < p->nwithin; i++) {
		char name[80];

		snprintf(name, sizeof(name), "recall@%gm,%gdeg", p->within[i].m,
			p->within[i].deg);
		emit_key(b, name), emit_f64(b, poses_share(p, &p->within[i]));
	}
	put(to);
}

static void
show_poses(struct recall_report *to, const struct poses *p)
{
	struct poses_error median = poses_median(p);
	struct table t = { .columns = 2 };

	table_cell(&t, "within");
	table_cell(&t, "recall");
	for (size_t i = 0; i < p->nwithin; i++) {
		table_cell(&t, "%g m, %g degrees", p->within[i].m,
			p->within[i].deg);
		table_share(&t, poses_share(p, &p->within[i]));
	}
	table_blank(&t);
	table_line(&t, "%zu images, %zu without a pose", p->names.n,
		count_missing(p));
	if (isfinite(median.m))
		table_line(&t, "median error %.3g m, %.3g degrees", median.m,
			median.deg);
	print_table(to, &t);
}

void
recall_report_poses(struct recall_report *to, const struct poses *p)
{
	for (size_t i = 0; to->each && i < p->names.n; i++)
		write_pose(to, p, i);
	if (to->table)
		show_poses(to, p);
	else
		write_poses(to, p);
	buf_release(&to->json);
}
