#include "eval/template.h"

static void
replace(struct buf *b, struct span text, const struct template_slot *slot)
{
	const char *end = text.s + text.len, *found;

	while ((found = span_find(text, slot->name))) {
		buf_add(b, (struct span){ text.s, (size_t)(found - text.s) });
		buf_add(b, slot->text);
		text.s = found + slot->name.len;
		text.len = (size_t)(end - text.s);
	}
	buf_add(b, text);
}

void
template_fill(struct buf *b, struct span text,
	const struct template_slot *slots, size_t n)
{
	struct buf now = { 0 }, next = { 0 };

	buf_add(&now, text);
	for (size_t i = 0; i < n; i++) {
		struct buf done = now;

		replace(&next, buf_span(&now), &slots[i]);
		now = next;
		next = done;
		buf_clear(&next);
	}
	buf_add(b, buf_span(&now));
	buf_release(&now);
	buf_release(&next);
}

/* The slot whose name comes first in ${text}, at ${*place}. */
static const struct template_slot *
next_slot(struct span text, const struct template_slot *slots, size_t n,
	const char **place)
{
	const struct template_slot *first = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *found = span_find(text, slots[i].name);

		if (found && (!first || found < *place)) {
			first = &slots[i];
			*place = found;
		}
	}
	return first;
}

void
template_once(struct buf *b, struct span text,
	const struct template_slot *slots, size_t n)
{
	const struct template_slot *slot;
	const char *place = NULL;

	while ((slot = next_slot(text, slots, n, &place))) {
		size_t before = (size_t)(place - text.s);

		buf_add(b, (struct span){ text.s, before });
		buf_add(b, slot->text);
		text.s += before + slot->name.len;
		text.len -= before + slot->name.len;
	}
	buf_add(b, text);
}
