#include "vision/poses.h"

#include <math.h>
#include <stdlib.h>

#include "record/json.h"
#include "vision/place.h"

static const struct poses_error none = { HUGE_VAL, HUGE_VAL };

static int
put(struct poses *p, struct span name, const struct pose *truth, struct err *e)
{
	size_t i = p->names.n;

	if (map_put(&p->names, name) != i)
		return err_set(e, "\"%.*s\" is there twice", SPAN_ARG(name));
	p->truth = mem_grow(p->truth, &p->cap, i + 1, sizeof(*p->truth));
	p->errors = mem_grow(
		p->errors, &p->errors_cap, i + 1, sizeof(*p->errors));
	p->truth[i] = *truth;
	p->errors[i] = none;
	return 0;
}

int
poses_true(struct poses *p, struct span record, struct err *e)
{
	struct arena a = { 0 };
	struct span name = place_name(record, &a);
	struct pose pose;
	int rc = -1;

	if (name.s == NULL)
		err_set(e, "the record has neither \"image\" nor \"id\"");
	else if (pose_read(&pose, place_truth(record), e) == 0)
		rc = put(p, name, &pose, e);
	arena_release(&a);
	return rc;
}

static bool
is_null(struct span record, const char *name)
{
	enum json_kind kind = json_kind(json_get(record, name));

	return kind == JSON_ABSENT || kind == JSON_NULL;
}

/* The index of the record's image; MAP_NONE with ${e} where it has none. */
static size_t
find(const struct poses *p, struct span record, struct err *e)
{
	struct arena a = { 0 };
	struct span name = place_name(record, &a);
	size_t i = name.s ? map_find(&p->names, name) : MAP_NONE;

	if (name.s == NULL)
		err_set(e, "the record has neither \"image\" nor \"id\"");
	else if (i == MAP_NONE)
		err_set(e, "it is of no image in --truth");
	arena_release(&a);
	return i;
}

int
poses_estimated(struct poses *p, struct span record, struct err *e)
{
	size_t i = find(p, record, e);
	struct pose pose;

	if (i == MAP_NONE)
		return -1;
	p->errors[i] = none;
	if (is_null(record, "q_wxyz") || is_null(record, "t"))
		return 0;
	if (pose_read(&pose, record, e))
		return -1;
	p->errors[i].m = pose_distance(&pose, &p->truth[i]);
	p->errors[i].deg = pose_angle(&pose, &p->truth[i]);
	return 0;
}

void
poses_failed(struct poses *p, struct span record)
{
	size_t i = find(p, record, NULL);

	if (i != MAP_NONE)
		p->errors[i] = none;
}

double
poses_share(const struct poses *p, const struct poses_error *w)
{
	size_t n = 0;

	for (size_t i = 0; i < p->names.n; i++)
		n += p->errors[i].m <= w->m && p->errors[i].deg <= w->deg;
	return p->names.n ? (double)n / (double)p->names.n : NAN;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double
median(double *v, size_t n)
{
	if (n == 0)
		return NAN;
	qsort(v, n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct poses_error
poses_median(const struct poses *p)
{
	size_t n = p->names.n;
	double *v = mem_alloc(n + 1, sizeof(*v));
	struct poses_error to;

	for (size_t i = 0; i < n; i++)
		v[i] = p->errors[i].m;
	to.m = median(v, n);
	for (size_t i = 0; i < n; i++)
		v[i] = p->errors[i].deg;
	to.deg = median(v, n);
	free(v);
	return to;
}

void
poses_release(struct poses *p)
{
	map_release(&p->names);
	free(p->truth);
	free(p->errors);
	*p = (struct poses){ 0 };
}
