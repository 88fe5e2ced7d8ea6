/*
 * stop: SIGINT and SIGTERM ask a run to end; a second one ends it at once.
 *
 * For what has something to lose: it watches from then on, asks now and again,
 * and comes to an end of its own. Before that a signal does what it always does.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

/* stop_watch(): Begin. A signal that is ignored, as nohup(1) does, stays so. */
void stop_watch(void);

/* stop_asked(): Has one come? */
bool stop_asked(void);

#endif
