/*
 * order: which kinds of completions are better than which.
 *
 * An orderings file gives, for each response type, a list of worse labels to
 * each label; labels are what records call "completion_type":
 *
 *	{"Hard Refuse": {"perfect": ["bad", "disallowed"], "bad": ["disallowed"]}}
 *
 * It is taken as written: of two labels neither of which lists the other, none
 * is better. A file in which a label is better than itself, by whatever detour,
 * is refused. A label of which none is better is ideal. A zeroed struct knows
 * no response type.
 */
#ifndef EVAL_ORDER_H
#define EVAL_ORDER_H

#include "base/buf.h"
#include "base/map.h"

#define ORDER_LABELS 1000 /* of a response type, at the most */

struct order_type {
	struct span name; /* as the file spells it */
	struct map labels;
	bool *above; /* [better * labels.n + worse] */
	bool *ideal; /* of each label */
};

struct order {
	struct map types; /* by key, as rules_key makes it */
	struct map names;
	struct order_type *v; /* by index in ${types} */
	size_t cap;
};

/*
 * order_file(o, path, e): Read the file, JSON or YAML. Returns 0, or -1 with
 * the file and the reason in ${e}.
 */
int order_file(struct order *o, const char *path, struct err *e);

/*
 * order_find(o, type): The orderings of a response type, by "Hard Refuse" or
 * hard_refuse whichever the file has, or NULL.
 */
const struct order_type *order_find(const struct order *o, struct span type);

static inline bool
order_above(const struct order_type *t, size_t better, size_t worse)
{
	return t->above[better * t->labels.n + worse];
}

/*
 * order_hole(t, i): Three labels i[0] above i[1] above i[2] of which the first
 * is not said to be above the last; false where there are none.
 */
bool order_hole(const struct order_type *t, size_t i[3]);

void order_release(struct order *o);

#endif
