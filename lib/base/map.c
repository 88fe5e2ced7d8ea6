#include <stdlib.h>

#include "hash.h"
#include "map.h"

/* The slot that holds the key, or the free one where it belongs. */
static size_t
slot_of(const struct map *m, struct span key, uint64_t hash)
{
	size_t i = hash & (m->nslots - 1);

	for (; m->slots[i]; i = (i + 1) & (m->nslots - 1)) {
		const struct map_key *k = &m->keys[m->slots[i] - 1];

		if (k->hash == hash && span_eq(k->text, key))
			break;
	}
	return i;
}

static void
widen(struct map *m)
{
	m->nslots = m->nslots ? m->nslots * 2 : 64;
	free(m->slots);
	m->slots = mem_alloc(m->nslots, sizeof(*m->slots));
	memset(m->slots, 0, m->nslots * sizeof(*m->slots));
	for (size_t k = 0; k < m->n; k++) {
		size_t i = m->keys[k].hash & (m->nslots - 1);

		while (m->slots[i])
			i = (i + 1) & (m->nslots - 1);
		m->slots[i] = (uint32_t)k + 1;
	}
}

size_t
map_find(const struct map *m, struct span key)
{
	size_t i;

	if (m->n == 0)
		return MAP_NONE;
	i = slot_of(m, key, hash_bytes(0, key));
	return m->slots[i] ? m->slots[i] - 1 : MAP_NONE;
}

size_t
map_put(struct map *m, struct span key)
{
	uint64_t hash = hash_bytes(0, key);
	size_t i;

	if (m->n >= UINT32_MAX - 1)
		die(ST_CUT, "more than %zu different keys", m->n);
	if (m->n * 2 >= m->nslots)
		widen(m);
	i = slot_of(m, key, hash);
	if (m->slots[i])
		return m->slots[i] - 1;
	m->keys = mem_grow(m->keys, &m->cap, m->n + 1, sizeof(*m->keys));
	m->keys[m->n].text = (struct span){ arena_dup(&m->arena, key),
		key.len };
	m->keys[m->n].hash = hash;
	m->slots[i] = (uint32_t)++m->n;
	return m->n - 1;
}

struct sorted {
	struct span text;
	size_t index;
};

static int
by_text(const void *a, const void *b)
{
	return span_cmp(((const struct sorted *)a)->text,
		((const struct sorted *)b)->text);
}

size_t *
map_sorted(const struct map *m)
{
	struct sorted *v = mem_alloc(m->n + 1, sizeof(*v));
	size_t *order = mem_alloc(m->n + 1, sizeof(*order));

	for (size_t i = 0; i < m->n; i++)
		v[i] = (struct sorted){ m->keys[i].text, i };
	if (m->n)
		qsort(v, m->n, sizeof(*v), by_text);
	for (size_t i = 0; i < m->n; i++)
		order[i] = v[i].index;
	free(v);
	return order;
}

void
map_release(struct map *m)
{
	arena_release(&m->arena);
	free(m->keys);
	free(m->slots);
	*m = (struct map){ 0 };
}
