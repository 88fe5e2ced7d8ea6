#include <math.h>
#include <stdlib.h>

#include "eval/caveat.h"
#include "eval/fitting.h"
#include "eval/group.h"
#include "eval/ranking.h"
#include "record/emit.h"

/* The pairs that are fitted to, or those that are held out. */
struct side {
	struct sheet_pairs pairs;
	struct hinge hinge;
	struct hinge_value before, after;
};

struct work {
	const struct fitting *how;
	const struct sheet_type *t;
	struct span name;
	size_t *sorted; /* features by name */
	bool *used;     /* of each feature: is it fitted? */
	double *w;      /* of those, in sorted order */
	double *all;    /* of every feature, as the sheet counts them */
	struct side train, held;
	struct fit_proof proof;
};

/* Features. */

static bool
ignored(const struct fitting *how, struct span feature)
{
	for (size_t i = 0; i < how->nignore; i++)
		if (span_is(feature, how->ignore[i]))
			return true;
	return false;
}

static void
choose_features(struct work *w)
{
	const struct map *names = &w->t->features;
	size_t n = names->n;

	w->sorted = map_sorted(names);
	w->used = mem_alloc(n + 1, sizeof(*w->used));
	w->w = mem_alloc(n + 1, sizeof(*w->w));
	w->all = mem_alloc(n + 1, sizeof(*w->all));
	for (size_t f = 0; f < n; f++) {
		w->used[f] = !ignored(w->how, map_key(names, f));
		w->all[f] = w->w[f] = 0;
	}
}

/* The used features of a row in sorted order; how many there are. */
static size_t
gather(const struct work *w, size_t row, double *to)
{
	size_t n = w->t->features.n, k = 0;

	for (size_t f = 0; f < n; f++)
		if (w->used[w->sorted[f]])
			to[k++] = w->t->values[row * n + w->sorted[f]];
	return k;
}

/* Pairs. */

static double
margin_of(const struct work *w, uint32_t label)
{
	struct span name = map_key(&w->t->order->labels, label);

	for (size_t i = 0; i < w->how->nmargins; i++)
		if (span_eq(w->how->margins[i].label, name))
			return w->how->margin * w->how->margins[i].factor;
	return w->how->margin;
}

static void
fill(struct work *w, struct side *s)
{
	size_t n = w->t->features.n;
	double *better = mem_alloc(2 * n + 1, sizeof(*better));

	s->hinge.nfeatures = 0;
	for (size_t f = 0; f < n; f++)
		s->hinge.nfeatures += w->used[f];
	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct sheet_pair *p = &s->pairs.v[i];
		const struct sheet_row *rows = w->t->rows;

		gather(w, p->better, better);
		gather(w, p->worse, better + n);
		hinge_add(&s->hinge, better, better + n,
			margin_of(w, rows[p->better].label) +
				rows[p->worse].base - rows[p->better].base);
	}
	free(better);
	s->before = hinge_value(&s->hinge, w->w, NULL);
}

static void
make_pairs(struct work *w)
{
	size_t n = w->t->prompts.n;
	bool *train = mem_alloc(n + 1, sizeof(*train));
	bool *held = mem_alloc(n + 1, sizeof(*held));

	for (size_t i = 0; i < n; i++) {
		double side = group_side(
			w->how->seed, map_key(&w->t->prompts, i));

		train[i] = side < w->how->train;
		held[i] = !train[i];
	}
	if (sheet_pair(w->t, train, &w->train.pairs) ||
		sheet_pair(w->t, held, &w->held.pairs))
		die(ST_CUT,
			"%.*s: more than %zu pairs: take fewer completions of "
			"a prompt",
			SPAN_ARG(w->name), SHEET_PAIRS);
	free(train);
	free(held);
	fill(w, &w->train);
	fill(w, &w->held);
}

/* What people should know. */

static void
warn_of_no_pairs(const struct work *w)
{
	const char *why = w->held.pairs.n
	                          ? "all pairs are held out: raise --train"
	                          : caveat_no_pairs(w->t);

	warn("%.*s: no pairs to fit to, so no weights: %s", SPAN_ARG(w->name),
		why);
}

static void
warn_of_constants(const struct work *w)
{
	size_t k = 0;

	for (size_t f = 0; f < w->t->features.n; f++) {
		size_t i = w->sorted[f];

		if (w->used[i] && !hinge_varies(&w->train.hinge, k++))
			warn("%.*s: \"%.*s\" is the same within every pair: "
			     "its weight stays 0",
				SPAN_ARG(w->name),
				SPAN_ARG(map_key(&w->t->features, i)));
	}
}

/* Fitting. */

static int
fit(struct work *w)
{
	size_t k = 0;

	if (w->how->solver == FITTING_EXACT)
		w->proof = fit_exact(&w->train.hinge, w->how->l2, w->w);
	else
		fit_adamw(&w->train.hinge, &w->how->adamw, w->w);
	w->train.after = hinge_value(&w->train.hinge, w->w, NULL);
	w->held.after = hinge_value(&w->held.hinge, w->w, NULL);
	if (!isfinite(w->train.after.loss)) {
		warn("%.*s: no weights: the numbers are too large to compute "
		     "with",
			SPAN_ARG(w->name));
		return -1;
	}
	if (w->how->solver == FITTING_EXACT && !w->proof.reached)
		warn("%.*s: after %u steps the objective may still be %g "
		     "above the least",
			SPAN_ARG(w->name), w->proof.steps, w->proof.gap);
	for (size_t f = 0; f < w->t->features.n; f++)
		if (w->used[w->sorted[f]])
			w->all[w->sorted[f]] = w->w[k++];
	return 0;
}

/* Reporting. */

static void
put_weights(const struct work *w, struct buf *b)
{
	emit_key_span(b, w->name), emit_begin(b, '{');
	for (size_t f = 0; f < w->t->features.n; f++) {
		size_t i = w->sorted[f];

		emit_key_span(b, map_key(&w->t->features, i));
		emit_f64(b, w->all[i]);
	}
	emit_end(b, '}');
}

/* null where there is nothing that it could be of. */
static void
put_or_null(struct buf *b, const char *key, double x, uint64_t n)
{
	emit_key(b, key);
	if (n)
		emit_f64(b, x);
	else
		emit_null(b);
}

static struct ranking_score
score(const struct work *w, size_t row)
{
	size_t n = w->t->features.n;
	struct ranking_score s = { 0 };

	s.v[RANKING_RM] = s.v[RANKING_BOTH] = w->t->rows[row].base;
	for (size_t f = 0; f < n; f++) {
		double part = w->all[f] * w->t->values[row * n + f];

		s.v[RANKING_RBR] += part;
		s.v[RANKING_BOTH] += part;
	}
	return s;
}

static void
put_ranking(const struct work *w, const struct side *s, struct buf *b)
{
	struct ranking k = { 0 };

	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct sheet_pair *p = &s->pairs.v[i];
		struct ranking_score better = score(w, p->better),
				     worse = score(w, p->worse);

		ranking_add(&k, w->t->order->ideal[w->t->rows[p->better].label],
			&better, &worse);
	}
	ranking_json(&k, b);
}

static void
put_side(const struct work *w, const struct side *s, struct buf *b)
{
	size_t n = s->pairs.n;
	double pairs = (double)n;

	emit_key(b, "prompts"), emit_u64(b, s->pairs.prompts);
	emit_key(b, "completions"), emit_u64(b, s->pairs.rows);
	emit_key(b, "pairs"), emit_u64(b, n);
	put_or_null(b, "loss_before", s->before.loss, n);
	put_or_null(b, "loss", s->after.loss, n);
	put_or_null(
		b, "satisfied_before", (double)s->before.satisfied / pairs, n);
	put_or_null(b, "satisfied", (double)s->after.satisfied / pairs, n);
	put_ranking(w, s, b);
}

static void
put_report(const struct work *w, struct buf *b)
{
	bool exact = w->how->solver == FITTING_EXACT;

	emit_key_span(b, w->name), emit_begin(b, '{');
	put_side(w, &w->train, b);
	put_or_null(b, "objective",
		exact ? w->proof.objective : w->train.after.loss,
		w->train.pairs.n);
	put_or_null(b, "gap", w->proof.gap, exact ? w->train.pairs.n : 0);
	emit_key(b, "held_out");
	if (w->how->train < 1) {
		emit_begin(b, '{');
		put_side(w, &w->held, b);
		emit_end(b, '}');
	} else {
		emit_null(b);
	}
	emit_end(b, '}');
}

static void
release(struct work *w)
{
	free(w->sorted);
	free(w->used);
	free(w->w);
	free(w->all);
	free(w->train.pairs.v);
	free(w->held.pairs.v);
	hinge_release(&w->train.hinge);
	hinge_release(&w->held.hinge);
}

int
fitting_type(const struct fitting *how, struct span name,
	const struct sheet_type *t, struct buf *weights, struct buf *report)
{
	struct work w = { .how = how, .t = t, .name = name };
	int rc = -1;

	choose_features(&w);
	make_pairs(&w);
	caveat_tell(t);
	if (w.train.pairs.n == 0) {
		warn_of_no_pairs(&w);
		put_report(&w, report);
	} else if (fit(&w) == 0) {
		warn_of_constants(&w);
		put_weights(&w, weights);
		put_report(&w, report);
		rc = 0;
	}
	release(&w);
	return rc;
}
