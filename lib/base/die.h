/*
 * die: how a tool ends, and how it tells people why.
 *
 * Messages go to standard error as "cupel-NAME: message", lower case, without
 * a full stop, and say what to do. Nobody parses them: what a program needs to
 * know travels in the exit status and in the records' "error".
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

enum status {
	ST_OK,    /* every record processed */
	ST_SOME,  /* complete, but some records carry "error" */
	ST_USAGE, /* usage or configuration: nothing was written */
	ST_CUT,   /* input or output failed: the output is cut short */
};

/* The name in front of every message, "cupel-score" say; set by opt_parse. */
extern const char *progname;

/* Stands before each message: what takes back a line that is there, or "". */
extern const char *warn_clear;

/* What a fallible function says about its failure. */
struct err {
	char msg[512];
};

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* err_set(e, fmt, ...): Write the message into ${e}, if any; return -1. */
int err_set(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* warn(fmt, ...): Tell people one line. */
void warn(const char *fmt, ...) PRINTF(1, 2);

/* die(status, fmt, ...): Tell people one line and exit with ${status}. */
_Noreturn void die(enum status status, const char *fmt, ...) PRINTF(2, 3);

#endif
