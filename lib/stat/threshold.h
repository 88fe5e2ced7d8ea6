/*
 * threshold: from which probability on a grader's yes is best taken for one.
 *
 * What counts is how the yes of p >= threshold agrees with labels. As the
 * threshold rises past an observed p one more answer becomes no, so only the
 * midpoints between neighbouring values need be tried, and 0, with which all
 * are yes.
 */
#ifndef STAT_THRESHOLD_H
#define STAT_THRESHOLD_H

#include <stddef.h>

#include "stat/agree.h"

enum threshold_aim { THRESHOLD_F1, THRESHOLD_KAPPA };

struct threshold_item {
	double p;
	bool yes; /* the label */
};

/* threshold_count(v, n, t): How p >= t agrees with the labels. */
struct agree threshold_count(
	const struct threshold_item *v, size_t n, double t);

/*
 * threshold_best(v, n, aim, t): The best threshold into ${*t}, which holds one
 * to begin with: it stays unless another is better, and of equally good ones the
 * nearest to it is taken, the lower of two. False, and nothing done, where the
 * labels are not of both kinds: then there is nothing to tell apart. Sorts
 * ${v}.
 */
bool threshold_best(
	struct threshold_item *v, size_t n, enum threshold_aim aim, double *t);

#endif
