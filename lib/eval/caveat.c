#include "eval/caveat.h"

/* "perfect" > "bad" > "disallowed", but not "perfect" > "disallowed". */
static void
warn_of_hole(const struct sheet_type *t)
{
	const struct map *labels = &t->order->labels;
	size_t i[3];

	if (order_hole(t->order, i))
		warn("%.*s: \"%.*s\" is above \"%.*s\" and that above "
		     "\"%.*s\", but the first does not list the last: they "
		     "make no pairs",
			SPAN_ARG(t->order->name),
			SPAN_ARG(map_key(labels, i[0])),
			SPAN_ARG(map_key(labels, i[1])),
			SPAN_ARG(map_key(labels, i[2])));
}

static void
warn_of_labels(const struct sheet_type *t)
{
	const struct map *labels = &t->order->labels;

	for (size_t i = 0; i < labels->n; i++)
		if (!t->seen[i])
			warn("%.*s: the orderings name \"%.*s\", but no "
			     "completion is called that",
				SPAN_ARG(t->order->name),
				SPAN_ARG(map_key(labels, i)));
	if (t->nunranked)
		warn("%.*s: %zu completions make no pairs: the orderings do "
		     "not name \"%.*s\"%s",
			SPAN_ARG(t->order->name), t->nunranked,
			SPAN_ARG(map_key(&t->unranked, 0)),
			t->unranked.n > 1 ? " and others" : "");
}

void
caveat_tell(const struct sheet_type *t)
{
	warn_of_hole(t);
	warn_of_labels(t);
}

const char *
caveat_no_pairs(const struct sheet_type *t)
{
	if (t->prompts.n == t->n)
		return "each prompt has a single completion (is \"id\" the "
		       "completion's? --by .prompt groups by the prompt)";
	return "no two completions of a prompt are ranked by the orderings";
}
