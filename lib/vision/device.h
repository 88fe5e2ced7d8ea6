/*
 * device: an OpenCL device, of whatever vendor, and the kernels that run on it.
 *
 * A device has one queue, in order: what is asked of it happens one after the
 * other. Where there is no OpenCL, or none is wanted, the device is NULL and the
 * callers run their kernels' plain C twins, so every function of lib/vision that
 * takes a device takes NULL as well. Nothing beyond OpenCL 1.2 is required of a
 * device; what some can do besides is asked for with device_can.
 *
 * Buffers and kernels belong to whoever made them and are released before the
 * device is closed; releasing NULL does nothing. Fallible calls return 0 or a
 * pointer, and -1 or NULL with ${e} saying which OpenCL call failed, with which
 * of OpenCL's errors, on what device, and what may be done. After a failure
 * nothing but releasing and closing makes sense.
 */
#ifndef VISION_DEVICE_H
#define VISION_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/opt.h"

struct device;
struct device_kernel;
struct device_buffer;

/* --device: belongs to the tables of every tool that opens a device. */
extern const struct opt device_opts[];

/* What a device is and may use: clGetDeviceInfo's names and units. */
struct device_info {
	const char *platform, *platform_version;
	const char *name, *vendor, *version, *driver;
	const char *type;       /* "gpu", "cpu", "accelerator" or "custom" */
	const char *extensions; /* with blanks in between */
	bool cpu, gpu, nvidia;
	bool fma; /* fused multiply-add of floats, as IEEE 754 rounds it */
	uint32_t units, clock; /* compute units; MHz */
	size_t group_max;      /* work-items in a work-group */
	size_t item_max[2];    /* the same, along each dimension */
	size_t local_max;      /* bytes of local memory */
	uint64_t memory;       /* bytes in all */
	uint64_t alloc_max;    /* bytes in one buffer */
};

/* What only some devices can do; each is tried out before it is believed. */
enum device_feature {
	DEVICE_FP16, /* arithmetic on half */
	DEVICE_FP64, /* arithmetic on double */
	DEVICE_DOT,  /* dot_acc_sat of cl_khr_integer_dot_product */
	DEVICE_DP4A, /* NVIDIA: dp4a.u32.u32 as PTX */
	DEVICE_MMA,  /* NVIDIA: mma.sync.m16n8k32 of u8 into s32 as PTX */
	DEVICE_FEATURES
};

/*
 * device_open(d, choice, e): Open the device that ${choice} names, or where it is
 * NULL --device, or else $CUPEL_CL, in the form "platform:type:name-or-index".
 * Each part may be empty or left out; platform (or its version), type and name
 * are parts of the device's own without regard to case, and an index of one or
 * two digits counts from 0 among those that match. A single word is any of the
 * three. Of several that match, and where nothing is chosen, the best is taken:
 * GPUs before CPUs, then by units times clock. "none" opens nothing: ${*d} is
 * NULL and 0 is returned. So it is where nothing was chosen and there is no
 * device, which people are told.
 */
int device_open(struct device **d, const char *choice, struct err *e);
void device_close(struct device *d);

const struct device_info *device_info(const struct device *d);

/* device_can(d, feature): Whether it can; found out when first asked. */
bool device_can(struct device *d, enum device_feature feature);

/*
 * device_list(lines, e): Append a line of JSON for each device, with the
 * "choice" that names it alone. No device at all is no failure.
 */
int device_list(struct buf *lines, struct err *e);

/*
 * device_kernel(d, source, name, options, e): The kernel ${name} of
 * lib/vision/kernels/${source}, "nearest.cl" say, compiled with ${options}, or
 * none where that is NULL. Programs are compiled once a device and kept, here
 * and between runs.
 */
struct device_kernel *device_kernel(struct device *d, const char *source,
	const char *name, const char *options, struct err *e);
void device_kernel_free(struct device_kernel *k);

/* device_kernel_group(k): The most work-items that its work-groups may have. */
size_t device_kernel_group(const struct device_kernel *k);

/*
 * device_buffer(d, bytes, e): Memory there, of at least 1 byte, its contents
 * undefined.
 */
struct device_buffer *device_buffer(
	struct device *d, size_t bytes, struct err *e);
void device_buffer_free(struct device_buffer *b);

/*
 * device_write, device_read: ${bytes} bytes from ${at} on, there and back, after
 * everything that was queued before. When they return the memory here may be
 * reused or used.
 */
int device_write(struct device_buffer *b, size_t at, const void *from,
	size_t bytes, struct err *e);
int device_read(struct device_buffer *b, size_t at, void *to, size_t bytes,
	struct err *e);

/*
 * A kernel's argument. OpenCL has no size_t and no bool here, so there are none.
 */
struct device_arg {
	enum { DEVICE_BUFFER, DEVICE_I32, DEVICE_F32, DEVICE_LOCAL } kind;
	union {
		struct device_buffer *buffer;
		int32_t i32;
		float f32;
		size_t local; /* bytes of local memory */
	} is;
};

#define ARG_BUFFER(b) ((struct device_arg){ DEVICE_BUFFER, { .buffer = (b) } })
#define ARG_I32(i) ((struct device_arg){ DEVICE_I32, { .i32 = (i) } })
#define ARG_F32(f) ((struct device_arg){ DEVICE_F32, { .f32 = (f) } })
#define ARG_LOCAL(n) ((struct device_arg){ DEVICE_LOCAL, { .local = (n) } })

/*
 * The work-items of a run, in two dimensions; a second one of 0 counts as 1. The
 * range is rounded up to whole work-groups, and where its first is 0 nothing
 * runs; where the work-group's is, device_run takes one that suits the device.
 */
struct device_range {
	size_t global[2], local[2];
};

/*
 * device_run(k, range, args, n, e): Queue the kernel with ${n} arguments. A
 * work-group larger than the kernel may have there is halved along its longer
 * side until it fits: a kernel must ask for its get_local_size, and leave
 * work-items beyond its data alone. One that was written with
 * reqd_work_group_size, or is given local memory by its group's size, is run
 * only with what device_kernel_group allows.
 */
int device_run(struct device_kernel *k, struct device_range range,
	const struct device_arg *args, size_t n, struct err *e);

/* device_finish(d, e): Wait until everything that was queued is done. */
int device_finish(struct device *d, struct err *e);

#endif
