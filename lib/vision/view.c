#include "view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mat3.h"

#define PI 3.14159265358979323846
#define SIGN .3 /* some element of norm 1 is at least 1/3 */

/* The mean focal length makes rays comparable with pixels. */
static double
focal(const struct verify_opts *opts)
{
	struct camera_lens a = camera_lens(opts->query);
	struct camera_lens b = camera_lens(opts->match);

	return (a.fx + a.fy + b.fx + b.fy) / 4;
}

/* Pixels to rays; those that no ray comes to are left out. */
static size_t
to_rays(const double (*pairs)[4], size_t n, const struct verify_opts *opts,
	double (*at)[4], uint32_t *from)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		double a[3], b[3];

		if (!camera_ray(opts->query, pairs[i], a) ||
			!camera_ray(opts->match, pairs[i] + 2, b))
			continue;
		memcpy(at[kept], a, 2 * sizeof(*a));
		memcpy(at[kept] + 2, b, 2 * sizeof(*b));
		from[kept++] = (uint32_t)i;
	}
	return kept;
}

/*
 * Centroids to the origin and one scale for both images, so that a distance in
 * either is the same number of pixels.
 */
static void
centre(struct view *v)
{
	struct pairs *p = &v->pairs;
	uint32_t *all = mem_alloc(p->n, sizeof(*all));
	struct dlt_pairs some = { (const double(*)[4])p->at, all, p->n };
	double s = 1;

	for (uint32_t i = 0; i < p->n; i++)
		all[i] = i;
	if (p->n > 0 && dlt_frames(&some, v->frame))
		s = 2 / (1 / v->frame[0].s + 1 / v->frame[1].s);
	v->frame[0].s = v->frame[1].s = s;
	v->threshold *= s;
	for (size_t i = 0; i < p->n; i++)
		for (int k = 0; k < 4; k++)
			p->at[i][k] = s * (p->at[i][k] -
						  (k % 2 ? v->frame[k / 2].y
							 : v->frame[k / 2].x));
	free(all);
}

void
view_make(struct view *v, const double (*pairs)[4], size_t n,
	const struct verify_opts *opts, struct rng *rng)
{
	double(*at)[4] = mem_alloc(n, sizeof(*at));
	uint32_t *from = mem_alloc(n, sizeof(*from));

	*v = (struct view){ .model = opts->model,
		.threshold = opts->threshold };
	if (opts->model == VERIFY_ESSENTIAL) {
		v->threshold /= focal(opts);
		n = to_rays(pairs, n, opts, at, from);
	} else {
		for (uint32_t i = 0; i < n; i++) {
			memcpy(at[i], pairs[i], sizeof(*at));
			from[i] = i;
		}
	}
	pairs_make(&v->pairs, at, from, n, rng);
	if (opts->model != VERIFY_ESSENTIAL)
		centre(v);
}

/* The area that one image's points cover, and its diagonal. */
static double
area(const struct pairs *p, int image, double *diagonal)
{
	double low[2] = { INFINITY, INFINITY };
	double high[2] = { -INFINITY, -INFINITY };

	for (size_t i = 0; i < p->n; i++)
		for (int k = 0; k < 2; k++) {
			double x = p->at[i][2 * image + k];

			low[k] = x < low[k] ? x : low[k];
			high[k] = x > high[k] ? x : high[k];
		}
	*diagonal = sqrt((high[0] - low[0]) * (high[0] - low[0]) +
			 (high[1] - low[1]) * (high[1] - low[1]));
	return (high[0] - low[0]) * (high[1] - low[1]);
}

/* How likely a random point is near a point, or near a line. */
double
view_probability(const struct view *v, enum verify_model model)
{
	double t = v->threshold, worst = 0;

	for (int image = 0; image < 2; image++) {
		double diagonal, all = area(&v->pairs, image, &diagonal), p;

		p = model == VERIFY_HOMOGRAPHY ? PI * t * t / all
		                               : 2 * t * diagonal / all;
		if (!(p < worst))
			worst = p; /* where there is no area, all are near */
	}
	return worst;
}

static void
signed_unit(double m[9])
{
	double sign;
	int i = 0;

	mat3_unit(m, 9);
	while (i < 8 && fabs(m[i]) < SIGN)
		i++;
	sign = m[i] < 0 ? -1 : 1;
	for (i = 0; i < 9; i++)
		m[i] *= sign;
}

/* The matrix as it is for pixels, or for rays. */
void
view_finish(const struct view *v, const double m[9], double to[9])
{
	double a[9], b[9], t[9], half[9];

	memcpy(to, m, 9 * sizeof(*m));
	if (v->model != VERIFY_ESSENTIAL) {
		dlt_to(&v->frame[0], a);
		mat3_mul(m, a, half);
		if (v->model == VERIFY_HOMOGRAPHY) {
			dlt_from(&v->frame[1], t);
		} else {
			dlt_to(&v->frame[1], b);
			mat3_transpose(b, t);
		}
		mat3_mul(t, half, to);
	}
	if (v->model != VERIFY_HOMOGRAPHY)
		signed_unit(to);
	else
		for (int i = 0; i < 9; i++)
			to[i] = i < 8 ? to[i] / to[8] : 1;
}

void
view_release(struct view *v)
{
	pairs_release(&v->pairs);
}
