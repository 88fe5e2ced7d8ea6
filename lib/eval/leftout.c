#include <inttypes.h>

#include "eval/leftout.h"

void
leftout_count(struct leftout *l, const struct rec *r,
	const struct tally_row *row, const struct err *why)
{
	tally_count(&l->counts, row);
	if (row->fate == TALLY_UNUSABLE)
		complain_of(&l->unusable, r, "%s", why->msg);
}

void
leftout_tell(const struct leftout *l)
{
	const struct tally_counts *c = &l->counts;

	if (c->errors)
		warn("%" PRIu64 " of %" PRIu64 " records are left out: %" PRIu64
		     " carry an error, %" PRIu64 " are ungraded (%" PRIu64
		     " criteria), %" PRIu64 " cannot be used",
			c->errors, c->records, c->carried, c->ungraded,
			c->ungraded_items, c->unusable);
}

enum status
leftout_status(const struct leftout *l, enum status status)
{
	return status == ST_OK && l->counts.errors ? ST_SOME : status;
}
