/* fuzz-rec: whatever is set on a record, the line stays a record. */
#include <stdlib.h>

#include "fuzz.h"
#include "record/rec.h"

static const char *const names[] = { "a", "id", "error", "\xc3\xa6" };

static void
must(bool yes)
{
	if (!yes)
		abort();
}

static struct span
copy(struct arena *a, struct span text)
{
	return (struct span){ arena_dup(a, text), text.len };
}

/* Sets or takes out each name, as two bits of ${choice} say. */
static void
edit(struct rec *r, unsigned choice)
{
	for (size_t i = 0; i < 4; i++, choice >>= 2) {
		if (choice & 1)
			rec_set(r, names[i], SPAN("[1.0, {\"x\" : null}]"));
		if (choice & 2)
			rec_unset(r, names[i]);
	}
}

/* The members that nobody edited are the same bytes, in the same order. */
static void
same_members(const struct rec *was, const struct rec *is)
{
	size_t k = 0;

	for (size_t i = 0; i < was->members.n; i++) {
		const struct json_member *m = &was->members.v[i];
		bool edited = false;

		for (size_t n = 0; n < 4; n++)
			edited |= json_is(m->key, names[n]);
		while (!edited && k < is->members.n &&
			!span_eq(is->members.v[k].key, m->key))
			k++;
		if (edited)
			continue;
		must(k < is->members.n);
		must(span_eq(is->members.v[k++].value, m->value));
	}
}

static void
check(struct rec *r, unsigned choice)
{
	struct rec was = { 0 }, is = { 0 };
	struct json_fault f;
	struct arena a = { 0 };
	struct buf b = { 0 };

	must(rec_parse(&was, copy(&a, r->raw), &f) == 0);
	edit(r, choice);
	rec_hold(r);
	rec_print(r, &b);
	must(rec_parse(&is, buf_span(&b), &f) == 0);
	same_members(&was, &is);
	for (size_t i = 0; i < 4; i++)
		must(span_eq(rec_get(r, names[i]), rec_get(&is, names[i])));
	buf_release(&b);
	arena_release(&a);
	rec_release(&was);
	rec_release(&is);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data + 1, size - 1 };
	struct json_fault f = { 0, NULL };
	struct rec r = { 0 };

	if (size == 0)
		return 0;
	if (rec_parse(&r, text, &f) == 0)
		check(&r, data[0]);
	else
		must(f.what && f.at <= text.len);
	rec_release(&r);
	return 0;
}
