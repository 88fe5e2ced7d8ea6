#include <stdio.h>
#include <stdlib.h>

#include "vision/device_cl.h"

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

/* The first line with "error" in it, or else the first one. */
static struct span
first_error(struct span log)
{
	struct span first = { "the compiler says nothing", 25 };
	const char *end = log.s + log.len;

	for (const char *line = log.s; line < end;) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		struct span text = { line, (size_t)((eol ? eol : end) - line) };

		if (span_find(text, SPAN("error")))
			return text;
		if (line == log.s && text.len)
			first = text;
		line = eol ? eol + 1 : end;
	}
	return first;
}

/* What the compiler says, for people. */
static void
tell(struct span log)
{
	const char *end = log.s + log.len;
	int n = 0;

	for (const char *line = log.s; line < end;) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((eol ? eol : end) - line);

		if (++n > LOG_LINES) {
			fprintf(stderr, "%s: | ...\n", progname);
			return;
		}
		if (len)
			fprintf(stderr, "%s: | %.*s\n", progname,
				SPAN_ARG(((struct span){ line, len })));
		line = eol ? eol + 1 : end;
	}
}

static bool
is_verbose(void)
{
	const char *text = getenv("CUPEL_CL_VERBOSE");

	return text && *text && strcmp(text, "0") != 0;
}

static int
compile(struct device *d, cl_program program,
	const struct kernels_source *source, const char *options, struct err *e)
{
	cl_int code = clBuildProgram(program, 1, &d->id, options, NULL, NULL);
	struct buf log = { .max = LOG_MAX };

	build_log(d, program, &log);
	if (code != CL_SUCCESS) {
		struct span line = span_trim(
			first_error(buf_span(&log)), " \t\r");
		struct err why;

		device_fail(&d->info, "clBuildProgram", code, &why);
		err_set(e, "%.*s (%s; options \"%s\"; driver %s)",
			(int)(line.len < 200 ? line.len : 200), line.s, why.msg,
			options, d->info.driver);
	}
	if (e && (code != CL_SUCCESS || is_verbose()) && log.len) {
		fprintf(stderr, "%s: %s on %s:\n", progname, source->name,
			d->info.name);
		tell(buf_span(&log));
	}
	buf_release(&log);
	return code ? -1 : 0;
}

cl_program
device_build(struct device *d, const struct kernels_source *source,
	const char *options, bool quiet, struct err *e)
{
	const char **lines = mem_alloc(source->n, sizeof(*lines));
	cl_program program;
	cl_int code;

	for (unsigned i = 0; i < source->n; i++)
		lines[i] = source->lines[i];
	program = clCreateProgramWithSource(
		d->context, source->n, lines, NULL, &code);
	free(lines);
	if (code != CL_SUCCESS) {
		device_fail(&d->info, "clCreateProgramWithSource", code, e);
		return NULL;
	}
	if (compile(d, program, source, options, quiet ? NULL : e)) {
		clReleaseProgram(program);
		return NULL;
	}
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
	bool quiet, struct err *e)
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
	program = device_build(d, s, options, quiet, e);
	if (program == NULL)
		return NULL;
	p = mem_alloc(1, sizeof(*p));
	*p = (struct device_program){ d->programs, s,
		memcpy(mem_alloc(n, 1), options, n), program };
	d->programs = p;
	return program;
}
