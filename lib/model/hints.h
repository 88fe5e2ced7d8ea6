/*
 * hints: what the headers of a reply say about when to ask again.
 *
 * Servers and proxies say it in many ways: retry-after-ms, Retry-After in
 * seconds or as a date, limits that reset after a duration (1m30s, 12ms) or at a
 * time, and x-should-retry. Pure functions over header lines.
 */
#ifndef MODEL_HINTS_H
#define MODEL_HINTS_H

#include <stdint.h>

#include "base/span.h"

#define HINTS_ID 128 /* bytes of a request's identity, at the most */

enum hints_retry { HINTS_SILENT, HINTS_RETRY, HINTS_GIVE_UP };

struct hints {
	double after;           /* seconds to wait, negative: not said */
	double reset;           /* the limits reset in so many, or negative */
	enum hints_retry retry; /* x-should-retry */
	char id[HINTS_ID + 1];  /* x-request-id or request-id, or empty */
	char location[HINTS_ID + 1]; /* where a redirect leads, or empty */

	/* from here on for hints_line only */
	bool in_ms;          /* ${after} came in milliseconds, which win */
	double resets[2][2]; /* [tokens][exhausted] */
};

/* hints_init(h): Nothing is said. */
void hints_init(struct hints *h);

/*
 * hints_line(h, line, now): Read one header line; ${now} is the time of day in
 * seconds since 1970, for dates.
 */
void hints_line(struct hints *h, struct span line, double now);

/* hints_done(h): All lines are read: ${h->reset} is known. */
void hints_done(struct hints *h);

/*
 * hints_duration(text): Seconds in "1h2m3.5s", "12ms" or a plain number of
 * seconds; negative where it is none.
 */
double hints_duration(struct span text);

/*
 * hints_date(text): Seconds since 1970 of an HTTP date (Sun, 06 Nov 1994
 * 08:49:37 GMT) or an RFC 3339 time (1994-11-06T08:49:37Z); negative where it is
 * neither.
 */
double hints_date(struct span text);

#endif
