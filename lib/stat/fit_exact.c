#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fit.h"

/*
 * The problem, with a slack s and an excess x of each pair, is
 *
 *	min  sum(x) / n + l2/2 |w|^2
 *	     D w + x - s = need,  s >= 0,  x >= 0
 *
 * Its multipliers are a of the constraints (and of s) and b of x; at the optimum
 *
 *	l2 w = D' a,  a + b = 1/n,  a s = 0,  b x = 0
 *
 * Mehrotra's predictor-corrector method follows a s = b x = mu down to 0. Each
 * step eliminates all but w, so what is solved is a system as large as there are
 * features. Any a within [0, 1/n] bounds the optimum from below.
 */

#define MOST_STEPS 200
#define TO_BOUNDARY 0.995 /* of the way to where a variable becomes 0 */
#define HOPELESS 1e-13    /* a step as short as that leads nowhere */

/* One value of everything that belongs to a pair: a state, or a direction. */
struct quad {
	double *a, *b, *s, *x;
};

struct ipm {
	const struct hinge *h;
	double l2, share; /* 1/n, what a + b is */
	size_t n, room, nf;
	double *needs, *theta, *target; /* by pair */
	double *dot;                    /* D w */
	struct quad at, move, guess;
	double *w, *dw, *residual, *matrix; /* by feature */
	double primal, dual;                /* the best so far */
	double *best;                       /* weights of ${primal} */
	struct arena arena;
};

static double *
numbers(struct ipm *p, size_t n)
{
	return arena_array(&p->arena, n + 1, sizeof(double));
}

static struct quad
quads(struct ipm *p)
{
	return (struct quad){ numbers(p, p->room), numbers(p, p->room),
		numbers(p, p->room), numbers(p, p->room) };
}

/* In the middle of the box, and within the constraints for w = 0. */
static void
start(struct ipm *p)
{
	double largest = 1;

	hinge_needs(p->h, p->needs);
	for (size_t i = 0; i < p->n; i++)
		largest = fmax(largest, fabs(p->needs[i]));
	for (size_t i = 0; i < p->n; i++) {
		p->at.a[i] = p->at.b[i] = p->share / 2;
		p->at.x[i] = fmax(p->needs[i], 0) + largest;
		p->at.s[i] = p->at.x[i] - p->needs[i];
	}
	p->primal = INFINITY;
	p->dual = 0; /* no loss is below 0 */
}

static void
prepare(struct ipm *p, const struct hinge *h, double l2, double *w)
{
	*p = (struct ipm){ .h = h, .l2 = l2, .best = w };
	p->n = h->npairs;
	p->nf = h->nfeatures;
	p->room = hinge_room(h);
	p->share = 1 / (double)p->n;
	p->needs = numbers(p, p->room);
	p->theta = numbers(p, p->room);
	p->target = numbers(p, p->room);
	p->dot = numbers(p, p->room);
	p->at = quads(p);
	p->move = quads(p);
	p->guess = quads(p);
	p->w = numbers(p, p->nf);
	p->dw = numbers(p, p->nf);
	p->residual = numbers(p, p->nf);
	p->matrix = numbers(p, p->nf * p->nf);
	start(p);
}

static double
square(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i] * v[i];
	return sum;
}

/* Computes D w and D' a - l2 w, and keeps the better bounds on both sides. */
static void
look(struct ipm *p)
{
	double loss = 0, gain = 0;

	hinge_dot(p->h, p->w, p->dot);
	hinge_sum(p->h, p->at.a, p->residual);
	for (size_t i = 0; i < p->n; i++) {
		loss += fmax(p->needs[i] - p->dot[i], 0);
		gain += p->at.a[i] * p->needs[i];
	}
	loss = loss * p->share + p->l2 / 2 * square(p->w, p->nf);
	gain -= square(p->residual, p->nf) / (2 * p->l2);
	if (loss < p->primal) {
		p->primal = loss;
		memcpy(p->best, p->w, p->nf * sizeof(*p->w));
	}
	p->dual = fmax(p->dual, gain);
	for (size_t f = 0; f < p->nf; f++)
		p->residual[f] -= p->l2 * p->w[f];
}

static bool
close_enough(const struct ipm *p)
{
	return p->primal - p->dual <= FIT_GAP * (1 + fabs(p->primal));
}

/* Cholesky's factor in place. A direction lost to rounding is not moved in. */
static void
factorise(double *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k <= i; k++) {
			double sum = m[i * n + k];

			for (size_t j = 0; j < k; j++)
				sum -= m[i * n + j] * m[k * n + j];
			if (k < i)
				m[i * n + k] = sum / m[k * n + k];
			else
				m[i * n + i] = sum > 0 ? sqrt(sum) : 1e150;
		}
	}
}

static void
solve(const double *factor, size_t n, double *v)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			v[i] -= factor[i * n + k] * v[k];
		v[i] /= factor[i * n + i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t k = i + 1; k < n; k++)
			v[i] -= factor[k * n + i] * v[k];
		v[i] /= factor[i * n + i];
	}
}

static void
build_system(struct ipm *p)
{
	for (size_t i = 0; i < p->n; i++)
		p->theta[i] = 1 / (p->at.x[i] / p->at.b[i] +
					  p->at.s[i] / p->at.a[i]);
	hinge_normal(p->h, p->theta, p->matrix);
	for (size_t f = 0; f < p->nf; f++)
		p->matrix[f * p->nf + f] += p->l2;
	factorise(p->matrix, p->nf);
}

/* What is to become of a s and b x: ${mu}, less what the guess brings about. */
static double
want(double mu, double u, double v, double du, double dv)
{
	return mu - u * v - du * dv;
}

/*
 * The direction in which a s and b x become ${mu}, all else holding, with the
 * second-order terms of ${guess}; into p->move and p->dw.
 */
static void
direct(struct ipm *p, double mu, const struct quad *guess)
{
	const struct quad *at = &p->at;
	struct quad *d = &p->move;

	for (size_t i = 0; i < p->n; i++) {
		double ds = want(
			mu, at->a[i], at->s[i], guess->a[i], guess->s[i]);
		double dx = want(
			mu, at->b[i], at->x[i], guess->b[i], guess->x[i]);
		double off = p->needs[i] - p->dot[i] - at->x[i] + at->s[i];
		double lost = p->share - at->a[i] - at->b[i];

		d->s[i] = ds; /* until below */
		d->x[i] = dx - at->x[i] * lost;
		p->target[i] = p->theta[i] *
		               (off - d->x[i] / at->b[i] + ds / at->a[i]);
	}
	hinge_sum(p->h, p->target, p->dw);
	for (size_t f = 0; f < p->nf; f++)
		p->dw[f] += p->residual[f];
	solve(p->matrix, p->nf, p->dw);
	hinge_dot(p->h, p->dw, d->a);
	for (size_t i = 0; i < p->n; i++) {
		double lost = p->share - at->a[i] - at->b[i];

		d->a[i] = p->target[i] - p->theta[i] * d->a[i];
		d->b[i] = lost - d->a[i];
		d->s[i] = (d->s[i] - at->s[i] * d->a[i]) / at->a[i];
		d->x[i] = (d->x[i] + at->x[i] * d->a[i]) / at->b[i];
	}
}

/* How far ${v} may go along ${d} until one of its numbers is 0. */
static double
reach(const double *v, const double *d, size_t n, double most)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] + most * d[i] < 0)
			most = -v[i] / d[i];
	return most;
}

static double
reach_all(const struct ipm *p, double most)
{
	const struct quad *at = &p->at, *d = &p->move;

	most = reach(at->a, d->a, p->n, most);
	most = reach(at->b, d->b, p->n, most);
	most = reach(at->s, d->s, p->n, most);
	return reach(at->x, d->x, p->n, most);
}

/* The mean of a s and b x after a step of that length. */
static double
mean_product(const struct ipm *p, double length)
{
	const struct quad *at = &p->at, *d = &p->move;
	double sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += (at->a[i] + length * d->a[i]) *
		               (at->s[i] + length * d->s[i]) +
		       (at->b[i] + length * d->b[i]) *
		               (at->x[i] + length * d->x[i]);
	return sum / (2 * (double)p->n);
}

static void
advance(double *v, const double *d, size_t n, double length)
{
	for (size_t i = 0; i < n; i++)
		v[i] += length * d[i];
}

/* The direction straight to 0 becomes the guess; how far down it would lead. */
static double
predict(struct ipm *p)
{
	struct quad spare = p->guess;
	double share;

	memset(p->guess.a, 0, p->room * sizeof(double));
	memset(p->guess.b, 0, p->room * sizeof(double));
	direct(p, 0, &p->guess);
	share = mean_product(p, reach_all(p, 1)) / mean_product(p, 0);
	p->guess = p->move;
	p->move = spare;
	return share;
}

/* One step; false where there is no way on. */
static bool
go(struct ipm *p)
{
	double share, length;

	build_system(p);
	share = predict(p);
	direct(p, share * share * share * mean_product(p, 0), &p->guess);
	length = reach_all(p, 1 / TO_BOUNDARY) * TO_BOUNDARY;
	if (!(length > HOPELESS))
		return false;
	advance(p->w, p->dw, p->nf, length);
	advance(p->at.a, p->move.a, p->n, length);
	advance(p->at.b, p->move.b, p->n, length);
	advance(p->at.s, p->move.s, p->n, length);
	advance(p->at.x, p->move.x, p->n, length);
	return true;
}

struct fit_proof
fit_exact(const struct hinge *h, double l2, double *w)
{
	struct fit_proof proof = { .reached = true };
	struct ipm p;

	memset(w, 0, h->nfeatures * sizeof(*w));
	if (h->npairs == 0)
		return proof;
	prepare(&p, h, l2, w);
	look(&p);
	while (!close_enough(&p) && proof.steps < MOST_STEPS && go(&p)) {
		look(&p);
		proof.steps++;
	}
	proof.objective = p.primal;
	proof.gap = fmax(p.primal - p.dual, 0);
	proof.reached = close_enough(&p);
	arena_release(&p.arena);
	return proof;
}
