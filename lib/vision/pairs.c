#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* What is sorted: a pair by some of its coordinates, then by its place. */
struct row {
	double key[4];
	uint32_t place;
};

static int
by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	for (int i = 0; i < 4; i++)
		if (x->key[i] < y->key[i] || x->key[i] > y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* One after the other they are the same in the first so many coordinates. */
static bool
same(const struct row *a, const struct row *b, size_t coordinates)
{
	for (size_t i = 0; i < coordinates; i++)
		if (a->key[i] < b->key[i] || a->key[i] > b->key[i])
			return false;
	return true;
}

/* Sort the pairs and take out those that are there already. */
static void
distinguish(struct pairs *p, struct row *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		memcpy(rows[i].key, p->at[i], sizeof(rows[i].key));
		rows[i].place = p->from[i];
	}
	qsort(rows, p->n, sizeof(*rows), by_key);
	for (size_t i = 0; i < p->n; i++) {
		if (i && same(&rows[i - 1], &rows[i], 4))
			continue;
		memcpy(p->at[n], rows[i].key, sizeof(*p->at));
		p->from[n++] = rows[i].place;
	}
	p->n = n;
}

/* Number the points of one image; shared[i] where pair i shares its point. */
static void
number(struct pairs *p, struct row *rows, int image, uint8_t *shared)
{
	uint32_t point = 0;

	for (size_t i = 0; i < p->n; i++) {
		rows[i] = (struct row){ .place = (uint32_t)i };
		memcpy(rows[i].key, p->at[i] + 2 * image, 2 * sizeof(double));
	}
	qsort(rows, p->n, sizeof(*rows), by_key);
	for (size_t i = 0; i < p->n; i++) {
		if (i && same(&rows[i - 1], &rows[i], 2))
			shared[rows[i].place] = shared[rows[i - 1].place] = 1;
		else
			point = (uint32_t)i;
		p->points[rows[i].place][image] = point;
	}
}

/* The shuffled order with the lone ones first. */
static void
order(struct pairs *p, const uint8_t *shared, struct rng *rng)
{
	struct pairs to = { .n = p->n };
	uint32_t *index = mem_alloc(p->n, sizeof(*index));
	size_t n = 0;

	to.at = mem_alloc(p->n, sizeof(*to.at));
	to.from = mem_alloc(p->n, sizeof(*to.from));
	to.points = mem_alloc(p->n, sizeof(*to.points));
	for (uint32_t i = 0; i < p->n; i++) {
		size_t j = rng_below(rng, i + 1);

		index[i] = index[j];
		index[j] = i;
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < p->n; i++) {
			uint32_t k = index[i];

			if (shared[k] != pass)
				continue;
			memcpy(to.at[n], p->at[k], sizeof(*to.at));
			memcpy(to.points[n], p->points[k], sizeof(*to.points));
			to.from[n++] = p->from[k];
		}
		if (pass == 0)
			to.lone = n;
	}
	pairs_release(p);
	free(index);
	*p = to;
}

void
pairs_make(struct pairs *p, double (*at)[4], uint32_t *from, size_t n,
	struct rng *rng)
{
	struct row *rows = mem_alloc(n, sizeof(*rows));
	uint8_t *shared = mem_alloc(n, 1);

	*p = (struct pairs){ .n = n, .at = at, .from = from };
	distinguish(p, rows);
	memset(shared, 0, n);
	p->points = mem_alloc(p->n, sizeof(*p->points));
	number(p, rows, 0, shared);
	number(p, rows, 1, shared);
	order(p, shared, rng);
	free(rows);
	free(shared);
}

void
pairs_some(const struct pairs *p, const uint32_t *index, size_t n,
	struct pairs *to)
{
	*to = (struct pairs){ .n = n, .lone = n };
	to->at = mem_alloc(n, sizeof(*to->at));
	to->from = mem_alloc(n, sizeof(*to->from));
	to->points = mem_alloc(n, sizeof(*to->points));
	for (uint32_t i = 0; i < n; i++) {
		memcpy(to->at[i], p->at[index[i]], sizeof(*to->at));
		to->from[i] = index[i];
		to->points[i][0] = to->points[i][1] = i;
	}
}

void
pairs_release(struct pairs *p)
{
	free(p->at);
	free(p->from);
	free(p->points);
	*p = (struct pairs){ 0 };
}
