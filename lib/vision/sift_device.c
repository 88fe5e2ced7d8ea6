#include <stdlib.h>

#include "base/arena.h"
#include "sift_device.h"

/* As kernels/sift.cl has them. */
#define MARGIN 16
#define STEP 32
#define SLACK 64 /* pixels behind the last row that vectors may reach */

#define SEGMENT 3968 /* pixels of a row smoothed in one go, in 16 KB */
#define A_GROUP 64
#define PIXELS_A_POINT 256 /* room for points, at first */

enum kernel { ENTER, HALVE, BLUR, GRADIENT, FIND, DESCRIBE, KERNELS };

static const char *const names[KERNELS] = { "enter", "halve", "blur",
	"gradient", "find", "describe" };

enum memory {
	GREY,
	LEVELS,
	DIFFERENCES,
	GRADIENTS,
	WEIGHTS,
	OCTAVES,
	COUNT,
	POINTS,
	ANGLES,
	DESCRIPTORS,
	MEMORIES
};

/* An octave on the device; gradients begin at ${base}. */
struct layout {
	int32_t width, height, stride, base;
};

struct sift_device {
	struct device *device;
	struct sift_shape shape;
	struct device_kernel *kernel[KERNELS];
	struct device_buffer *at[MEMORIES];
	size_t bytes[MEMORIES];
	size_t room;   /* for points */
	int32_t plane; /* pixels of one, in the first octave */
	struct layout octaves[SIFT_OCTAVES];
};

struct sift_device *
sift_device_new(struct device *d, struct sift_shape shape, struct err *e)
{
	struct sift_device *s = mem_alloc(1, sizeof(*s));
	bool alone = device_info(d)->cpu;
	const char *options;

	*s = (struct sift_device){
		.device = d, .shape = shape, .room = shape.room
	};
	if (shape.lanes == 0)
		s->shape.lanes = alone ? 8 : 1;
	if (shape.group == 0)
		s->shape.group = alone ? 1 : A_GROUP;
	options = sift_shape_options(s->shape);
	if (options == NULL) {
		err_set(e, "sift.cl: no %d pixels at once", s->shape.lanes);
		sift_device_free(s);
		return NULL;
	}
	for (int i = 0; i < KERNELS; i++) {
		s->kernel[i] = device_kernel(
			d, "sift.cl", names[i], options, e);
		if (s->kernel[i] == NULL) {
			sift_device_free(s);
			return NULL;
		}
	}
	return s;
}

void
sift_device_free(struct sift_device *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < MEMORIES; i++)
		device_buffer_free(s->at[i]);
	for (int i = 0; i < KERNELS; i++)
		device_kernel_free(s->kernel[i]);
	free(s);
}

/* Have at least so many bytes there. */
static int
reserve(struct sift_device *s, enum memory m, size_t bytes, struct err *e)
{
	if (bytes <= s->bytes[m])
		return 0;
	device_buffer_free(s->at[m]);
	s->bytes[m] = 0;
	s->at[m] = device_buffer(s->device, bytes, e);
	if (s->at[m] == NULL)
		return -1;
	s->bytes[m] = bytes;
	return 0;
}

/* Where everything lies; the number of pixels of all gradients. */
static size_t
lay_out(struct sift_device *s, const struct sift_plan *plan)
{
	size_t base = 0;

	for (int i = 0; i < plan->octaves; i++) {
		uint32_t stride = MARGIN + (plan->width[i] / STEP + 1) * STEP;

		s->octaves[i] = (struct layout){ (int32_t)plan->width[i],
			(int32_t)plan->height[i], (int32_t)stride,
			(int32_t)(uint32_t)base };
		if (i >= plan->skip)
			base += (size_t)2 * SIFT_SCALES * stride *
			        plan->height[i];
	}
	s->plane = s->octaves[0].stride * s->octaves[0].height;
	return base;
}

static int
reserve_all(struct sift_device *s, const struct sift_find *f, struct err *e)
{
	size_t gradients = lay_out(s, &f->plan), plane = (size_t)s->plane;
	size_t pixel = sizeof(float);

	if (s->room == 0)
		s->room = plane / PIXELS_A_POINT + 1024;
	return reserve(s, GREY, (size_t)f->in->width * f->in->height * pixel,
		       e) ||
	       reserve(s, LEVELS, (SIFT_LEVELS * plane + SLACK) * pixel, e) ||
	       reserve(s, DIFFERENCES,
		       ((SIFT_LEVELS - 1) * plane + SLACK) * pixel, e) ||
	       reserve(s, GRADIENTS, (gradients + SLACK) * pixel, e) ||
	       reserve(s, WEIGHTS,
		       SIFT_LEVELS * (SIFT_RADIUS + 1) * sizeof(float), e) ||
	       reserve(s, OCTAVES, sizeof(s->octaves), e) ||
	       reserve(s, COUNT, sizeof(int32_t), e) ||
	       reserve(s, POINTS, s->room * sizeof(struct sift_point), e);
}

static int
write_tables(struct sift_device *s, const struct sift_find *f, struct err *e)
{
	float weights[SIFT_LEVELS][SIFT_RADIUS + 1];
	int32_t none = 0;

	for (int l = 0; l < SIFT_LEVELS; l++)
		memcpy(weights[l], f->plan.blur[l].weights, sizeof(weights[l]));
	return device_write(s->at[WEIGHTS], 0, weights, sizeof(weights), e) ||
	       device_write(
		       s->at[OCTAVES], 0, s->octaves, sizeof(s->octaves), e) ||
	       device_write(s->at[COUNT], 0, &none, sizeof(none), e) ||
	       device_write(s->at[GREY], 0, f->in->grey,
		       (size_t)f->in->width * f->in->height * sizeof(float), e);
}

/* Segments of rows, and rows. */
struct area {
	int32_t across, down;
};

struct args {
	const struct device_arg *v;
	size_t n;
};

#define ARGS(of) ((struct args){ of, sizeof(of) / sizeof(*(of)) })

/* Run a kernel with a group for each segment. */
static int
run(struct sift_device *s, enum kernel k, struct area area, struct args args,
	struct err *e)
{
	size_t group = (size_t)s->shape.group;
	struct device_range range = {
		{ group * (size_t)area.across, (size_t)area.down }, { group, 1 }
	};

	return device_run(s->kernel[k], range, args.v, args.n, e);
}

/* From one level of an octave to another, or the same. */
struct smoothing {
	int octave, from, to;
};

static int
blur(struct sift_device *s, const struct sift_plan *plan, struct smoothing by,
	struct err *e)
{
	const struct layout *o = &s->octaves[by.octave];
	int32_t segment = s->shape.lanes > 1 ? SEGMENT : STEP * A_GROUP / 8;
	int32_t row = segment + 2 * SIFT_RADIUS + 2 * STEP;
	struct device_arg args[] = { ARG_BUFFER(s->at[LEVELS]),
		ARG_BUFFER(s->at[DIFFERENCES]), ARG_BUFFER(s->at[WEIGHTS]),
		ARG_I32(s->plane), ARG_I32(o->width), ARG_I32(o->height),
		ARG_I32(o->stride), ARG_I32(by.from), ARG_I32(by.to),
		ARG_I32(plan->blur[by.to].radius), ARG_I32(segment),
		ARG_LOCAL((size_t)row * sizeof(float)) };

	return run(s, BLUR,
		(struct area){ (o->width + segment - 1) / segment, o->height },
		ARGS(args), e);
}

/* Level 0: the image, smoothed, or half of the octave before. */
static int
first_level(
	struct sift_device *s, const struct sift_find *f, int i, struct err *e)
{
	const struct layout *o = &s->octaves[i];
	struct device_arg enter[] = { ARG_BUFFER(s->at[GREY]),
		ARG_I32((int32_t)f->in->width), ARG_I32((int32_t)f->in->height),
		ARG_BUFFER(s->at[LEVELS]), ARG_I32(s->plane),
		ARG_I32(o->stride), ARG_I32(f->plan.first < 0) };
	struct device_arg halve[] = { ARG_BUFFER(s->at[LEVELS]),
		ARG_I32(s->plane), ARG_I32(i ? o[-1].width : 0),
		ARG_I32(i ? o[-1].stride : 0), ARG_I32(o->stride) };

	if (i > 0)
		return run(s, HALVE, (struct area){ 1, o->height }, ARGS(halve),
			e);
	if (run(s, ENTER, (struct area){ 1, o->height }, ARGS(enter), e))
		return -1;
	return blur(s, &f->plan, (struct smoothing){ 0, 1, 0 }, e);
}

/* The extrema of an octave, and its gradients. */
static int
search(struct sift_device *s, const struct sift_plan *plan, int i,
	struct err *e)
{
	const struct layout *o = &s->octaves[i];
	struct area all = { 1, SIFT_SCALES * o->height };
	struct device_arg find[] = { ARG_BUFFER(s->at[DIFFERENCES]),
		ARG_I32(s->plane), ARG_I32(o->width), ARG_I32(o->height),
		ARG_I32(o->stride), ARG_I32(i), ARG_F32(plan->peak),
		ARG_F32(plan->faint), ARG_F32(plan->edge),
		ARG_BUFFER(s->at[COUNT]), ARG_BUFFER(s->at[POINTS]),
		ARG_I32((int32_t)s->room) };
	struct device_arg gradient[] = { ARG_BUFFER(s->at[LEVELS]),
		ARG_BUFFER(s->at[GRADIENTS]), ARG_I32(s->plane),
		ARG_I32(o->base), ARG_I32(o->width), ARG_I32(o->height),
		ARG_I32(o->stride) };

	return run(s, FIND, all, ARGS(find), e) ||
	       run(s, GRADIENT, all, ARGS(gradient), e);
}

static int
search_all(struct sift_device *s, struct sift_find *f, struct err *e)
{
	for (int i = 0; i < f->plan.octaves; i++) {
		if (first_level(s, f, i, e))
			return -1;
		for (int l = 1; l < SIFT_LEVELS; l++)
			if (blur(s, &f->plan, (struct smoothing){ i, l - 1, l },
				    e))
				return -1;
		if (i >= f->plan.skip && search(s, &f->plan, i, e))
			return -1;
	}
	return 0;
}

int
sift_device_points(struct sift_device *s, struct sift_find *f, struct err *e)
{
	int32_t n = 0;

	if (f->plan.octaves == 0)
		return 0;
	do {
		if ((size_t)n > s->room)
			s->room = (size_t)n;
		if (reserve_all(s, f, e) || write_tables(s, f, e) ||
			search_all(s, f, e) ||
			device_read(s->at[COUNT], 0, &n, sizeof(n), e))
			return -1;
	} while ((size_t)n > s->room);
	f->points.n = (size_t)n;
	f->points.v = mem_alloc(f->points.n, sizeof(*f->points.v));
	return n ? device_read(s->at[POINTS], 0, f->points.v,
			   f->points.n * sizeof(*f->points.v), e)
	         : 0;
}

static int
describe(struct sift_device *s, const struct sift_find *f, struct err *e)
{
	size_t n = f->points.n;
	struct device_arg args[] = { ARG_BUFFER(s->at[POINTS]),
		ARG_I32((int32_t)n), ARG_BUFFER(s->at[GRADIENTS]),
		ARG_BUFFER(s->at[OCTAVES]), ARG_I32(f->plan.upright),
		ARG_BUFFER(s->at[ANGLES]), ARG_BUFFER(s->at[DESCRIPTORS]) };

	return device_write(s->at[POINTS], 0, f->points.v,
		       n * sizeof(*f->points.v), e) ||
	       run(s, DESCRIBE, (struct area){ (int32_t)n, 1 }, ARGS(args), e);
}

int
sift_device_looks(struct sift_device *s, struct sift_find *f, struct err *e)
{
	size_t n = f->points.n;
	uint8_t(*bytes)[SIFT_ANGLES][ROOTSIFT_BYTES];
	int32_t(*angles)[SIFT_ANGLES];
	int rc = 0;

	if (n == 0)
		return 0;
	bytes = mem_alloc(n, sizeof(*bytes));
	angles = mem_alloc(n, sizeof(*angles));
	if (reserve(s, ANGLES, n * sizeof(*angles), e) ||
		reserve(s, DESCRIPTORS, n * sizeof(*bytes), e) ||
		describe(s, f, e) ||
		device_read(s->at[ANGLES], 0, angles, n * sizeof(*angles), e) ||
		device_read(
			s->at[DESCRIPTORS], 0, bytes, n * sizeof(*bytes), e))
		rc = -1;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		memcpy(f->looks[i].angle, angles[i], sizeof(angles[i]));
		memcpy(f->looks[i].descriptor, bytes[i], sizeof(bytes[i]));
	}
	free(angles);
	free(bytes);
	return rc;
}
