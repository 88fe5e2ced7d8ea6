/*
 * replay: recorded replies, found by what was asked.
 *
 * Reads a journal (lib/model/journal.h) as a server does: for a request's body
 * it gives the replies recorded for such a body, wherever they were asked, in
 * the order of their draws. The file is mapped, not held in memory, and must not
 * be cut short while it is in use; replies appended later are not seen.
 */
#ifndef EVAL_REPLAY_H
#define EVAL_REPLAY_H

#include <stdint.h>

#include "base/die.h"
#include "base/span.h"

struct replay;

/* replay_open(path, e): NULL with the reason in ${e}. */
struct replay *replay_open(const char *path, struct err *e);

/* replay_count(r): How many replies it has. */
size_t replay_count(const struct replay *r);

/*
 * replay_find(r, body, draw): The recorded reply for this draw of ${body}, the
 * first again after the last; absent where there is none.
 */
struct span replay_find(
	const struct replay *r, struct span body, uint64_t draw);

/* replay_free(r): NULL is fine. */
void replay_free(struct replay *r);

#endif
