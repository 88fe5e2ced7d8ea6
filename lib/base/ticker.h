/*
 * ticker: how far a long run is, on standard error, for people.
 *
 * Where that is a terminal, and another one than the output's, a line is written
 * over twice a second. Elsewhere a line of its own comes every ten seconds to
 * those who asked for it (--progress). Amounts have the three digits that people
 * read. Messages of the tool, by warn or die, take the line's place.
 */
#ifndef BASE_TICKER_H
#define BASE_TICKER_H

#include <stdint.h>

#include "buf.h"

struct ticker {
	bool asked;          /* for lines without a terminal */
	bool terminal;       /* that may be written over */
	bool line;           /* one was */
	double begun, shown; /* on the clock of clock_now */
};

/* ticker_begin(t, asked, fd): Begin; the output goes to ${fd}. */
void ticker_begin(struct ticker *t, bool asked, int fd);

/* ticker_due(t, now): Is it time to say something? If so it counts as said. */
bool ticker_due(struct ticker *t, double now);

/* ticker_show(t, text): How it stands, with the tool's name in front. */
void ticker_show(struct ticker *t, const char *text);

/* ticker_ends(t): Is a last line called for, because there were others? */
bool ticker_ends(const struct ticker *t);

/*
 * ticker_count(t, done, of, what): For a run that has nothing else to say: show,
 * if it is time, "34 of 200 pictures, 3.1/s, 54s left"; and at the end, where all
 * are done, "200 pictures, 3.1/s", if there were others. ${what} is one of them.
 */
void ticker_count(
	struct ticker *t, uint64_t done, uint64_t of, const char *what);

/* Amounts: 950, 1.2k, 34k, 5.6M; 12s, 34m, 5.6h; ", 12.3/s", from no time none. */
void ticker_put_count(struct buf *b, uint64_t n);
void ticker_put_time(struct buf *b, double seconds);
void ticker_put_rate(struct buf *b, uint64_t n, double seconds);

#endif
