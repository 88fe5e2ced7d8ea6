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
