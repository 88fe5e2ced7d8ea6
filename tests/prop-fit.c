/*
 * prop-fit: AdamW takes the steps of a plain loop written down here again from
 * its definition; the exact solver meets the conditions of optimality, cannot be
 * improved on, and agrees with AdamW where that is left to run.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "stat/fit.h"
#include "tap.h"

#define SEED 41101
#define MOST_PAIRS 400
#define MOST_FEATURES 9

/* A problem as nobody would store it for speed. */
struct plain {
	size_t n, nf;
	double need[MOST_PAIRS], d[MOST_PAIRS][MOST_FEATURES];
	struct hinge h;
};

static double
probability(struct rng *r)
{
	double u = rng_unit(r);

	return u < 0.1 ? 0 : u > 0.9 ? 1 : rng_unit(r);
}

/* Some pairs agree in all features, the last feature is often constant. */
static void
make(struct plain *p, struct rng *r, size_t n, size_t nf)
{
	bool constant = rng_below(r, 2);

	p->n = n;
	p->nf = nf;
	p->h = (struct hinge){ .nfeatures = nf };
	for (size_t i = 0; i < n; i++) {
		double better[MOST_FEATURES], worse[MOST_FEATURES];
		bool same = rng_below(r, 10) == 0;

		for (size_t f = 0; f < nf; f++) {
			better[f] = probability(r);
			worse[f] = same ? better[f] : probability(r);
		}
		if (constant)
			better[nf - 1] = worse[nf - 1] = 0.25;
		for (size_t f = 0; f < nf; f++)
			p->d[i][f] = better[f] - worse[f];
		p->need[i] = 1 + 3 * (rng_unit(r) - 0.5);
		hinge_add(&p->h, better, worse, p->need[i]);
	}
}

static double
shortfall(const struct plain *p, size_t i, const double *w)
{
	double x = p->need[i];

	for (size_t f = 0; f < p->nf; f++)
		x -= w[f] * p->d[i][f];
	return x;
}

static double
objective(const struct plain *p, const double *w, double l2)
{
	double loss = 0, norm = 0;

	for (size_t i = 0; i < p->n; i++)
		loss += fmax(0, shortfall(p, i, w));
	for (size_t f = 0; f < p->nf; f++)
		norm += w[f] * w[f];
	return loss / (double)p->n + l2 / 2 * norm;
}

/* torch.optim.AdamW, written out of its documentation. */
static void
naive_adamw(const struct plain *p, const struct fit_adamw *how, double *w)
{
	double m[MOST_FEATURES] = { 0 }, v[MOST_FEATURES] = { 0 };

	for (size_t f = 0; f < p->nf; f++)
		w[f] = 0;
	for (uint64_t t = 1; t <= how->iterations; t++) {
		double g[MOST_FEATURES] = { 0 };

		for (size_t i = 0; i < p->n; i++)
			if (shortfall(p, i, w) > 0)
				for (size_t f = 0; f < p->nf; f++)
					g[f] -= p->d[i][f] / (double)p->n;
		for (size_t f = 0; f < p->nf; f++) {
			double mhat, vhat;

			w[f] = w[f] - how->lr * how->decay * w[f];
			m[f] = how->beta1 * m[f] + (1 - how->beta1) * g[f];
			v[f] = how->beta2 * v[f] +
			       (1 - how->beta2) * g[f] * g[f];
			mhat = m[f] / (1 - pow(how->beta1, (double)t));
			vhat = v[f] / (1 - pow(how->beta2, (double)t));
			w[f] -= how->lr * mhat / (sqrt(vhat) + how->eps);
		}
	}
}

static double
furthest(const double *a, const double *b, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(a[i] - b[i]));
	return most;
}

/* Numbers of pairs on both sides of a tile's end. */
static const size_t sizes[] = { 1, 2, 3, 127, 128, 129, 256, 257, 400 };
#define NSIZES (sizeof(sizes) / sizeof(*sizes))

static void
check_value(struct rng *r)
{
	struct plain p;
	double worst = 0, w[MOST_FEATURES], g[MOST_FEATURES];
	size_t wrong = 0;

	for (size_t k = 0; k < NSIZES; k++) {
		struct hinge_value got;
		size_t satisfied = 0;

		make(&p, r, sizes[k], 1 + k % MOST_FEATURES);
		for (size_t f = 0; f < p.nf; f++)
			w[f] = 4 * rng_unit(r) - 2;
		got = hinge_value(&p.h, w, g);
		for (size_t i = 0; i < p.n; i++)
			satisfied += shortfall(&p, i, w) <= 0;
		wrong += satisfied != got.satisfied;
		worst = fmax(worst, fabs(got.loss - objective(&p, w, 0)));
		for (size_t f = 0; f < p.nf; f++) {
			double up[MOST_FEATURES], step = 1e-9;

			memcpy(up, w, sizeof(up));
			up[f] += step;
			worst = fmax(worst,
				1e-7 * fabs((objective(&p, up, 0) - got.loss) /
						       step -
					       g[f]));
		}
		hinge_release(&p.h);
	}
	ok(worst < 1e-12, "loss, and gradient by differences: %g", worst);
	is_int((intmax_t)wrong, 0, "satisfied pairs are counted");
}

static void
check_adamw(struct rng *r)
{
	struct plain p;
	double worst = 0, w[MOST_FEATURES], want[MOST_FEATURES];

	for (size_t k = 0; k < NSIZES; k++) {
		struct fit_adamw how = { 0.01, k % 3 * 0.05, 0.9, 0.999, 1e-8,
			k % 2 ? 300 : 7 };

		make(&p, r, sizes[k], 1 + (k * 4) % MOST_FEATURES);
		fit_adamw(&p.h, &how, w);
		naive_adamw(&p, &how, want);
		worst = fmax(worst, furthest(w, want, p.nf));
		hinge_release(&p.h);
	}
	ok(worst < 1e-11, "AdamW against a plain loop: %g", worst);
}

/* The first steps as torch's documentation gives them, computed by hand. */
static void
check_first_step(void)
{
	struct hinge h = { .nfeatures = 2 };
	struct fit_adamw how = { 0.01, 0.05, 0.9, 0.999, 1e-8, 1 };
	double w[2];

	hinge_add(&h, (double[]){ 1, 0 }, (double[]){ 0, 0 }, 1);
	fit_adamw(&h, &how, w);
	ok(fabs(w[0] - 0.01 / (1 + 1e-8)) < 1e-18, "a step is lr: %.17g", w[0]);
	is_f64(w[1], 0, "a feature that never differs stays 0");
	hinge_release(&h);
}

/*
 * In no direction does the objective fall. Pairs that are neither satisfied nor
 * short, but for ${near}, may pull with any force between 0 and 1.
 */
static double
steepest(const struct plain *p, const double *w, double l2, struct rng *r)
{
	double worst = 0;

	for (int k = 0; k < 200; k++) {
		double v[MOST_FEATURES] = { 0 }, norm = 0, slope = 0,
		       near = 1e-5;

		for (size_t f = 0; f < p->nf; f++) {
			v[f] = rng_unit(r) - 0.5;
			norm += v[f] * v[f];
			slope += l2 * w[f] * v[f];
		}
		for (size_t i = 0; i < p->n; i++) {
			double x = shortfall(p, i, w), along = 0;

			for (size_t f = 0; f < p->nf; f++)
				along -= p->d[i][f] * v[f];
			if (x > near || (x > -near && along > 0))
				slope += along / (double)p->n;
		}
		worst = fmin(worst, slope / sqrt(norm));
	}
	return worst;
}

static void
check_exact(struct rng *r)
{
	static const double l2s[] = { 1e-4, 1e-3, 0.05, 1, 100 };
	struct plain p;
	double gap = 0, off = 0, slope = 0;
	size_t unreached = 0, most = 0, cases = 0;

	for (size_t k = 0; k < NSIZES * 5; k++, cases++) {
		double w[MOST_FEATURES];
		struct fit_proof proof;

		make(&p, r, sizes[k % NSIZES], 1 + k % MOST_FEATURES);
		proof = fit_exact(&p.h, l2s[k % 5], w);
		gap = fmax(gap, proof.gap / (1 + proof.objective));
		unreached += !proof.reached;
		most = proof.steps > most ? proof.steps : most;
		off = fmax(off,
			fabs(proof.objective - objective(&p, w, l2s[k % 5])));
		slope = fmin(slope, steepest(&p, w, l2s[k % 5], r));
		hinge_release(&p.h);
	}
	ok(gap <= FIT_GAP && unreached == 0, "%zu cases, gap %g", cases, gap);
	ok(most < 60, "in at most %zu steps", most);
	ok(off < 1e-12, "the objective is that of the weights: %g", off);
	ok(slope > -1e-4, "no direction leads down: %g", slope);
}

/* One pair, one feature: max(0, 1 - w) + l2/2 w^2 can be done by hand. */
static void
check_by_hand(void)
{
	struct hinge h = { .nfeatures = 1 };
	double w;
	struct fit_proof proof;

	hinge_add(&h, (double[]){ 1 }, (double[]){ 0 }, 1);
	proof = fit_exact(&h, 0.5, &w);
	ok(fabs(proof.objective - 0.25) < 1e-9 && fabs(w - 1) < 1e-4,
		"a kink: %.12g at %.6g", proof.objective, w);
	proof = fit_exact(&h, 4, &w);
	ok(fabs(proof.objective - 0.875) < 1e-9 && fabs(w - 0.25) < 1e-4,
		"a slope: %.12g at %.6g", proof.objective, w);
	hinge_release(&h);
	proof = fit_exact(&h, 1, &w);
	ok(proof.reached && proof.objective <= 0, "no pairs: nothing to lose");
}

/* With hardly any penalty both look for the least loss. */
static void
check_against_adamw(struct rng *r)
{
	struct fit_adamw how = { 1e-3, 0, 0.9, 0.999, 1e-8, 30000 };
	struct plain p;
	double above = 0, below = 0;

	for (int k = 0; k < 4; k++) {
		double slow[MOST_FEATURES], exact[MOST_FEATURES], difference;

		make(&p, r, 60, 4);
		fit_adamw(&p.h, &how, slow);
		fit_exact(&p.h, 1e-6, exact);
		difference = objective(&p, slow, 1e-6) -
		             objective(&p, exact, 1e-6);
		above = fmax(above, difference);
		below = fmin(below, difference);
		hinge_release(&p.h);
	}
	ok(below > -1e-9, "AdamW never beats the exact minimum: %g", below);
	ok(above < 2e-3, "and comes near to it in 30,000 steps: %g", above);
}

int
main(void)
{
	struct rng r;

	tap_note("seed %d", SEED);
	rng_init(&r, SEED, 0);
	check_value(&r);
	check_adamw(&r);
	check_first_step();
	check_exact(&r);
	check_by_hand();
	check_against_adamw(&r);
	return tap_done();
}
