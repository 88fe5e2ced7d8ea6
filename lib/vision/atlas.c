#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "atlas.h"
#include "vision/device.h"

#define PANEL 16 /* vectors whose numbers lie interleaved; see retrieve.cl */

struct atlas {
	size_t dims, n;
	float *panels; /* the last one filled up with zeros */
	size_t cap;    /* in panels */
	float *scores; /* of all, once loaded */

	/* on a device only */
	struct device *device;
	struct device_kernel *kernel;
	struct device_buffer *there, *query, *result;
};

struct atlas *
atlas_new(size_t dims)
{
	struct atlas *g = mem_alloc(1, sizeof(*g));

	*g = (struct atlas){ .dims = dims };
	return g;
}

void
atlas_free(struct atlas *g)
{
	if (!g)
		return;
	device_kernel_free(g->kernel);
	device_buffer_free(g->there);
	device_buffer_free(g->query);
	device_buffer_free(g->result);
	free(g->panels);
	free(g->scores);
	free(g);
}

static size_t
npanels(const struct atlas *g)
{
	return (g->n + PANEL - 1) / PANEL;
}

void
atlas_add(struct atlas *g, const float *v)
{
	size_t panel = g->n / PANEL, row = g->n % PANEL, size = g->dims * PANEL;
	float *to;

	if (row == 0) {
		g->panels = mem_grow(g->panels, &g->cap, panel + 1,
			size * sizeof(*g->panels));
		memset(g->panels + panel * size, 0, size * sizeof(*g->panels));
	}
	to = g->panels + panel * size + row;
	for (size_t i = 0; i < g->dims; i++)
		to[i * PANEL] = v[i];
	g->n++;
}

size_t
atlas_n(const struct atlas *g)
{
	return g->n;
}

int
atlas_load(struct atlas *g, struct device *d, struct err *e)
{
	size_t numbers = npanels(g) * PANEL;
	size_t bytes = numbers * g->dims * sizeof(*g->panels);
	const struct device_info *info;

	g->scores = mem_alloc(numbers, sizeof(*g->scores));
	g->device = d;
	if (!d)
		return 0;
	info = device_info(d);
	g->kernel = device_kernel(d, "retrieve.cl",
		info->cpu ? "retrieve_panel" : "retrieve_row", "", e);
	if (!g->kernel || !(g->there = device_buffer(d, bytes, e)) ||
		!(g->query = device_buffer(d, g->dims * sizeof(float), e)) ||
		!(g->result = device_buffer(d, numbers * sizeof(float), e)))
		return -1;
	return device_write(g->there, 0, g->panels, bytes, e);
}

/* The twin: a fixed number of sums side by side, each in its order. */
static void
score_panel(const float *restrict panel, const float *restrict v, size_t dims,
	float *restrict scores)
{
	float sum[PANEL] = { 0 };

	for (size_t i = 0; i < dims; i++)
		for (size_t k = 0; k < PANEL; k++)
			sum[k] += panel[i * PANEL + k] * v[i];
	memcpy(scores, sum, sizeof(sum));
}

static int
score_there(struct atlas *g, const float *v, struct err *e)
{
	size_t panels = npanels(g), numbers = panels * PANEL;
	struct device_range range = {
		.global = { device_info(g->device)->cpu ? panels : numbers, 1 }
	};
	struct device_arg args[] = { ARG_BUFFER(g->there), ARG_BUFFER(g->query),
		ARG_BUFFER(g->result), ARG_I32((int32_t)g->dims),
		ARG_I32((int32_t)panels) };

	if (device_write(g->query, 0, v, g->dims * sizeof(*v), e) ||
		device_run(g->kernel, range, args, 5, e))
		return -1;
	return device_read(
		g->result, 0, g->scores, numbers * sizeof(*g->scores), e);
}

static int
score(struct atlas *g, const float *v, struct err *e)
{
	if (g->device && g->n)
		return score_there(g, v, e);
	for (size_t i = 0; i < npanels(g); i++)
		score_panel(g->panels + i * PANEL * g->dims, v, g->dims,
			g->scores + i * PANEL);
	return 0;
}

/* Is ${a} to stand behind ${b}? */
static bool
behind(struct atlas_hit a, struct atlas_hit b)
{
	return a.score < b.score || (!(a.score > b.score) && a.index > b.index);
}

/* A heap whose first one is the worst: puts ${hit} there and lets it sink. */
static void
sink(struct atlas_hit *heap, size_t n, struct atlas_hit hit)
{
	size_t at = 0, down;

	while ((down = 2 * at + 1) < n) {
		if (down + 1 < n && behind(heap[down + 1], heap[down]))
			down++;
		if (behind(hit, heap[down]))
			break;
		heap[at] = heap[down];
		at = down;
	}
	heap[at] = hit;
}

static int
compare(const void *a, const void *b)
{
	const struct atlas_hit *x = a, *y = b;

	return behind(*x, *y) ? 1 : -1;
}

int
atlas_search(struct atlas *g, const float *v, size_t k, struct atlas_hit *hits,
	struct err *e)
{
	if (score(g, v, e))
		return -1;
	for (size_t i = 0; i < k; i++)
		hits[i] = (struct atlas_hit){ i, g->scores[i] };
	qsort(hits, k, sizeof(*hits), compare);
	/* sorted the other way round it is a heap: the worst one first */
	for (size_t i = 0; i < k / 2; i++) {
		struct atlas_hit other = hits[k - 1 - i];

		hits[k - 1 - i] = hits[i];
		hits[i] = other;
	}
	for (size_t i = k; k > 0 && i < g->n; i++) {
		struct atlas_hit hit = { i, g->scores[i] };

		if (behind(hits[0], hit))
			sink(hits, k, hit);
	}
	qsort(hits, k, sizeof(*hits), compare);
	return 0;
}
