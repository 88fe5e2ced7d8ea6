#include <math.h>

#include "eval/ranking.h"
#include "record/emit.h"

static const char *const names[] = { "rm", "rbr", "both" };

void
ranking_add(struct ranking *k, bool ideal, const struct ranking_score *better,
	const struct ranking_score *worse)
{
	double slack = better->slack + worse->slack;

	for (int i = 0; i < RANKING_SCORES; i++) {
		double a = better->v[i], b = worse->v[i];

		if (i == RANKING_RBR && fabs(a - b) <= slack)
			b = a;
		rank_add(&k->all[i], a, b);
		if (ideal)
			rank_add(&k->ideal[i], a, b);
	}
}

static void
merge(struct rank *to, const struct rank *from)
{
	to->n += from->n;
	to->worse_above += from->worse_above;
	to->tied += from->tied;
}

void
ranking_merge(struct ranking *k, const struct ranking *other)
{
	for (int i = 0; i < RANKING_SCORES; i++) {
		merge(&k->ideal[i], &other->ideal[i]);
		merge(&k->all[i], &other->all[i]);
	}
}

/* The share of pairs with the worse one above; NaN of none. */
static double
rate_of(const struct rank *r)
{
	return r->n ? (double)r->worse_above / (double)r->n : NAN;
}

static void
put(struct buf *b, const char *key, const struct rank *r)
{
	emit_key(b, key), emit_begin(b, '{');
	emit_key(b, "n"), emit_u64(b, r->n);
	emit_key(b, "worse_above"), emit_u64(b, r->worse_above);
	emit_key(b, "tied"), emit_u64(b, r->tied);
	emit_key(b, "rate"), emit_f64(b, rate_of(r));
	emit_end(b, '}');
}

void
ranking_json(const struct ranking *k, struct buf *b)
{
	emit_key(b, "ranking_error"), emit_begin(b, '{');
	for (int i = 0; i < RANKING_SCORES; i++) {
		emit_key(b, names[i]), emit_begin(b, '{');
		put(b, "ideal", &k->ideal[i]);
		put(b, "all", &k->all[i]);
		emit_end(b, '}');
	}
	emit_end(b, '}');
}
