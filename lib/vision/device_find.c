#include <stdlib.h>
#include <strings.h>

#include "vision/device_cl.h"

/* A string of a platform or device; "" where it will not say. */
static const char *
platform_text(struct arena *a, cl_platform_id id, cl_platform_info what)
{
	size_t n = 0;
	char *text;

	if (clGetPlatformInfo(id, what, 0, NULL, &n) || n == 0)
		return "";
	text = arena_alloc(a, n + 1);
	if (clGetPlatformInfo(id, what, n, text, NULL))
		return "";
	text[n] = '\0';
	return text;
}

static const char *
device_text(struct arena *a, cl_device_id id, cl_device_info what)
{
	size_t n = 0;
	char *text;

	if (clGetDeviceInfo(id, what, 0, NULL, &n) || n == 0)
		return "";
	text = arena_alloc(a, n + 1);
	if (clGetDeviceInfo(id, what, n, text, NULL))
		return "";
	text[n] = '\0';
	return arena_dup(a, span_trim(span_str(text), " \t"));
}

static const char *
type_name(cl_device_type type)
{
	return type & CL_DEVICE_TYPE_GPU           ? "gpu"
	       : type & CL_DEVICE_TYPE_CPU         ? "cpu"
	       : type & CL_DEVICE_TYPE_ACCELERATOR ? "accelerator"
	                                           : "custom";
}

/* A device that will not say has a limit of the least that OpenCL allows. */
static void
ask_limits(struct device_info *info, cl_device_id id)
{
	size_t items[3] = { 1, 1, 1 };
	cl_ulong local = 0, memory = 0, alloc = 0;
	cl_uint units = 1, clock = 0;
	cl_device_fp_config config = 0;

	info->group_max = 1;
	clGetDeviceInfo(id, CL_DEVICE_MAX_WORK_GROUP_SIZE,
		sizeof(info->group_max), &info->group_max, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof(items), items, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof(local), &local, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_GLOBAL_MEM_SIZE, sizeof(memory), &memory, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof(alloc), &alloc, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof(units), &units, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_MAX_CLOCK_FREQUENCY, sizeof(clock), &clock, NULL);
	clGetDeviceInfo(
		id, CL_DEVICE_SINGLE_FP_CONFIG, sizeof(config), &config, NULL);
	info->fma = (config & CL_FP_FMA) != 0;
	for (int i = 0; i < 2; i++)
		info->item_max[i] = items[i] ? items[i] : 1;
	info->local_max = (size_t)local;
	info->memory = memory;
	info->alloc_max = alloc;
	info->units = units;
	info->clock = clock;
}

/* Whether "OpenCL 1.2 ..." or later is what ${version} says. */
static bool
is_recent(const char *version)
{
	static const char prefix[] = "OpenCL ";
	size_t n = sizeof(prefix) - 1;

	return strncmp(version, prefix, n) == 0 &&
	       (version[n] > '1' ||
		       (version[n] == '1' && version[n + 1] == '.' &&
			       version[n + 2] >= '2'));
}

static void
describe(struct device_found *f, struct arena *a)
{
	struct device_info *info = &f->info;
	cl_bool compiler = CL_FALSE, available = CL_FALSE;
	cl_device_type type = 0;

	clGetDeviceInfo(f->id, CL_DEVICE_TYPE, sizeof(type), &type, NULL);
	clGetDeviceInfo(f->id, CL_DEVICE_COMPILER_AVAILABLE, sizeof(compiler),
		&compiler, NULL);
	clGetDeviceInfo(f->id, CL_DEVICE_AVAILABLE, sizeof(available),
		&available, NULL);
	info->platform = platform_text(a, f->platform, CL_PLATFORM_NAME);
	info->platform_version = platform_text(
		a, f->platform, CL_PLATFORM_VERSION);
	info->name = device_text(a, f->id, CL_DEVICE_NAME);
	info->vendor = device_text(a, f->id, CL_DEVICE_VENDOR);
	info->version = device_text(a, f->id, CL_DEVICE_VERSION);
	info->driver = device_text(a, f->id, CL_DRIVER_VERSION);
	info->extensions = device_text(a, f->id, CL_DEVICE_EXTENSIONS);
	info->type = type_name(type);
	info->gpu = (type & CL_DEVICE_TYPE_GPU) != 0;
	info->cpu = (type & CL_DEVICE_TYPE_CPU) != 0;
	info->nvidia = strncasecmp(info->vendor, "nvidia", 6) == 0;
	ask_limits(info, f->id);
	f->usable = compiler && available && is_recent(info->version);
}

static void
find_of(struct device_found_list *list, cl_platform_id platform)
{
	cl_device_id *ids;
	cl_uint n = 0;

	/* A platform without a device says so by an error. */
	if (clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, NULL, &n) || n == 0)
		return;
	ids = mem_alloc(n, sizeof(*ids));
	if (clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, n, ids, NULL))
		n = 0;
	list->v = mem_grow(list->v, &list->cap, list->n + n, sizeof(*list->v));
	for (cl_uint i = 0; i < n; i++) {
		struct device_found *f = &list->v[list->n++];

		*f = (struct device_found){ platform, ids[i], { 0 }, false };
		describe(f, &list->arena);
	}
	free(ids);
}

int
device_find(struct device_found_list *list, struct err *e)
{
	enum { NO_PLATFORM = -1001 }; /* CL_PLATFORM_NOT_FOUND_KHR */
	cl_platform_id *platforms;
	cl_uint n = 0;
	cl_int code = clGetPlatformIDs(0, NULL, &n);

	if (code == NO_PLATFORM || (code == CL_SUCCESS && n == 0))
		return 0;
	if (code != CL_SUCCESS)
		return device_fail(NULL, "clGetPlatformIDs", code, e);
	platforms = mem_alloc(n, sizeof(*platforms));
	code = clGetPlatformIDs(n, platforms, NULL);
	for (cl_uint i = 0; code == CL_SUCCESS && i < n; i++)
		find_of(list, platforms[i]);
	free(platforms);
	return code ? device_fail(NULL, "clGetPlatformIDs", code, e) : 0;
}

void
device_find_release(struct device_found_list *list)
{
	free(list->v);
	arena_release(&list->arena);
	*list = (struct device_found_list){ 0 };
}
