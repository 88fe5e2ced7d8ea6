/*
 * database: the images that queries are compared with.
 *
 * A file of records, each with its vector or with features to make one of, held
 * in memory: the lines as they stand, for they are written out again, and the
 * vectors side by side (vision/atlas.h). A record that cannot be compared is
 * left out, for it is like nothing, and complained of.
 */
#ifndef VISION_DATABASE_H
#define VISION_DATABASE_H

#include "record/complain.h"
#include "record/rec_file.h"
#include "vision/atlas.h"
#include "vision/describe.h"

struct database {
	struct span *lines; /* atlas_n() records, by the atlas's index */
	struct atlas *atlas;
	size_t dims;
	char vocabulary[64]; /* what its vectors name; empty: nothing */
	struct complain left_out;

	struct rec_file file;
	size_t cap;
	bool any; /* a vector has set dims and vocabulary */
};

/*
 * database_load(db, path, d, e): Read the file; records without a vector are
 * described by ${d}, if not NULL. Returns 0, or -1 with ${e} saying which line is
 * no record, or that none can be compared.
 */
int database_load(struct database *db, const char *path,
	const struct describer *d, struct err *e);

/*
 * database_vector(db, d, record, g, e): The vector of a record that is to be
 * compared with the database's. Returns NULL, or a word for rec_fail with ${e}
 * filled and ${g} empty.
 */
const char *database_vector(struct database *db, const struct describer *d,
	struct span record, struct global *g, struct err *e);

void database_release(struct database *db);

#endif
