#include "eval/partial.h"
#include "record/emit.h"

#define FORMAT "cupel-score 1"

static const char *const fates[] = {
	[TALLY_COUNTED] = NULL,
	[TALLY_ERROR] = "error",
	[TALLY_UNGRADED] = "ungraded",
	[TALLY_UNUSABLE] = "unusable",
};

/* Writing. */

static void
emit_values(const struct tally *t, const struct tally_row *row, struct buf *b)
{
	emit_key(b, "values"), emit_begin(b, '{');
	for (size_t i = row->first; i < row->first + row->n; i++) {
		emit_key_span(b, map_key(&t->names, t->values[i].name));
		emit_f64(b, t->values[i].x);
	}
	emit_end(b, '}');
}

void
partial_row(const struct tally *t, struct buf *b)
{
	const struct tally_row *row = &t->rows[t->nrows - 1];
	bool known = row->group != TALLY_NO_GROUP;
	struct span group = known ? map_key(&t->groups, row->group) : SPAN("");

	emit_begin(b, '{');
	if (row->id.s)
		emit_key(b, "id"), emit_raw(b, row->id);
	if (row->sample.s)
		emit_key(b, "sample"), emit_raw(b, row->sample);
	if (group.len)
		emit_key(b, "group"), emit_raw(b, group);
	if (!known)
		emit_key(b, "no_group"), emit_bool(b, true);
	if (row->fate == TALLY_COUNTED)
		emit_values(t, row, b);
	else
		emit_key(b, "left_out"), emit_cstr(b, fates[row->fate]);
	if (row->ungraded)
		emit_key(b, "ungraded_items"), emit_u64(b, row->ungraded);
	emit_end(b, '}');
}

void
partial_end(const struct rows_make *make, uint64_t rows, struct buf *b)
{
	emit_begin(b, '{');
	emit_key(b, "end"), emit_cstr(b, FORMAT);
	emit_key(b, "rows"), emit_u64(b, rows);
	emit_key(b, "what"), emit_cstr(b, rows_names[make->what]);
	if (make->expr)
		emit_key(b, "expr"), emit_cstr(b, make->expr);
	if (make->by)
		emit_key(b, "by"), emit_cstr(b, make->by);
	emit_end(b, '}');
}

/* Reading. */

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A member's text, for the partial's lifetime; NULL where there is none. */
static const char *
text_of(struct partial *p, const struct rec *r, const char *name)
{
	struct span text = json_str(rec_get(r, name), &p->scratch);

	return text.s ? arena_dup(&p->arena, text) : NULL;
}

static int
read_make(struct partial *p, const struct rec *r, struct rows_make *make)
{
	struct span what = rec_get(r, "what");

	make->expr = text_of(p, r, "expr");
	make->by = text_of(p, r, "by");
	for (int i = 0; rows_names[i]; i++)
		if (json_is(what, rows_names[i]))
			return make->what = (enum rows_what)i, 0;
	return -1;
}

static int
read_end(struct partial *p, const struct rec *r, struct err *e)
{
	struct rows_make make;
	int64_t rows;

	if (!json_is(rec_get(r, "end"), FORMAT) || read_make(p, r, &make) ||
		!json_i64(rec_get(r, "rows"), &rows) || rows < 0)
		return err_set(e, "the end of a partial of another version");
	if (p->ends && (p->make.what != make.what ||
			       !same_text(p->make.expr, make.expr) ||
			       !same_text(p->make.by, make.by)))
		return err_set(e,
			"this partial was made with other options "
			"than the one before: --by, --value or --share");
	if (p->ends++ == 0)
		p->make = make;
	p->ended += (uint64_t)rows;
	return 0;
}

static int
read_values(struct partial *p, struct span values, struct err *e)
{
	struct json_iter it = json_iter(values);
	struct json_member m;
	double x;

	while (json_next(&it, &m)) {
		struct span name = json_str(m.key, &p->scratch);

		if (!json_f64(m.value, &x))
			return err_set(e, "the value of %.*s is %s",
				SPAN_ARG(m.key),
				json_kind_name(json_kind(m.value)));
		tally_put(p->tally, tally_name(p->tally, name), x);
	}
	return 0;
}

/* The fate that a row's "left_out" names, or TALLY_COUNTED. */
static enum tally_fate
read_fate(struct span left_out)
{
	for (enum tally_fate f = TALLY_ERROR; f <= TALLY_UNUSABLE; f++)
		if (json_is(left_out, fates[f]))
			return f;
	return TALLY_COUNTED;
}

static int
read_row(struct partial *p, const struct rec *r, struct err *e)
{
	struct span values = rec_get(r, "values"), group = rec_get(r, "group");
	enum tally_fate fate = read_fate(rec_get(r, "left_out"));
	int64_t ungraded = 0;

	if ((json_kind(values) == JSON_OBJECT) == (fate != TALLY_COUNTED))
		return err_set(
			e, "no line of a partial: --partial writes them");
	if (group.s == NULL && !json_true(rec_get(r, "no_group")))
		group = SPAN("");
	if (json_i64(rec_get(r, "ungraded_items"), &ungraded) && ungraded < 0)
		return err_set(e, "\"ungraded_items\" is below 0");
	tally_add(p->tally, r, group);
	p->rows++;
	if (fate != TALLY_COUNTED)
		return tally_fail(p->tally, fate, (uint64_t)ungraded), 0;
	return read_values(p, values, e);
}

int
partial_read(struct partial *p, const struct rec *r, struct err *e)
{
	arena_clear(&p->scratch);
	return rec_get(r, "end").s ? read_end(p, r, e) : read_row(p, r, e);
}

int
partial_whole(const struct partial *p, size_t files, struct err *e)
{
	if (p->ends < files)
		return err_set(e,
			"files: %zu, ends of a partial: %zu; one is cut short",
			files, p->ends);
	if (p->rows != p->ended)
		return err_set(e,
			"rows: %llu, but their ends tell of %llu; a partial is "
			"cut short",
			(unsigned long long)p->rows,
			(unsigned long long)p->ended);
	return 0;
}

void
partial_release(struct partial *p)
{
	arena_release(&p->arena);
	arena_release(&p->scratch);
	*p = (struct partial){ .tally = p->tally };
}
