#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK 128 /* pairs that tell whether the others are worth a look */
#define WARM 20   /* rounds before the first local optimisation */
#define SUBSET 7  /* such a part's pairs, in samples */
#define STEPS 10  /* of refinement at a time */
#define POLISHES 4

void
search_init(struct search *s)
{
	size_t n = s->pairs->n;

	s->e = mem_alloc(n, sizeof(*s->e));
	s->index = mem_alloc(n, sizeof(*s->index));
	for (int i = 0; i < 2; i++) {
		s->seen[i] = mem_alloc(n, sizeof(*s->seen[i]));
		memset(s->seen[i], 0, n * sizeof(*s->seen[i]));
	}
	s->stamp = 0;
	s->score = (struct search_score){ 0 };
	s->drawn = 0;
}

void
search_release(struct search *s)
{
	free(s->e);
	free(s->index);
	free(s->seen[0]);
	free(s->seen[1]);
	s->e = NULL;
	s->index = s->seen[0] = s->seen[1] = NULL;
}

/* Neither point of the pair has counted already under this stamp. */
static bool
fresh(struct search *s, size_t i)
{
	const uint32_t *points = s->pairs->points[i];

	if (s->seen[0][points[0]] == s->stamp ||
		s->seen[1][points[1]] == s->stamp)
		return false;
	s->seen[0][points[0]] = s->seen[1][points[1]] = s->stamp;
	return true;
}

/* Those of the errors in s->e that are within a limit, into s->index. */
static size_t
collect(struct search *s, double limit)
{
	size_t n = 0, i = 0;

	s->stamp++;
	for (; i < s->pairs->lone; i++)
		if (s->e[i] <= limit)
			s->index[n++] = (uint32_t)i;
	for (; i < s->pairs->n; i++)
		if (s->e[i] <= limit && fresh(s, i))
			s->index[n++] = (uint32_t)i;
	return n;
}

static size_t
within(struct search *s, const double m[9], double limit)
{
	s->model->errors(
		m, (const double(*)[4])s->pairs->at, s->pairs->n, s->e);
	return collect(s, limit);
}

/*
 * So few of the first block agree that the model would have to be unlucky by
 * four standard deviations to be better than the best one.
 */
static bool
hopeless(const struct search *s, size_t block)
{
	double n = (double)s->pairs->n, share = (double)s->score.count / n;
	double short_of = share * BLOCK - 1;

	for (size_t i = 0; i < block; i++)
		short_of -= s->e[i] <= s->limit;
	return short_of > 0 &&
	       short_of * short_of > 16 * BLOCK * share * (1 - share);
}

/* Count and cost of a model; false where it cannot be better. */
static bool
score(struct search *s, const double m[9], struct search_score *to)
{
	const double(*at)[4] = (const double(*)[4])s->pairs->at;
	size_t block = s->pairs->lone >= 2 * BLOCK ? BLOCK : 0;
	double scale = 256 / s->limit;

	if (block) {
		s->model->errors(m, at, block, s->e);
		if (hopeless(s, block))
			return false;
	}
	s->model->errors(m, at + block, s->pairs->n - block, s->e + block);
	*to = (struct search_score){ .count = collect(s, s->limit) };
	for (size_t i = 0; i < to->count; i++)
		to->cost += (uint64_t)(s->e[s->index[i]] * scale);
	return true;
}

static void
keep(struct search *s, const double m[9], struct search_score of)
{
	s->score = of;
	memcpy(s->best, m, sizeof(s->best));
}

bool
search_try(struct search *s, const double m[9])
{
	struct search_score of;

	if (!score(s, m, &of) || of.count < s->score.count ||
		(of.count == s->score.count && of.cost >= s->score.cost))
		return false;
	keep(s, m, of);
	return true;
}

/* Move k random ones of the first n indices to the front. */
static void
draw_some(struct search *s, size_t n, size_t k)
{
	for (size_t i = 0; i < k; i++) {
		size_t j = i + rng_below(s->rng, n - i);
		uint32_t t = s->index[i];

		s->index[i] = s->index[j];
		s->index[j] = t;
	}
}

/* Fit m to so many of the n pairs in s->index as are enough. */
static bool
fit_some(struct search *s, size_t n, size_t most, double m[9])
{
	struct dlt_pairs p = { (const double(*)[4])s->pairs->at, s->index,
		most < n ? most : n };

	if (p.n < s->model->fit_least)
		return false;
	if (p.n < n)
		draw_some(s, n, p.n);
	return s->model->fit(&p, m);
}

/* The local optimisation of the best model. */
static void
optimise(struct search *s)
{
	static const double wider[] = { 1, 4, 1 }; /* squared: 1, 2, 1 */
	size_t subset = SUBSET * s->model->sample.sample;
	double from[9], m[9];

	memcpy(from, s->best, sizeof(from));
	for (int rep = 0; rep < s->effort; rep++) {
		bool fits = true;

		memcpy(m, from, sizeof(m));
		for (int i = 0; fits && i < 3; i++) {
			size_t n = within(s, m, s->limit * wider[i]);
			/* First a half at most, so that they differ. */
			size_t most = i || n / 2 > subset ? subset : n / 2;

			if (most < s->model->fit_least)
				most = s->model->fit_least;
			fits = fit_some(s, n, most, m);
		}
		if (fits)
			search_try(s, m);
	}
}

/*
 * All inliers are taken at last, and what they fit best is better even if one at
 * the edge is lost: a pair that is no inlier costs what one at the edge does.
 */
void
search_polish(struct search *s)
{
	struct search_score of;
	double m[9];

	if (s->score.count == 0)
		return;
	optimise(s);
	for (int i = 0; i < POLISHES; i++) {
		struct dlt_pairs p = { (const double(*)[4])s->pairs->at,
			s->index, within(s, s->best, s->limit) };

		memcpy(m, s->best, sizeof(m));
		s->model->refine(&p, m, STEPS);
		if (!score(s, m, &of) ||
			of.cost + 256 * (uint64_t)s->score.count >=
				s->score.cost + 256 * (uint64_t)of.count)
			break;
		keep(s, m, of);
	}
}

/* Is pair k not in the sample, nor a point of it? */
static bool
apart(const struct pairs *p, const uint32_t *picks, size_t n, uint32_t k)
{
	for (size_t i = 0; i < n; i++)
		if (p->points[picks[i]][0] == p->points[k][0] ||
			p->points[picks[i]][1] == p->points[k][1])
			return false;
	return true;
}

/* A sample without replacement; false where pairs would share a point. */
static bool
draw(struct search *s, double (*at)[4])
{
	uint32_t picks[SEARCH_SAMPLE];

	for (size_t i = 0; i < s->model->sample.sample; i++) {
		uint32_t k = (uint32_t)rng_below(s->rng, s->pairs->n - i);

		/* k counts those that are left, which skips the picks. */
		for (size_t j = 0; j < i; j++)
			k += k >= picks[j];
		if (!apart(s->pairs, picks, i, k))
			return false;
		memcpy(at[i], s->pairs->at[k], sizeof(*at));
		picks[i] = k;
		for (size_t j = i; j > 0 && picks[j] < picks[j - 1]; j--) {
			picks[j] = picks[j - 1];
			picks[j - 1] = k;
		}
	}
	return true;
}

/* A round: a sample and what follows from it. Is there a better model? */
static bool
draw_models(struct search *s)
{
	double at[SEARCH_SAMPLE][4], m[SEARCH_SOLUTIONS][9];
	bool improved = false;
	size_t n = 0;

	s->drawn++;
	if (draw(s, at))
		n = s->model->solve((const double(*)[4])at, m);
	for (size_t i = 0; i < n; i++)
		improved |= search_try(s, m[i]);
	return improved;
}

void
search_run(struct search *s)
{
	struct chance_model sample = s->model->sample;
	size_t n = s->pairs->n, needed;
	bool improved = false;

	if (n <= sample.sample || s->least > n)
		return;
	needed = chance_rounds(sample, n, s->least, s->rounds);
	while (s->drawn < needed) {
		improved |= draw_models(s);
		if (!improved || s->drawn < WARM)
			continue;
		optimise(s);
		improved = false;
		if (s->score.count > s->least)
			needed = chance_rounds(
				sample, n, s->score.count, s->rounds);
	}
	search_polish(s);
}

/* An inlier that shares a point, to be sorted by its error. */
struct rival {
	double e;
	uint32_t index;
};

static int
closest(const void *a, const void *b)
{
	const struct rival *x = a, *y = b;

	if (x->e < y->e || x->e > y->e)
		return x->e < y->e ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

size_t
search_inliers(struct search *s, uint32_t *index)
{
	size_t n = 0, rivals = 0, lone = s->pairs->lone;
	struct rival *v = mem_alloc(s->pairs->n - lone, sizeof(*v));

	if (s->score.count > 0) {
		within(s, s->best, s->limit);
		s->stamp++;
		for (uint32_t i = 0; i < s->pairs->n; i++)
			if (!(s->e[i] <= s->limit))
				continue;
			else if (i < lone)
				index[n++] = i;
			else
				v[rivals++] = (struct rival){ s->e[i], i };
		qsort(v, rivals, sizeof(*v), closest);
		for (size_t i = 0; i < rivals; i++)
			if (fresh(s, v[i].index))
				index[n++] = v[i].index;
	}
	free(v);
	return n;
}
