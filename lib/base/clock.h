/*
 * clock: how much time has passed, for timeouts and rates; and the date.
 *
 * What passes is read off the monotonic clock, whose zero means nothing and which
 * nobody sets.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Seconds, and whole milliseconds. */
double clock_now(void);
uint64_t clock_ms(void);

/* clock_date(): Seconds since 1970, to compare with dates that others name. */
double clock_date(void);

#endif
