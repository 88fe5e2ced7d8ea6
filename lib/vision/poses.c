#include "vision/poses.h"

#include <math.h>
#include <stdlib.h>

#include "record/json.h"
#include "vision/place.h"

int
poses_true(struct poses *p, struct span record, struct err *e)
{
	struct span name = place_name(record);
	size_t i;
	struct pose pose;

	if (name.s == NULL)
		return err_set(
			e, "the record has neither \"image\" nor \"id\"");
	if (pose_read(&pose, place_truth(record), e))
		return -1;
	if (map_find(&p->names, name) != MAP_NONE)
		return err_set(e, "%.*s is there twice", SPAN_ARG(name));
	i = map_put(&p->names, name);
	p->truth = mem_grow(p->truth, &p->cap, i + 1, sizeof(*p->truth));
	p->errors = mem_grow(
		p->errors, &p->errors_cap, i + 1, sizeof(*p->errors));
	p->truth[i] = pose;
	p->errors[i] = (struct poses_error){ HUGE_VAL, HUGE_VAL };
	return 0;
}

static bool
is_null(struct span record, const char *name)
{
	enum json_kind kind = json_kind(json_get(record, name));

	return kind == JSON_ABSENT || kind == JSON_NULL;
}

int
poses_estimated(struct poses *p, struct span record, struct err *e)
{
	struct span name = place_name(record);
	size_t i = name.s ? map_find(&p->names, name) : MAP_NONE;
	struct pose pose;

	if (name.s == NULL)
		return err_set(
			e, "the record has neither \"image\" nor \"id\"");
	if (i == MAP_NONE)
		return err_set(e, "it is of no image in --truth");
	if (is_null(record, "q_wxyz") || is_null(record, "t"))
		return 0;
	if (pose_read(&pose, record, e))
		return -1;
	p->errors[i].m = pose_distance(&pose, &p->truth[i]);
	p->errors[i].deg = pose_angle(&pose, &p->truth[i]);
	return 0;
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
