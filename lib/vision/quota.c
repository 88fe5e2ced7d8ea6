#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "quota.h"

#define A_CELL 32    /* keypoints that stay, about */
#define LEAST_SIDE 8 /* pixels */

struct candidate {
	size_t index, cell, turn; /* turn: how many of its cell go before it */
	double response;
};

static int
by_response(const struct candidate *a, const struct candidate *b)
{
	if (a->response != b->response)
		return a->response < b->response ? 1 : -1;
	return (a->index > b->index) - (a->index < b->index);
}

static int
by_turn(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->turn != b->turn)
		return a->turn < b->turn ? -1 : 1;
	return by_response(a, b);
}

static int
by_strength(const void *x, const void *y)
{
	return by_response(x, y);
}

static void
swap(struct candidate *a, struct candidate *b)
{
	struct candidate was = *a;

	*a = *b;
	*b = was;
}

/* Those before one of them come to the front, it behind them: its place. */
static size_t
divide(struct candidate *c, size_t n, int (*order)(const void *, const void *))
{
	size_t before = 0;

	swap(&c[n / 2], &c[n - 1]);
	for (size_t i = 0; i < n - 1; i++)
		if (order(&c[i], &c[n - 1]) < 0)
			swap(&c[i], &c[before++]);
	swap(&c[before], &c[n - 1]);
	return before;
}

/* The first ${k} of the order come to the front, in no order. */
static void
bring_first(struct candidate *c, size_t n, size_t k,
	int (*order)(const void *, const void *))
{
	while (n > 1) {
		size_t at = divide(c, n, order);

		if (at >= k) {
			n = at;
		} else {
			c += at + 1;
			n -= at + 1;
			k -= at + 1;
		}
	}
}

/* In which of ${n} cells of a ${side} it is. */
static size_t
cell_at(double at, double side, size_t n)
{
	double i = floor(at / side);

	if (!(i > 0))
		return 0;
	return i < (double)n ? (size_t)i : n - 1;
}

static struct candidate *
candidates(const struct quota_point *p, size_t n, size_t most,
	const uint32_t size[2], size_t *cells)
{
	struct candidate *c = mem_alloc(n, sizeof(*c));
	double area = (double)size[0] * size[1];
	double side = fmax(LEAST_SIDE, sqrt(area * A_CELL / (double)most));
	size_t columns = (size_t)fmax(1, round(size[0] / side));
	size_t rows = (size_t)fmax(1, round(size[1] / side));

	*cells = columns * rows;
	for (size_t i = 0; i < n; i++) {
		size_t x = cell_at(p[i].x, size[0] / (double)columns, columns);
		size_t y = cell_at(p[i].y, size[1] / (double)rows, rows);

		c[i] = (struct candidate){ .index = i,
			.cell = y * columns + x,
			.response = p[i].response };
	}
	return c;
}

/* The strongest of a cell has the first turn. */
static void
give_turns(struct candidate *c, size_t n)
{
	qsort(c, n, sizeof(*c), by_strength);
	for (size_t i = 0; i < n; i++)
		c[i].turn = i;
}

/* ${to} gets them cell by cell. */
static void
deal(struct candidate *to, const struct candidate *c, size_t n, size_t cells)
{
	size_t *end = mem_alloc(cells, sizeof(*end)), begin = 0;

	memset(end, 0, cells * sizeof(*end));
	for (size_t i = 0; i < n; i++)
		end[c[i].cell]++;
	for (size_t i = 0, sum = 0; i < cells; i++) {
		size_t has = end[i];

		end[i] = sum;
		sum += has;
	}
	for (size_t i = 0; i < n; i++)
		to[end[c[i].cell]++] = c[i];
	for (size_t i = 0; i < cells; begin = end[i++])
		give_turns(to + begin, end[i] - begin);
	free(end);
}

size_t
quota_pick(const struct quota_point *p, size_t n, size_t most,
	const uint32_t size[2], size_t *chosen)
{
	struct candidate *c, *all;
	size_t done = 0, cells;
	bool *stays;

	if (most == 0 || n <= most) {
		for (size_t i = 0; i < n; i++)
			chosen[i] = i;
		return n;
	}
	all = candidates(p, n, most, size, &cells);
	c = mem_alloc(n, sizeof(*c));
	deal(c, all, n, cells);
	free(all);
	bring_first(c, n, most / 2, by_turn);
	bring_first(c + most / 2, n - most / 2, most - most / 2, by_strength);
	stays = mem_alloc(n, sizeof(*stays));
	for (size_t i = 0; i < n; i++)
		stays[c[i].index] = i < most;
	for (size_t i = 0; i < n; i++)
		if (stays[i])
			chosen[done++] = i;
	free(stays);
	free(c);
	return done;
}
