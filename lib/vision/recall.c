#include "vision/recall.h"

#include <math.h>
#include <stdlib.h>

/* Images. */

static size_t
put(struct recall_images *im, struct span name, const struct place *place)
{
	size_t i = map_put(&im->names, name);

	im->v = mem_grow(im->v, &im->cap, i + 1, sizeof(*im->v));
	im->v[i] = *place;
	return i;
}

size_t
recall_images_add(struct recall_images *im, struct span record, struct err *e)
{
	struct arena a = { 0 };
	struct span name = place_name(record, &a);
	size_t i = name.s ? map_find(&im->names, name) : MAP_NONE;
	struct place place;

	if (name.s == NULL)
		err_set(e, "an image record has neither \"image\" nor \"id\"");
	else if (i == MAP_NONE && place_read(&place, record, e) == 0)
		i = put(im, name, &place);
	arena_release(&a);
	return i;
}

bool
recall_images_admit(const struct recall_images *im, struct span record)
{
	struct arena a = { 0 };
	struct span name = place_name(record, &a);
	bool there = name.s && map_find(&im->names, name) != MAP_NONE;

	arena_release(&a);
	return there || !im->listed;
}

static void
images_release(struct recall_images *im)
{
	map_release(&im->names);
	free(im->v);
	*im = (struct recall_images){ 0 };
}

/* Answers. */

void
recall_add(struct recall *r, size_t query, size_t match, double order)
{
	r->answers = mem_grow(
		r->answers, &r->cap, r->n + 1, sizeof(*r->answers));
	r->answers[r->n] = (struct recall_answer){ query, match, order, r->n };
	r->n++;
}

static int
by_query_and_order(const void *a, const void *b)
{
	const struct recall_answer *x = a, *y = b;

	if (x->query != y->query)
		return x->query < y->query ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

bool
recall_agrees(const struct recall *r, const struct recall_images *im, size_t i,
	struct span record)
{
	const struct place *known = &im->v[i];
	struct place p;
	struct err e;

	if (place_read(&p, record, &e))
		return true;
	if (!(place_apart(known, &p) <= 1e-6))
		return false;
	return r->heading == RECALL_ANY || (!known->headed && !p.headed) ||
	       place_along(known, &p, 1e-6);
}

int
recall_list(const struct recall *r, struct recall_images *im,
	struct span record, struct err *e)
{
	size_t i = recall_images_add(im, record, e);

	if (i == SIZE_MAX)
		return -1;
	if (!recall_agrees(r, im, i, record))
		return err_set(e, "the image is elsewhere than in an earlier "
				  "record");
	return 0;
}

static bool
is_right(const struct recall *r, const struct place *query,
	const struct place *image)
{
	struct place_limits limits = { r->radius, r->heading };

	return place_right(query, image, &limits);
}

static size_t
count_positives(const struct recall *r, const struct place *query)
{
	size_t n = 0;

	for (size_t i = 0; i < r->database.names.n; i++)
		n += is_right(r, query, &r->database.v[i]);
	return n;
}

/* Is the image before ${i} in the list? */
static bool
mentioned(const struct recall_answer *list, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (list[k].match == list[i].match)
			return true;
	return false;
}

static void
judge_list(const struct recall *r, const struct recall_answer *list, size_t n,
	struct recall_result *to)
{
	const struct place *query = &r->queries.v[list->query];
	size_t hits = 0;

	if (list->match != SIZE_MAX)
		to->best_m = place_apart(query, &r->database.v[list->match]);
	for (size_t i = 0; i < n; i++) {
		if (list[i].match == SIZE_MAX)
			continue;
		to->listed++;
		if (!is_right(r, query, &r->database.v[list[i].match]) ||
			mentioned(list, i))
			continue;
		if (to->first == 0)
			to->first = i + 1;
		hits++;
		for (size_t k = 0; k < r->nk; k++)
			if (i < r->k[k])
				to->ap[k] += (double)hits / (double)(i + 1);
	}
	for (size_t k = 0; k < r->nk; k++) {
		size_t most = to->positives < r->k[k] ? to->positives
		                                      : (size_t)r->k[k];

		to->ap[k] /= (double)(most ? most : 1);
	}
}

struct recall_result *
recall_judge(struct recall *r)
{
	size_t queries = r->queries.names.n;
	struct recall_result *to = mem_alloc(queries + 1, sizeof(*to));

	for (size_t i = 0; i < queries; i++)
		to[i] = (struct recall_result){ .positives = count_positives(
							r, &r->queries.v[i]),
			.best_m = NAN };
	if (r->n)
		qsort(r->answers, r->n, sizeof(*r->answers),
			by_query_and_order);
	for (size_t i = 0, n; i < r->n; i += n) {
		for (n = 1; i + n < r->n &&
			    r->answers[i + n].query == r->answers[i].query;)
			n++;
		judge_list(r, r->answers + i, n, &to[r->answers[i].query]);
	}
	return to;
}

void
recall_release(struct recall *r)
{
	images_release(&r->queries);
	images_release(&r->database);
	free(r->answers);
	*r = (struct recall){ 0 };
}
