/*
 * tally: named values of records, kept until all records are in.
 *
 * Whatever is aggregated is rows first: who the record is (id, sample), which
 * group it belongs to, and its values by name; or why it has none. A tally holds
 * rows in the order in which they came. What is computed from it may depend on
 * that order only where a published number does; everything else goes by the
 * rows' identities: id, then sample, then the values themselves. So it is a
 * function of the set of records, however they were ordered or sharded.
 *
 * Adding copies what it is given. A zeroed struct is an empty tally.
 */
#ifndef EVAL_TALLY_H
#define EVAL_TALLY_H

#include "base/map.h"
#include "record/rec.h"

enum tally_fate {
	TALLY_COUNTED,
	TALLY_ERROR,    /* the record carries "error" */
	TALLY_UNGRADED, /* some of its criteria have no verdict */
	TALLY_UNUSABLE, /* what it holds cannot be aggregated */
};

struct tally_row {
	struct span id; /* in the spelling of emit_value; absent: nobody's */
	struct span sample; /* likewise */
	uint32_t group;     /* index in ${groups}, or TALLY_NO_GROUP: unknown */
	enum tally_fate fate;
	uint64_t ungraded; /* criteria without a verdict */
	size_t first, n;   /* its values */
	const char *file;  /* where it came from, for messages */
	uint64_t line;
};

#define TALLY_NO_GROUP UINT32_MAX

struct tally_value {
	uint32_t name; /* index in ${names} */
	double x;
};

struct tally {
	struct map names;
	struct map groups; /* as JSON text; "" where nothing is grouped */
	struct tally_row *rows;
	size_t nrows, rows_cap;
	struct tally_value *values;
	size_t nvalues, values_cap;
	struct arena arena;
	struct buf scratch;
};

/* How the records of a group fared. */
struct tally_counts {
	uint64_t records;
	uint64_t errors; /* left out of everything else, for any reason */
	uint64_t carried, ungraded, unusable; /* of them: the reasons */
	uint64_t ungraded_items;
};

/* The values of one name in one group. */
struct tally_series {
	struct span name;
	size_t n;
	double *v;       /* in the order in which they came */
	double *w;       /* by identity */
	uint32_t *row;   /* of w: the row that each is from */
	uint32_t *owner; /* of w: 0, 1 .. up, the same for the same id */
	size_t owners;
};

/* One group with its series by name, in the order of code points. */
struct tally_group {
	struct span json;
	struct tally_counts counts;
	size_t owners; /* of its records, whether they count or not */
	struct tally_series *series;
	size_t nseries;
	struct arena arena;
};

/*
 * tally_add(t, r, group): A row for the record, without values yet. ${group} is
 * JSON text, "" where nothing is grouped, or absent: then its group is unknown.
 */
void tally_add(struct tally *t, const struct rec *r, struct span group);

/* tally_name(t, name): The name's index. */
uint32_t tally_name(struct tally *t, struct span name);

/* tally_put(t, name, x): A value of the row added last. */
void tally_put(struct tally *t, uint32_t name, double x);

/* tally_fail(t, fate, ungraded): Take the last row's values back: it has none. */
void tally_fail(struct tally *t, enum tally_fate fate, uint64_t ungraded);

/* tally_clear(t): Forget the rows and groups, not the names. */
void tally_clear(struct tally *t);

/* tally_count(c, row): One more record. */
void tally_count(struct tally_counts *c, const struct tally_row *row);

/*
 * tally_order(t): The rows' indices by group, as text, and by identity within
 * a group; rows without a group last. The caller frees it.
 */
uint32_t *tally_order(const struct tally *t);

/*
 * tally_twins(t, order, first): How many rows claim the group, id and sample of
 * another one; ${*first} is the row that was the first to do so, or 0.
 */
size_t tally_twins(
	const struct tally *t, const uint32_t *order, uint32_t *first);

/*
 * tally_next(t, order, at, g): The group that begins at ${*at} in ${order};
 * steps behind it. False at the end and at rows without a group. Release ${g}
 * before the next call.
 */
bool tally_next(const struct tally *t, const uint32_t *order, size_t *at,
	struct tally_group *g);

/* tally_find(g, name): The group's series of that name, or NULL. */
const struct tally_series *tally_find(
	const struct tally_group *g, struct span name);

/* tally_names(t, a): All names in the order of code points, from ${a}. */
struct span *tally_names(const struct tally *t, struct arena *a);

void tally_group_release(struct tally_group *g);
void tally_release(struct tally *t);

#endif
