/*
 * fault: what goes wrong with model servers, by rate.
 *
 * The kinds are those that clients meet in practice and must tell apart. Which
 * request meets which is drawn by the caller.
 */
#ifndef EVAL_FAULT_H
#define EVAL_FAULT_H

#include <stddef.h>

#include "base/die.h"

enum fault_kind {
	FAULT_NONE,
	FAULT_STATUS,    /* an error of the API, with this status */
	FAULT_BILLING,   /* 429 for want of money: asking again is no use */
	FAULT_HTML,      /* a proxy's page instead of the API's JSON */
	FAULT_CUT,       /* the connection breaks within the body */
	FAULT_STALL,     /* no answer, ever */
	FAULT_MALFORMED, /* a complete reply with half of its JSON */
	FAULT_HUGE,      /* a body of absurd size */
	FAULT_EMPTY,     /* no choices */
	FAULT_LENGTH,    /* half an answer: out of tokens */
	FAULT_FILTER,    /* withheld by a content filter */
	FAULT_REFUSAL,   /* refused, in the field made for it */
};

struct fault {
	enum fault_kind kind;
	unsigned status;
	double rate;
	char name[16]; /* as the user wrote it */
};

#define FAULT_MAX 32

struct faults {
	struct fault v[FAULT_MAX];
	size_t n;
	double total; /* of the rates: at most 1 */
};

/* faults_add(f, text, e): Read "KIND=RATE", where KIND may be a status. */
int faults_add(struct faults *f, const char *text, struct err *e);

/* faults_pick(f, u): The fault of a request that drew ${u} in [0, 1), or NULL. */
const struct fault *faults_pick(const struct faults *f, double u);

#endif
