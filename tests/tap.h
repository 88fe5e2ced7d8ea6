/*
 * tap: what a unit or property test prints.
 *
 * Each check is a point of the Test Anything Protocol; a failed one says where
 * it stands and what it saw. A test's main makes its checks and returns
 * tap_done(). A property test prints its seed with tap_note.
 */
#ifndef TAP_H
#define TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;

/* tap_note(fmt, ...): A remark for people. */
__attribute__((format(printf, 1, 2))) static inline void
tap_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
}

/* The point itself: ok() is how a test says it. Returns ${yes}. */
__attribute__((format(printf, 4, 5))) static inline bool
tap_point(bool yes, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("%sok %d - ", yes ? "" : "not ", ++tap_count);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	if (!yes) {
		tap_failures++;
		tap_note("at %s:%d", file, line);
	}
	fflush(stdout);
	return yes;
}

static inline void
tap_str(const char *got, const char *want, const char *file, int line,
	const char *name)
{
	bool yes = got && want ? strcmp(got, want) == 0 : got == want;

	if (!tap_point(yes, file, line, "%s", name)) {
		tap_note("got:  %s", got ? got : "(null)");
		tap_note("want: %s", want ? want : "(null)");
	}
}

static inline void
tap_int(intmax_t got, intmax_t want, const char *file, int line,
	const char *name)
{
	if (!tap_point(got == want, file, line, "%s", name))
		tap_note("got %" PRIdMAX ", want %" PRIdMAX, got, want);
}

/* Equal to the last bit; a NaN equals the same NaN. */
static inline void
tap_f64(double got, double want, const char *file, int line, const char *name)
{
	if (!tap_point(memcmp(&got, &want, sizeof(got)) == 0, file, line, "%s",
		    name))
		tap_note("got %.17g, want %.17g", got, want);
}

/* ok(yes, fmt, ...): The condition holds; returns it. */
#define ok(yes, ...) tap_point((yes), __FILE__, __LINE__, __VA_ARGS__)

/* is_X(got, want, name): The two are the same. */
#define is_str(got, want, name) tap_str(got, want, __FILE__, __LINE__, name)
#define is_int(got, want, name) tap_int(got, want, __FILE__, __LINE__, name)
#define is_f64(got, want, name) tap_f64(got, want, __FILE__, __LINE__, name)

/* tap_skip(name, why): A point that cannot be had here. */
static inline void
tap_skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, name, why);
}

/* tap_done(): Print the plan; the exit status of the test. */
static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures > 0;
}

#endif
