/*
 * recall: how well places are recognised.
 *
 * A query is answered with a list of images of a database, the likeliest first.
 * An image is right if it was taken within a radius of the query on the ground
 * plane, in metres, and where a heading is asked for within that many degrees of
 * the query's. Over all queries
 *
 *	recall@k  the share with a right image among the first k
 *	map@k     the mean of AP@k = 1/min(P, k) sum over i <= k of right(i) p(i),
 *
 * p(i) being the share of right images among the first i and P how many right
 * images the database has; a list's second mention of an image is never right.
 * So do Warburg et al., "Mapillary Street-Level Sequences" (CVPR 2020), in the
 * code of their benchmark, and later work on aerial maps by the same authors.
 *
 * A query that is not answered counts as wrong. One that the database has no
 * right image for counts as wrong, too, unless it is left out on request.
 */
#ifndef VISION_RECALL_H
#define VISION_RECALL_H

#include <math.h>
#include <stdbool.h>

#include "base/map.h"
#include "vision/place.h"

#define RECALL_KS 16
#define RECALL_ANY PLACE_ANY /* a heading */

/* Images by name, as place_name has it. */
struct recall_images {
	struct map names;
	struct place *v; /* by the name's index */
	size_t cap;
	bool listed; /* a file lists them all: there are no others */
};

/*
 * recall_images_add(im, record, e): Its index; an image that is there already
 * stays as it is. SIZE_MAX with ${e} filled where it has no name or no place.
 */
size_t recall_images_add(
	struct recall_images *im, struct span record, struct err *e);

/* recall_images_admit(im, record): Is the image listed, or need it not be? */
bool recall_images_admit(const struct recall_images *im, struct span record);

struct recall_answer {
	size_t query, match; /* indices of images; match SIZE_MAX: unknown */
	double order;        /* the smallest first; of equal ones the earlier */
	size_t at;           /* how many answers came before it */
};

struct recall {
	struct recall_images queries, database;
	struct recall_answer *answers;
	size_t n, cap;
	double radius, heading; /* RECALL_ANY: no matter */
	uint64_t k[RECALL_KS];
	size_t nk;
};

/* What one query got. */
struct recall_result {
	size_t listed;    /* images in its list that are known */
	size_t positives; /* right images of the database */
	size_t first;     /* rank of the first right one, from 1; 0: none */
	double best_m;    /* how far the first of the list is; NAN: unknown */
	double ap[RECALL_KS];
};

/*
 * recall_list(r, im, record, e): One more image of a list. Returns 0, or -1 with
 * ${e} where it has no name or no place, or is listed elsewhere, too.
 */
int recall_list(const struct recall *r, struct recall_images *im,
	struct span record, struct err *e);

/*
 * recall_agrees(r, im, i, record): Is image ${i} where the record says, to a
 * micrometre, and looks that way, where headings matter? One that does not say
 * where it is agrees.
 */
bool recall_agrees(const struct recall *r, const struct recall_images *im,
	size_t i, struct span record);

/* recall_add(r, query, match, order): One more answer. */
void recall_add(struct recall *r, size_t query, size_t match, double order);

/*
 * recall_judge(r): The result of each query, by its index; the caller frees
 * them. Answers are sorted by it.
 */
struct recall_result *recall_judge(struct recall *r);

void recall_release(struct recall *r);

#endif
