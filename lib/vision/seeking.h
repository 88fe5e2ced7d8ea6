/*
 * seeking: a query becomes pairs with the images of a database most like it.
 *
 * Likeness is that of their vectors. The first of the pairs can be put in the
 * order of matches that agree, which needs features (vision/rerank.h). What a
 * query gets does not depend on those before it.
 */
#ifndef VISION_SEEKING_H
#define VISION_SEEKING_H

#include "vision/database.h"
#include "vision/lineup.h"
#include "vision/rerank.h"

struct seeking {
	/* What is asked for. */
	uint64_t count;    /* pairs of a query; then as many as there can be */
	uint64_t verified; /* so many of the best are ordered by matches */
	uint64_t seed;     /* of what is drawn for that */
	bool others;       /* an image is not its own match */
	const struct describer *by; /* of records without a vector, or NULL */
	struct nearest_engine *engine;
	struct lineup *lineup; /* pairs are drawn there, or NULL */

	struct database db;
	struct rerank rerank;
	const char *path; /* of the database, for messages */

	/* The last query's pairs, the best one first. */
	struct rerank_item *v;
	size_t n;
	struct atlas_hit *hits;
};

/*
 * seeking_start(s, path, d, e): Read the database, of which people are told what
 * has to be left out, and bring it to the device. Returns 0, or -1 with ${e}.
 */
int seeking_start(
	struct seeking *s, const char *path, struct device *d, struct err *e);

/*
 * seeking_do(s, query): Find the pairs of the image record ${query}, and draw
 * them. What cannot be done puts an "error" on it; one that carries an "error"
 * already has no pairs.
 */
void seeking_do(struct seeking *s, struct rec *query);

/* seeking_put(s, query, i, b): The record of the ${query}'s pair ${i}. */
void seeking_put(const struct seeking *s, const struct rec *query, size_t i,
	struct buf *b);

void seeking_release(struct seeking *s);

#endif
