#include "eval/board.h"
#include "eval/results.h"

struct writer {
	const struct result_how *how;
	const struct tally *tally;
	struct table *table; /* NULL: lines */
	struct buf *out;
};

static void
count_short(const struct writer *w, const struct tally_group *g)
{
	const struct tally_series *s = result_series(w->how, g);

	if (w->how->worst_at && s)
		leftout_worst_at(
			w->how->left, w->tally, g, s, w->how->worst_at);
}

static int
write_group(const struct writer *w, const struct tally_group *g, struct err *e)
{
	struct buf line = { 0 };
	struct err why;
	int rc;

	count_short(w, g);
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

/* Where no prompt at all has enough samples, more were asked for than exist. */
static int
check_enough(const struct result_how *how, struct err *e)
{
	size_t most = how->worst_at ? how->left->worst_at.greatest : 0;

	if (most == 0 || most >= how->worst_at)
		return 0;
	return err_set(e,
		"--worst-at %llu: no prompt has more than %zu sample%s",
		(unsigned long long)how->worst_at, most,
		most == 1 ? " that counts" : "s that count");
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
	return rc ? rc : check_enough(w->how, e);
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
