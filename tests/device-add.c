/*
 * device-add: for tests/device.t, the sum of two numbers from a device.
 *
 *	device-add [OPTIONS]   with the compiler's options; the choice of a device
 *	                       comes from $CUPEL_CL
 *
 * It prints 42, or "twin" where no device is opened. The kernel is its own:
 * kernels_sources is defined here.
 */
#include <stdio.h>

#include "vision/device.h"
#include "vision/kernels.h"

static const char *const lines[] = {
	"#line 1 \"add.cl\"\n",
	"__kernel void\n",
	"add(__global int *v, int n)\n",
	"{\n",
	"	v[0] == n;\n",
	"	v[0] += n;\n",
	"}\n",
	"#ifdef BROKEN\n",
	"__constant int oops = nonsense;\n",
	"#endif\n",
};

const struct kernels_source kernels_sources[] = {
	{ "add.cl", lines, sizeof(lines) / sizeof(*lines) }, { 0 }
};

/* 20 + 22, on the device. */
static int
add(struct device *d, const char *options, int32_t *sum, struct err *e)
{
	struct device_kernel *k = device_kernel(d, "add.cl", "add", options, e);
	struct device_buffer *b = k ? device_buffer(d, 4, e) : NULL;
	int rc = -1;

	*sum = 20;
	if (b && device_write(b, 0, sum, 4, e) == 0 &&
		device_run(k, (struct device_range){ { 1, 1 }, { 1, 1 } },
			(struct device_arg[]){ ARG_BUFFER(b), ARG_I32(22) }, 2,
			e) == 0 &&
		device_finish(d, e) == 0)
		rc = device_read(b, 0, sum, 4, e);
	device_buffer_free(b);
	device_kernel_free(k);
	return rc;
}

int
main(int argc, char **argv)
{
	struct device *d;
	struct err e;
	int32_t sum;

	progname = "device-add";
	if (device_open(&d, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	if (d == NULL) {
		puts("twin");
		return ST_OK;
	}
	if (add(d, argc > 1 ? argv[1] : NULL, &sum, &e)) {
		device_close(d);
		die(ST_CUT, "%s", e.msg);
	}
	printf("%d\n", sum);
	device_close(d);
	return ST_OK;
}
