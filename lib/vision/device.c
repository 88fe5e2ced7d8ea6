#include <stdlib.h>

#include "vision/device_cl.h"
#include "vision/device_opts.h"

#define GROUP 64 /* where the caller leaves it open; any GPU runs that many */

struct device_buffer {
	struct device *device;
	cl_mem mem;
	size_t bytes;
};

struct device_kernel {
	struct device *device;
	cl_kernel kernel;
	char *name;
	cl_uint nargs;
	size_t group_max;
};

static char *
copy(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(mem_alloc(n, 1), text, n);
}

/* The info's strings, into the device's own arena. */
static void
keep_info(struct device *d, const struct device_info *info)
{
	d->info = *info;
	const char **strings[] = { &d->info.platform, &d->info.platform_version,
		&d->info.name, &d->info.vendor, &d->info.version,
		&d->info.driver, &d->info.extensions };

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		*strings[i] = arena_dup(&d->arena, span_str(*strings[i]));
}

struct device *
device_start(const struct device_found *f, struct err *e)
{
	cl_context_properties properties[] = { CL_CONTEXT_PLATFORM,
		(cl_context_properties)f->platform, 0 };
	struct device *d = mem_alloc(1, sizeof(*d));
	const char *call = "clCreateContext";
	cl_int code;

	*d = (struct device){ .id = f->id };
	keep_info(d, &f->info);
	d->context = clCreateContext(properties, 1, &d->id, NULL, NULL, &code);
	if (code == CL_SUCCESS) {
		call = "clCreateCommandQueue";
		d->queue = clCreateCommandQueue(d->context, d->id, 0, &code);
	}
	if (code != CL_SUCCESS) {
		device_fail(&d->info, call, code, e);
		device_close(d);
		return NULL;
	}
	return d;
}

int
device_open(struct device **d, const char *choice, struct err *e)
{
	struct device_found_list list = { 0 };
	const struct device_found *f;
	int rc = -1;

	*d = NULL;
	choice = device_chosen(choice);
	if (device_chosen_none(choice))
		return 0;
	if (device_find(&list, e))
		goto out;
	if (list.n == 0 && *choice == '\0') {
		device_without("no OpenCL device is there");
		rc = 0;
		goto out;
	}
	f = device_pick(&list, choice, e);
	*d = f ? device_start(f, e) : NULL;
	rc = *d ? 0 : -1;
out:
	device_find_release(&list);
	return rc;
}

void
device_close(struct device *d)
{
	struct device_program *next;

	if (d == NULL)
		return;
	for (struct device_program *p = d->programs; p; p = next) {
		next = p->next;
		clReleaseProgram(p->program);
		free(p->options);
		free(p);
	}
	if (d->queue)
		clReleaseCommandQueue(d->queue);
	if (d->context)
		clReleaseContext(d->context);
	arena_release(&d->arena);
	free(d);
}

const struct device_info *
device_info(const struct device *d)
{
	return &d->info;
}

struct device_buffer *
device_buffer(struct device *d, size_t bytes, struct err *e)
{
	struct device_buffer *b;
	cl_int code;
	cl_mem mem;

	bytes = bytes ? bytes : 1;
	if (bytes > d->info.alloc_max) {
		err_set(e,
			"%s: %zu bytes in one piece are wanted, and it gives "
			"%llu at the most; --device none uses this machine's "
			"memory",
			d->info.name, bytes,
			(unsigned long long)d->info.alloc_max);
		return NULL;
	}
	mem = clCreateBuffer(d->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
	if (code != CL_SUCCESS) {
		device_fail(&d->info, "clCreateBuffer", code, e);
		return NULL;
	}
	b = mem_alloc(1, sizeof(*b));
	*b = (struct device_buffer){ d, mem, bytes };
	return b;
}

void
device_buffer_free(struct device_buffer *b)
{
	if (b) {
		clReleaseMemObject(b->mem);
		free(b);
	}
}

/* Bytes beyond the buffer's end are the caller's mistake, on any device. */
static int
within(const struct device_buffer *b, size_t at, size_t bytes, struct err *e)
{
	if (at <= b->bytes && bytes <= b->bytes - at)
		return 0;
	return err_set(e, "%s: bytes %zu to %zu of a buffer of %zu",
		b->device->info.name, at, at + bytes, b->bytes);
}

int
device_write(struct device_buffer *b, size_t at, const void *from, size_t bytes,
	struct err *e)
{
	struct device *d = b->device;
	cl_int code;

	if (within(b, at, bytes, e))
		return -1;
	if (bytes == 0)
		return 0;
	code = clEnqueueWriteBuffer(
		d->queue, b->mem, CL_TRUE, at, bytes, from, 0, NULL, NULL);
	return code ? device_fail(&d->info, "clEnqueueWriteBuffer", code, e)
	            : 0;
}

int
device_read(struct device_buffer *b, size_t at, void *to, size_t bytes,
	struct err *e)
{
	struct device *d = b->device;
	cl_int code;

	if (within(b, at, bytes, e))
		return -1;
	if (bytes == 0)
		return 0;
	code = clEnqueueReadBuffer(
		d->queue, b->mem, CL_TRUE, at, bytes, to, 0, NULL, NULL);
	return code ? device_fail(&d->info, "clEnqueueReadBuffer", code, e) : 0;
}

int
device_finish(struct device *d, struct err *e)
{
	cl_int code = clFinish(d->queue);

	return code ? device_fail(&d->info, "clFinish", code, e) : 0;
}

/* What the device says of the kernel; group_max 0 where it will not say. */
static cl_int
ask_kernel(struct device_kernel *k)
{
	cl_int code = clGetKernelWorkGroupInfo(k->kernel, k->device->id,
		CL_KERNEL_WORK_GROUP_SIZE, sizeof(k->group_max), &k->group_max,
		NULL);

	if (code == CL_SUCCESS && k->group_max > k->device->info.group_max)
		k->group_max = k->device->info.group_max;
	if (code == CL_SUCCESS)
		code = clGetKernelInfo(k->kernel, CL_KERNEL_NUM_ARGS,
			sizeof(k->nargs), &k->nargs, NULL);
	return code;
}

struct device_kernel *
device_kernel(struct device *d, const char *source, const char *name,
	const char *options, struct err *e)
{
	cl_program program = device_program(
		d, source, options ? options : "", e);
	struct device_kernel *k;
	cl_int code;

	if (program == NULL)
		return NULL;
	k = mem_alloc(1, sizeof(*k));
	*k = (struct device_kernel){ .device = d, .name = copy(name) };
	k->kernel = clCreateKernel(program, name, &code);
	if (code == CL_SUCCESS)
		code = ask_kernel(k);
	if (code != CL_SUCCESS) {
		struct err why = { 0 };

		device_fail(&d->info, "clCreateKernel", code, &why);
		err_set(e, "%s of %s: %s", name, source, why.msg);
		device_kernel_free(k);
		return NULL;
	}
	return k;
}

void
device_kernel_free(struct device_kernel *k)
{
	if (k == NULL)
		return;
	if (k->kernel)
		clReleaseKernel(k->kernel);
	free(k->name);
	free(k);
}

size_t
device_kernel_group(const struct device_kernel *k)
{
	return k->group_max;
}

static cl_int
set_arg(cl_kernel kernel, cl_uint i, const struct device_arg *arg)
{
	switch (arg->kind) {
	case DEVICE_BUFFER:
		return clSetKernelArg(kernel, i, sizeof(cl_mem),
			arg->is.buffer ? &arg->is.buffer->mem : NULL);
	case DEVICE_I32:
		return clSetKernelArg(kernel, i, sizeof(cl_int), &arg->is.i32);
	case DEVICE_F32:
		return clSetKernelArg(
			kernel, i, sizeof(cl_float), &arg->is.f32);
	case DEVICE_LOCAL:
		return clSetKernelArg(kernel, i, arg->is.local, NULL);
	}
	return CL_INVALID_VALUE;
}

static int
set_args(struct device_kernel *k, const struct device_arg *args, size_t n,
	struct err *e)
{
	size_t local = 0;

	if (n != k->nargs)
		return err_set(e, "kernel %s: %zu arguments for %u", k->name, n,
			(unsigned)k->nargs);
	for (size_t i = 0; i < n; i++) {
		cl_int code = set_arg(k->kernel, (cl_uint)i, &args[i]);
		struct err why;

		if (code != CL_SUCCESS) {
			device_fail(
				&k->device->info, "clSetKernelArg", code, &why);
			return err_set(e, "kernel %s, argument %zu: %s",
				k->name, i + 1, why.msg);
		}
		if (args[i].kind == DEVICE_LOCAL)
			local += args[i].is.local;
	}
	if (local > k->device->info.local_max)
		return err_set(e,
			"kernel %s: %zu bytes of local memory are wanted, and "
			"%s has %zu",
			k->name, local, k->device->info.name,
			k->device->info.local_max);
	return 0;
}

/*
 * A work-group for whoever leaves it open, a power of two: drivers that are asked
 * to choose have chosen what they then refuse. A processor runs a work-group on
 * one of its cores, so that there have to be some for each.
 */
static void
choose_group(const struct device_info *info, struct device_range *r)
{
	size_t groups = info->cpu ? 4 * (size_t)info->units : 1;
	size_t n = r->global[1] > 1 ? r->global[1] : 1;

	r->local[0] = GROUP;
	while (r->local[0] > 1 &&
		(r->local[0] / 2 >= r->global[0] ||
			r->local[0] * groups > r->global[0] * n))
		r->local[0] /= 2;
	r->local[1] = 1;
}

static size_t
whole_groups(size_t items, size_t group)
{
	return group ? (items + group - 1) / group * group : items;
}

/* The group's sides made to fit, and the range made of whole groups. */
static void
fit_range(const struct device_kernel *k, struct device_range *r)
{
	const size_t *side = k->device->info.item_max;

	for (int i = 0; i < 2; i++) {
		r->global[i] = r->global[i] ? r->global[i] : 1;
		r->local[i] = r->local[i] ? r->local[i] : 1;
		while (r->local[i] > side[i])
			r->local[i] /= 2;
	}
	while (r->local[0] * r->local[1] > k->group_max &&
		r->local[0] * r->local[1] > 1)
		r->local[r->local[1] > r->local[0]] /= 2;
	for (int i = 0; i < 2; i++)
		r->global[i] = whole_groups(r->global[i], r->local[i]);
}

int
device_run(struct device_kernel *k, struct device_range range,
	const struct device_arg *args, size_t n, struct err *e)
{
	struct err why;
	cl_int code;

	if (range.global[0] == 0)
		return 0;
	if (set_args(k, args, n, e))
		return -1;
	if (range.local[0] == 0)
		choose_group(&k->device->info, &range);
	fit_range(k, &range);
	code = clEnqueueNDRangeKernel(k->device->queue, k->kernel, 2, NULL,
		range.global, range.local, 0, NULL, NULL);
	if (code == CL_SUCCESS)
		return 0;
	device_fail(&k->device->info, "clEnqueueNDRangeKernel", code, &why);
	return err_set(e, "kernel %s: %s", k->name, why.msg);
}
