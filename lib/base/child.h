/*
 * child: a command that runs beside the tool, and signals as bytes.
 *
 * A tool that polls takes signals from a pipe: child_signals makes one that
 * becomes readable when SIGINT, SIGTERM, SIGHUP or SIGCHLD came, and
 * child_signal reads what came. There is one such pipe in a process.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "die.h"

/* child_signals(e): Where signals arrive from now on, or -1; ignores SIGPIPE. */
int child_signals(struct err *e);

/*
 * child_signal(fd, sent): The next signal that came, or 0. ${*sent} says that a
 * process sent it, to this process alone; the terminal tells everyone.
 */
int child_signal(int fd, bool *sent);

/*
 * child_start(argv, e): Run the command with this process' environment and
 * standard streams; its process id, or -1. Where there is no such command the
 * child says so and ends with 127, or 126 if it cannot be run, as in a shell.
 */
pid_t child_start(char *const argv[], struct err *e);

/*
 * child_ended(pid, status): Did it end? ${*status} is then what a shell would
 * say: its exit status, or 128 and the signal that ended it.
 */
bool child_ended(pid_t pid, int *status);

#endif
