#include <time.h>

#include "base/clock.h"

static double
seconds_on(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double
clock_now(void)
{
	return seconds_on(CLOCK_MONOTONIC);
}

double
clock_date(void)
{
	return seconds_on(CLOCK_REALTIME);
}

uint64_t
clock_ms(void)
{
	return (uint64_t)(clock_now() * 1000);
}
