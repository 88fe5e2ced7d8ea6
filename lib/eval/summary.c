#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "eval/summary.h"
#include "stat/boot.h"
#include "stat/mean.h"
#include "stat/tail.h"

/* The interval. */

static struct boot_cluster *
clusters_of(const struct tally_series *s)
{
	struct boot_cluster *c = mem_alloc(s->owners, sizeof(*c));

	memset(c, 0, s->owners * sizeof(*c));
	for (size_t i = 0; i < s->n; i++) {
		c[s->owner[i]].sum += s->w[i];
		c[s->owner[i]].n++;
	}
	return c;
}

/* A single owner says nothing about how much owners differ. */
static void
set_interval(struct summary *y, double *means, size_t n, size_t owners)
{
	tail_sort(means, n);
	y->low = owners > 1 ? tail_quantile(means, n, 0.025) : NAN;
	y->high = owners > 1 ? tail_quantile(means, n, 0.975) : NAN;
}

/* Draws whole owners; from a stream of its own. */
static void
draw_owners(const struct tally_series *s, struct rng *r, double *means,
	size_t rounds)
{
	struct boot_cluster *c = clusters_of(s);

	boot_clusters(c, s->owners, r, means, rounds);
	free(c);
}

static void
bootstrap(struct summary *y, const struct tally_series *s, uint64_t stream,
	const struct summary_how *how)
{
	double *means = mem_alloc(how->rounds, sizeof(*means));
	double *clipped = mem_alloc(how->rounds, sizeof(*clipped));
	struct rng r;

	rng_init(&r, how->seed, stream);
	boot_means(s->w, s->n, &r, means, how->rounds);
	for (size_t i = 0; i < how->rounds; i++)
		clipped[i] = mean_clip(means[i]);
	y->boot_std = mean_std(means, how->rounds);
	y->boot_clipped = mean_std(clipped, how->rounds);
	if (s->owners < s->n)
		draw_owners(s, &r, means, how->rounds);
	set_interval(y, means, how->rounds, s->owners);
	y->drawn = true;
	free(clipped);
	free(means);
}

struct summary
summary_of(const struct tally_series *s, struct span group,
	const struct summary_how *how)
{
	const double *v = how->merged ? s->w : s->v;
	struct summary y = { .n = s->n };

	y.mean = how->merged ? mean_close(v, s->n) : mean_of(v, s->n);
	y.std = mean_std(v, s->n);
	if (how->rounds)
		bootstrap(
			&y, s, hash_bytes(hash_bytes(0, group), s->name), how);
	return y;
}

/* The worst of k. */

/* The end of the run of values that have the owner of the one at ${from}. */
static size_t
owner_end(const struct tally_series *s, size_t from)
{
	size_t to = from;

	while (to < s->n && s->owner[to] == s->owner[from])
		to++;
	return to;
}

/* How many values most owners have; the greatest number in ${*greatest}. */
static size_t
usual_number(const struct tally_series *s, size_t *greatest)
{
	size_t *count = mem_alloc(s->n + 1, sizeof(*count)), usual = 0;

	memset(count, 0, (s->n + 1) * sizeof(*count));
	*greatest = 0;
	for (size_t i = 0, end; i < s->n; i = end) {
		end = owner_end(s, i);
		count[end - i]++;
		*greatest = end - i > *greatest ? end - i : *greatest;
	}
	for (size_t k = 1; k <= *greatest; k++)
		usual = count[k] >= count[usual] ? k : usual;
	free(count);
	return usual;
}

struct summary_enough
summary_enough(const struct tally_series *s, size_t most)
{
	struct summary_enough h = { 0 };

	h.enough = usual_number(s, &h.greatest);
	h.usual = h.enough >= most;
	if (!h.usual)
		h.enough = most;
	for (size_t i = 0, end; i < s->n; i = end) {
		end = owner_end(s, i);
		if (end - i >= h.enough) {
			h.owners++;
		} else if (h.short_has == 0) {
			h.short_row = s->row[i];
			h.short_has = end - i;
		}
	}
	return h;
}

void
summary_worst_at(const struct tally_series *s, size_t most, double *out)
{
	const size_t enough = summary_enough(s, most).enough;
	double *part = mem_alloc(s->owners, sizeof(*part));
	double *v = mem_alloc(s->n, sizeof(*v));

	memcpy(v, s->w, s->n * sizeof(*v));
	for (size_t i = 0, end; i < s->n; i = end) {
		end = owner_end(s, i);
		tail_sort(v + i, end - i);
	}
	for (size_t k = 1; k <= most; k++) {
		size_t n = 0;

		for (size_t i = 0, end; i < s->n; i = end) {
			end = owner_end(s, i);
			if (end - i >= enough)
				part[n++] = tail_worst_at(v + i, end - i, k);
		}
		out[k - 1] = n ? mean_of(part, n) : NAN;
	}
	free(v);
	free(part);
}

/* Runs. */

struct place {
	size_t order; /* in which values are counted and added */
	uint32_t owner;
	struct span run; /* its number */
	double x;
};

static int
by_owner(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static int
by_run(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->run.len != b->run.len)
		return a->run.len < b->run.len ? -1 : 1;
	if (!span_eq(a->run, b->run))
		return span_cmp(a->run, b->run);
	return (a->order > b->order) - (a->order < b->order);
}

/* Each value with its run's number. */
static struct place *
place_values(const struct tally *t, const struct tally_series *s, bool merged,
	struct arena *a)
{
	struct place *p = arena_array(a, s->n, sizeof(*p));
	size_t nth = 0;

	for (size_t i = 0; i < s->n; i++)
		p[i] = (struct place){ merged ? i : s->row[i], s->owner[i],
			t->rows[s->row[i]].sample, s->w[i] };
	qsort(p, s->n, sizeof(*p), by_owner);
	for (size_t i = 0; i < s->n; i++) {
		nth = i && p[i].owner == p[i - 1].owner ? nth + 1 : 0;
		if (p[i].run.s == NULL)
			p[i].run = arena_printf(a, "%zu", nth);
	}
	return p;
}

void
summary_runs(const struct tally *t, const struct tally_series *s, bool merged,
	struct summary_runs *r)
{
	struct arena *a = &r->arena;
	struct place *p = place_values(t, s, merged, a);
	double *v = arena_array(a, s->n, sizeof(*v));
	size_t end;

	r->v = arena_array(a, s->n, sizeof(*r->v));
	qsort(p, s->n, sizeof(*p), by_run);
	for (size_t i = 0; i < s->n; i = end) {
		for (end = i; end < s->n && span_eq(p[end].run, p[i].run);
			end++)
			v[end - i] = p[end].x;
		r->v[r->n++] = (struct summary_run){ p[i].run, end - i,
			mean_of(v, end - i) };
	}
}

void
summary_runs_release(struct summary_runs *r)
{
	arena_release(&r->arena);
	*r = (struct summary_runs){ 0 };
}

bool
summary_unnumbered(const struct tally *t, const struct tally_series *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (s->owner[i] == s->owner[i - 1] &&
			t->rows[s->row[i]].sample.s == NULL)
			return true;
	return false;
}
