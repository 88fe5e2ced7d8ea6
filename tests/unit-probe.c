/*
 * unit-probe: what is said of devices is true of them, and each is found again
 * by the choice that names it.
 */
#include "record/json.h"
#include "tap.h"
#include "vision/device.h"

/* What is tried out agrees with what the driver says of itself. */
static void
check_features(struct device *d)
{
	const struct device_info *info = device_info(d);
	bool fp64 = strstr(info->extensions, "cl_khr_fp64") != NULL;

	ok(!fp64 || device_can(d, DEVICE_FP64), "cl_khr_fp64 is kept");
	ok(!strstr(info->extensions, "cl_khr_fp16") ||
			device_can(d, DEVICE_FP16),
		"cl_khr_fp16 is kept");
	ok(info->nvidia || (!device_can(d, DEVICE_DP4A) &&
				   !device_can(d, DEVICE_MMA)),
		"PTX is NVIDIA's");
	ok(device_can(d, DEVICE_FP64) == device_can(d, DEVICE_FP64),
		"an answer is kept");
}

static void
check_line(struct span line)
{
	struct arena a = { 0 };
	struct device *d = NULL;
	struct json_fault fault;
	const char *choice, *name;
	struct err e = { "" };

	ok(json_scan(line, NULL, &fault) == 0, "a device is a record");
	choice = arena_dup(&a, json_str(json_get(line, "choice"), &a));
	name = arena_dup(&a, json_str(json_get(line, "name"), &a));
	tap_note("%s", choice);
	if (!json_get(line, "unusable").s)
		ok(device_open(&d, choice, &e) == 0 && d,
			"its choice opens it %s", e.msg);
	if (d) {
		ok(json_true(json_get(json_get(line, "features"), "fma")) ==
				device_info(d)->fma,
			"its features are listed");
		is_str(device_info(d)->name, name, "and no other");
		check_features(d);
	}
	device_close(d);
	arena_release(&a);
}

int
main(void)
{
	struct buf lines = { 0 };
	struct err e = { "" };
	struct span rest;

	if (!ok(device_list(&lines, &e) == 0, "devices are listed"))
		tap_note("%s", e.msg);
	rest = buf_span(&lines);
	while (rest.len) {
		const char *eol = memchr(rest.s, '\n', rest.len);
		size_t n = (size_t)(eol - rest.s);

		check_line((struct span){ rest.s, n });
		rest = (struct span){ eol + 1, rest.len - n - 1 };
	}
	if (lines.len == 0)
		tap_skip("a device is a record", "there is no OpenCL device");
	buf_release(&lines);
	return tap_done();
}
