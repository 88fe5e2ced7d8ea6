/*
 * prop-solve: on random scenes with exact truth the minimal solvers find what
 * satisfies their sample, and with it the truth; least squares and refinement
 * find it from many pairs, and leave noise smaller than they found it.
 */
#include <stdlib.h>

#include "scene.h"
#include "tap.h"
#include "vision/essential.h"
#include "vision/fundamental.h"
#include "vision/homography.h"

#define SEED 5
#define CASES 20000
#define MANY 60

static struct rng rng;

/* The least difference of two matrices of norm 1, up to sign. */
static double
apart(const double a[9], const double b[9])
{
	double plus = 0, minus = 0;

	for (int i = 0; i < 9; i++) {
		plus = fmax(plus, fabs(a[i] + b[i]));
		minus = fmax(minus, fabs(a[i] - b[i]));
	}
	return fmin(plus, minus);
}

/* Rays of about unit size for all three, as verify has them. */
static void
sample(struct scene *s, size_t n, bool flat, double (*rays)[4])
{
	scene_make(s, &rng);
	for (size_t i = 0; i < n; i++) {
		double pair[4];

		scene_pair(s, &rng, flat, pair);
		scene_rays(s, pair, rays[i]);
	}
}

static double
worst_algebraic(const double m[9], double (*rays)[4], size_t n)
{
	double worst = 0;

	for (size_t i = 0; i < n; i++) {
		double x[3] = { rays[i][0], rays[i][1], 1 }, l[3];
		double y[3] = { rays[i][2], rays[i][3], 1 };

		mat3_apply(m, x, l);
		worst = fmax(worst, fabs(mat3_dot(y, l)));
	}
	return worst;
}

/* How far 2 E E' E - trace(E E') E is from 0. */
static double
not_essential(const double e[9])
{
	double t[9], ee[9], eee[9], worst = 0;

	mat3_transpose(e, t);
	mat3_mul(e, t, ee);
	mat3_mul(ee, e, eee);
	for (int i = 0; i < 9; i++)
		worst = fmax(worst,
			fabs(2 * eee[i] - (ee[0] + ee[4] + ee[8]) * e[i]));
	return worst;
}

/* The homography of rays for the scene's plane. */
static void
true_homography(const struct scene *s, double h[9])
{
	for (int i = 0; i < 9; i++)
		h[i] = s->r[i] + s->t[i / 3] * s->plane[i % 3] / s->plane[3];
	mat3_unit(h, 9);
}

static void
check_homography(void)
{
	int solved = 0, close = 0;
	double worst = 0;

	for (int i = 0; i < CASES; i++) {
		double rays[4][4], h[1][9], e[4], want[9];
		struct scene s;

		sample(&s, 4, true, rays);
		if (!homography_solve((const double(*)[4])rays, h))
			continue;
		solved++;
		homography_errors(h[0], (const double(*)[4])rays, 4, e);
		for (int k = 0; k < 4; k++)
			worst = fmax(worst, sqrt(e[k]));
		true_homography(&s, want);
		close += apart(h[0], want) < 1e-7;
	}
	ok(solved > CASES * 95 / 100, "4 pairs: %d of %d have a homography",
		solved, CASES);
	ok(worst < 1e-9, "which maps them: %g", worst);
	ok(close == solved, "it is the true one: %d", close);
}

static void
check_fundamental(void)
{
	int solutions[4] = { 0 }, found = 0;
	double worst = 0, rank = 0;

	for (int i = 0; i < CASES; i++) {
		double rays[7][4], f[3][9], best = 1;
		struct scene s;
		size_t n;

		sample(&s, 7, false, rays);
		n = fundamental_solve((const double(*)[4])rays, f);
		solutions[n <= 3 ? n : 0]++;
		for (size_t k = 0; k < n; k++) {
			worst = fmax(worst, worst_algebraic(f[k], rays, 7));
			rank = fmax(rank, fabs(mat3_det(f[k])));
			best = fmin(best, apart(f[k], s.e));
		}
		found += best < 1e-5;
	}
	tap_note("solutions 0: %d, 1: %d, 2: %d, 3: %d", solutions[0],
		solutions[1], solutions[2], solutions[3]);
	ok(worst < 1e-9, "7 pairs satisfy each fundamental matrix: %g", worst);
	ok(rank < 1e-9, "each has rank 2: %g", rank);
	ok(found > CASES * 999 / 1000, "one is the true one: %d of %d", found,
		CASES);
	ok(solutions[1] + solutions[2] + solutions[3] > CASES * 999 / 1000 &&
			solutions[3] > 0,
		"there are 1 to 3 of them");
}

static void
check_essential(void)
{
	int most = 0, total = 0, found = 0;
	double worst = 0, law = 0;

	for (int i = 0; i < CASES / 2; i++) {
		double rays[5][4], e[10][9], best = 1;
		struct scene s;
		size_t n;

		sample(&s, 5, false, rays);
		n = essential_solve((const double(*)[4])rays, e);
		most = (int)n > most ? (int)n : most;
		total += (int)n;
		for (size_t k = 0; k < n; k++) {
			worst = fmax(worst, worst_algebraic(e[k], rays, 5));
			law = fmax(law, not_essential(e[k]));
			best = fmin(best, apart(e[k], s.e));
		}
		found += best < 1e-5;
	}
	tap_note("%d solutions of %d samples, %d at the most", total, CASES / 2,
		most);
	ok(worst < 1e-9, "5 pairs satisfy each essential matrix: %g", worst);
	ok(law < 1e-9, "each is one: %g", law);
	ok(found > CASES / 2 * 998 / 1000, "one is the true one: %d of %d",
		found, CASES / 2);
	ok(most > 2 && most <= 10, "there are up to 10 of them");
}

/* The root mean square distance of a fit from exact pairs of the scene. */
static double
rms(double (*e)(const double *, const double (*)[4]), const double m[9],
	double (*rays)[4])
{
	double sum = 0;

	for (int i = 0; i < MANY; i++)
		sum += e(m, (const double(*)[4])(rays + i));
	return sqrt(sum / MANY);
}

static double
homography_error(const double *m, const double (*at)[4])
{
	double e;

	homography_errors(m, at, 1, &e);
	return e;
}

static double
epipolar_error(const double *m, const double (*at)[4])
{
	double e;

	fundamental_errors(m, at, 1, &e);
	return e;
}

struct fits {
	double exact, noisy, refined;
};

/* From MANY pairs, exact or with a noise of 1: off by how much of that? */
static void
fit(int model, struct fits *off)
{
	double rays[MANY][4], noisy[MANY][4], m[9];
	double (*error)(const double *,
		const double(*)[4]) = model ? epipolar_error : homography_error;
	uint32_t index[MANY];
	struct dlt_pairs clean = { (const double(*)[4])rays, index, MANY };
	struct dlt_pairs rough = { (const double(*)[4])noisy, index, MANY };
	bool (*by)(const struct dlt_pairs *, double *) = model ? fundamental_fit
	                                                       : homography_fit;
	struct scene s;

	sample(&s, MANY, model == 0, rays);
	for (uint32_t i = 0; i < MANY; i++) {
		index[i] = i;
		for (int k = 0; k < 4; k++)
			noisy[i][k] = rays[i][k] + scene_noise(&rng, 1e-3);
	}
	off->exact = by(&clean, m) ? rms(error, m, rays) : INFINITY;
	if (model == 2)
		essential_refine(&clean, m, 10);
	off->exact = fmin(off->exact, rms(error, m, rays));
	off->noisy = by(&rough, m) ? rms(error, m, rays) / 1e-3 : INFINITY;
	if (model == 0)
		homography_refine(&rough, m, 10);
	else if (model == 1)
		fundamental_refine(&rough, m, 10);
	else
		essential_refine(&rough, m, 10);
	off->refined = rms(error, m, rays) / 1e-3;
}

static void
check_fits(void)
{
	static const char *const names[] = { "homography", "fundamental matrix",
		"essential matrix" };
	double bounds[] = { .8, .5, .5 };

	for (int model = 0; model < 3; model++) {
		double exact = 0, noisy = 0, refined = 0;
		int n = 400;

		for (int i = 0; i < n; i++) {
			struct fits f;

			fit(model, &f);
			exact = fmax(exact, f.exact);
			noisy += f.noisy / n;
			refined += f.refined / n;
		}
		ok(exact < 1e-9, "%s: least squares finds what is exact: %g",
			names[model], exact);
		ok(refined < noisy && refined < bounds[model],
			"refinement leaves %.3f of the noise, from %.3f",
			refined, noisy);
	}
}

static void
check_degenerate(void)
{
	double line[7][4], one[7][4] = { { 0 } }, m[10][9];
	double mirror[4][4] = { { 0, 0, 0, 0 }, { 1, 0, -1, 0 }, { 0, 1, 0, 1 },
		{ 1, 1, -1, 1 } };
	double bow[4][4] = { { 0, 0, 0, 0 }, { 1, 0, 1, 0 }, { 1, 1, 0, 1 },
		{ 0, 1, 1, 1 } };

	for (int i = 0; i < 7; i++)
		for (int k = 0; k < 4; k++)
			line[i][k] = .1 * i + k;
	is_int((int)homography_solve((const double(*)[4])line, m), 0,
		"4 on a line: no homography");
	is_int((int)fundamental_solve((const double(*)[4])line, m), 0,
		"7 on a line: no fundamental matrix");
	is_int((int)essential_solve((const double(*)[4])line, m), 0,
		"5 on a line: no essential matrix");
	is_int((int)fundamental_solve((const double(*)[4])one, m), 0,
		"7 times one point: none");
	is_int((int)homography_solve((const double(*)[4])mirror, m), 0,
		"no camera sees a mirror image");
	is_int((int)homography_solve((const double(*)[4])bow, m), 0,
		"nor what is half behind it");
}

int
main(void)
{
	tap_note("seed %d", SEED);
	rng_init(&rng, SEED, 0);
	check_homography();
	check_fundamental();
	check_essential();
	check_fits();
	check_degenerate();
	return tap_done();
}
