/*
 * fail: a library to preload that makes calls fail, for tests/fail.t.
 *
 *	FAIL="write 3 ENOSPC"  write fails from the third call on
 *	FAIL="read 1 EINTR"    every second read is interrupted
 *	FAIL="write 1 SHORT"   reads and writes do at most seven bytes
 *	FAIL_FD=1              only calls on this descriptor count; without it,
 *	                       calls on standard error do not
 *
 * The calls are read, write, close, fsync, rename, and malloc, which stands for
 * calloc and realloc too. Calls count from the program's own start on: what
 * libraries do while they are loaded is not ours to judge.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHORT = -1, SHORT_SIZE = 7 };

static const struct {
	const char *name;
	int value;
} outcomes[] = { { "EINTR", EINTR }, { "EIO", EIO }, { "ENOSPC", ENOSPC },
	{ "ENOMEM", ENOMEM }, { "SHORT", SHORT } };

static char call[16];      /* which call fails; empty: none */
static unsigned long from; /* its number, counted from 1 */
static int outcome, only_fd = -1;
static unsigned long count;
static bool begun; /* the libraries are loaded */

__attribute__((constructor)) static void
configure(void)
{
	const char *text = getenv("FAIL"), *fd = getenv("FAIL_FD");
	const char *number = text ? strchr(text, ' ') : NULL;
	char *rest;

	if (number == NULL || (size_t)(number - text) >= sizeof(call))
		return;
	from = strtoul(number, &rest, 10);
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (*rest && strcmp(rest + 1, outcomes[i].name) == 0)
			outcome = outcomes[i].value;
	if (outcome == 0) {
		fprintf(stderr, "fail: FAIL=\"%s\" says nothing\n", text);
		_exit(99);
	}
	if (fd)
		only_fd = (int)strtol(fd, NULL, 10);
	memcpy(call, text, (size_t)(number - text));
}

/* Is this the call, and its turn to fail? Sets errno if so. */
static bool
fails(const char *name, int fd)
{
	if (!begun || strcmp(call, name))
		return false;
	if (only_fd >= 0 ? fd != only_fd : fd == STDERR_FILENO)
		return false;
	if (++count < from)
		return false;
	if (outcome == SHORT || (outcome == EINTR && (count - from) % 2))
		return false;
	errno = outcome;
	return true;
}

static size_t
shortened(const char *name, int fd, size_t n)
{
	bool hit = outcome == SHORT && strcmp(call, name) == 0 &&
	           (only_fd < 0 || fd == only_fd);

	return hit && n > SHORT_SIZE ? SHORT_SIZE : n;
}

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

/* What calls main. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
	void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
	void *stack_end);

/* NOLINTBEGIN(readability-function-size): the library's signature */
int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
	void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
	void *stack_end)
{
	__typeof__(&__libc_start_main) real = REAL(__libc_start_main);

	begun = true;
	return real(main, argc, argv, init, fini, rtld_fini, stack_end);
}
/* NOLINTEND(readability-function-size) */

ssize_t
read(int fd, void *p, size_t n)
{
	static __typeof__(&read) real;

	real = real ? real : REAL(read);
	return fails("read", fd) ? -1 : real(fd, p, shortened("read", fd, n));
}

ssize_t
write(int fd, const void *p, size_t n)
{
	static __typeof__(&write) real;

	real = real ? real : REAL(write);
	return fails("write", fd) ? -1 : real(fd, p, shortened("write", fd, n));
}

int
close(int fd)
{
	int failed = fails("close", fd) ? -1 : 0;
	int error = errno;

	if (REAL(close)(fd) || !failed)
		return errno == error ? 0 : -1;
	errno = error;
	return -1;
}

int
fsync(int fd)
{
	return fails("fsync", fd) ? -1 : REAL(fsync)(fd);
}

int
rename(const char *old, const char *new)
{
	return fails("rename", -1) ? -1 : REAL(rename)(old, new);
}

/* dlsym may allocate, so these have no other way to the real ones. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *
malloc(size_t n)
{
	return fails("malloc", -1) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails("malloc", -1) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails("malloc", -1) ? NULL : __libc_realloc(p, n);
}
