#include <math.h>
#include <stdlib.h>

#include "eval/pool.h"
#include "stat/mean.h"

#define SLACK 16 /* items beyond those that are wanted, before some go */

static struct pool_item *
new_item(struct pool *p, const struct rec *r)
{
	struct buf line = { 0 };
	struct pool_item *item;

	rec_print(r, &line);
	p->items = mem_grow(p->items, &p->cap, p->n + 1, sizeof(*p->items));
	item = &p->items[p->n++];
	*item = (struct pool_item){ line.s, line.len, 0, POOL_NO_GROUP,
		POOL_RANKED, r->file, r->line };
	return item;
}

void
pool_keep(struct pool *p, const struct rec *r, enum pool_fate fate)
{
	new_item(p, r)->fate = fate;
}

static struct pool_group *
group_of(struct pool *p, struct span name, uint32_t *index)
{
	size_t known = p->names.n, i = map_put(&p->names, name);
	struct pool_group *g;

	*index = (uint32_t)i;
	if (i < known)
		return &p->groups[i];
	p->groups = mem_grow(
		p->groups, &p->groups_cap, known + 1, sizeof(*p->groups));
	g = &p->groups[i];
	*g = (struct pool_group){ .first = p->n };
	return g;
}

int
pool_load(const struct pool *p, size_t item, struct rec *r, struct err *e)
{
	const struct pool_item *x = &p->items[item];
	struct json_fault f = { .what = "it was let go" };

	if (x->line == NULL ||
		rec_parse(r, (struct span){ x->line, x->len }, &f))
		return err_set(
			e, "a record did not survive the wait: %s", f.what);
	r->file = x->file;
	r->line = x->number;
	return 0;
}

static int
by_reward(const void *a, const void *b)
{
	const struct pool_member *x = a, *y = b;

	if (x->reward > y->reward || x->reward < y->reward)
		return x->reward > y->reward ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

void
pool_rank(struct pool_group *g)
{
	if (g->n > 1)
		qsort(g->v, g->n, sizeof(*g->v), by_reward);
}

/* Forgets the lines between the best and the worst. */
static void
prune(struct pool *p, struct pool_group *g)
{
	size_t keep = p->best + p->worst, gone = g->n - keep;

	pool_rank(g);
	for (size_t i = p->best; i < p->best + gone; i++) {
		free(p->items[g->v[i].item].line);
		p->items[g->v[i].item].line = NULL;
	}
	memmove(g->v + p->best, g->v + p->best + gone,
		p->worst * sizeof(*g->v));
	g->n = keep;
}

void
pool_add(struct pool *p, const struct rec *r, struct span group, double reward)
{
	uint32_t index;
	struct pool_group *g = group_of(p, group, &index);
	struct pool_item *item = new_item(p, r);
	size_t wanted = p->best + p->worst;

	item->reward = reward;
	item->group = index;
	g->v = mem_grow(g->v, &g->cap, g->n + 1, sizeof(*g->v));
	g->v[g->n++] = (struct pool_member){ reward, p->n - 1 };
	if (g->seen++ == 0)
		g->least = g->most = reward;
	if (reward < g->least)
		g->least = reward;
	if (reward > g->most)
		g->most = reward;
	if (wanted && wanted < SIZE_MAX / 4 && g->n >= 2 * wanted + SLACK)
		prune(p, g);
}

bool
pool_pair(struct pool_pairs *walk, const struct pool_member **better,
	const struct pool_member **worse)
{
	const struct pool_group *g = walk->g;

	for (; walk->nearer + 1 < g->n; walk->nearer++, walk->at = 0)
		while (walk->at <= walk->nearer) {
			const struct pool_member *a = &g->v[walk->at++];
			const struct pool_member *b = a + g->n - 1 -
			                              walk->nearer;

			if (!(a->reward > b->reward) ||
				a->reward - b->reward < walk->gap)
				continue;
			*better = a;
			*worse = b;
			return true;
		}
	return false;
}

static double
deviation_of_all(const struct pool *p)
{
	double *r = mem_alloc(p->n + 1, sizeof(*r)), s;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->items[i].fate == POOL_RANKED)
			r[n++] = p->items[i].reward;
	s = mean_std_sample(r, n);
	free(r);
	return s;
}

double *
pool_advantages(const struct pool *p, enum advantage kind)
{
	double *all = mem_alloc(p->n + 1, sizeof(*all));
	double *r = mem_alloc(2 * p->n + 1, sizeof(*r));
	double *out = r + p->n, s = deviation_of_all(p);

	for (size_t i = 0; i < p->n; i++)
		all[i] = NAN;
	for (size_t k = 0; k < p->names.n; k++) {
		const struct pool_group *g = &p->groups[k];

		for (size_t i = 0; i < g->n; i++)
			r[i] = g->v[i].reward;
		advantage_group(kind, r, g->n, s, out);
		for (size_t i = 0; i < g->n; i++)
			all[g->v[i].item] = out[i];
	}
	free(r);
	return all;
}

struct pool_counts
pool_count(const struct pool *p, double gap)
{
	struct pool_counts n = { 0 };

	for (size_t i = 0; i < p->names.n; i++) {
		const struct pool_group *g = &p->groups[i];
		double range = g->most - g->least;

		n.single += g->seen == 1;
		n.tied += g->seen > 1 && !(range > 0);
		n.close += range > 0 && range < gap;
	}
	return n;
}

void
pool_release(struct pool *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->items[i].line);
	for (size_t i = 0; i < p->names.n; i++)
		free(p->groups[i].v);
	free(p->items);
	free(p->groups);
	map_release(&p->names);
	*p = (struct pool){ 0 };
}
