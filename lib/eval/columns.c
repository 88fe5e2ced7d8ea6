#include <stdlib.h>

#include "eval/columns.h"

size_t
columns_add(struct columns *c, struct span name)
{
	return map_put(&c->names, name);
}

/* Looks a member up, and learns it where its name is spelled plainly. */
static size_t
look_up(struct columns *c, size_t place, struct span key)
{
	struct span name = json_str(key, &c->scratch);
	size_t column = map_find(&c->names, name);

	arena_clear(&c->scratch);
	if (column == MAP_NONE || name.len + 2 != key.len)
		return column;
	while (c->nplaces <= place) {
		c->places = mem_grow(
			c->places, &c->cap, c->nplaces + 1, sizeof(*c->places));
		c->places[c->nplaces++] = (struct columns_place){ 0 };
	}
	c->places[place].key = map_key(&c->names, column);
	c->places[place].column = column;
	return column;
}

static size_t
column_of(struct columns *c, size_t place, struct span key)
{
	struct span inner = { key.s + 1, key.len - 2 };

	if (place < c->nplaces && c->places[place].key.s &&
		span_eq(c->places[place].key, inner))
		return c->places[place].column;
	return look_up(c, place, key);
}

void
columns_read(struct columns *c, struct json_iter it, struct span *values)
{
	struct json_member m;

	for (size_t i = 0; i < c->names.n; i++)
		values[i] = (struct span){ 0 };
	for (size_t i = 0; it.object && json_next(&it, &m); i++) {
		size_t column = column_of(c, i, m.key);

		if (column != MAP_NONE)
			values[column] = m.value;
	}
}

void
columns_release(struct columns *c)
{
	map_release(&c->names);
	arena_release(&c->scratch);
	free(c->places);
	*c = (struct columns){ 0 };
}
