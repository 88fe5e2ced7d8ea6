#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "vision/paint.h"

/* How much of its brightness a hidden pixel keeps. */
#define DIM .3

/* What a row of the result takes from one direction: a run of samples. */
struct run {
	uint32_t first, n;
	double before, after; /* shares of the first and the last of them */
};

/* The samples that pixel ${i} of ${to} covers when ${from} are scaled to it. */
static struct run
run_of(uint32_t i, uint32_t to, uint32_t from)
{
	double a = (double)i * from / to, z = (double)(i + 1) * from / to;
	struct run r = { .first = (uint32_t)a };
	uint32_t last = (uint32_t)ceil(z) - 1;

	if (last >= from)
		last = from - 1;
	if (last < r.first)
		last = r.first;
	r.n = last - r.first + 1;
	r.before = r.n == 1 ? z - a : r.first + 1 - a;
	r.after = z - last;
	return r;
}

static double
share(const struct run *r, uint32_t k)
{
	return k == 0 ? r->before : k == r->n - 1 ? r->after : 1;
}

static double
linear(double v)
{
	return v <= .04045 ? v / 12.92 : pow((v + .055) / 1.055, 2.4);
}

/* What samples and levels are in light. */
struct tables {
	float *light;       /* of each value of a sample */
	double bounds[255]; /* between the levels 0 to 255 of the result */
};

static void
fill_tables(struct tables *t, unsigned bits)
{
	size_t n = (size_t)1 << bits;

	t->light = mem_alloc(n, sizeof(*t->light));
	for (size_t i = 0; i < n; i++)
		t->light[i] = (float)linear((double)i / (double)(n - 1));
	for (int i = 0; i < 255; i++)
		t->bounds[i] = linear((i + .5) / 255);
}

/* The level of a light: as many as there are bounds below it. */
static uint16_t
level(const struct tables *t, double light)
{
	unsigned at = 0;

	for (unsigned step = 128; step; step /= 2)
		if (at + step <= 255 && t->bounds[at + step - 1] < light)
			at += step;
	return (uint16_t)at;
}

struct scaling {
	const struct image *im;
	struct tables tables;
	struct run across, down;
};

/* The mean light of one channel over what a pixel covers. */
static double
mean(const struct scaling *s, unsigned channel)
{
	const struct image *im = s->im;
	double sum = 0, weight = 0;

	for (uint32_t j = 0; j < s->down.n; j++)
		for (uint32_t i = 0; i < s->across.n; i++) {
			size_t at = (size_t)(s->down.first + j) * im->width +
			            s->across.first + i;
			double w = share(&s->down, j) * share(&s->across, i);
			double v =
				s->tables.light[im->samples[at * im->channels +
							    channel]];

			sum += w * (im->mask && !im->mask[at] ? DIM * v : v);
			weight += w;
		}
	return weight > 0 ? sum / weight : 0;
}

static void
paint_pixel(const struct scaling *s, uint16_t *p)
{
	for (unsigned c = 0; c < 3; c++)
		p[c] = c < s->im->channels ? level(&s->tables, mean(s, c))
		                           : p[0];
}

void
paint_image(struct image *on, const struct image *im, struct paint_box box)
{
	struct scaling s = { .im = im };

	fill_tables(&s.tables, im->bits);
	for (uint32_t y = 0; y < box.height && y + box.y < on->height; y++) {
		uint16_t *row = on->samples +
		                ((size_t)(y + box.y) * on->width + box.x) * 3;

		s.down = run_of(y, box.height, im->height);
		for (uint32_t x = 0; x < box.width && x + box.x < on->width;
			x++) {
			s.across = run_of(x, box.width, im->width);
			paint_pixel(&s, row + (size_t)x * 3);
		}
	}
	free(s.tables.light);
}
