#include "nearest_search.h"

#include <stdlib.h>

#include "base/rng.h"
#include "nearest_twin.h"

/* Work-groups for each compute unit, where slices of the columns can be had. */
#define GROUPS_PER_UNIT 4

/* Memory that grows. */
struct scratch {
	struct device_buffer *buffer;
	size_t bytes;
};

struct nearest_search {
	struct device *device;
	const struct nearest_shape *shape;
	struct device_kernel *find, *pack, *norms, *merge;
	struct scratch raw, found, merged;
};

static size_t
round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

static bool
is_rootsift(const struct nearest_search *s)
{
	return s->shape->type == FEATURES_ROOTSIFT;
}

/* Its kernels; -1 where one is missing. */
static int
build(struct nearest_search *s, struct err *e)
{
	const struct nearest_shape *shape = s->shape;
	struct device *d = s->device;
	size_t items = shape->items[0] * shape->items[1];

	s->find = device_kernel(d, "nearest.cl", "find", shape->options, e);
	if (s->find == NULL)
		return -1;
	if (device_kernel_group(s->find) < items)
		return err_set(e,
			"%s: work-groups of %zu work-items, where %zu fit",
			shape->name, items, device_kernel_group(s->find));
	if (shape->packed)
		s->pack = device_kernel(
			d, "nearest.cl", "pack", shape->options, e);
	s->norms = device_kernel(d, "nearest.cl", "norms", shape->options, e);
	s->merge = device_kernel(d, "nearest.cl", "merge", shape->options, e);
	return (s->pack || !shape->packed) && s->norms && s->merge ? 0 : -1;
}

struct nearest_search *
nearest_search_open(
	struct device *d, const struct nearest_shape *shape, struct err *e)
{
	struct nearest_search *s = mem_alloc(1, sizeof(*s));

	*s = (struct nearest_search){ .device = d, .shape = shape };
	if (build(s, e) == 0)
		return s;
	nearest_search_close(s);
	return NULL;
}

void
nearest_search_close(struct nearest_search *s)
{
	if (s == NULL)
		return;
	device_buffer_free(s->raw.buffer);
	device_buffer_free(s->found.buffer);
	device_buffer_free(s->merged.buffer);
	device_kernel_free(s->find);
	device_kernel_free(s->pack);
	device_kernel_free(s->norms);
	device_kernel_free(s->merge);
	free(s);
}

const struct nearest_shape *
nearest_search_shape(const struct nearest_search *s)
{
	return s->shape;
}

/* At least ${bytes}; what was there is lost. */
static struct device_buffer *
reserve(struct nearest_search *s, struct scratch *to, size_t bytes,
	struct err *e)
{
	if (to->bytes >= bytes)
		return to->buffer;
	device_buffer_free(to->buffer);
	to->bytes = 0;
	to->buffer = device_buffer(s->device, bytes, e);
	if (to->buffer)
		to->bytes = bytes;
	return to->buffer;
}

/* The descriptors as they are, zeroes behind them up to a whole block. */
static int
write_raw(struct device_buffer *to, const struct features *f, struct err *e)
{
	size_t size = features_bytes(f->type), bytes = f->n * size;
	size_t rest = round_up(f->n, NEAREST_BLOCK) * size - bytes;
	uint8_t *zeroes = calloc(rest + 1, 1);
	int rc;

	if (zeroes == NULL)
		return err_set(e, "out of memory");
	rc = bytes ? device_write(to, 0, f->descriptors, bytes, e) : 0;
	if (rc == 0 && rest)
		rc = device_write(to, bytes, zeroes, rest, e);
	free(zeroes);
	return rc;
}

static int
run_norms(struct nearest_search *s, struct device_buffer *raw,
	const struct nearest_rows *to, struct err *e)
{
	struct device_arg args[] = { ARG_BUFFER(raw), ARG_I32((int32_t)to->n),
		ARG_BUFFER(to->norms) };
	struct device_range range = { { round_up(to->n, NEAREST_BLOCK), 1 },
		{ 64, 1 } };

	return device_run(s->norms, range, args, 3, e);
}

static int
run_pack(struct nearest_search *s, struct device_buffer *raw,
	const struct nearest_rows *to, struct err *e)
{
	struct device_arg args[] = { ARG_BUFFER(raw), ARG_I32((int32_t)to->n),
		ARG_BUFFER(to->data) };
	struct device_range range = { { round_up(to->n, NEAREST_BLOCK) / 8, 1 },
		{ 1, 1 } };

	return device_run(s->pack, range, args, 3, e);
}

static int
fill_rows(struct nearest_search *s, const struct features *f,
	struct nearest_rows *to, struct err *e)
{
	size_t rows = round_up(f->n, NEAREST_BLOCK);
	struct device_buffer *raw = to->data;

	if (s->shape->packed)
		raw = reserve(s, &s->raw, rows * features_bytes(f->type), e);
	if (raw == NULL || write_raw(raw, f, e))
		return -1;
	if (is_rootsift(s) && run_norms(s, raw, to, e))
		return -1;
	return s->shape->packed ? run_pack(s, raw, to, e) : 0;
}

int
nearest_search_load(struct nearest_search *s, const struct features *f,
	struct nearest_rows *to, struct err *e)
{
	size_t rows = round_up(f->n, NEAREST_BLOCK);
	size_t size = s->shape->packed ? s->shape->packed
	                               : features_bytes(f->type);
	size_t norms = is_rootsift(s) ? rows * sizeof(int32_t) : 0;

	*to = (struct nearest_rows){ .n = f->n, .bytes = rows * size + norms };
	to->data = device_buffer(s->device, rows * size, e);
	to->norms = to->data ? device_buffer(s->device, norms, e) : NULL;
	if (to->norms && (rows == 0 || fill_rows(s, f, to, e) == 0))
		return 0;
	nearest_rows_release(to);
	return -1;
}

void
nearest_rows_release(struct nearest_rows *r)
{
	device_buffer_free(r->data);
	device_buffer_free(r->norms);
	*r = (struct nearest_rows){ 0 };
}

/* How the columns are cut so that every compute unit has work. */
static size_t
slices_of(const struct nearest_search *s, size_t rows, size_t columns,
	size_t *per)
{
	size_t groups = round_up(rows, s->shape->rows) / s->shape->rows;
	size_t want = device_info(s->device)->units * GROUPS_PER_UNIT;
	size_t slices = want / groups + 1;

	*per = round_up(columns / slices + 1, NEAREST_BLOCK);
	return (columns + *per - 1) / *per;
}

static int
run_merge(struct nearest_search *s, size_t rows, size_t slices,
	struct device_buffer *to, struct err *e)
{
	struct device_arg args[] = { ARG_BUFFER(s->found.buffer),
		ARG_I32((int32_t)rows), ARG_I32((int32_t)slices),
		ARG_BUFFER(to) };
	struct device_range range = { { rows, 1 }, { 64, 1 } };

	return device_run(s->merge, range, args, 4, e);
}

/* Queues the search; where its result will be, or NULL. */
static struct device_buffer *
run_find(struct nearest_search *s, const struct nearest_rows *query,
	const struct nearest_rows *train, struct err *e)
{
	const size_t *items = s->shape->items;
	size_t per, slices = slices_of(s, query->n, train->n, &per);
	size_t groups = round_up(query->n, s->shape->rows) / s->shape->rows;
	size_t bytes = query->n * sizeof(struct nearest);
	struct device_range range = { { groups * items[0], slices * items[1] },
		{ items[0], items[1] } };
	struct device_buffer *found = reserve(s, &s->found, slices * bytes, e);
	struct device_buffer *merged;
	struct device_arg args[] = { ARG_BUFFER(query->data),
		ARG_BUFFER(query->norms), ARG_I32((int32_t)query->n),
		ARG_BUFFER(train->data), ARG_BUFFER(train->norms),
		ARG_I32((int32_t)train->n), ARG_I32((int32_t)per),
		ARG_BUFFER(found) };

	if (found == NULL || device_run(s->find, range, args, 8, e))
		return NULL;
	if (slices == 1)
		return found;
	merged = reserve(s, &s->merged, bytes, e);
	if (merged == NULL || run_merge(s, query->n, slices, merged, e))
		return NULL;
	return merged;
}

int
nearest_search_find(struct nearest_search *s, const struct nearest_rows *query,
	const struct nearest_rows *train, struct nearest *out, struct err *e)
{
	struct device_buffer *found;

	for (size_t i = 0; train->n == 0 && i < query->n; i++)
		out[i] = (struct nearest){ -1, NEAREST_NONE, NEAREST_NONE };
	if (query->n == 0 || train->n == 0)
		return 0;
	found = run_find(s, query, train, e);
	if (found == NULL)
		return -1;
	return device_read(found, 0, out, query->n * sizeof(*out), e);
}

struct features
nearest_search_sample(enum features_type type, size_t n, uint64_t seed)
{
	struct features f = { .type = type, .n = n };
	size_t size = features_bytes(type);
	struct rng r;

	rng_init(&r, seed, 0);
	f.descriptors = mem_alloc(n, size);
	for (size_t i = 0; i < n * size; i++)
		f.descriptors[i] = (uint8_t)rng_u64(&r);
	for (size_t i = 3; i < n; i += 3) {
		uint8_t *at = f.descriptors + i * size;

		memcpy(at, f.descriptors + rng_below(&r, i) * size, size);
		at[rng_below(&r, size)] ^= rng_below(&r, 4) == 0;
	}
	memset(f.descriptors, 0, size);
	memset(f.descriptors + (n - 1) * size, 255, size);
	return f;
}

bool
nearest_search_proves(struct nearest_search *s)
{
	struct features a = nearest_search_sample(s->shape->type, 259, 1);
	struct features b = nearest_search_sample(s->shape->type, 387, 1);
	struct nearest *got = mem_alloc(a.n, sizeof(*got));
	struct nearest *want = mem_alloc(a.n, sizeof(*want));
	struct nearest_rows x = { 0 }, y = { 0 };
	bool same;

	nearest_twin(&a, &b, want);
	same = nearest_search_load(s, &a, &x, NULL) == 0 &&
	       nearest_search_load(s, &b, &y, NULL) == 0 &&
	       nearest_search_find(s, &x, &y, got, NULL) == 0 &&
	       memcmp(got, want, a.n * sizeof(*got)) == 0;
	nearest_rows_release(&x);
	nearest_rows_release(&y);
	features_release(&a);
	features_release(&b);
	free(got);
	free(want);
	return same;
}
