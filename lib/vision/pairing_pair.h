/*
 * pairing_pair: a pair at work, shared by the files of pairing.
 */
#ifndef VISION_PAIRING_PAIR_H
#define VISION_PAIRING_PAIR_H

#include "vision/pairing.h"
#include "vision/twoview.h"

extern const char *const pairing_sides[2]; /* "query", "match" */

struct pair {
	struct rec *rec;
	struct span records[2]; /* of the query and the match */
	struct span names[2];   /* of their images */
	struct twoview views;
	struct matches kept; /* the inliers, once they are to be written */
};

/* pairing_verify(g, p): Find the inliers; -1 with an error on the record. */
int pairing_verify(const struct pairing *g, struct pair *p);

/*
 * pairing_write(g, p): Write the side file and the members, of the inliers, draw
 * and export; what fails puts an error on the record.
 */
void pairing_write(struct pairing *g, struct pair *p);

#endif
