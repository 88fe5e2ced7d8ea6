/*
 * must: for laws, which hold for every input or end the program, so that a
 * fuzzer as well as a test sees it.
 */
#ifndef MUST_H
#define MUST_H

#include <stdio.h>
#include <stdlib.h>

/* must(yes): It holds. */
#define must(yes) ((yes) ? (void)0 : must_fail(__FILE__, __LINE__, #yes))

static inline void
must_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
	abort();
}

#endif
