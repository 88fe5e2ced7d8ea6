#include "verify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "essential.h"
#include "fundamental.h"
#include "plane.h"
#include "view.h"

#define FLAT_ROUNDS 1000 /* for a plane that holds a third of the pairs */
#define SIZE 1024        /* images up to which the thresholds below are meant */

static const struct search_model fundamental = {
	.sample = { FUNDAMENTAL_SAMPLE, FUNDAMENTAL_SOLUTIONS },
	.solve = fundamental_solve,
	.fit = fundamental_fit,
	.fit_least = 8,
	.refine = fundamental_refine,
	.errors = fundamental_errors,
};

/* From a model that is nearly right there is no need to begin anew. */
static bool
essential_fit(const struct dlt_pairs *p, double m[9])
{
	essential_refine(p, m, 3);
	return true;
}

static const struct search_model essential = {
	.sample = { ESSENTIAL_SAMPLE, ESSENTIAL_SOLUTIONS },
	.solve = essential_solve,
	.fit = essential_fit,
	.fit_least = ESSENTIAL_SAMPLE + 1,
	.refine = essential_refine,
	.errors = fundamental_errors,
};

const char *const verify_names[] = { "homography", "fundamental", "essential",
	NULL };

static const struct kind {
	const struct search_model *model;
	double threshold;
} kinds[] = {
	[VERIFY_HOMOGRAPHY] = { &plane_model, 3 },
	[VERIFY_FUNDAMENTAL] = { &fundamental, 1.5 },
	[VERIFY_ESSENTIAL] = { &essential, 1.5 },
};

size_t
verify_least(enum verify_model model)
{
	return kinds[model].model->sample.sample + 1;
}

double
verify_threshold(enum verify_model model, uint32_t size)
{
	return kinds[model].threshold * (size > SIZE ? size : SIZE) / SIZE;
}

static int
check(const double (*pairs)[4], size_t n, const struct verify_opts *opts,
	struct err *e)
{
	if (n > UINT32_MAX)
		return err_set(e, "%zu pairs are too many to verify", n);
	for (size_t i = 0; i < 4 * n; i++)
		if (!isfinite(pairs[i / 4][i % 4]))
			return err_set(e,
				"match %zu has a coordinate that is not a "
				"finite number",
				i / 4);
	if (!(opts->threshold >= 0 && opts->threshold < INFINITY))
		return err_set(e,
			"the threshold has to be a number of pixels, not %g",
			opts->threshold);
	if (opts->model == VERIFY_ESSENTIAL && (!opts->query || !opts->match))
		return err_set(
			e, "an essential matrix needs both images' cameras");
	return 0;
}

/*
 * Pairs that one homography explains exactly satisfy so many fundamental
 * matrices that no sample gives one: an image and itself. Where none stands out
 * the homography is looked for, within the same threshold.
 */
static void
search_flat(struct search *s, const struct view *v)
{
	size_t most = s->rounds < FLAT_ROUNDS ? s->rounds : FLAT_ROUNDS;
	size_t drawn = s->drawn, least = verify_least(v->model);

	s->model = &plane_model;
	s->score = (struct search_score){ 0 };
	s->least = chance_least(s->model->sample, v->pairs.n,
		view_probability(v, VERIFY_HOMOGRAPHY));
	s->least = s->least < least ? least : s->least;
	s->rounds = most;
	s->drawn = 0;
	search_run(s);
	s->drawn += drawn;
}

/* Its pairs lie on lines of any matrix that is made of it: all are planar. */
static void
finish_flat(const struct view *v, const double h[9], struct verify_result *r)
{
	double f[9];

	plane_fundamental(h, f);
	view_finish(v, f, r->matrix);
	r->planar = r->inliers;
}

/* The inliers' flags and the matrix, if there is enough to stand for it. */
static void
report(struct search *s, const struct view *v, struct verify_result *r)
{
	uint32_t *index = mem_alloc(v->pairs.n, sizeof(*index));
	size_t n = search_inliers(s, index);

	if (n > 0 && n >= s->least) {
		r->inliers = n;
		for (size_t i = 0; r->inlier && i < n; i++)
			r->inlier[v->pairs.from[index[i]]] = 1;
		if (s->model == kinds[v->model].model)
			view_finish(v, s->best, r->matrix);
		else
			finish_flat(v, s->best, r);
	} else {
		r->planar = 0;
	}
	r->rounds = s->drawn;
	free(index);
}

/* How much of it is a plane; an essential matrix does not suffer from that. */
static size_t
planar(struct search *s, enum verify_model model)
{
	double h[9];
	size_t n;

	if (model == VERIFY_HOMOGRAPHY || s->score.count < s->least)
		return 0;
	n = plane_find(s, h);
	if (model != VERIFY_FUNDAMENTAL || 2 * n <= s->score.count)
		return n;
	plane_leave(s, h);
	return plane_find(s, h);
}

int
verify_find(const double (*pairs)[4], size_t n, const struct verify_opts *opts,
	struct verify_result *r, struct err *e)
{
	struct verify_opts o = *opts;
	struct search s = { .model = kinds[o.model].model };
	struct view v;
	struct rng rng;

	*r = (struct verify_result){ .inlier = r->inlier };
	if (n > 0 && r->inlier)
		memset(r->inlier, 0, n);
	if (check(pairs, n, &o, e) != 0)
		return -1;
	if (!(o.threshold > 0))
		o.threshold = verify_threshold(o.model, 0);
	rng_init(&rng, o.seed, 0);
	view_make(&v, pairs, n, &o, &rng);
	s.pairs = &v.pairs;
	s.rng = &rng;
	s.effort = SEARCH_EFFORT;
	s.limit = v.threshold * v.threshold;
	s.rounds = o.rounds ? o.rounds : VERIFY_ROUNDS;
	s.least = chance_least(
		s.model->sample, v.pairs.n, view_probability(&v, o.model));
	search_init(&s);
	search_run(&s);
	if (o.model == VERIFY_FUNDAMENTAL && s.score.count < s.least)
		search_flat(&s, &v);
	else
		r->planar = planar(&s, o.model);
	report(&s, &v, r);
	search_release(&s);
	view_release(&v);
	return 0;
}
