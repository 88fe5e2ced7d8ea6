#include <math.h>
#include <stdlib.h>

#include "eval/centred.h"
#include "stat/mean.h"

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
reward(const struct sheet_type *t, size_t row, int time)
{
	return time == CENTRED_BEFORE ? t->rows[row].base : t->values[row];
}

static bool
is_ideal(const struct sheet_type *t, size_t row)
{
	uint32_t label = t->rows[row].label;

	return label != SHEET_UNRANKED && t->order->ideal[label];
}

/*
 * The mean reward of each prompt's ideal completions, NaN where there are none;
 * summed in the order of size, so that the order of the records does not show.
 */
static double *
ideal_means(const struct sheet_type *t, int time)
{
	size_t np = t->prompts.n, *starts = mem_alloc(np + 2, sizeof(*starts));
	double *v = mem_alloc(t->n + 1, sizeof(*v));
	double *means = mem_alloc(np + 1, sizeof(*means));

	memset(starts, 0, (np + 2) * sizeof(*starts));
	for (size_t i = 0; i < t->n; i++)
		if (is_ideal(t, i))
			starts[t->rows[i].prompt + 2]++;
	for (size_t p = 2; p < np + 2; p++)
		starts[p] += starts[p - 1];
	for (size_t i = 0; i < t->n; i++)
		if (is_ideal(t, i))
			v[starts[t->rows[i].prompt + 1]++] = reward(t, i, time);
	for (size_t p = 0; p < np; p++) {
		size_t n = starts[p + 1] - starts[p];

		if (n > 1)
			qsort(v + starts[p], n, sizeof(*v), by_value);
		means[p] = n ? mean_of(v + starts[p], n) : NAN;
	}
	free(starts);
	free(v);
	return means;
}

/* How many labels are above each. */
static size_t
depth(const struct order_type *o, size_t label)
{
	size_t n = 0;

	for (size_t i = 0; i < o->labels.n; i++)
		n += order_above(o, i, label);
	return n;
}

/* Places for the labels: those with fewer above them first, then as listed. */
static size_t *
places(const struct order_type *o)
{
	size_t n = o->labels.n, *place = mem_alloc(n + 1, sizeof(*place));
	size_t *deep = mem_alloc(n + 1, sizeof(*deep));

	for (size_t i = 0; i < n; i++)
		deep[i] = depth(o, i);
	for (size_t i = 0; i < n; i++) {
		place[i] = 0;
		for (size_t k = 0; k < n; k++)
			place[i] += deep[k] < deep[i] ||
			            (k < i && deep[k] == deep[i]);
	}
	free(deep);
	return place;
}

static void
make_labels(struct centred *c, const struct order_type *o, const size_t *place)
{
	c->nlabels = o->labels.n;
	c->labels = mem_alloc(c->nlabels + 1, sizeof(*c->labels));
	for (size_t i = 0; i < o->labels.n; i++)
		c->labels[place[i]] = (struct centred_label){
			.name = map_key(&o->labels, i),
			.ideal = o->ideal[i],
		};
}

static void
count_rows(struct centred *c, const struct sheet_type *t, const size_t *place,
	const double *means)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].label != SHEET_UNRANKED &&
			!isnan(means[t->rows[i].prompt]))
			c->labels[place[t->rows[i].label]].n++;
	for (size_t i = 0; i < c->nlabels; i++)
		for (int time = 0; time < CENTRED_TIMES; time++)
			c->labels[i].v[time] = mem_alloc(
				c->labels[i].n + 1, sizeof(double));
	for (size_t p = 0; p < t->prompts.n; p++) {
		c->prompts += !isnan(means[p]);
		c->without += isnan(means[p]);
	}
}

static void
fill(struct centred *c, const struct sheet_type *t, const size_t *place,
	int time)
{
	double *means = ideal_means(t, time);

	if (time == 0)
		count_rows(c, t, place, means);
	for (size_t i = 0; i < c->nlabels; i++)
		c->labels[i].n = 0;
	for (size_t i = 0; i < t->n; i++) {
		double mean = means[t->rows[i].prompt];
		struct centred_label *l;

		if (t->rows[i].label == SHEET_UNRANKED || isnan(mean))
			continue;
		l = &c->labels[place[t->rows[i].label]];
		l->v[time][l->n++] = reward(t, i, time) - mean;
	}
	for (size_t i = 0; i < c->nlabels; i++)
		if (c->labels[i].n > 1)
			qsort(c->labels[i].v[time], c->labels[i].n,
				sizeof(double), by_value);
	free(means);
}

static void
label_release(struct centred_label *l)
{
	for (int time = 0; time < CENTRED_TIMES; time++)
		free(l->v[time]);
}

/* Labels that nobody has are not shown. */
static void
drop_empty(struct centred *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nlabels; i++)
		if (c->labels[i].n)
			c->labels[n++] = c->labels[i];
		else
			label_release(&c->labels[i]);
	c->nlabels = n;
}

void
centred_of(struct centred *c, const struct sheet_type *t)
{
	size_t *place = places(t->order);

	*c = (struct centred){ 0 };
	make_labels(c, t->order, place);
	for (int time = 0; time < CENTRED_TIMES; time++)
		fill(c, t, place, time);
	drop_empty(c);
	free(place);
}

void
centred_release(struct centred *c)
{
	for (size_t i = 0; i < c->nlabels; i++)
		label_release(&c->labels[i]);
	free(c->labels);
	*c = (struct centred){ 0 };
}
