#include <stdlib.h>

#include "eval/metrics.h"
#include "record/emit.h"

static void
add(struct metrics *m, struct span name, const char *suffix, struct span json)
{
	struct metrics_member *x;

	m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
	x = &m->v[m->n++];
	x->key = arena_printf(&m->arena, "%.*s%s", SPAN_ARG(name), suffix);
	x->json = (struct span){ arena_dup(&m->arena, json), json.len };
}

void
metrics_f64(struct metrics *m, struct span name, const char *suffix, double x)
{
	char text[EMIT_F64_MAX];

	add(m, name, suffix, (struct span){ text, emit_f64_text(text, x) });
}

void
metrics_u64(struct metrics *m, struct span name, const char *suffix, uint64_t x)
{
	struct buf b = { 0 };

	emit_u64(&b, x);
	add(m, name, suffix, buf_span(&b));
	buf_release(&b);
}

void
metrics_json(struct metrics *m, struct span name, struct span json)
{
	add(m, name, "", json);
}

void
metrics_counts(struct metrics *m, const struct tally_counts *c)
{
	metrics_u64(m, SPAN("records"), "", c->records);
	metrics_u64(m, SPAN("errors"), "", c->errors);
	metrics_u64(m, SPAN("ungraded_records"), "", c->ungraded);
	metrics_u64(m, SPAN("ungraded_items"), "", c->ungraded_items);
}

static int
compare(const void *left, const void *right)
{
	const struct metrics_member *a = left, *b = right;

	return span_cmp(a->key, b->key);
}

void
metrics_print(struct metrics *m, struct buf *b)
{
	if (m->n)
		qsort(m->v, m->n, sizeof(*m->v), compare);
	emit_begin(b, '{');
	for (size_t i = 0; i < m->n; i++) {
		emit_key_span(b, m->v[i].key);
		emit_raw(b, m->v[i].json);
	}
	emit_end(b, '}');
}

bool
metrics_reserved(struct span name)
{
	static const char *const names[] = { "errors", "group", "overall_score",
		"records", "runs", "score", "ungraded_items",
		"ungraded_records", "worst_at", "worst_at_left_out",
		"worst_at_prompts", NULL };
	static const char *const suffixes[] = { ":bootstrap_std", ":ci_high",
		":ci_low", ":mean_raw", ":n_samples", NULL };

	for (size_t i = 0; names[i]; i++)
		if (span_is(name, names[i]))
			return true;
	for (size_t i = 0; suffixes[i]; i++) {
		struct span end = span_str(suffixes[i]);

		if (name.len >= end.len && memcmp(name.s + name.len - end.len,
						   end.s, end.len) == 0)
			return true;
	}
	return false;
}

void
metrics_release(struct metrics *m)
{
	free(m->v);
	arena_release(&m->arena);
	*m = (struct metrics){ 0 };
}
