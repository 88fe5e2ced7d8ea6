/*
 * map: from text to a small number, in order of first appearance.
 *
 * map_put gives each new key the next index 0, 1, 2 ...: arrays beside the map
 * hold whatever belongs to a key. The map copies its keys. A zeroed struct is
 * an empty map.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "arena.h"

#define MAP_NONE SIZE_MAX

struct map {
	struct arena arena;
	struct map_key {
		struct span text;
		uint64_t hash;
	} * keys; /* by index */
	size_t n; /* how many keys */
	size_t cap;
	uint32_t *slots; /* index + 1; 0 is free */
	size_t nslots;
};

/* map_find(m, key): The key's index, or MAP_NONE. */
size_t map_find(const struct map *m, struct span key);

/* map_put(m, key): The key's index; a new key's is the old ${m->n}. */
size_t map_put(struct map *m, struct span key);

static inline struct span
map_key(const struct map *m, size_t index)
{
	return m->keys[index].text;
}

/* map_sorted(m): All indices in the order of the keys; the caller frees them. */
size_t *map_sorted(const struct map *m);

void map_release(struct map *m);

#endif
