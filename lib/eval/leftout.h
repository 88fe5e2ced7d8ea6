/*
 * leftout: records that an aggregate leaves out, and what people are told.
 *
 * A mean over survivors is a wrong mean: every record that does not count is
 * counted here, those that cannot be used are told with their reasons (by
 * complain_tell, at the end of the input), and the end of the tool says how many
 * there were.
 */
#ifndef EVAL_LEFTOUT_H
#define EVAL_LEFTOUT_H

#include "eval/summary.h"
#include "record/complain.h"

struct leftout {
	struct tally_counts counts; /* of all groups */
	struct complain unusable;

	struct {
		size_t prompts, out; /* of all groups */
		struct summary_enough first;
		struct span id; /* of the first that is out */
		size_t greatest;
	} worst_at;
};

/*
 * leftout_count(l, r, row, why): One more record, which has this row; ${why} is
 * used where its fate is TALLY_UNUSABLE.
 */
void leftout_count(struct leftout *l, const struct rec *r,
	const struct tally_row *row, const struct err *why);

/*
 * leftout_read(l, r, read, state): One more record, which counts if ${read} can
 * read it, and is not read where it carries an "error".
 */
void leftout_read(struct leftout *l, struct rec *r,
	int (*read)(void *state, struct rec *r, struct err *e), void *state);

/*
 * leftout_worst_at(l, t, g, s, most): Some prompts of the group have too few
 * samples for the worst of up to ${most}. ${t} must outlive the telling.
 */
void leftout_worst_at(struct leftout *l, const struct tally *t,
	const struct tally_group *g, const struct tally_series *s, size_t most);

/*
 * leftout_grouped(t, by): Say so if the jq program ${by} (or NULL) made no
 * groups: a name that is mistyped gives null for every record.
 */
void leftout_grouped(const struct tally *t, const char *by);

/* leftout_tell(l): Say how many were left out, if any. */
void leftout_tell(const struct leftout *l);

/* leftout_status(l, status): ${status}, but ST_SOME for ST_OK if any were. */
enum status leftout_status(const struct leftout *l, enum status status);

#endif
