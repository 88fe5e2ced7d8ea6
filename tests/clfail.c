/*
 * clfail: a library to preload that makes OpenCL's calls fail, for tests/device.t
 * and others.
 *
 *	CLFAIL="clEnqueueNDRangeKernel 2 -5"   fails with -5 from the second
 *	                                       call on
 *	CLFAIL_FMA=no                          no device fuses multiply and add
 *	CLFAIL_DEVICE="gpu 64 16384"           every device is a GPU, say, with 64
 *	                                       work-items in a work-group at the
 *	                                       most and 16 KB of local memory, and
 *	                                       refuses more; nor does it run what
 *	                                       OpenCL 1.2 has no word for
 */
#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static unsigned long count;

/* The error with which this call is to fail, or CL_SUCCESS. */
static cl_int
fails(const char *name)
{
	const char *text = getenv("CLFAIL");
	size_t n = strlen(name);
	unsigned long from;
	char *rest;

	if (text == NULL || strncmp(text, name, n) || text[n] != ' ')
		return CL_SUCCESS;
	from = strtoul(text + n, &rest, 10);
	return ++count < from ? CL_SUCCESS : (cl_int)strtol(rest, NULL, 10);
}

/* The call itself, unless it is to fail: for those that return an error. */
#define STATUS(name, parameters, arguments)                                    \
	cl_int name parameters                                                 \
	{                                                                      \
		cl_int code = fails(#name);                                    \
		__typeof__(&(name)) real = (__typeof__(&(name)))dlsym(         \
			RTLD_NEXT, #name);                                     \
		return code ? code : real arguments;                           \
	}

/* For those that return what they made and leave an error in ${error}. */
#define OBJECT(type, name, parameters, arguments)                              \
	type name parameters                                                   \
	{                                                                      \
		cl_int code = fails(#name);                                    \
		__typeof__(&(name)) real = (__typeof__(&(name)))dlsym(         \
			RTLD_NEXT, #name);                                     \
		if (code == CL_SUCCESS)                                        \
			return real arguments;                                 \
		if (error)                                                     \
			*error = code;                                         \
		return NULL;                                                   \
	}

STATUS(clGetPlatformIDs, (cl_uint n, cl_platform_id *ids, cl_uint *there),
	(n, ids, there))

/* What CLFAIL_DEVICE makes of a device. */
struct narrow {
	cl_device_type type;
	size_t group, local;
};

static bool
is_narrow(struct narrow *to)
{
	const char *text = getenv("CLFAIL_DEVICE");
	char *rest;

	if (text == NULL || strlen(text) < 4)
		return false;
	to->type = strncmp(text, "gpu", 3) ? CL_DEVICE_TYPE_CPU
	                                   : CL_DEVICE_TYPE_GPU;
	to->group = strtoul(text + 3, &rest, 10);
	to->local = strtoul(rest, NULL, 10);
	return true;
}

static void
narrow_info(cl_device_info what, const struct narrow *n, void *to)
{
	size_t *sizes = to;

	switch (what) {
	case CL_DEVICE_TYPE:
		*(cl_device_type *)to = n->type;
		break;
	case CL_DEVICE_MAX_WORK_GROUP_SIZE:
		*sizes = n->group;
		break;
	case CL_DEVICE_MAX_WORK_ITEM_SIZES:
		sizes[0] = n->group;
		sizes[1] = sizes[2] = n->group > 1 ? n->group / 2 : 1;
		break;
	case CL_DEVICE_LOCAL_MEM_SIZE:
		*(cl_ulong *)to = n->local;
		break;
	default:
		break;
	}
}

cl_int
clGetDeviceInfo(
	cl_device_id id, cl_device_info what, size_t n, void *to, size_t *there)
{
	__typeof__(&clGetDeviceInfo) real = (__typeof__(&clGetDeviceInfo))dlsym(
		RTLD_NEXT, "clGetDeviceInfo");
	cl_int code = real(id, what, n, to, there);
	struct narrow narrow;

	if (code == CL_SUCCESS && to && what == CL_DEVICE_SINGLE_FP_CONFIG &&
		getenv("CLFAIL_FMA"))
		*(cl_device_fp_config *)to &= ~(cl_device_fp_config)CL_FP_FMA;
	if (code == CL_SUCCESS && to && is_narrow(&narrow))
		narrow_info(what, &narrow, to);
	return code;
}

/* NOLINTBEGIN(readability-function-size): OpenCL's signatures */
cl_int
clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id id,
	cl_kernel_work_group_info what, size_t n, void *to, size_t *there)
{
	__typeof__(&clGetKernelWorkGroupInfo) real =
		(__typeof__(&clGetKernelWorkGroupInfo))dlsym(
			RTLD_NEXT, "clGetKernelWorkGroupInfo");
	cl_int code = real(kernel, id, what, n, to, there);
	struct narrow narrow;

	if (code == CL_SUCCESS && to && what == CL_KERNEL_WORK_GROUP_SIZE &&
		is_narrow(&narrow) && *(size_t *)to > narrow.group)
		*(size_t *)to = narrow.group;
	return code;
}

/* What a narrow device says to a range. */
static cl_int
narrow_range(cl_kernel kernel, const size_t *global, const size_t *local)
{
	cl_ulong bytes = 0;
	struct narrow n;

	if (!is_narrow(&n))
		return CL_SUCCESS;
	if (global[0] == 0 || global[1] == 0)
		return CL_INVALID_GLOBAL_WORK_SIZE;
	if (local == NULL || local[0] * local[1] > n.group ||
		global[0] % local[0] || global[1] % local[1])
		return CL_INVALID_WORK_GROUP_SIZE;
	if (local[1] > 1 && local[1] > n.group / 2)
		return CL_INVALID_WORK_ITEM_SIZE;
	clGetKernelWorkGroupInfo(kernel, NULL, CL_KERNEL_LOCAL_MEM_SIZE,
		sizeof(bytes), &bytes, NULL);
	return bytes > n.local ? CL_OUT_OF_RESOURCES : CL_SUCCESS;
}

STATUS(clBuildProgram,
	(cl_program program, cl_uint n, const cl_device_id *ids,
		const char *options,
		void(CL_CALLBACK *notify)(cl_program, void *), void *data),
	(program, n, ids, options, notify, data))
STATUS(clSetKernelArg,
	(cl_kernel kernel, cl_uint i, size_t n, const void *value),
	(kernel, i, n, value))
cl_int
clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel,
	cl_uint dimensions, const size_t *offset, const size_t *global,
	const size_t *local, cl_uint n, const cl_event *wait, cl_event *event)
{
	cl_int code = fails("clEnqueueNDRangeKernel");
	__typeof__(&clEnqueueNDRangeKernel) real =
		(__typeof__(&clEnqueueNDRangeKernel))dlsym(
			RTLD_NEXT, "clEnqueueNDRangeKernel");

	if (code == CL_SUCCESS)
		code = narrow_range(kernel, global, local);
	return code ? code
	            : real(queue, kernel, dimensions, offset, global, local, n,
			      wait, event);
}

STATUS(clEnqueueReadBuffer,
	(cl_command_queue queue, cl_mem mem, cl_bool block, size_t at, size_t n,
		void *to, cl_uint nwait, const cl_event *wait, cl_event *event),
	(queue, mem, block, at, n, to, nwait, wait, event))
STATUS(clEnqueueWriteBuffer,
	(cl_command_queue queue, cl_mem mem, cl_bool block, size_t at, size_t n,
		const void *from, cl_uint nwait, const cl_event *wait,
		cl_event *event),
	(queue, mem, block, at, n, from, nwait, wait, event))
STATUS(clFinish, (cl_command_queue queue), (queue))
OBJECT(cl_context, clCreateContext,
	(const cl_context_properties *properties, cl_uint n,
		const cl_device_id *ids,
		void(CL_CALLBACK *notify)(
			const char *, const void *, size_t, void *),
		void *data, cl_int *error),
	(properties, n, ids, notify, data, error))
OBJECT(cl_command_queue, clCreateCommandQueue,
	(cl_context context, cl_device_id id,
		cl_command_queue_properties properties, cl_int *error),
	(context, id, properties, error))
OBJECT(cl_mem, clCreateBuffer,
	(cl_context context, cl_mem_flags flags, size_t n, void *host,
		cl_int *error),
	(context, flags, n, host, error))
OBJECT(cl_program, clCreateProgramWithSource,
	(cl_context context, cl_uint n, const char **lines,
		const size_t *lengths, cl_int *error),
	(context, n, lines, lengths, error))
OBJECT(cl_program, clCreateProgramWithBinary,
	(cl_context context, cl_uint n, const cl_device_id *ids,
		const size_t *lengths, const unsigned char **bytes,
		cl_int *status, cl_int *error),
	(context, n, ids, lengths, bytes, status, error))
OBJECT(cl_kernel, clCreateKernel,
	(cl_program program, const char *name, cl_int *error),
	(program, name, error))
/* NOLINTEND(readability-function-size) */
