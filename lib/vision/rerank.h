/*
 * rerank: candidates in the order of what can be verified.
 *
 * Vectors say which images look alike; whether they show the same place, matches
 * that agree on one geometry say better. Candidates are matched with the query as
 * cupel-match --model fundamental does, or homography where that gives nothing,
 * and ordered by their inliers; those with as many keep their order.
 */
#ifndef VISION_RERANK_H
#define VISION_RERANK_H

#include "vision/gallery.h"

struct rerank {
	struct gallery gallery; /* its engine is the caller's */
	uint64_t seed;          /* of the samples that models are made of */
};

struct rerank_item {
	struct span record; /* of the candidate, a JSON object */
	double score;       /* of its vector */
	uint64_t inliers;
};

/* rerank_start(r, engine, d, seed): Begin; ${engine} is that of ${d}, or NULL. */
void rerank_start(struct rerank *r, struct nearest_engine *engine,
	const struct device *d, uint64_t seed);

/*
 * rerank_do(r, query, v, n, e): Count the inliers of the ${n} candidates with the
 * query, the JSON object, and sort ${v}. A candidate without features that can be
 * compared has none. Returns NULL, or a word for rec_fail with ${e} filled where
 * that is the query's fault or the device's.
 */
const char *rerank_do(struct rerank *r, struct span query,
	struct rerank_item *v, size_t n, struct err *e);

void rerank_release(struct rerank *r);

#endif
