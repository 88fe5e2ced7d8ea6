/*
 * arena: memory with one lifetime.
 *
 * Everything allocated from an arena goes at once, by arena_clear (keeps the
 * blocks for reuse) or arena_release. There are three lifetimes in a tool: the
 * process, the record and the call; what lives with a record comes from the
 * record's arena and is never freed singly. A zeroed struct is an empty arena.
 * Allocation never fails: a tool that is out of memory says so and exits.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "die.h"
#include "span.h"

struct arena {
	struct arena_block *block; /* the one in use; older ones behind it */
};

/* arena_alloc(a, size): ${size} bytes, aligned for any type, not zeroed. */
void *arena_alloc(struct arena *a, size_t size);

/* arena_array(a, n, size): ${n} zeroed elements; an overflow dies. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* arena_dup(a, text): A copy of ${text}, followed by a NUL. */
char *arena_dup(struct arena *a, struct span text);

/* arena_printf(a, fmt, ...): The formatted text, NUL-terminated. */
struct span arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);

void arena_clear(struct arena *a);
void arena_release(struct arena *a);

/* mem_alloc, mem_resize: malloc and realloc of n * size bytes that die. */
void *mem_alloc(size_t n, size_t size);
void *mem_resize(void *p, size_t n, size_t size);

/*
 * mem_grow(p, cap, need, size): Return ${p} with room for at least ${need}
 * elements of ${size} bytes, growing geometrically; update ${*cap}.
 */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size);

/*
 * mem_keep(): Let malloc keep what is freed, for tools whose every record needs
 * some megabytes and gives them back: asking the system for them again is a tenth
 * of their time. Called once, before anything large is allocated.
 */
void mem_keep(void);

#endif
