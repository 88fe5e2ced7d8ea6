#include "dlt.h"

#include <math.h>
#include <string.h>

#include "linear.h"
#include "mat3.h"

#define ITERATIONS 20
#define STILL 1e-24 /* the square of a change that is none */
#define LIFT 1e-14

/* One image's frame: its coordinates begin at ${from} of each pair. */
static bool
frame_of(const struct dlt_pairs *p, int from, struct dlt_frame *f)
{
	double x = 0, y = 0, sum = 0;

	for (size_t i = 0; i < p->n; i++) {
		x += p->at[p->index[i]][from];
		y += p->at[p->index[i]][from + 1];
	}
	f->x = x / (double)p->n;
	f->y = y / (double)p->n;
	for (size_t i = 0; i < p->n; i++) {
		x = p->at[p->index[i]][from] - f->x;
		y = p->at[p->index[i]][from + 1] - f->y;
		sum += x * x + y * y;
	}
	f->s = sqrt(2 * (double)p->n / sum);
	return sum > 0 && f->s < INFINITY;
}

bool
dlt_frames(const struct dlt_pairs *p, struct dlt_frame frame[2])
{
	return frame_of(p, 0, &frame[0]) && frame_of(p, 2, &frame[1]);
}

void
dlt_to(const struct dlt_frame *f, double m[9])
{
	const double to[9] = { f->s, 0, -f->s * f->x, 0, f->s, -f->s * f->y, 0,
		0, 1 };

	memcpy(m, to, sizeof(to));
}

void
dlt_from(const struct dlt_frame *f, double m[9])
{
	const double from[9] = { 1 / f->s, 0, f->x, 0, 1 / f->s, f->y, 0, 0,
		1 };

	memcpy(m, from, sizeof(from));
}

void
dlt_row(double sum[81], const double row[9])
{
	for (int i = 0; i < 9; i++)
		for (int j = i; j < 9; j++)
			sum[9 * i + j] += row[i] * row[j];
}

bool
dlt_least(double sum[81], double m[9])
{
	/* Nothing special, so that no answer is orthogonal to it. */
	static const double start[9] = { .31, .29, -.37, .23, .41, .35, -.26,
		.39, .34 };
	double trace = 0, was[9], moved = 1;

	for (int i = 0; i < 9; i++) {
		trace += sum[10 * i];
		for (int j = 0; j < i; j++)
			sum[9 * i + j] = sum[9 * j + i];
	}
	/* Exact pairs have an eigenvalue of 0: it is lifted above rounding. */
	for (int i = 0; i < 9; i++)
		sum[10 * i] += LIFT * trace;
	if (!linear_factor(sum, 9))
		return false;
	memcpy(m, start, sizeof(start));
	for (int i = 0; i < ITERATIONS && moved > STILL; i++) {
		memcpy(was, m, sizeof(was));
		linear_back(sum, m, 9);
		if (!mat3_unit(m, 9))
			return false;
		moved = 0;
		for (int k = 0; k < 9; k++)
			moved += (m[k] - was[k]) * (m[k] - was[k]);
	}
	return true;
}
