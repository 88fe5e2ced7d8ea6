/*
 * clguard: a library to preload that guards OpenCL's buffers, for tests/guard.t.
 *
 *	CLGUARD=255   bytes of this value stand before and behind each buffer,
 *	              and in it before anything is written
 *
 * A buffer becomes a part of a larger one. When it is released, what stands
 * around it has to be as it was; else the program is aborted.
 */
#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUARD ((size_t)4096) /* as much as any device wants parts aligned */
#define MOST 256             /* buffers at once */

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

static struct guarded {
	cl_mem whole, part;
	size_t bytes; /* of the part */
} all[MOST];

static cl_command_queue queue; /* the one that was made last */

static unsigned char
filling(void)
{
	const char *text = getenv("CLGUARD");

	return text ? (unsigned char)strtoul(text, NULL, 10) : 0;
}

/* Only tests are run with this. */
static void
fail(const char *what, size_t at)
{
	fprintf(stderr, "clguard: %s %zu\n", what, at);
	abort();
}

static void
fill(cl_mem whole, size_t bytes)
{
	void *v = malloc(bytes);

	if (v == NULL)
		fail("no memory for", bytes);
	memset(v, filling(), bytes);
	if (clEnqueueWriteBuffer(
		    queue, whole, CL_TRUE, 0, bytes, v, 0, NULL, NULL))
		fail("cannot fill", bytes);
	free(v);
}

/* Are the guards before and behind still there? */
static void
check(const struct guarded *g)
{
	unsigned char v[2 * GUARD];

	if (clEnqueueReadBuffer(
		    queue, g->whole, CL_TRUE, 0, GUARD, v, 0, NULL, NULL) ||
		clEnqueueReadBuffer(queue, g->whole, CL_TRUE, GUARD + g->bytes,
			GUARD, v + GUARD, 0, NULL, NULL))
		fail("cannot read around a buffer of", g->bytes);
	for (size_t i = 0; i < 2 * GUARD; i++)
		if (v[i] != filling())
			fail(i < GUARD ? "written before a buffer of"
				       : "written behind a buffer of",
				g->bytes);
}

cl_command_queue
clCreateCommandQueue(cl_context context, cl_device_id id,
	cl_command_queue_properties properties, cl_int *error)
{
	queue = REAL(clCreateCommandQueue)(context, id, properties, error);
	return queue;
}

cl_mem
clCreateBuffer(cl_context context, cl_mem_flags flags, size_t n, void *host,
	cl_int *error)
{
	cl_buffer_region region = { GUARD, n };
	struct guarded *g = all;

	while (g < all + MOST && g->part)
		g++;
	if (g == all + MOST || host)
		fail("not made for buffers of the host, nor for more than",
			MOST);
	g->whole = REAL(clCreateBuffer)(
		context, flags, GUARD + n + GUARD, NULL, error);
	if (g->whole == NULL)
		return NULL;
	fill(g->whole, GUARD + n + GUARD);
	g->bytes = n;
	g->part = clCreateSubBuffer(
		g->whole, flags, CL_BUFFER_CREATE_TYPE_REGION, &region, error);
	if (g->part == NULL)
		fail("no part of a buffer of", n);
	return g->part;
}

cl_int
clReleaseMemObject(cl_mem mem)
{
	struct guarded *g = all;
	cl_int code;

	while (g < all + MOST && g->part != mem)
		g++;
	if (g == all + MOST)
		return REAL(clReleaseMemObject)(mem);
	check(g);
	code = REAL(clReleaseMemObject)(g->part);
	REAL(clReleaseMemObject)(g->whole);
	*g = (struct guarded){ 0 };
	return code;
}
