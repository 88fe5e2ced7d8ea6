#include <stdlib.h>

#include "eval/pool.h"

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

static const struct pool_item *ranking; /* qsort hands nothing through */

static int
by_reward(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	double p = ranking[x].reward, q = ranking[y].reward;

	if (p > q || p < q)
		return p > q ? -1 : 1;
	return (x > y) - (x < y);
}

void
pool_rank(const struct pool *p, struct pool_group *g)
{
	ranking = p->items;
	if (g->n > 1)
		qsort(g->v, g->n, sizeof(*g->v), by_reward);
}

/* Forgets the lines between the best and the worst. */
static void
prune(struct pool *p, struct pool_group *g)
{
	size_t keep = p->best + p->worst, gone = g->n - keep;

	pool_rank(p, g);
	for (size_t i = p->best; i < p->best + gone; i++) {
		free(p->items[g->v[i]].line);
		p->items[g->v[i]].line = NULL;
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
	g->v[g->n++] = p->n - 1;
	if (g->seen++ == 0)
		g->least = g->most = reward;
	if (reward < g->least)
		g->least = reward;
	if (reward > g->most)
		g->most = reward;
	if (wanted && wanted < SIZE_MAX / 4 && g->n >= 2 * wanted + SLACK)
		prune(p, g);
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
