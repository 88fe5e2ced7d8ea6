#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/emit.h"
#include "record/rec.h"

#define NEW SIZE_MAX /* the edit adds a member rather than change one */

struct rec_edit {
	const char *name;
	struct span json; /* absent: the member is taken out */
	size_t member;    /* index into members, or NEW */
};

static void
forget(struct rec *r)
{
	r->members.n = r->inner.n = 0;
	r->nedits = 0;
	arena_clear(&r->arena);
}

int
rec_parse(struct rec *r, struct span text, struct json_fault *f)
{
	forget(r);
	r->raw = text;
	if (json_scan_inner(text, &r->members, &r->inner, f))
		return -1;
	if (json_kind(json_value(text)) == JSON_OBJECT)
		return 0;
	f->at = (size_t)(json_value(text).s - text.s);
	f->what = "an object is expected";
	return -1;
}

/* Can ${key} be ${name}? Its first byte, or an escape, mostly tells. */
static inline bool
may_be(struct span key, const char *name)
{
	char first = *name ? *name : '"';

	return key.s[1] == first || key.s[1] == '\\';
}

/* The last member of that name, which is the one that counts. */
static size_t
find_member(const struct rec *r, const char *name)
{
	for (size_t i = r->members.n; i-- > 0;) {
		struct span key = r->members.v[i].key;

		if (may_be(key, name) && json_is(key, name))
			return i;
	}
	return NEW;
}

static struct rec_edit *
find_edit(const struct rec *r, const char *name)
{
	for (size_t i = 0; i < r->nedits; i++)
		if (*r->edits[i].name == *name &&
			strcmp(r->edits[i].name, name) == 0)
			return &r->edits[i];
	return NULL;
}

struct span
rec_get(const struct rec *r, const char *name)
{
	const struct rec_edit *e = find_edit(r, name);
	size_t i;

	if (e)
		return e->json;
	i = find_member(r, name);
	return i == NEW ? (struct span){ 0 } : r->members.v[i].value;
}

struct json_iter
rec_iter(const struct rec *r, const char *name)
{
	return json_iter_inner(rec_get(r, name), &r->inner);
}

void
rec_set(struct rec *r, const char *name, struct span json)
{
	struct rec_edit *e = find_edit(r, name);

	if (e == NULL) {
		r->edits = mem_grow(r->edits, &r->edits_cap, r->nedits + 1,
			sizeof(*r->edits));
		e = &r->edits[r->nedits++];
		e->name = name;
		e->member = find_member(r, name);
	}
	e->json = json;
}

void
rec_set_buf(struct rec *r, const char *name, const struct buf *b)
{
	struct span json = { arena_dup(&r->arena, buf_span(b)), b->len };

	rec_set(r, name, json);
}

void
rec_unset(struct rec *r, const char *name)
{
	if (rec_get(r, name).s)
		rec_set(r, name, (struct span){ 0 });
}

struct span
rec_id(const struct rec *r)
{
	static const char *const names[] = { "id", "prompt_id" };

	for (size_t i = 0; i < 2; i++) {
		struct span id = rec_get(r, names[i]);

		if (json_kind(id) > JSON_NULL)
			return id;
	}
	return (struct span){ 0 };
}

uint64_t
rec_sample(const struct rec *r)
{
	int64_t sample;

	return json_i64(rec_get(r, "sample"), &sample) && sample > 0
	               ? (uint64_t)sample
	               : 0;
}

void
rec_fail(struct rec *r, const char *code, const char *fmt, ...)
{
	struct buf b = { 0 };
	char message[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	emit_begin(&b, '{');
	emit_key(&b, "tool"), emit_cstr(&b, progname);
	emit_key(&b, "code"), emit_cstr(&b, code);
	emit_key(&b, "message"), emit_cstr(&b, message);
	emit_end(&b, '}');
	rec_set_buf(r, "error", &b);
	buf_release(&b);
}

bool
rec_failed(const struct rec *r)
{
	return json_kind(rec_get(r, "error")) > JSON_NULL;
}

static void
move(struct json_members *m, ptrdiff_t shift)
{
	for (size_t i = 0; i < m->n; i++) {
		m->v[i].key.s += shift;
		m->v[i].value.s += shift;
	}
}

void
rec_hold(struct rec *r)
{
	struct span copy = { arena_dup(&r->arena, r->raw), r->raw.len };
	ptrdiff_t shift = copy.s - r->raw.s;

	move(&r->members, shift);
	move(&r->inner, shift);
	r->raw = copy;
}

/* What becomes of a member. One that is taken out is so with its namesakes. */
static const struct rec_edit *
edit_of(const struct rec *r, size_t member)
{
	for (size_t i = 0; i < r->nedits; i++) {
		const struct rec_edit *e = &r->edits[i];

		if (e->member == member ||
			(!e->json.s &&
				json_is(r->members.v[member].key, e->name)))
			return e;
	}
	return NULL;
}

static void
add_between(struct buf *b, const char *from, const char *to)
{
	buf_add(b, (struct span){ from, (size_t)(to - from) });
}

/*
 * The members that were read, changed where they stand; returns where the rest
 * of the line begins. A member that goes takes the comma in front of it along,
 * or the one behind it if it is the first that is left.
 */
static const char *
print_members(const struct rec *r, struct buf *b, bool *any)
{
	const char *from = r->raw.s, *to = from; /* stays, not added yet */

	for (size_t i = 0; i < r->members.n; i++) {
		const struct json_member *m = &r->members.v[i];
		const char *end = m->value.s + m->value.len;
		const struct rec_edit *e = edit_of(r, i);

		if (i == 0)
			to = m->key.s;
		if ((e && e->json.s == NULL) || !*any) {
			add_between(b, from, to);
			from = m->key.s;
		}
		if (e && e->json.s == NULL) {
			from = to = end;
			continue;
		}
		if (e) {
			add_between(b, from, m->value.s);
			buf_add(b, e->json);
			from = end;
		}
		to = end;
		*any = true;
	}
	add_between(b, from, to);
	return to;
}

static void
print_new(const struct rec *r, struct buf *b, bool any)
{
	for (size_t i = 0; i < r->nedits; i++) {
		const struct rec_edit *e = &r->edits[i];

		if (e->member != NEW || e->json.s == NULL)
			continue;
		if (any)
			buf_byte(b, ',');
		emit_str(b, span_str(e->name));
		buf_byte(b, ':');
		buf_add(b, e->json);
		any = true;
	}
}

void
rec_print(const struct rec *r, struct buf *b)
{
	const char *end = r->raw.s + r->raw.len, *close = end, *from;
	bool any = false;

	if (r->nedits == 0) {
		buf_add(b, r->raw);
		return;
	}
	while (*--close != '}')
		;
	from = print_members(r, b, &any);
	if (r->members.n == 0)
		add_between(b, from, close), from = close;
	else if (!any)
		from = close;
	print_new(r, b, any);
	add_between(b, from, end);
}

void
rec_release(struct rec *r)
{
	json_members_release(&r->members);
	json_members_release(&r->inner);
	arena_release(&r->arena);
	free(r->edits);
	*r = (struct rec){ 0 };
}
