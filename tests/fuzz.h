/*
 * fuzz: the frame of a fuzz target.
 *
 * fuzz-NAME.c includes this file and defines LLVMFuzzerTestOneInput, which
 * aborts where something that has to hold does not. Built with -DFUZZING and
 * -fsanitize=fuzzer it is a fuzzer (.ci/run does that). Built plainly its main
 * replays the files of tests/corpus/NAME, and their beginnings, since a cut
 * input is the most common of the bad ones; each file is a point of TAP.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef FUZZING

#include <dirent.h>
#include <stdlib.h>

#include "tap.h"

/* A copy of its own for each input: a sanitizer sees a read beyond its end. */
static void
fuzz_copy(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + !size);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static bool
fuzz_file(const char *path)
{
	static uint8_t data[1 << 20];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return false;
	n = fread(data, 1, sizeof(data), f);
	fclose(f);
	for (size_t i = 0; i < n && i < 512; i++)
		fuzz_copy(data, i);
	fuzz_copy(data, n);
	return true;
}

static int
fuzz_replay(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char dir[512], path[1024];
	struct dirent *entry;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/tests/corpus/%s", srcdir ? srcdir : ".",
		name);
	d = opendir(dir);
	if (!ok(d != NULL, "%s is there", dir))
		return tap_done();
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		ok(fuzz_file(path), "%s and its beginnings", entry->d_name);
	}
	closedir(d);
	return tap_done();
}

int
main(int argc, char **argv)
{
	const char *name = argc > 0 ? strstr(argv[0], "fuzz-") : NULL;

	for (const char *next; name && (next = strstr(name + 5, "fuzz-"));)
		name = next;
	return name ? fuzz_replay(name + 5) : 2;
}

#endif
#endif
