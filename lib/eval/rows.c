#include "eval/rows.h"

const char *const rows_names[] = {
	[ROWS_RUBRIC] = "rubric",
	[ROWS_VALUE] = "value",
	[ROWS_SHARE] = "share",
	NULL,
};

static int
compile(struct expr **x, const char *text, struct err *e)
{
	if (text)
		*x = expr_compile(text, e);
	return text && *x == NULL ? -1 : 0;
}

int
rows_compile(struct rows *rows, struct err *e)
{
	rows->bytag.tally = rows->tally;
	if (compile(&rows->expr, rows->make.expr, e))
		return -1;
	return compile(&rows->by, rows->make.by, e);
}

/* Runs a program whose result is wanted; absent with ${e} filled. */
static struct span
result(struct expr *x, const struct rec *r, struct buf *b, struct err *e)
{
	int rc;

	buf_clear(b);
	rc = expr_run(x, r->raw, b, e);
	if (rc == 0)
		err_set(e, "the jq program gives no result");
	return rc == 1 ? json_value(buf_span(b)) : (struct span){ 0 };
}

static int
put_value(struct rows *rows, struct span got, struct err *e)
{
	enum json_kind kind = json_kind(got);
	double x = kind == JSON_TRUE;

	if (kind != JSON_TRUE && kind != JSON_FALSE && !json_f64(got, &x))
		return err_set(e, "the value is %s, a number is expected",
			json_kind_name(kind));
	tally_put(rows->tally, tally_name(rows->tally, SPAN("value")), x);
	return 0;
}

/* A label is text; whatever else it is stands for itself as JSON. */
static int
put_label(struct rows *rows, struct span got, struct err *e)
{
	struct span label = json_str(got, &rows->arena);

	if (json_kind(got) == JSON_NULL)
		return err_set(e, "the label is null");
	tally_put(
		rows->tally, tally_name(rows->tally, label.s ? label : got), 1);
	return 0;
}

static enum tally_fate
read_expr(struct rows *rows, const struct rec *r, struct err *e)
{
	struct span got = result(rows->expr, r, &rows->got, e);
	int rc = -1;

	arena_clear(&rows->arena);
	if (got.s && rows->make.what == ROWS_VALUE)
		rc = put_value(rows, got, e);
	else if (got.s)
		rc = put_label(rows, got, e);
	return rc ? TALLY_UNUSABLE : TALLY_COUNTED;
}

/*
 * A record with an error counts as ungraded where that is what is wrong with
 * it, so that its criteria are counted; otherwise the error is reason enough.
 */
static enum tally_fate
fate_of(struct rows *rows, const struct rec *r, struct err *e)
{
	bool failed = rec_failed(r);
	enum tally_fate fate;

	if (rows->make.what != ROWS_RUBRIC)
		return failed ? TALLY_ERROR : read_expr(rows, r, e);
	fate = bytag_read(&rows->bytag, r, e);
	return failed && fate != TALLY_UNGRADED ? TALLY_ERROR : fate;
}

enum tally_fate
rows_add(struct rows *rows, const struct rec *r, struct err *e)
{
	struct span group = SPAN("");
	enum tally_fate fate;

	rows->bytag.ungraded = 0;
	if (rows->by)
		group = result(rows->by, r, &rows->group, e);
	tally_add(rows->tally, r, group);
	if (group.s)
		fate = fate_of(rows, r, e);
	else
		fate = rec_failed(r) ? TALLY_ERROR : TALLY_UNUSABLE;
	if (fate != TALLY_COUNTED)
		tally_fail(rows->tally, fate, rows->bytag.ungraded);
	return fate;
}

void
rows_release(struct rows *rows)
{
	expr_free(rows->expr);
	expr_free(rows->by);
	bytag_release(&rows->bytag);
	buf_release(&rows->got);
	buf_release(&rows->group);
	arena_release(&rows->arena);
	*rows = (struct rows){ 0 };
}
