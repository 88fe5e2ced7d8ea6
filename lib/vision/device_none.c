#include "vision/device.h"
#include "vision/device_opts.h"

/*
 * device for a build without OpenCL: nothing opens, so that nothing else is
 * ever called.
 */

int
device_open(struct device **d, const char *choice, struct err *e)
{
	*d = NULL;
	choice = device_chosen(choice);
	if (device_chosen_none(choice))
		return 0;
	if (*choice)
		return err_set(e,
			"--device or CUPEL_CL \"%s\": this build has no "
			"OpenCL; --device "
			"none runs plain C",
			choice);
	device_without("this build has no OpenCL");
	return 0;
}

void
device_close(struct device *d)
{
	(void)d;
}

const struct device_info *
device_info(const struct device *d)
{
	(void)d;
	return NULL;
}

bool
device_can(struct device *d, enum device_feature feature)
{
	(void)d, (void)feature;
	return false;
}

int
device_list(struct buf *lines, struct err *e)
{
	(void)lines, (void)e;
	device_without("this build has no OpenCL");
	return 0;
}

struct device_kernel *
device_kernel(struct device *d, const char *source, const char *name,
	const char *options, struct err *e)
{
	(void)d, (void)options;
	err_set(e, "%s of %s: this build has no OpenCL", name, source);
	return NULL;
}

void
device_kernel_free(struct device_kernel *k)
{
	(void)k;
}

size_t
device_kernel_group(const struct device_kernel *k)
{
	(void)k;
	return 0;
}

struct device_buffer *
device_buffer(struct device *d, size_t bytes, struct err *e)
{
	(void)d;
	err_set(e, "%zu bytes: this build has no OpenCL", bytes);
	return NULL;
}

void
device_buffer_free(struct device_buffer *b)
{
	(void)b;
}

int
device_write(struct device_buffer *b, size_t at, const void *from, size_t bytes,
	struct err *e)
{
	(void)b, (void)at, (void)from, (void)bytes;
	return err_set(e, "this build has no OpenCL");
}

int
device_read(struct device_buffer *b, size_t at, void *to, size_t bytes,
	struct err *e)
{
	(void)b, (void)at, (void)to, (void)bytes;
	return err_set(e, "this build has no OpenCL");
}

int
device_run(struct device_kernel *k, struct device_range range,
	const struct device_arg *args, size_t n, struct err *e)
{
	(void)k, (void)range, (void)args, (void)n;
	return err_set(e, "this build has no OpenCL");
}

int
device_finish(struct device *d, struct err *e)
{
	(void)d;
	return err_set(e, "this build has no OpenCL");
}
