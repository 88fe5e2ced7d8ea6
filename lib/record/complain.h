/*
 * complain: what is wrong with records, told to people.
 *
 * A line each, with file and line of the record. Where one record is unusable
 * many often are, and for the same reason: ten are told, all are counted. A
 * zeroed struct has told nothing.
 */
#ifndef RECORD_COMPLAIN_H
#define RECORD_COMPLAIN_H

#include <stdint.h>

#include "record/rec.h"

struct complain {
	uint64_t n; /* how many there were */
};

/* complain_of(c, r, fmt, ...): One more complaint, about the record. */
void complain_of(struct complain *c, const struct rec *r, const char *fmt, ...)
	PRINTF(3, 4);

#endif
