/*
 * fundamental: x2' F x1 = 0, what two images of one scene have in common.
 *
 * Pairs are x1 y1 x2 y2. The errors are Sampson's (Hartley and Zisserman,
 * "Multiple View Geometry", 2nd ed., eq. 11.9), and are the same for an essential
 * matrix over rays.
 */
#ifndef VISION_FUNDAMENTAL_H
#define VISION_FUNDAMENTAL_H

#include "vision/dlt.h"
#include "vision/refine.h"

#define FUNDAMENTAL_SAMPLE 7
#define FUNDAMENTAL_SOLUTIONS 3

/*
 * fundamental_solve(at, f): Those of rank 2 that 7 pairs satisfy exactly (the
 * roots of a cubic: Hartley and Zisserman, 11.1.2), of norm 1; their number.
 * Those are left out that would have some of the pairs behind a camera.
 */
size_t fundamental_solve(const double (*at)[4], double (*f)[9]);

/*
 * fundamental_fit(p, f): By least squares of algebraic errors from at least 8
 * pairs, and fundamental_refine of Sampson's errors.
 */
bool fundamental_fit(const struct dlt_pairs *p, double f[9]);
void fundamental_refine(const struct dlt_pairs *p, double f[9], int steps);

/* fundamental_errors(f, at, n, e): The squared Sampson error of each pair. */
void fundamental_errors(
	const double f[9], const double (*at)[4], size_t n, double *e);

/*
 * fundamental_oriented(f, at, n): Can all pairs be in front of both cameras? The
 * epipolar lines through the points have to run the same way (Chum, Werner and
 * Matas, "Epipolar geometry estimation via RANSAC benefits from the oriented
 * epipolar constraint", 2004).
 */
bool fundamental_oriented(const double f[9], const double (*at)[4], size_t n);

/* What f is made of: u diag(s0, s1, 0) v', u and v rotations, s of norm 1. */
struct fundamental_parts {
	double u[9], s[2], v[9];
};

/* fundamental_split(f, parts): False where the rank is less than 2. */
bool fundamental_split(const double f[9], struct fundamental_parts *parts);
void fundamental_join(const struct fundamental_parts *parts, double f[9]);

/*
 * For refine.h: Sampson's errors by steps of u about its axes, of v about its
 * first two, then about its third and of the angle of s (Bartoli and Sturm,
 * "Nonlinear estimation of the fundamental matrix with minimal parameters",
 * 2004). An essential matrix has the first five.
 */
double fundamental_cost(
	const double f[9], const struct dlt_pairs *p, struct refine_sums *sums);
bool fundamental_tangents(
	const double f[9], double to[REFINE_PARTS][REFINE_MAX][9]);
void fundamental_turn(double rotation[9], const double step[3]);

#endif
