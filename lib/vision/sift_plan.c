#include <math.h>

#include "sift_chain.h"

#define REACH 4 /* sigmas that a smoothing covers to either side */

static struct sift_blur
blur_of(double sigma)
{
	struct sift_blur b = { .radius = (int)ceil(REACH * sigma) };
	double w[SIFT_RADIUS + 1] = { 0 }, sum = 0;

	for (int i = 0; i <= b.radius; i++) {
		w[i] = exp(-.5 * i * i / (sigma * sigma));
		sum += i ? 2 * w[i] : w[i];
	}
	for (int i = 0; i <= b.radius; i++)
		b.weights[i] = (float)(w[i] / sum);
	return b;
}

/* From one level to the next; the image comes with a blur of its own. */
static void
plan_blurs(struct sift_plan *plan)
{
	double has = plan->first < 0 ? 1 : .5, wanted = SIFT_SIGMA;

	for (int i = 0; i < SIFT_LEVELS; i++) {
		plan->blur[i] = blur_of(sqrt(wanted * wanted - has * has));
		has = wanted;
		wanted *= exp2(1. / SIFT_SCALES);
	}
}

static void
plan_octaves(struct sift_plan *plan, uint32_t w, uint32_t h)
{
	if (plan->first < 0)
		w *= 2, h *= 2;
	while (w >= SIFT_LEAST && h >= SIFT_LEAST) {
		plan->width[plan->octaves] = w;
		plan->height[plan->octaves] = h;
		plan->octaves++;
		w = w / 2 + w % 2;
		h = h / 2 + h % 2;
	}
}

void
sift_plan_make(struct sift_plan *plan, const struct features_in *in,
	const struct sift_opts *opts)
{
	double edge = opts->edge;

	*plan = (struct sift_plan){ .upright = opts->upright };
	if (opts->first_octave < 0)
		plan->first = -1;
	else
		plan->skip = opts->first_octave;
	plan->peak = (float)(255 * opts->peak);
	plan->faint = .5f * plan->peak;
	plan->edge = (float)((edge + 1) * (edge + 1) / edge);
	plan_blurs(plan);
	plan_octaves(plan, in->width, in->height);
}

int
sift_too_large(uint32_t width, uint32_t height, const struct sift_opts *opts,
	struct err *e)
{
	uint64_t pixels = (uint64_t)width * height;

	if (opts->first_octave < 0)
		pixels *= 4;
	if (pixels <= SIFT_PIXELS_MOST)
		return 0;
	return err_set(e,
		"%u x %u pixels%s are more than the %llu that are searched: "
		"give --max-size%s",
		width, height, opts->first_octave < 0 ? ", doubled," : "",
		(unsigned long long)SIFT_PIXELS_MOST,
		opts->first_octave < 0 ? ", or --first-octave 0" : "");
}

float
sift_plan_pixel(const struct sift_plan *plan, int i)
{
	return ldexpf(1, plan->first + i);
}
