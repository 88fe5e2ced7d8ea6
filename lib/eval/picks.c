#include <math.h>
#include <stdlib.h>

#include "eval/picks.h"
#include "record/emit.h"

void
picks_row(struct picks *p, const struct trainer_side *side)
{
	struct err e;

	if (p->to == TRAINER_NONE) {
		stream_write(p->st, side->r);
		return;
	}
	buf_clear(&p->line);
	if (trainer_row(p->to, side, p->rows, &p->line, &e)) {
		complain_of(&p->unwritten, side->r, "%s", e.msg);
		return;
	}
	stream_put(p->st, buf_span(&p->line));
	p->rows++;
}

/* Writes the pair unless both say the same; was it written? */
static bool
write_pair(struct picks *p, const struct trainer_side *better,
	const struct trainer_side *worse)
{
	struct err e;

	if (trainer_same(better->r, worse->r)) {
		p->twins++;
		return false;
	}
	buf_clear(&p->line);
	if (trainer_pair(p->to, better, worse, &p->line, &e)) {
		complain_of(&p->unwritten, better->r, "%s", e.msg);
		return false;
	}
	stream_put(p->st, buf_span(&p->line));
	return true;
}

static int
load(const struct picks *p, const struct pool_member *m, struct rec *r,
	struct trainer_side *side, struct err *e)
{
	*side = (struct trainer_side){ r, m->reward };
	return pool_load(p->pool, m->item, r, e);
}

int
picks_best(struct picks *p, const struct pool_group *g, size_t n, struct err *e)
{
	struct trainer_side side;

	for (size_t i = 0; i < g->n && i < n; i++) {
		if (load(p, &g->v[i], &p->rec, &side, e))
			return -1;
		picks_row(p, &side);
	}
	return 0;
}

int
picks_pairs(struct picks *p, const struct pool_group *g,
	const struct picks_pairs *how, struct err *e)
{
	struct pool_pairs walk = { .g = g, .gap = how->gap };
	uint64_t tries = how->all ? UINT64_MAX : 1, left = how->most;
	const struct pool_member *x, *y;
	struct trainer_side better, worse;

	while (left && tries-- && pool_pair(&walk, &x, &y)) {
		if (load(p, x, &p->rec, &better, e) ||
			load(p, y, &p->other, &worse, e))
			return -1;
		left -= write_pair(p, &better, &worse);
	}
	return 0;
}

/* Where rloo has nothing to compare a single completion to it is null. */
static void
add_advantage(struct picks *p, const struct pool_item *item, double x)
{
	bool alone = item->fate != POOL_RANKED ||
	             p->pool->groups[item->group].seen == 1;

	if (item->fate == POOL_FAILED)
		return;
	if (!isfinite(x) && !alone) {
		rec_fail(&p->rec, "reward",
			"the rewards are too large to compute with");
		return;
	}
	buf_clear(&p->line);
	emit_f64(&p->line, x);
	rec_set_buf(&p->rec, "advantage", &p->line);
}

int
picks_advantages(struct picks *p, enum advantage kind, struct err *e)
{
	double *all = pool_advantages(p->pool, kind);
	int rc = 0;

	for (size_t i = 0; i < p->pool->n && stream_goes_on(p->st); i++) {
		rc = pool_load(p->pool, i, &p->rec, e);
		if (rc)
			break;
		add_advantage(p, &p->pool->items[i], all[i]);
		stream_write(p->st, &p->rec);
	}
	free(all);
	return rc;
}

void
picks_failed(struct picks *p, struct rec *r)
{
	struct span why = json_str(
		json_get(rec_get(r, "error"), "message"), &r->arena);

	if (p->to)
		complain_of(&p->unwritten, r, "%.*s",
			SPAN_ARG(why.s ? why : SPAN("it carries an error")));
	else
		stream_write(p->st, r);
}

void
picks_release(struct picks *p)
{
	buf_release(&p->line);
	rec_release(&p->rec);
	rec_release(&p->other);
}
