#include "nearest.h"

#include <math.h>
#include <stdlib.h>

#include "nearest_search.h"
#include "nearest_tune.h"
#include "nearest_twin.h"

struct nearest_engine {
	struct device *device;
	struct nearest_search *searches[2]; /* by type; opened when wanted */
};

struct nearest_set {
	struct nearest_engine *engine;
	const struct features *features;
	struct nearest_search *search; /* NULL: the twin */
	struct nearest_rows rows;
};

struct nearest_engine *
nearest_open(struct device *d)
{
	struct nearest_engine *g = mem_alloc(1, sizeof(*g));

	*g = (struct nearest_engine){ .device = d };
	return g;
}

void
nearest_close(struct nearest_engine *g)
{
	if (g == NULL)
		return;
	nearest_search_close(g->searches[0]);
	nearest_search_close(g->searches[1]);
	free(g);
}

static struct nearest_search *
try(struct device *d, const struct nearest_shape *shape, struct err *e)
{
	struct nearest_search *s = nearest_search_open(d, shape, e);

	if (s == NULL || nearest_search_proves(s))
		return s;
	nearest_search_close(s);
	err_set(e,
		"%s: kernel %s finds what is wrong; --device none runs "
		"plain C",
		device_info(d)->name, shape->name);
	return NULL;
}

/* The tuned one, or the first that works. */
static struct nearest_search *
choose(struct device *d, enum features_type type, struct err *e)
{
	const struct nearest_shape *shape = nearest_tuned(d, type),
				   *last = NULL;
	struct nearest_search *s = shape ? try(d, shape, NULL) : NULL;

	for (shape = nearest_shapes; s == NULL && shape->name; shape++)
		if (shape->type == type && nearest_shape_fits(shape, d)) {
			s = try(d, shape, NULL);
			last = shape;
		}
	return s ? s : try(d, last, e);
}

static int
find_search(struct nearest_engine *g, struct nearest_set *s, struct err *e)
{
	struct nearest_search **search = &g->searches[s->features->type];

	if (g->device == NULL)
		return 0;
	if (*search == NULL)
		*search = choose(g->device, s->features->type, e);
	s->search = *search;
	if (s->search == NULL)
		return -1;
	return nearest_search_load(s->search, s->features, &s->rows, e);
}

struct nearest_set *
nearest_load(struct nearest_engine *g, const struct features *f, struct err *e)
{
	struct nearest_set *s = mem_alloc(1, sizeof(*s));

	*s = (struct nearest_set){ .engine = g, .features = f };
	if (find_search(g, s, e) == 0)
		return s;
	free(s);
	return NULL;
}

void
nearest_unload(struct nearest_set *s)
{
	if (s)
		nearest_rows_release(&s->rows);
	free(s);
}

size_t
nearest_bytes(const struct nearest_set *s)
{
	const struct features *f = s->features;

	return sizeof(*s) + s->rows.bytes +
	       f->n * (features_bytes(f->type) + sizeof(*f->keypoints));
}

int
nearest_find(const struct nearest_set *query, const struct nearest_set *train,
	struct nearest *out, struct err *e)
{
	if (query->search)
		return nearest_search_find(
			query->search, &query->rows, &train->rows, out, e);
	nearest_twin(query->features, train->features, out);
	return 0;
}

/* Is the nearest near enough, and nearer than the second? */
static bool
is_good(const struct nearest *n, const struct nearest_opts *how,
	enum features_type type)
{
	uint64_t one = 1000000, ratio = (uint64_t)lround(how->ratio * 1e6);

	if (n->index < 0 || n->best > how->max_distance)
		return false;
	if (how->ratio <= 0 || n->second == NEAREST_NONE)
		return true;
	if (type == FEATURES_ROOTSIFT) {
		one *= one;
		ratio *= ratio;
	}
	return n->best * one < n->second * ratio;
}

/* The descriptors of ${s} that ${found} has as the nearest, one after another. */
static struct features
gather(const struct nearest_set *s, const struct matches *found)
{
	size_t bytes = features_bytes(s->features->type);
	struct features f = { .type = s->features->type, .n = found->n };

	f.descriptors = mem_alloc(f.n, bytes);
	for (size_t i = 0; i < f.n; i++)
		memcpy(f.descriptors + i * bytes,
			s->features->descriptors + found->v[i].b * bytes,
			bytes);
	return f;
}

/*
 * Only what matched one way is asked for the other way: after the ratio test
 * that is a small part.
 */
static int
keep_mutual(const struct nearest_set *a, const struct nearest_set *b,
	struct matches *found, struct err *e)
{
	struct features back = gather(b, found);
	struct nearest *nearest = mem_alloc(back.n, sizeof(*nearest));
	struct nearest_set *s = nearest_load(a->engine, &back, e);
	int rc = s ? nearest_find(s, a, nearest, e) : -1;
	size_t kept = 0;

	for (size_t i = 0; rc == 0 && i < found->n; i++)
		if (nearest[i].index == (int32_t)found->v[i].a)
			found->v[kept++] = found->v[i];
	found->n = kept;
	nearest_unload(s);
	free(nearest);
	features_release(&back);
	return rc;
}

int
nearest_match(const struct nearest_set *a, const struct nearest_set *b,
	const struct nearest_opts *how, struct matches *out, struct err *e)
{
	size_t n = a->features->n;
	struct nearest *nearest = mem_alloc(n, sizeof(*nearest));
	struct matches found = { 0 };
	int rc = nearest_find(a, b, nearest, e);

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (is_good(&nearest[i], how, a->features->type))
			matches_add(&found, (struct match){ (uint32_t)i,
						    (uint32_t)nearest[i].index,
						    nearest[i].best });
	if (rc == 0 && how->mutual && found.n)
		rc = keep_mutual(a, b, &found, e);
	for (size_t i = 0; rc == 0 && i < found.n; i++)
		matches_add(out, found.v[i]);
	matches_release(&found);
	free(nearest);
	return rc;
}
