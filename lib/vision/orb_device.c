#include <stdlib.h>

#include "base/arena.h"
#include "orb_steps.h"

#define BAND 32 /* as kernels/orb.cl has it */

enum kernel { SHRINK, SCORE, PEAKS, RANK, TURN, BLUR, DESCRIBE, KERNELS };

static const char *const names[KERNELS] = { "orb_shrink", "orb_score",
	"orb_peaks", "orb_rank", "orb_turn", "orb_blur", "orb_describe" };

/* What lies on the device. */
enum memory {
	PIXELS,
	LEVELS,
	SCORES,
	BITS,
	BLURRED,
	DIRECTIONS,
	ENDS,
	CORNERS,
	RANKS,
	DESCRIPTORS,
	MEMORIES
};

struct orb_device {
	struct device *device;
	const struct orb_plan *plan;
	struct device_kernel *kernel[KERNELS];
	struct device_buffer *at[MEMORIES];
	size_t bytes[MEMORIES];
	int32_t stride; /* that ENDS are for */
};

/* Have at least so many bytes there. */
static int
reserve(struct orb_device *o, enum memory m, size_t bytes, struct err *e)
{
	if (o->at[m] && bytes <= o->bytes[m])
		return 0;
	device_buffer_free(o->at[m]);
	o->bytes[m] = bytes;
	o->at[m] = device_buffer(o->device, bytes, e);
	return o->at[m] ? 0 : -1;
}

static int
put(struct orb_device *o, enum memory m, const void *from, size_t bytes,
	struct err *e)
{
	if (reserve(o, m, bytes, e))
		return -1;
	return device_write(o->at[m], 0, from, bytes, e);
}

struct orb_device *
orb_device_new(struct device *d, struct err *e)
{
	struct orb_device *o = mem_alloc(1, sizeof(*o));

	*o = (struct orb_device){ .device = d };
	for (size_t i = 0; i < KERNELS; i++)
		if (!(o->kernel[i] = device_kernel(
			      d, "orb.cl", names[i], NULL, e)))
			goto fail;
	if (put(o, DIRECTIONS, orb_directions, sizeof(orb_directions), e) == 0)
		return o;
fail:
	orb_device_free(o);
	return NULL;
}

int
orb_device_begin(struct orb_device *o, const struct orb_plan *plan,
	const uint8_t *pixels, struct err *e)
{
	const struct orb_level *l = plan->level;

	o->plan = plan;
	if (reserve(o, PIXELS, plan->pixels, e) ||
		reserve(o, SCORES, plan->pixels, e) ||
		reserve(o, BLURRED, plan->pixels, e) ||
		reserve(o, BITS, plan->pixels / 8, e) ||
		put(o, LEVELS, l, sizeof(plan->level), e) ||
		put(o, PIXELS, pixels, (size_t)l->at + orb_level_pixels(l), e))
		return -1;
	if (o->stride == l->stride)
		return 0;
	o->stride = l->stride;
	return put(o, ENDS, plan->ends, ORB_ENDS * sizeof(*plan->ends), e);
}

/*
 * Runs a kernel for ${rows}, each by one work-item on a processor, which goes
 * along it, and elsewhere by as many as have ${steps} to do.
 */
static int
run(struct orb_device *o, enum kernel k, const size_t rows_steps[2],
	const struct device_arg *args, struct err *e)
{
	static const size_t nargs[KERNELS] = {
		[SHRINK] = 3, [SCORE] = 4, [PEAKS] = 3, [DESCRIBE] = 6
	};
	bool cpu = device_info(o->device)->cpu;
	struct device_range range = { { cpu ? 1 : rows_steps[1],
					      rows_steps[0] },
		{ cpu ? 1 : 32, cpu ? 8 : 4 } };

	return device_run(o->kernel[k], range, args, nargs[k], e);
}

static int
find_corners(struct orb_device *o, struct err *e)
{
	const struct orb_plan *p = o->plan;
	const struct orb_level *l = p->level;
	const size_t rows = (size_t)p->rows, width = (size_t)l->stride;
	struct device_arg pixels = ARG_BUFFER(o->at[PIXELS]);
	struct device_arg levels = ARG_BUFFER(o->at[LEVELS]);
	struct device_arg scores = ARG_BUFFER(o->at[SCORES]);
	struct device_arg score[] = { pixels, levels, scores,
		ARG_I32(p->threshold) };
	struct device_arg peaks[] = { scores, levels, ARG_BUFFER(o->at[BITS]) };

	for (int i = 1; i < p->n; i++) {
		struct device_arg shrink[] = { pixels, levels, ARG_I32(i) };
		size_t size[2] = { (size_t)l[i].height,
			(size_t)l[i].width / 15 + 1 };

		if (run(o, SHRINK, size, shrink, e))
			return -1;
	}
	if (run(o, SCORE, (size_t[]){ rows, width / 16 }, score, e))
		return -1;
	return run(o, PEAKS, (size_t[]){ rows, width / 32 }, peaks, e);
}

static int
blur(struct orb_device *o, struct err *e)
{
	const struct orb_plan *p = o->plan;
	struct device_arg args[] = { ARG_BUFFER(o->at[PIXELS]),
		ARG_BUFFER(o->at[LEVELS]), ARG_I32(p->rows),
		ARG_BUFFER(o->at[BLURRED]) };
	struct device_range range = { { (size_t)p->level[0].stride / 16,
					      (size_t)p->rows / BAND + 1 },
		{ 32, 1 } };

	return device_run(o->kernel[BLUR], range, args, 4, e);
}

/* It goes on to blur while the corners are looked at here. */
int
orb_device_corners(struct orb_device *o, uint32_t *bits, struct err *e)
{
	if (find_corners(o, e) ||
		device_read(o->at[BITS], 0, bits, o->plan->pixels / 8, e))
		return -1;
	return blur(o, e);
}

/* Runs a kernel for each of so many corners. */
static int
run_each(struct orb_device *o, enum kernel k, size_t n, struct device_arg last,
	struct err *e)
{
	struct device_arg args[] = { ARG_BUFFER(o->at[PIXELS]),
		ARG_BUFFER(o->at[LEVELS]), ARG_BUFFER(o->at[CORNERS]),
		ARG_I32((int32_t)n), last };
	struct device_range range = { { n, 0 }, { 32, 0 } };

	return device_run(o->kernel[k], range, args, 5, e);
}

int
orb_device_rank(struct orb_device *o, const struct orb_corner *c, size_t n,
	int64_t *rank, struct err *e)
{
	size_t bytes = n * sizeof(*rank);

	if (put(o, CORNERS, c, n * sizeof(*c), e) ||
		reserve(o, RANKS, bytes, e) ||
		run_each(o, RANK, n, ARG_BUFFER(o->at[RANKS]), e))
		return -1;
	return device_read(o->at[RANKS], 0, rank, bytes, e);
}

int
orb_device_describe(struct orb_device *o, struct orb_corner *c, size_t n,
	uint8_t *descriptors, struct err *e)
{
	const size_t bytes = ORB_BITS / 8, size[2] = { n, bytes };
	struct device_arg turn = ARG_BUFFER(o->at[DIRECTIONS]);

	if (n == 0)
		return 0;
	if (put(o, CORNERS, c, n * sizeof(*c), e) ||
		reserve(o, DESCRIPTORS, n * bytes, e))
		return -1;
	struct device_arg args[] = { ARG_BUFFER(o->at[BLURRED]),
		ARG_BUFFER(o->at[LEVELS]), ARG_BUFFER(o->at[CORNERS]),
		ARG_I32((int32_t)n), ARG_BUFFER(o->at[ENDS]),
		ARG_BUFFER(o->at[DESCRIPTORS]) };

	if ((!o->plan->upright && run_each(o, TURN, n, turn, e)) ||
		run(o, DESCRIBE, size, args, e) ||
		device_read(o->at[CORNERS], 0, c, n * sizeof(*c), e))
		return -1;
	return device_read(o->at[DESCRIPTORS], 0, descriptors, n * bytes, e);
}

void
orb_device_free(struct orb_device *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < KERNELS; i++)
		device_kernel_free(o->kernel[i]);
	for (size_t i = 0; i < MEMORIES; i++)
		device_buffer_free(o->at[i]);
	free(o);
}
