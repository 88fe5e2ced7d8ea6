/*
 * unit-device: kernels run, whatever the size of their groups, and what goes
 * wrong is said. The kernels are its own: kernels_sources is defined here.
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap_device.h"
#include "vision/kernels.h"

static const char *const lines[] = {
	"#line 1 \"test.cl\"\n",
	"__kernel void\n",
	"add(__global int *v, int n, float f)\n",
	"{\n",
	"	int i = get_global_id(0);\n",
	"	if (i < n)\n",
	"		v[i] += (int)f;\n",
	"}\n",
	"__kernel void\n",
	"where(__global int *v, int w, int h)\n",
	"{\n",
	"	int x = get_global_id(0), y = get_global_id(1);\n",
	"	if (x < w && y < h)\n",
	"		v[y * w + x] += y * 1000 + x;\n",
	"}\n",
	"__kernel void\n",
	"group(__global int *v)\n",
	"{\n",
	"	v[0] = get_local_size(0);\n",
	"	v[1] = get_local_size(1);\n",
	"	v[2] = get_global_size(0);\n",
	"	v[3] = get_global_size(1);\n",
	"}\n",
	"__kernel void\n",
	"sum(__global int *v, __local int *part, int n)\n",
	"{\n",
	"	int i = get_local_id(0), all = 0;\n",
	"	part[i] = i < n ? v[i] : 0;\n",
	"	barrier(CLK_LOCAL_MEM_FENCE);\n",
	"	for (int j = 0; j < (int)get_local_size(0); j++)\n",
	"		all += part[j];\n",
	"	if (i == 0)\n",
	"		v[n] = all;\n",
	"}\n",
	"#ifdef BROKEN\n",
	"__constant int oops = nonsense;\n",
	"#endif\n",
};

const struct kernels_source kernels_sources[] = {
	{ "test.cl", lines, sizeof(lines) / sizeof(*lines) }, { 0 }
};

static struct device *device;
static struct err e;

/* A kernel of the test's source, which has to be there. */
static struct device_kernel *
kernel(const char *name)
{
	struct device_kernel *k = device_kernel(
		device, "test.cl", name, NULL, &e);

	if (!ok(k != NULL, "kernel %s", name))
		tap_note("%s", e.msg);
	return k;
}

/* ${n} work-items add to ${items} numbers, in groups of ${group} or so. */
static void
check_add(size_t items, int32_t n, size_t group)
{
	struct device_kernel *k = kernel("add");
	int32_t *v = calloc(items + 2, sizeof(*v));
	size_t bytes = (items + 2) * sizeof(*v), wrong = 0;
	struct device_buffer *b = device_buffer(device, bytes, &e);
	int rc;

	for (size_t i = 0; i < items + 2; i++)
		v[i] = (int32_t)i;
	rc = device_write(b, 0, v, bytes, &e);
	rc |= device_run(k, (struct device_range){ { items, 0 }, { group, 0 } },
		(struct device_arg[]){
			ARG_BUFFER(b), ARG_I32(n), ARG_F32(5.0F) },
		3, &e);
	rc |= device_read(b, 0, v, bytes, &e);
	for (size_t i = 0; i < items + 2; i++)
		wrong += v[i] != (int32_t)i + (i < (size_t)n ? 5 : 0);
	ok(rc == 0 && wrong == 0, "%zu items in groups of %zu", items, group);
	device_buffer_free(b);
	device_kernel_free(k);
	free(v);
}

static void
check_plane(size_t w, size_t h, size_t gw, size_t gh)
{
	struct device_kernel *k = kernel("where");
	size_t bytes = w * h * sizeof(int32_t), wrong = 0;
	int32_t *v = calloc(w * h, sizeof(*v));
	struct device_buffer *b = device_buffer(device, bytes, &e);
	int rc = device_write(b, 0, v, bytes, &e);

	rc |= device_run(k, (struct device_range){ { w, h }, { gw, gh } },
		(struct device_arg[]){ ARG_BUFFER(b), ARG_I32((int32_t)w),
			ARG_I32((int32_t)h) },
		3, &e);
	rc |= device_read(b, 0, v, bytes, &e);
	for (size_t i = 0; i < w * h; i++)
		wrong += v[i] != (int32_t)(i / w * 1000 + i % w);
	ok(rc == 0 && wrong == 0, "%zu x %zu items in groups of %zu x %zu", w,
		h, gw, gh);
	device_buffer_free(b);
	device_kernel_free(k);
	free(v);
}

/* A group too large is halved; the range stays a multiple of it. */
static void
check_groups(void)
{
	struct device_kernel *k = kernel("group");
	struct device_buffer *b = device_buffer(device, 16, &e);
	size_t most = device_kernel_group(k);
	int32_t v[4] = { 0 };
	int rc = device_run(k,
		(struct device_range){ { 100, 3 }, { most * 8, 2 } },
		(struct device_arg[]){ ARG_BUFFER(b) }, 1, &e);

	rc |= device_read(b, 0, v, sizeof(v), &e);
	ok(most > 0 && rc == 0, "a group beyond the limit of %zu runs", most);
	ok(v[0] > 0 && v[1] > 0 && (size_t)v[0] * (size_t)v[1] <= most,
		"in groups of %d x %d", v[0], v[1]);
	ok(v[2] >= 100 && v[2] % v[0] == 0 && v[3] >= 3 && v[3] % v[1] == 0,
		"of a range of %d x %d", v[2], v[3]);
	device_buffer_free(b);
	device_kernel_free(k);
}

static void
check_local(void)
{
	struct device_kernel *k = kernel("sum");
	size_t n = device_kernel_group(k) < 16 ? device_kernel_group(k) : 16;
	struct device_range range = { { n, 1 }, { n, 1 } };
	struct device_buffer *b = device_buffer(device, (n + 1) * 4, &e);
	struct device_arg args[] = { ARG_BUFFER(b), ARG_LOCAL(n * 4),
		ARG_I32((int32_t)n) };
	int32_t v[17] = { 0 }, want = 0;

	for (size_t i = 0; i < n; i++)
		want += v[i] = (int32_t)(i * i) + 1;
	is_int(device_write(b, 0, v, n * 4, &e), 0, "written");
	is_int(device_run(k, range, args, 3, &e), 0, "run with local memory");
	is_int(device_read(b, n * 4, &v[n], 4, &e), 0, "read from the middle");
	is_int(v[n], want, "the group's sum");
	args[1].is.local = device_info(device)->local_max + 1;
	is_int(device_run(k, range, args, 3, &e), -1, "too much local memory");
	ok(strstr(e.msg, "bytes of local memory are wanted") != NULL,
		"is told before the device is asked");
	device_buffer_free(b);
	device_kernel_free(k);
}

/* What is wrong is said, and the device goes on to work. */
static void
check_mistakes(void)
{
	struct device_kernel *k = kernel("add");
	struct device_buffer *b = device_buffer(device, 0, &e);
	struct device_range one = { { 1, 0 }, { 0, 0 } };
	struct device_arg args[] = { ARG_BUFFER(b), ARG_I32(0), ARG_F32(0) };
	uint64_t most = device_info(device)->alloc_max;
	char byte = 0;

	ok(b != NULL, "a buffer of no bytes is one");
	is_int(device_write(b, 0, &byte, 1, &e), 0, "of one byte");
	is_int(device_write(b, 1, &byte, 0, &e), 0, "nothing at its end");
	is_int(device_write(b, 1, &byte, 1, &e), -1, "a byte beyond it");
	is_int(device_read(b, SIZE_MAX, &byte, 2, &e), -1, "far beyond it");
	is_int(device_run(k, one, args, 2, &e), -1, "an argument less");
	is_str(e.msg, "kernel add: 2 arguments for 3", "is counted");
	args[1] = (struct device_arg)ARG_LOCAL(8);
	is_int(device_run(k, one, args, 3, &e), -1, "one of another kind");
	ok(strstr(e.msg, "kernel add, argument 2: ") && strstr(e.msg, "CL_"),
		"is named with the error");
	if (most < SIZE_MAX) {
		ok(device_buffer(device, (size_t)most + 1, &e) == NULL,
			"a buffer larger than the device gives");
		ok(strstr(e.msg, "in one piece are wanted") != NULL,
			"is told before the device is asked");
	}
	ok(device_kernel(device, "none.cl", "add", NULL, &e) == NULL, "none");
	is_str(e.msg, "none.cl: there is no such kernel source", "no source");
	ok(device_kernel(device, "test.cl", "none", NULL, &e) == NULL, "none");
	ok(strstr(e.msg, "none of test.cl: ") &&
			strstr(e.msg, "CL_INVALID_KERNEL_NAME"),
		"no kernel of the name: %s", e.msg);
	device_buffer_free(b);
	device_kernel_free(k);
	check_add(3, 3, 0);
}

/* The compiler's first error, with the kernel's own file and line. */
static void
check_broken(void)
{
	ok(device_kernel(device, "test.cl", "add", "-DBROKEN", &e) == NULL,
		"a source with a mistake is refused");
	ok(strstr(e.msg, "test.cl:35") != NULL, "by file and line: %s", e.msg);
	ok(strstr(e.msg, "CL_BUILD_PROGRAM_FAILURE") != NULL, "and error");
	ok(strstr(e.msg, device_info(device)->name) != NULL, "and device");
	ok(device_kernel(device, "test.cl", "add", "-DBROKEN", NULL) == NULL,
		"or nobody is told");
}

static void
check_choices(void)
{
	struct device *d = NULL;

	is_int(device_open(&d, "none", &e), 0, "none is a choice");
	ok(d == NULL, "of no device");
	is_int(device_open(&d, "no such:gpu:thing", &e), -1, "a choice");
	ok(strstr(e.msg, "--device or CUPEL_CL \"no such:gpu:thing\": nothing "
			 "matches") != NULL,
		"that matches nothing: %s", e.msg);
	ok(strstr(e.msg, device_info(device)->name) != NULL,
		"lists what there is");
	device_close(NULL);
	device_kernel_free(NULL);
	device_buffer_free(NULL);
}

int
main(void)
{
	device = tap_device();
	if (device == NULL) {
		tap_skip("kernels run", "there is no OpenCL device");
		return tap_done();
	}
	tap_note("on %s", device_info(device)->name);
	for (size_t group = 0; group <= 256; group = group * 4 + 1)
		for (size_t items = 1; items < 2000; items = items * 5 + 2)
			check_add(items, (int32_t)(items - items / 3), group);
	check_add(0, 0, 0);
	check_plane(1, 1, 0, 0);
	check_plane(37, 11, 0, 0);
	check_plane(1, 300, 0, 0);
	check_plane(37, 11, 8, 8);
	check_plane(3, 64, 64, 64);
	check_groups();
	check_local();
	check_mistakes();
	check_broken();
	check_choices();
	is_int(device_finish(device, &e), 0, "all is done");
	device_close(device);
	return tap_done();
}
