/*
 * pairing_pair: a pair at work, shared by the files of pairing.
 */
#ifndef VISION_PAIRING_PAIR_H
#define VISION_PAIRING_PAIR_H

#include "vision/pairing.h"

struct pair {
	struct rec *rec;
	struct span records[2]; /* of the query and the match */
	struct span names[2];   /* of their images */
	const struct gallery_image *images[2];
	struct matches matches;
	size_t n;            /* of them, the outliers too */
	double (*points)[4]; /* x, y in the query and x, y in the match */
	uint8_t *inlier;     /* of each; all are, where nothing is verified */
	struct matches kept; /* the inliers, once they are to be written */
	double threshold;    /* that was used, in pixels */
	struct verify_result geometry;
};

/* pairing_verify(g, p): Find the inliers; -1 with an error on the record. */
int pairing_verify(const struct pairing *g, struct pair *p);

/*
 * pairing_write(g, p): Write the side file and the members, of the inliers, draw
 * and export; what fails puts an error on the record.
 */
void pairing_write(struct pairing *g, struct pair *p);

#endif
