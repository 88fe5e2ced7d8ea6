/*
 * essential: the fundamental matrix of rays, E = [t]x R up to scale.
 *
 * Pairs are rays u1 v1 u2 v2 of calibrated cameras, (u, v, 1) each. Errors are
 * Sampson's, as for fundamental.h, in the same units.
 */
#ifndef VISION_ESSENTIAL_H
#define VISION_ESSENTIAL_H

#include "vision/dlt.h"

#define ESSENTIAL_SAMPLE 5
#define ESSENTIAL_SOLUTIONS 10

/*
 * essential_solve(at, e): Those that 5 pairs satisfy exactly, of norm 1; their
 * number (Nister, "An efficient solution to the five-point relative pose
 * problem", 2004, with the roots polished in the original equations). Those are
 * left out that would have some of the pairs behind a camera.
 */
size_t essential_solve(const double (*at)[4], double (*e)[9]);

/*
 * essential_refine(p, e, steps): The least sum of squared Sampson errors. ${e}
 * need not be quite essential; it is made so first.
 */
void essential_refine(const struct dlt_pairs *p, double e[9], int steps);

#endif
