#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef HAVE_MALLOPT
#include <malloc.h>
#endif

#include "arena.h"

#define FIRST_BLOCK 4096
#define ALIGN _Alignof(max_align_t)

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

void *
mem_resize(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		die(ST_CUT, "cannot allocate %zu times %zu bytes", n, size);
	p = realloc(p, n * size + (n * size == 0));
	if (p == NULL)
		die(ST_CUT, "out of memory: %zu bytes wanted", n * size);
	return p;
}

void *
mem_alloc(size_t n, size_t size)
{
	return mem_resize(NULL, n, size);
}

void *
mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return p;
	*cap = need > *cap * 2 ? need : *cap * 2;
	if (*cap < 8)
		*cap = 8;
	return mem_resize(p, *cap, size);
}

static void
add_block(struct arena *a, size_t need)
{
	size_t size = a->block ? a->block->size * 2 : FIRST_BLOCK;
	struct arena_block *b;

	if (size < need)
		size = need;
	b = mem_alloc(1, sizeof(*b) + size);
	b->older = a->block;
	b->used = 0;
	b->size = size;
	a->block = b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	char *p;

	if (size > SIZE_MAX / 4)
		die(ST_CUT, "out of memory: %zu bytes wanted", size);
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (a->block == NULL || a->block->size - a->block->used < size)
		add_block(a, size);
	p = a->block->data + a->block->used;
	a->block->used += size;
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / 4 / size)
		die(ST_CUT, "cannot allocate %zu times %zu bytes", n, size);
	p = arena_alloc(a, n * size);
	return memset(p, 0, n * size);
}

char *
arena_dup(struct arena *a, struct span text)
{
	char *p = arena_alloc(a, text.len + 1);

	if (text.len)
		memcpy(p, text.s, text.len);
	p[text.len] = '\0';
	return p;
}

struct span
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die(ST_CUT, "cannot format a message: %s", fmt);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct span){ p, (size_t)n };
}

/* The newest block is the largest; keep it, so that a loop settles on one. */
void
arena_clear(struct arena *a)
{
	struct arena_block *b = a->block;

	if (b == NULL)
		return;
	a->block = b->older;
	arena_release(a);
	b->older = NULL;
	b->used = 0;
	a->block = b;
}

void
arena_release(struct arena *a)
{
	for (struct arena_block *b = a->block, *older; b; b = older) {
		older = b->older;
		free(b);
	}
	a->block = NULL;
}

void
mem_keep(void)
{
#ifdef HAVE_MALLOPT
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}
