#include <stdio.h>
#include <stdlib.h>

#include "record/digest.h"
#include "vision/device_cache.h"
#include "vision/device_cl.h"
#include "vision/device_hush.h"

enum { LOG_LINES = 40, LOG_MAX = 1 << 20 };

static void
build_log(struct device *d, cl_program program, struct buf *log)
{
	size_t n = 0;
	char *p;

	if (clGetProgramBuildInfo(
		    program, d->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &n) ||
		n == 0 || n > LOG_MAX)
		return;
	p = buf_room(log, n);
	if (p && clGetProgramBuildInfo(
			 program, d->id, CL_PROGRAM_BUILD_LOG, n, p, NULL) == 0)
		log->len += strnlen(p, n);
}

/* Cut the first line off ${text}. */
static struct span
cut_line(struct span *text)
{
	const char *eol = memchr(text->s, '\n', text->len);
	size_t n = eol ? (size_t)(eol - text->s) : text->len;
	struct span line = { text->s, n };

	text->s += n + (eol != NULL);
	text->len -= n + (eol != NULL);
	return line;
}

/* The first line with "error" in it, or else the first one. */
static struct span
first_error(struct span log)
{
	struct span first = SPAN("the compiler says nothing");

	while (log.len) {
		struct span line = span_trim(cut_line(&log), " \t\r");

		if (span_find(line, SPAN("error")))
			return line;
		if (line.len && first.s[0] == 't')
			first = line;
	}
	return first;
}

/* What the compiler says, for people. */
static void
tell(struct span log)
{
	for (int n = 0; log.len && n < LOG_LINES; n++) {
		struct span line = cut_line(&log);

		fprintf(stderr, "%s: | %.*s\n", progname, SPAN_ARG(line));
	}
	if (log.len)
		fprintf(stderr, "%s: | ...\n", progname);
}

static cl_int
build_quietly(struct device *d, cl_program program, const char *options)
{
	int saved = device_hush();
	cl_int code = clBuildProgram(program, 1, &d->id, options, NULL, NULL);

	device_speak(saved);
	return code;
}

/* Say why it does not compile, in a line; -1. */
static int
refuse(struct device *d, cl_int code, const char *options, struct span log,
	struct err *e)
{
	struct span line = first_error(log);
	struct err why;

	line.len = line.len < 200 ? line.len : 200;
	device_fail(&d->info, "clBuildProgram", code, &why);
	return err_set(e, "%.*s: %s (driver %s, options \"%s\")",
		SPAN_ARG(line), why.msg, d->info.driver, options);
}

static int
compile(struct device *d, cl_program program,
	const struct kernels_source *source, const char *options, struct err *e)
{
	cl_int code = build_quietly(d, program, options);
	struct buf log = { .max = LOG_MAX };

	build_log(d, program, &log);
	if (device_verbose() || (e && code != CL_SUCCESS)) {
		fprintf(stderr, "%s: %s, compiled on %s with \"%s\"\n",
			progname, source->name, d->info.name, options);
		tell(buf_span(&log));
	}
	if (code != CL_SUCCESS)
		refuse(d, code, options, buf_span(&log), e);
	buf_release(&log);
	return code ? -1 : 0;
}

/* Everything that makes the compiled program what it is. */
static void
make_key(const struct device *d, const struct kernels_source *source,
	const char *options, char key[DIGEST_HEX + 1])
{
	const struct device_info *info = &d->info;
	const char *parts[] = { VERSION, options, info->platform,
		info->platform_version, info->vendor, info->name, info->version,
		info->driver };
	struct buf all = { 0 };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		buf_printf(&all, "%zu %s\n", strlen(parts[i]), parts[i]);
	for (unsigned i = 0; i < source->n; i++)
		buf_add(&all, span_str(source->lines[i]));
	digest_hex(buf_span(&all), key);
	buf_release(&all);
}

/* From the cache; NULL where there is none, or the driver refuses it. */
static cl_program
recall(struct device *d, const char *key, const char *options)
{
	struct buf binary = { 0 };
	const unsigned char *bytes;
	cl_program program = NULL;
	cl_int code, status;

	if (!device_cache_get(key, &binary))
		return NULL;
	bytes = (const unsigned char *)binary.s;
	program = clCreateProgramWithBinary(
		d->context, 1, &d->id, &binary.len, &bytes, &status, &code);
	if (code == CL_SUCCESS)
		code = status;
	if (code == CL_SUCCESS)
		code = build_quietly(d, program, options);
	if (code != CL_SUCCESS && program) {
		clReleaseProgram(program);
		program = NULL;
	}
	buf_release(&binary);
	return program;
}

static void
keep(cl_program program, const char *key)
{
	unsigned char *bytes;
	size_t n = 0;

	if (clGetProgramInfo(
		    program, CL_PROGRAM_BINARY_SIZES, sizeof(n), &n, NULL) ||
		n == 0)
		return;
	bytes = mem_alloc(n, 1);
	if (clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof(bytes),
		    &bytes, NULL) == CL_SUCCESS)
		device_cache_put(key, (struct span){ (char *)bytes, n });
	free(bytes);
}

static cl_program
build(struct device *d, const struct kernels_source *source,
	const char *options, struct err *e)
{
	const char **lines = mem_alloc(source->n, sizeof(*lines));
	cl_program program;
	cl_int code;

	memcpy(lines, source->lines, source->n * sizeof(*lines));
	program = clCreateProgramWithSource(
		d->context, source->n, lines, NULL, &code);
	free(lines);
	if (code != CL_SUCCESS) {
		device_fail(&d->info, "clCreateProgramWithSource", code, e);
		return NULL;
	}
	if (compile(d, program, source, options, e)) {
		clReleaseProgram(program);
		return NULL;
	}
	return program;
}

/* From the cache, or compiled and put there. */
static cl_program
obtain(struct device *d, const struct kernels_source *source,
	const char *options, struct err *e)
{
	char key[DIGEST_HEX + 1];
	cl_program program;

	make_key(d, source, options, key);
	program = recall(d, key, options);
	if (program && device_verbose())
		fprintf(stderr, "%s: %s, from the cache for %s with \"%s\"\n",
			progname, source->name, d->info.name, options);
	if (program)
		return program;
	program = build(d, source, options, e);
	if (program)
		keep(program, key);
	return program;
}

static const struct kernels_source *
find_source(const char *name)
{
	const struct kernels_source *s = kernels_sources;

	while (s->name && strcmp(s->name, name))
		s++;
	return s->name ? s : NULL;
}

cl_program
device_program(struct device *d, const char *source, const char *options,
	struct err *e)
{
	const struct kernels_source *s = find_source(source);
	size_t n = strlen(options) + 1;
	struct device_program *p = d->programs;
	cl_program program;

	while (p && (p->source != s || strcmp(p->options, options)))
		p = p->next;
	if (p)
		return p->program;
	if (s == NULL) {
		err_set(e, "%s: there is no such kernel source", source);
		return NULL;
	}
	program = obtain(d, s, options, e);
	if (program == NULL)
		return NULL;
	p = mem_alloc(1, sizeof(*p));
	*p = (struct device_program){ d->programs, s,
		memcpy(mem_alloc(n, 1), options, n), program };
	d->programs = p;
	return program;
}
