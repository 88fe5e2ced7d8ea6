#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mt.h"
#include "eval/draw.h"

/* No jq value is spelled like this, so no stratum of the user's is. */
#define FAILED SPAN("error")

static struct span
identity(const struct rec *r)
{
	struct span id = rec_id(r);

	return id.s ? id : r->raw;
}

uint64_t
draw_key(uint64_t seed, const struct rec *r)
{
	uint64_t h = hash_bytes(seed, identity(r));
	struct span sample = rec_get(r, "sample");

	return json_kind(sample) > JSON_NULL ? hash_bytes(h, sample) : h;
}

static double
unit(uint64_t bits)
{
	return (double)(bits >> 11) * 0x1p-53;
}

double
draw_chance(uint64_t seed, const struct rec *r)
{
	return unit(draw_key(hash_bytes(seed, SPAN("chance")), r));
}

double
draw_side(uint64_t seed, const struct rec *r)
{
	return unit(hash_bytes(hash_bytes(seed, SPAN("side")), identity(r)));
}

static int
by_key(const void *a, const void *b)
{
	const struct draw_item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static int
by_order(const void *a, const void *b)
{
	const struct draw_item *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static void
sort(struct draw_item *v, size_t n, int (*cmp)(const void *, const void *))
{
	if (n > 1)
		qsort(v, n, sizeof(*v), cmp);
}

/* Leaves the ${keep} smallest keys. */
static void
prune(struct draw_stratum *s, size_t keep)
{
	if (s->n <= keep)
		return;
	sort(s->v, s->n, by_key);
	while (s->n > keep)
		free((char *)s->v[--s->n].line.s);
	s->limit = keep ? s->v[keep - 1].key : 0;
}

static struct draw_stratum *
stratum(struct draw *d, struct span name)
{
	size_t known = d->names.n, i = map_put(&d->names, name);

	if (i == known) {
		d->strata = mem_grow(
			d->strata, &d->cap, known + 1, sizeof(*d->strata));
		d->strata[i] = (struct draw_stratum){ .limit = UINT64_MAX };
	}
	return &d->strata[i];
}

static void
add(struct draw_stratum *s, uint64_t key, size_t order, const struct rec *r)
{
	struct buf line = { 0 };

	rec_print(r, &line);
	s->v = mem_grow(s->v, &s->cap, s->n + 1, sizeof(*s->v));
	s->v[s->n++] = (struct draw_item){ key, order, buf_span(&line),
		rec_failed(r) };
}

void
draw_put(struct draw *d, struct span name, uint64_t key, const struct rec *r)
{
	struct draw_stratum *s = stratum(d, name);

	s->put++;
	d->put++;
	if (key > s->limit)
		return;
	add(s, key, d->put, r);
	if (d->count < SIZE_MAX / 4 && s->n >= 2 * d->count + 64)
		prune(s, d->count);
}

void
draw_keep(struct draw *d, const struct rec *r)
{
	struct draw_stratum *s = stratum(d, FAILED);

	add(s, draw_key(0, r), ++d->put, r);
}

static size_t
quota(const struct draw *d, const struct draw_stratum *s)
{
	size_t share = (size_t)floor(d->fraction * (double)s->put + 0.5);

	return share < d->count ? share : d->count;
}

struct draw_item *
draw_take(struct draw *d, enum draw_order order, size_t *n)
{
	size_t failed = map_find(&d->names, FAILED), cap = 0;
	struct draw_item *all = NULL;

	*n = 0;
	for (size_t i = 0; i < d->names.n; i++) {
		struct draw_stratum *s = &d->strata[i];

		if (i != failed)
			prune(s, quota(d, s));
		all = mem_grow(all, &cap, *n + s->n, sizeof(*all));
		if (s->n)
			memcpy(all + *n, s->v, s->n * sizeof(*all));
		*n += s->n;
	}
	sort(all, *n, order == DRAW_INPUT ? by_order : by_key);
	return all;
}

/* Stable: records that failed go behind the others; how many others. */
static size_t
failed_last(struct draw_item *v, size_t n)
{
	struct draw_item *failed = mem_alloc(n, sizeof(*failed));
	size_t good = 0, bad = 0;

	for (size_t i = 0; i < n; i++)
		*(v[i].failed ? &failed[bad++] : &v[good++]) = v[i];
	memcpy(v + good, failed, bad * sizeof(*v));
	free(failed);
	return good;
}

size_t
draw_python(struct draw_item *v, size_t n, size_t k, uint64_t seed)
{
	size_t good = n ? failed_last(v, n) : 0, *index;
	struct draw_item *drawn;
	struct mt mt;

	if (k >= good)
		return n;
	index = mem_alloc(k, sizeof(*index));
	drawn = mem_alloc(k, sizeof(*drawn));
	mt_init(&mt, seed);
	mt_sample(&mt, good, k, index);
	for (size_t i = 0; i < k; i++)
		drawn[i] = v[index[i]];
	memcpy(v, drawn, k * sizeof(*v));
	memmove(v + k, v + good, (n - good) * sizeof(*v));
	free(drawn);
	free(index);
	return k + n - good;
}

void
draw_release(struct draw *d)
{
	for (size_t i = 0; i < d->names.n; i++) {
		for (size_t k = 0; k < d->strata[i].n; k++)
			free((char *)d->strata[i].v[k].line.s);
		free(d->strata[i].v);
	}
	free(d->strata);
	map_release(&d->names);
	*d = (struct draw){ 0 };
}
