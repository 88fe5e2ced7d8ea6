/*
 * httpd: an HTTP server on the loopback interface, in one thread.
 *
 * It owns no loop: the tool polls httpd_fd beside whatever else it waits for,
 * for at most httpd_timeout, and then calls httpd_run. A request is handed to
 * the tool whole, with its body, and is answered by httpd_reply, at once or any
 * time later; until then its connection costs a few kilobytes and no thread, so
 * thousands may wait.
 *
 * The server binds 127.0.0.1 and nothing else: who wants it elsewhere puts a
 * proxy in front. Everything that a request holds is the server's and goes with
 * the reply.
 */
#ifndef MODEL_HTTPD_H
#define MODEL_HTTPD_H

#include <stdint.h>

#include "base/buf.h"

/* A request as the tool sees it, valid until it is answered. */
struct httpd_request {
	const char *method;
	const char *path; /* decoded, without the query */
	struct span body;
	bool over; /* the body was longer than max_body, and is not there */
};

#define HTTPD_HEADERS 10

/* What is sent back. A zeroed struct is an empty reply to be filled. */
struct httpd_reply {
	unsigned status;
	const char *type; /* Content-Type: a static string */
	struct buf body;
	struct httpd_header {
		char name[40];
		char value[88];
	} headers[HTTPD_HEADERS];
	size_t nheaders;
	uint64_t delay_ms;    /* hold it back for so long */
	uint64_t pad, pad_at; /* so many "x" at this place in the body */
	uint64_t cut; /* 0, or: break off after so many bytes of the body */
};

struct httpd;

struct httpd_conf {
	uint64_t port;     /* 0: any that is free */
	uint64_t max_body; /* bytes */
	uint64_t
		idle; /* seconds until an idle connection is closed; 0: never */
	void (*handle)(struct httpd_request *q, void *own);
	void *own;
};

/*
 * httpd_open(conf, e): Listen; NULL with the reason in ${e} where that cannot
 * be. Each request is handed to ${conf->handle}, which answers it, once.
 */
struct httpd *httpd_open(const struct httpd_conf *conf, struct err *e);

uint64_t httpd_port(const struct httpd *h);

/* httpd_fd(h): Readable when there is something to do. */
int httpd_fd(const struct httpd *h);

/* httpd_timeout(h): Milliseconds until there is something to do; -1: no end. */
int httpd_timeout(const struct httpd *h);

/* httpd_run(h): Do what there is to do, without waiting. */
void httpd_run(struct httpd *h);

/* httpd_header(q, name): A header of the request; absent where there is none. */
struct span httpd_header(const struct httpd_request *q, const char *name);

/* httpd_set(r, name, fmt, ...): Give the reply a header. */
void httpd_set(struct httpd_reply *r, const char *name, const char *fmt, ...)
	PRINTF(3, 4);

/* httpd_reply(q, r): Answer; ${r->body} becomes the server's. */
void httpd_reply(struct httpd_request *q, struct httpd_reply *r);

/* httpd_stall(q): Never answer: let go when the client does, or at the end. */
void httpd_stall(struct httpd_request *q);

/*
 * httpd_quiesce(h): Accept no more connections, send what is held back now, let
 * go of what stalls. What is left to do before httpd_free is httpd_busy.
 */
void httpd_quiesce(struct httpd *h);

/* httpd_busy(h): Requests that are coming in, waiting, or being answered. */
size_t httpd_busy(const struct httpd *h);

/* httpd_free(h): Close everything, however busy. NULL is allowed. */
void httpd_free(struct httpd *h);

#endif
