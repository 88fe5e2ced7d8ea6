#include <stdlib.h>

#include "base/arena.h"
#include "orb_steps.h"

/* The work-items of a work-group. */
#define ACROSS 32
#define DOWN 4

enum kernel { SHRINK, SCORE, PEAKS, RANK, TURN, ROWS, COLUMNS, DESCRIBE };

static const char *const names[] = { "orb_shrink", "orb_score", "orb_peaks",
	"orb_rank", "orb_turn", "orb_blur_rows", "orb_blur_columns",
	"orb_describe" };
#define KERNELS (sizeof(names) / sizeof(*names))

/* What lies on the device; ROW is of the largest level alone. */
enum memory {
	PIXELS,
	LEVELS,
	TAPS,
	SCORES,
	BITS,
	WEIGHTS,
	ROW,
	BLURRED,
	DIRECTIONS,
	ENDS
};
#define MEMORIES (ENDS + 1)

struct orb_device {
	struct device *device;
	const struct orb_plan *plan;
	struct device_kernel *kernel[KERNELS];
	struct device_buffer *at[MEMORIES];
};

/* What does not change with the image. */
static int
write_tables(struct orb_device *o, struct err *e)
{
	const struct orb_plan *p = o->plan;
	struct orb_ends *ends = mem_alloc(ORB_ENDS, sizeof(*ends));
	int rc;

	orb_pattern(ends);
	rc = device_write(o->at[ENDS], 0, ends, ORB_ENDS * sizeof(*ends), e);
	free(ends);
	if (rc || device_write(o->at[LEVELS], 0, p->level, sizeof(p->level), e))
		return -1;
	if (p->ntaps && device_write(o->at[TAPS], 0, p->taps,
				p->ntaps * sizeof(*p->taps), e))
		return -1;
	if (device_write(o->at[WEIGHTS], 0, orb_blur, sizeof(orb_blur), e))
		return -1;
	return device_write(o->at[DIRECTIONS], 0, orb_directions,
		sizeof(orb_directions), e);
}

struct orb_device *
orb_device_new(struct device *d, const struct orb_plan *plan, struct err *e)
{
	struct orb_device *o = mem_alloc(1, sizeof(*o));
	const struct orb_level *l = plan->level;
	const size_t bytes[MEMORIES] = {
		[PIXELS] = plan->pixels,
		[LEVELS] = sizeof(plan->level),
		[TAPS] = plan->ntaps * sizeof(*plan->taps) + 1,
		[SCORES] = plan->pixels,
		[BITS] = plan->pixels / 32 * sizeof(uint32_t),
		[WEIGHTS] = sizeof(orb_blur),
		[ROW] = (orb_level_pixels(l) + 16) * 2,
		[BLURRED] = plan->pixels * 2,
		[DIRECTIONS] = sizeof(orb_directions),
		[ENDS] = ORB_ENDS * sizeof(struct orb_ends),
	};

	*o = (struct orb_device){ .device = d, .plan = plan };
	for (size_t i = 0; i < KERNELS; i++)
		if (!(o->kernel[i] = device_kernel(
			      d, "orb.cl", names[i], NULL, e)))
			goto fail;
	for (size_t i = 0; i < MEMORIES; i++)
		if (!(o->at[i] = device_buffer(d, bytes[i], e)))
			goto fail;
	if (write_tables(o, e) == 0)
		return o;
fail:
	orb_device_free(o);
	return NULL;
}

/* Runs a kernel for every ${wide} pixels of a level. */
static int
run(struct orb_device *o, enum kernel k, int32_t wide,
	const struct device_arg *args, struct err *e)
{
	static const size_t nargs[KERNELS] = { [SHRINK] = 5,
		[SCORE] = 5,
		[PEAKS] = 4,
		[ROWS] = 5,
		[COLUMNS] = 5 };
	const struct orb_level *l = &o->plan->level[args[2].is.i32];
	struct device_range range = { { (size_t)(l->stride / wide),
					      (size_t)l->height },
		{ ACROSS, DOWN } };

	return device_run(o->kernel[k], range, args, nargs[k], e);
}

int
orb_device_corners(struct orb_device *o, const uint8_t *pixels, uint32_t *bits,
	struct err *e)
{
	const struct orb_plan *p = o->plan;
	const struct orb_level *l = p->level;
	struct device_arg pixel = ARG_BUFFER(o->at[PIXELS]);
	struct device_arg levels = ARG_BUFFER(o->at[LEVELS]);
	struct device_arg scores = ARG_BUFFER(o->at[SCORES]);
	struct device_arg threshold = ARG_I32(p->threshold);
	int32_t taps = 0;

	if (device_write(o->at[PIXELS], 0, pixels,
		    (size_t)l->at + orb_level_pixels(l), e))
		return -1;
	for (int i = 0; i < p->n; i++) {
		struct device_arg level = ARG_I32(i);
		struct device_arg shrink[] = { pixel, levels, level,
			ARG_BUFFER(o->at[TAPS]), ARG_I32(taps) };
		struct device_arg score[] = { pixel, levels, level, scores,
			threshold };
		struct device_arg peaks[] = { scores, levels, level,
			ARG_BUFFER(o->at[BITS]) };

		if ((i && run(o, SHRINK, 1, shrink, e)) ||
			run(o, SCORE, 16, score, e) ||
			run(o, PEAKS, 32, peaks, e))
			return -1;
		taps += i ? l[i].width + l[i].height : 0;
	}
	return device_read(
		o->at[BITS], 0, bits, p->pixels / 32 * sizeof(*bits), e);
}

/* A buffer of ${n} corners there. */
static struct device_buffer *
put_corners(struct orb_device *o, const struct orb_corner *c, size_t n,
	struct err *e)
{
	struct device_buffer *b = device_buffer(
		o->device, n * sizeof(*c) + 1, e);

	if (b && n && device_write(b, 0, c, n * sizeof(*c), e)) {
		device_buffer_free(b);
		return NULL;
	}
	return b;
}

int
orb_device_rank(struct orb_device *o, const struct orb_corner *c, size_t n,
	int64_t *rank, struct err *e)
{
	struct device_buffer *corners = put_corners(o, c, n, e);
	struct device_buffer *to = corners ? device_buffer(o->device,
						     n * sizeof(*rank) + 1, e)
	                                   : NULL;
	struct device_arg args[] = { ARG_BUFFER(o->at[PIXELS]),
		ARG_BUFFER(o->at[LEVELS]), ARG_BUFFER(corners),
		ARG_I32((int32_t)n), ARG_BUFFER(to) };
	struct device_range range = { { n, 0 }, { ACROSS, 0 } };
	int rc = -1;

	if (to)
		rc = device_run(o->kernel[RANK], range, args, 5, e);
	if (rc == 0 && n)
		rc = device_read(to, 0, rank, n * sizeof(*rank), e);
	device_buffer_free(to);
	device_buffer_free(corners);
	return rc;
}

/* Level by level, for the rows of one lie where those of the next will. */
static int
blur(struct orb_device *o, struct err *e)
{
	for (int i = 0; i < o->plan->n; i++) {
		struct device_arg levels = ARG_BUFFER(o->at[LEVELS]);
		struct device_arg weights = ARG_BUFFER(o->at[WEIGHTS]);
		struct device_arg rows[] = { ARG_BUFFER(o->at[PIXELS]), levels,
			ARG_I32(i), weights, ARG_BUFFER(o->at[ROW]) };
		struct device_arg columns[] = { ARG_BUFFER(o->at[ROW]), levels,
			ARG_I32(i), weights, ARG_BUFFER(o->at[BLURRED]) };

		if (run(o, ROWS, 16, rows, e) ||
			run(o, COLUMNS, 16, columns, e))
			return -1;
	}
	return 0;
}

static int
run_describe(struct orb_device *o, struct device_buffer *corners, size_t n,
	struct device_buffer *to, struct err *e)
{
	struct device_arg levels = ARG_BUFFER(o->at[LEVELS]);
	struct device_arg turn[] = { ARG_BUFFER(o->at[PIXELS]), levels,
		ARG_BUFFER(corners), ARG_I32((int32_t)n),
		ARG_BUFFER(o->at[DIRECTIONS]) };
	struct device_arg describe[] = { ARG_BUFFER(o->at[BLURRED]), levels,
		ARG_BUFFER(corners), ARG_I32((int32_t)n),
		ARG_BUFFER(o->at[ENDS]), ARG_BUFFER(to) };
	struct device_range each = { { n, 0 }, { ACROSS, 0 } };
	struct device_range bytes = { { ORB_BITS / 8, n }, { ACROSS, DOWN } };

	if (!o->plan->upright && device_run(o->kernel[TURN], each, turn, 5, e))
		return -1;
	return device_run(o->kernel[DESCRIBE], bytes, describe, 6, e);
}

int
orb_device_describe(struct orb_device *o, struct orb_corner *c, size_t n,
	uint8_t *descriptors, struct err *e)
{
	struct device_buffer *corners, *to;
	int rc = -1;

	if (n == 0)
		return 0;
	corners = put_corners(o, c, n, e);
	to = corners ? device_buffer(o->device, n * (ORB_BITS / 8), e) : NULL;
	if (to && blur(o, e) == 0 && run_describe(o, corners, n, to, e) == 0 &&
		device_read(corners, 0, c, n * sizeof(*c), e) == 0)
		rc = device_read(to, 0, descriptors, n * (ORB_BITS / 8), e);
	device_buffer_free(to);
	device_buffer_free(corners);
	return rc;
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
