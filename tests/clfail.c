/*
 * clfail: a library to preload that makes OpenCL's calls fail, for tests/device.t.
 *
 *	CLFAIL="clEnqueueNDRangeKernel 2 -5"   fails with -5 from the second
 *	                                       call on
 *	CLFAIL_FMA=no                          no device fuses multiply and add
 */
#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
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

cl_int
clGetDeviceInfo(
	cl_device_id id, cl_device_info what, size_t n, void *to, size_t *there)
{
	__typeof__(&clGetDeviceInfo) real = (__typeof__(&clGetDeviceInfo))dlsym(
		RTLD_NEXT, "clGetDeviceInfo");
	cl_int code = real(id, what, n, to, there);

	if (code == CL_SUCCESS && to && what == CL_DEVICE_SINGLE_FP_CONFIG &&
		getenv("CLFAIL_FMA"))
		*(cl_device_fp_config *)to &= ~(cl_device_fp_config)CL_FP_FMA;
	return code;
}

/* NOLINTBEGIN(readability-function-size): OpenCL's signatures */
STATUS(clBuildProgram,
	(cl_program program, cl_uint n, const cl_device_id *ids,
		const char *options,
		void(CL_CALLBACK *notify)(cl_program, void *), void *data),
	(program, n, ids, options, notify, data))
STATUS(clSetKernelArg,
	(cl_kernel kernel, cl_uint i, size_t n, const void *value),
	(kernel, i, n, value))
STATUS(clEnqueueNDRangeKernel,
	(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions,
		const size_t *offset, const size_t *global, const size_t *local,
		cl_uint n, const cl_event *wait, cl_event *event),
	(queue, kernel, dimensions, offset, global, local, n, wait, event))
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
