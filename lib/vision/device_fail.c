#include "vision/device_cl.h"

#define NAMED(code)                                                            \
	{                                                                      \
		code, #code                                                    \
	}

/* OpenCL's errors by name, and what may be done where anything may. */
static const struct {
	cl_int code;
	const char *name;
} names[] = {
	NAMED(CL_DEVICE_NOT_FOUND),
	NAMED(CL_DEVICE_NOT_AVAILABLE),
	NAMED(CL_COMPILER_NOT_AVAILABLE),
	NAMED(CL_MEM_OBJECT_ALLOCATION_FAILURE),
	NAMED(CL_OUT_OF_RESOURCES),
	NAMED(CL_OUT_OF_HOST_MEMORY),
	NAMED(CL_PROFILING_INFO_NOT_AVAILABLE),
	NAMED(CL_MEM_COPY_OVERLAP),
	NAMED(CL_BUILD_PROGRAM_FAILURE),
	NAMED(CL_MAP_FAILURE),
	NAMED(CL_MISALIGNED_SUB_BUFFER_OFFSET),
	NAMED(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
	NAMED(CL_COMPILE_PROGRAM_FAILURE),
	NAMED(CL_LINKER_NOT_AVAILABLE),
	NAMED(CL_LINK_PROGRAM_FAILURE),
	NAMED(CL_INVALID_VALUE),
	NAMED(CL_INVALID_DEVICE_TYPE),
	NAMED(CL_INVALID_PLATFORM),
	NAMED(CL_INVALID_DEVICE),
	NAMED(CL_INVALID_CONTEXT),
	NAMED(CL_INVALID_QUEUE_PROPERTIES),
	NAMED(CL_INVALID_COMMAND_QUEUE),
	NAMED(CL_INVALID_HOST_PTR),
	NAMED(CL_INVALID_MEM_OBJECT),
	NAMED(CL_INVALID_BINARY),
	NAMED(CL_INVALID_BUILD_OPTIONS),
	NAMED(CL_INVALID_PROGRAM),
	NAMED(CL_INVALID_PROGRAM_EXECUTABLE),
	NAMED(CL_INVALID_KERNEL_NAME),
	NAMED(CL_INVALID_KERNEL_DEFINITION),
	NAMED(CL_INVALID_KERNEL),
	NAMED(CL_INVALID_ARG_INDEX),
	NAMED(CL_INVALID_ARG_VALUE),
	NAMED(CL_INVALID_ARG_SIZE),
	NAMED(CL_INVALID_KERNEL_ARGS),
	NAMED(CL_INVALID_WORK_DIMENSION),
	NAMED(CL_INVALID_WORK_GROUP_SIZE),
	NAMED(CL_INVALID_WORK_ITEM_SIZE),
	NAMED(CL_INVALID_GLOBAL_OFFSET),
	NAMED(CL_INVALID_EVENT_WAIT_LIST),
	NAMED(CL_INVALID_EVENT),
	NAMED(CL_INVALID_OPERATION),
	NAMED(CL_INVALID_BUFFER_SIZE),
	NAMED(CL_INVALID_GLOBAL_WORK_SIZE),
	NAMED(CL_INVALID_PROPERTY),
	NAMED(CL_INVALID_COMPILER_OPTIONS),
	NAMED(CL_INVALID_LINKER_OPTIONS),
	NAMED(CL_INVALID_DEVICE_PARTITION_COUNT),
};

static const char *
advice(cl_int code)
{
	switch (code) {
	case CL_MEM_OBJECT_ALLOCATION_FAILURE:
	case CL_OUT_OF_RESOURCES:
	case CL_OUT_OF_HOST_MEMORY:
		return "its memory or its queue is full: free it of other "
		       "programs, or use --device none";
	case CL_DEVICE_NOT_AVAILABLE:
		return "the device is gone or busy: try again, or use "
		       "--device none";
	case CL_BUILD_PROGRAM_FAILURE:
	case CL_COMPILER_NOT_AVAILABLE:
	case CL_LINK_PROGRAM_FAILURE:
		return "another driver may help; --device none runs plain C";
	default:
		return "--device none runs plain C";
	}
}

int
device_fail(const struct device_info *info, const char *call, cl_int code,
	struct err *e)
{
	const char *on = info ? info->name : "OpenCL";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].code == code)
			return err_set(e, "%s: %s: %s; %s", on, call,
				names[i].name, advice(code));
	return err_set(
		e, "%s: %s: error %d; %s", on, call, (int)code, advice(code));
}
