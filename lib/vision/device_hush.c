#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vision/device_hush.h"

bool
device_verbose(void)
{
	const char *text = getenv("CUPEL_CL_VERBOSE");

	return text && *text && strcmp(text, "0") != 0;
}

int
device_hush(void)
{
	int saved, null;

	if (device_verbose())
		return -1;
	fflush(stderr);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	saved = null < 0 ? -1
	                 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC,
				   STDERR_FILENO + 1);
	if (saved >= 0)
		dup2(null, STDERR_FILENO);
	if (null >= 0)
		close(null);
	return saved;
}

void
device_speak(int saved)
{
	if (saved < 0)
		return;
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
}
