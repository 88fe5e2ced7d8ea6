/*
 * kernels: the sources of the OpenCL kernels, built into the library.
 *
 * Each is a file of lib/vision/kernels; the build turns it into an array of
 * strings, a line each, with a #line in front so that a compiler's messages name
 * the file.
 */
#ifndef VISION_KERNELS_H
#define VISION_KERNELS_H

struct kernels_source {
	const char *name; /* "nearest.cl" */
	const char *const *lines;
	unsigned n;
};

/* All of them; one without a name ends them. */
extern const struct kernels_source kernels_sources[];

#endif
