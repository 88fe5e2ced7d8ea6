/*
 * fuzz-tally: records of any shape as rows. A row that is written as a line of
 * a partial and read back is the same row; groups hold each row once.
 */
#include <math.h>
#include <stdlib.h>

#include "eval/meta.h"
#include "eval/partial.h"
#include "fuzz.h"

static void
must(bool yes)
{
	if (!yes)
		abort();
}

static void
same_row(const struct tally *a, const struct tally *b)
{
	const struct tally_row *x = &a->rows[a->nrows - 1];
	const struct tally_row *y = &b->rows[b->nrows - 1];

	must(span_eq(x->id, y->id) && span_eq(x->sample, y->sample));
	must(x->fate == y->fate && x->ungraded == y->ungraded && x->n == y->n);
	must((x->fate == TALLY_COUNTED) == (x->n > 0));
	for (size_t i = 0; i < x->n; i++) {
		const struct tally_value *v = &a->values[x->first + i];
		const struct tally_value *w = &b->values[y->first + i];

		must(v->x == w->x && isfinite(v->x));
		must(span_eq(map_key(&a->names, v->name),
			map_key(&b->names, w->name)));
	}
}

/* The last row goes out as a line and comes back into ${back}. */
static void
there_and_back(const struct tally *t, struct partial *back)
{
	struct rec r = { 0 };
	struct json_fault f;
	struct buf b = { 0 };
	struct err e;

	partial_row(t, &b);
	must(rec_parse(&r, buf_span(&b), &f) == 0);
	must(partial_read(back, &r, &e) == 0);
	same_row(t, back->tally);
	rec_release(&r);
	buf_release(&b);
}

/* Each row is in one group, and each value in one series. */
static void
count_groups(const struct tally *t)
{
	uint32_t *order = tally_order(t);
	size_t at = 0, rows = 0, values = 0;
	struct tally_group g;

	while (tally_next(t, order, &at, &g)) {
		rows += g.counts.records;
		for (size_t i = 0; i < g.nseries; i++)
			values += g.series[i].n;
		tally_group_release(&g);
	}
	must(rows == t->nrows && values == t->nvalues);
	free(order);
}

static void
one_record(const struct rec *r, struct rows *rows, struct partial *back)
{
	struct tally any = { 0 };
	struct partial raw = { .tally = &any };
	struct arena a = { 0 };
	struct meta_row row;
	struct meta m = { 0 };
	struct err e = { "" };

	if (rows_add(rows, r, &e) == TALLY_UNUSABLE)
		must(e.msg[0] != '\0');
	there_and_back(rows->tally, back);
	partial_read(&raw, r, &e);
	if (meta_read(r, &a, &row, &e) == TALLY_COUNTED)
		meta_add(&m, &row);
	meta_release(&m);
	arena_release(&a);
	partial_release(&raw);
	tally_release(&any);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tally t = { 0 }, u = { 0 };
	struct rows rows = { .tally = &t };
	struct partial back = { .tally = &u };
	struct rec r = { 0 };
	struct json_fault f;
	struct err e;

	must(rows_compile(&rows, &e) == 0);
	for (size_t at = 0, len; at < size; at += len + 1) {
		const uint8_t *end = memchr(data + at, '\n', size - at);

		len = end ? (size_t)(end - data) - at : size - at;
		if (rec_parse(&r, (struct span){ (const char *)data + at, len },
			    &f) == 0)
			one_record(&r, &rows, &back);
	}
	count_groups(&t);
	count_groups(&u);
	rec_release(&r);
	rows_release(&rows);
	partial_release(&back);
	tally_release(&t);
	tally_release(&u);
	return 0;
}
