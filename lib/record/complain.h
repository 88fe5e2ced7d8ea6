/*
 * complain: what is wrong with records, told to people.
 *
 * Where one record is unusable many often are, and for the same reason: a
 * reason is told once, in a line with the file and line of the first record that
 * has it and how many have; ten reasons are told, all records are counted. A
 * zeroed struct has nothing to tell.
 */
#ifndef RECORD_COMPLAIN_H
#define RECORD_COMPLAIN_H

#include <stdint.h>

#include "base/map.h"
#include "record/rec.h"

#define COMPLAIN_MOST 10

struct complain {
	uint64_t n; /* how many there were */

	struct map reasons; /* the first ones */
	struct {
		const char *file; /* of the first record */
		uint64_t line, n;
	} first[COMPLAIN_MOST]; /* by the index of their reason */
	uint64_t further;       /* that have other reasons */
};

/* complain_of(c, r, fmt, ...): One more complaint, about the record. */
void complain_of(struct complain *c, const struct rec *r, const char *fmt, ...)
	PRINTF(3, 4);

/* complain_tell(c): Tell them, and forget all but how many there were. */
void complain_tell(struct complain *c);

#endif
