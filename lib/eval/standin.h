/*
 * standin: the replies of a model server that has no model.
 *
 * standin_handle answers a request of lib/model/httpd: it checks it as the real
 * APIs do, and takes the reply from a journal, else from a program over its
 * body, else from lib/eval/lexical. What looks like chance, faults included, is drawn from the
 * seed, the body and how often this body was asked before: the order in which
 * requests of different bodies arrive changes nothing.
 */
#ifndef EVAL_STANDIN_H
#define EVAL_STANDIN_H

#include "base/opt.h"
#include "eval/fault.h"
#include "model/bucket.h"
#include "model/httpd.h"

struct standin_conf {
	uint64_t seed;
	const char *models;  /* those there are, with commas; NULL: any */
	const char *key;     /* what clients must show; NULL: nothing */
	const char *journal; /* a file of recorded replies, or NULL */
	bool strict;         /* nothing but recorded replies */
	const char *reply;   /* a jq program, or NULL */
	const char *log;     /* a file's name, or NULL */
	uint64_t latency_min, latency_max; /* milliseconds */
	double rate;                       /* requests a second; 0: no limit */
	struct faults faults;
	uint64_t fault_times; /* how many faults one body may meet; 0: any */
	double retry_after;   /* seconds, for status 429 and 503 */
	uint64_t huge;        /* bytes */
};

struct standin;

/* standin_open(conf, e): NULL with the reason in ${e}; ${conf} is copied. */
struct standin *standin_open(const struct standin_conf *conf, struct err *e);

/* standin_handle(q, standin): Answer a request: httpd_conf.handle. */
void standin_handle(struct httpd_request *q, void *standin);

/* standin_close(s, e): Release; -1 where the log could not be written. */
int standin_close(struct standin *s, struct err *e);

#endif
