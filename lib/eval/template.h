/*
 * template: a text with placeholders.
 */
#ifndef EVAL_TEMPLATE_H
#define EVAL_TEMPLATE_H

#include "base/buf.h"

/* A placeholder, "<<conversation>>" say, and what comes in its place. */
struct template_slot {
	struct span name;
	struct span text;
};

/*
 * template_fill(b, text, slots, n): Append ${text} with every place of the
 * first slot's name replaced, then, in the result of that, every place of the
 * second's, and so on, as a chain of Python's str.replace does: a name that
 * stands in a text put in earlier is replaced as well. Nothing else has a
 * meaning in ${text}: no escapes, no formats.
 */
void template_fill(struct buf *b, struct span text,
	const struct template_slot *slots, size_t n);

/*
 * template_once(b, text, slots, n): The same in one pass from left to right:
 * what is put in is not looked at again.
 */
void template_once(struct buf *b, struct span text,
	const struct template_slot *slots, size_t n);

#endif
