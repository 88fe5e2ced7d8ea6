#include "eval/board.h"
#include "eval/results.h"

struct writer {
	const struct result_how *how;
	const struct tally *tally;
	struct table *table; /* NULL: lines */
	struct buf *out;
};

static int
write_group(const struct writer *w, const struct tally_group *g, struct err *e)
{
	struct buf line = { 0 };
	struct err why;
	int rc;

	if (w->table) {
		rc = board_add(w->how, w->tally, g, w->table, &why);
	} else {
		rc = result_json(w->how, w->tally, g, &line, &why);
		buf_add(w->out, buf_span(&line));
		buf_byte(w->out, '\n');
		buf_release(&line);
	}
	if (rc)
		return err_set(e, "%s%s%.*s", why.msg,
			g->json.len ? ", group " : "", SPAN_ARG(g->json));
	return 0;
}

static int
write_groups(const struct writer *w, const uint32_t *order, struct err *e)
{
	struct tally_group g, none = { .json = SPAN("") };
	size_t at = 0, n = 0;
	int rc = 0;

	while (rc == 0 && tally_next(w->tally, order, &at, &g)) {
		rc = write_group(w, &g, e);
		tally_group_release(&g);
		n++;
	}
	if (n == 0 && !w->how->grouped)
		rc = write_group(w, &none, e);
	return rc;
}

int
results_lines(const struct result_how *how, const struct tally *t,
	const uint32_t *order, struct buf *b, struct err *e)
{
	struct writer w = { .how = how, .tally = t, .out = b };

	if (write_groups(&w, order, e))
		return -1;
	b->len -= b->len > 0;
	return 0;
}

int
results_table(const struct result_how *how, const struct tally *t,
	const uint32_t *order, struct buf *b, struct err *e)
{
	struct table table = { 0 };
	struct writer w = { .how = how, .tally = t, .table = &table };
	int rc;

	board_begin(how, t, &table);
	rc = write_groups(&w, order, e);
	if (rc == 0) {
		table_print(&table, b);
		b->len -= b->len > 0;
	}
	table_release(&table);
	return rc;
}
