/*
 * hinge: ordered pairs, and how far weights are from keeping their order.
 *
 * A pair is a better and a worse thing, described by the same features, and the
 * advantage that the weighted features must give the better one. With weights w
 * it falls short by
 *
 *	need - w . (better - worse)
 *
 * and is satisfied where that is not positive. The loss is the mean over the
 * pairs of the positive part. Differences are kept by feature in tiles of
 * HINGE_TILE pairs, so that one pass over them serves both the loss and its
 * gradient, each tile while it is in the cache. The last tile is filled up with
 * pairs that are always satisfied. A zeroed struct with ${nfeatures} set is an
 * empty set of pairs.
 */
#ifndef STAT_HINGE_H
#define STAT_HINGE_H

#include <stdbool.h>
#include <stddef.h>

#define HINGE_TILE 128 /* 23 features of it are 24 KiB */

struct hinge {
	size_t nfeatures, npairs;
	double *tiles; /* each: needs, then differences feature by feature */
	size_t cap;    /* in tiles */
};

/* How weights do on the pairs; all zero where there are none. */
struct hinge_value {
	double loss;
	size_t satisfied;
};

/* hinge_add(h, better, worse, need): One more pair. */
void hinge_add(struct hinge *h, const double *better, const double *worse,
	double need);

/*
 * hinge_value(h, w, gradient): The loss of the weights ${w}. Where ${gradient}
 * is not NULL it receives the loss's subgradient, that of satisfied pairs being
 * 0.
 */
struct hinge_value hinge_value(
	const struct hinge *h, const double *w, double *gradient);

/* hinge_varies(h, feature): Does any pair differ in it? */
bool hinge_varies(const struct hinge *h, size_t feature);

/*
 * For solvers that hold a number for each pair. Such arrays have hinge_room(h)
 * elements, of which those from npairs on are 0.
 *
 * hinge_dot(h, w, out): w . difference of each pair.
 * hinge_sum(h, a, out): the sum of a * difference over the pairs.
 * hinge_normal(h, t, out): the sum of t * difference * difference', of which
 * only the lower triangle of the square matrix ${out} is written.
 */
size_t hinge_room(const struct hinge *h);
void hinge_needs(const struct hinge *h, double *out);
void hinge_dot(const struct hinge *h, const double *w, double *out);
void hinge_sum(const struct hinge *h, const double *a, double *out);
void hinge_normal(const struct hinge *h, const double *t, double *out);

void hinge_release(struct hinge *h);

#endif
