/*
 * device_cl: the side of device that speaks OpenCL, within lib/vision.
 */
#ifndef VISION_DEVICE_CL_H
#define VISION_DEVICE_CL_H

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "vision/device.h"
#include "vision/kernels.h"

/* A program, compiled for the device that keeps it. */
struct device_program {
	struct device_program *next;
	const struct kernels_source *source;
	char *options;
	cl_program program;
};

struct device {
	cl_device_id id;
	cl_context context;
	cl_command_queue queue;
	struct device_info info;
	struct arena arena; /* of the info's strings */
	struct device_program *programs;
	signed char can[DEVICE_FEATURES]; /* 0: not known, 1: yes, -1: no */
};

/* A device that is there, before it is opened. */
struct device_found {
	cl_platform_id platform;
	cl_device_id id;
	struct device_info info;
	bool usable; /* it has a compiler, OpenCL 1.2, and is available */
};

struct device_found_list {
	struct device_found *v;
	size_t n, cap;
	struct arena arena; /* of the strings */
};

/*
 * device_find(list, e): Every device of every platform, in the loader's order.
 * That there is no platform is no failure.
 */
int device_find(struct device_found_list *list, struct err *e);
void device_find_release(struct device_found_list *list);

/* device_pick(list, choice, e): The one that ${choice} means, "": the best. */
const struct device_found *device_pick(const struct device_found_list *list,
	const char *choice, struct err *e);

/* device_matches(list, choice, i): Whether ${choice} can mean the ${i}th. */
bool device_matches(
	const struct device_found_list *list, const char *choice, size_t i);

/* device_start(f, e): Open it; what ${f} points into is not kept. */
struct device *device_start(const struct device_found *f, struct err *e);

/*
 * device_program(d, source, options, e): The program, from the cache or
 * compiled; the device keeps it. People are told of what the compiler says,
 * unless ${e} is NULL: then it is only being tried.
 */
cl_program device_program(struct device *d, const char *source,
	const char *options, struct err *e);

/* device_fail(info, call, code, e): Say that the call failed; -1. */
int device_fail(const struct device_info *info, const char *call, cl_int code,
	struct err *e);

#endif
