#include <inttypes.h>

#include "eval/leftout.h"

void
leftout_count(struct leftout *l, const struct rec *r,
	const struct tally_row *row, const struct err *why)
{
	tally_count(&l->counts, row);
	if (row->fate == TALLY_UNUSABLE)
		complain_of(&l->unusable, r, "%s", why->msg);
}

void
leftout_read(struct leftout *l, struct rec *r,
	int (*read)(void *state, struct rec *r, struct err *e), void *state)
{
	struct tally_row row = { .fate = TALLY_ERROR };
	struct err why = { "" };

	if (!rec_failed(r))
		row.fate = read(state, r, &why) ? TALLY_UNUSABLE
		                                : TALLY_COUNTED;
	leftout_count(l, r, &row, &why);
}

static void
add_reason(struct buf *b, uint64_t n, const char *one, const char *many)
{
	if (n)
		buf_printf(b, "%s%" PRIu64 " %s", b->len ? ", " : "", n,
			n == 1 ? one : many);
}

static void
tell_errors(const struct tally_counts *c)
{
	struct buf b = { 0 };

	add_reason(&b, c->carried, "carries an error", "carry an error");
	add_reason(&b, c->ungraded, "is ungraded", "are ungraded");
	if (c->ungraded_items > c->ungraded)
		buf_printf(&b, " (%" PRIu64 " criteria)", c->ungraded_items);
	add_reason(&b, c->unusable, "cannot be used", "cannot be used");
	warn("%" PRIu64 " of %" PRIu64 " records %s left out: %s", c->errors,
		c->records, c->errors == 1 ? "is" : "are", buf_cstr(&b));
	buf_release(&b);
}

void
leftout_worst_at(struct leftout *l, const struct tally *t,
	const struct tally_group *g, const struct tally_series *s, size_t most)
{
	struct summary_enough h = summary_enough(s, most);

	l->worst_at.prompts += g->owners;
	l->worst_at.out += g->owners - h.owners;
	if (h.greatest > l->worst_at.greatest)
		l->worst_at.greatest = h.greatest;
	if (h.short_has && l->worst_at.first.short_has == 0) {
		l->worst_at.first = h;
		l->worst_at.id = t->rows[h.short_row].id;
	}
}

static void
tell_worst_at(const struct leftout *l)
{
	const struct summary_enough *first = &l->worst_at.first;
	struct span id = l->worst_at.id.s ? l->worst_at.id
	                                  : SPAN("a record without an id");
	struct buf b = { 0 };

	buf_printf(&b,
		"%zu of %zu prompts %s left out of worst_at: ", l->worst_at.out,
		l->worst_at.prompts, l->worst_at.out == 1 ? "is" : "are");
	if (first->short_has == 0)
		buf_printf(&b, "none of their samples counts");
	else
		buf_printf(&b, "%.*s has %zu sample%s, %s%zu%s", SPAN_ARG(id),
			first->short_has, first->short_has == 1 ? "" : "s",
			first->usual ? "most have " : "", first->enough,
			first->usual ? "" : " are needed");
	warn("%s", buf_cstr(&b));
	buf_release(&b);
}

void
leftout_grouped(const struct tally *t, const char *by)
{
	size_t n = 0;

	for (size_t i = 0; i < t->nrows; i++)
		n += t->rows[i].group != TALLY_NO_GROUP;
	if (by && t->groups.n == 1 && span_is(map_key(&t->groups, 0), "null"))
		warn("--by %s: null for %s%zu record%s: one group", by,
			n == 1 ? "" : "all ", n, n == 1 ? "" : "s");
}

void
leftout_tell(const struct leftout *l)
{
	if (l->counts.records == 0)
		warn("no records");
	if (l->counts.errors)
		tell_errors(&l->counts);
	if (l->worst_at.out)
		tell_worst_at(l);
}

enum status
leftout_status(const struct leftout *l, enum status status)
{
	bool any = l->counts.errors || l->worst_at.out;

	return status == ST_OK && any ? ST_SOME : status;
}
