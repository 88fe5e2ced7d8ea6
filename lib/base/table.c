#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "table.h"
#include "utf8.h"

__attribute__((format(printf, 3, 0))) static void
add(struct table *t, bool line, const char *fmt, va_list ap)
{
	char text[1024];
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	struct span s = { text, n < 0 ? 0 : (size_t)n };

	if (s.len >= sizeof(text))
		s.len = sizeof(text) - 1;
	s.len = utf8_valid(s); /* a character may have been cut */
	t->cells = mem_grow(t->cells, &t->cap, t->n + 1, sizeof(*t->cells));
	t->cells[t->n++] = (struct table_cell){
		{ arena_dup(&t->arena, s), s.len }, line
	};
}

void
table_cell(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(t, false, fmt, ap);
	va_end(ap);
}

void
table_line(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(t, true, fmt, ap);
	va_end(ap);
}

static size_t *
measure(const struct table *t)
{
	size_t *width = mem_alloc(t->columns, sizeof(*width));
	size_t column = 0;

	memset(width, 0, t->columns * sizeof(*width));
	for (size_t i = 0; i < t->n; i++) {
		size_t w = utf8_count(t->cells[i].text);

		if (t->cells[i].line)
			continue;
		if (w > width[column])
			width[column] = w;
		column = (column + 1) % t->columns;
	}
	return width;
}

static void
pad(struct buf *b, size_t n)
{
	while (n--)
		buf_byte(b, ' ');
}

/* A row's cells; no blanks are left at the end of a line. */
static void
print_row(struct buf *b, const struct table_cell *cells, const size_t *width,
	size_t columns)
{
	size_t owed = 0;

	for (size_t i = 0; i < columns; i++) {
		size_t missing = width[i] - utf8_count(cells[i].text);

		if (i)
			owed += 2 + missing;
		if (cells[i].text.len) {
			pad(b, owed);
			buf_add(b, cells[i].text);
			owed = 0;
		} else {
			owed += width[i] - missing;
		}
		if (i == 0)
			owed += missing;
	}
	buf_byte(b, '\n');
}

void
table_print(const struct table *t, struct buf *b)
{
	size_t *width = measure(t);

	for (size_t i = 0; i < t->n;) {
		if (t->cells[i].line) {
			buf_add(b, t->cells[i++].text);
			buf_byte(b, '\n');
		} else {
			print_row(b, t->cells + i, width, t->columns);
			i += t->columns;
		}
	}
	free(width);
}

void
table_release(struct table *t)
{
	free(t->cells);
	arena_release(&t->arena);
	*t = (struct table){ .columns = t->columns };
}
