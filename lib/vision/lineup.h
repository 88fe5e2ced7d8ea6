/*
 * lineup: queries and what was found for them, as a contact sheet.
 *
 * A row begins with the query's image; the matches follow, the best one first,
 * each with its name and a note. Where both records say where they were taken, as
 * place.h reads it, the frame says whether the match shows the place. Of a long
 * list the first rows are drawn, and of a long row the first matches. An image
 * that cannot be read is a tile without picture.
 */
#ifndef VISION_LINEUP_H
#define VISION_LINEUP_H

#include "vision/contact.h"
#include "vision/place.h"

#define LINEUP_ROWS 40
#define LINEUP_MATCHES 10

struct lineup {
	struct place_limits right; /* what a match of the same place is */

	struct contact contact;
	struct span query;   /* the record of the row, until it is drawn */
	uint64_t queries;    /* all of them */
	uint64_t unreadable; /* images */
	struct err why;      /* of the first of them */
};

/*
 * lineup_start(l, matches): Begin, with what is right already said; so many
 * matches to a row, LINEUP_MATCHES at most.
 */
void lineup_start(struct lineup *l, uint64_t matches);

/*
 * lineup_query(l, record): Begin a row with the image of the record, a JSON
 * object that has to stay until the row's last match.
 */
void lineup_query(struct lineup *l, struct span record);

/* lineup_match(l, record, rank, note): One of its matches; ranks are from 1. */
void lineup_match(
	struct lineup *l, struct span record, uint64_t rank, struct span note);

/* lineup_save(l, path, e): Write it, and tell people what is not in it. */
int lineup_save(struct lineup *l, const char *path, struct err *e);

void lineup_release(struct lineup *l);

#endif
