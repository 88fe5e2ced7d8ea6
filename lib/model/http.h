/*
 * http: many POST requests to one address, over libcurl.
 *
 * One call of http_start is one attempt: nothing here tries again. Requests run
 * while http_wait is called, and http_take hands out what has ended. Connections
 * are kept and used again, HTTP/2 is spoken where the server offers it.
 * Redirects are not followed: a key must not travel on. Nor is a proxy asked for
 * this machine: the key would travel to the proxy. A proxy that wants another
 * password answers with status 407, whichever way it does that.
 */
#ifndef MODEL_HTTP_H
#define MODEL_HTTP_H

#include "base/buf.h"
#include "model/hints.h"

struct http_conf {
	const char *url;
	const char *const *headers;      /* lines, NULL-ended, copied */
	unsigned jobs;                   /* requests in flight at the most */
	size_t max_reply;                /* bytes of a reply at the most */
	double connect_timeout, timeout; /* seconds; timeout: of all of it */
	double stall; /* seconds without a byte once a reply has begun */
	bool http1;   /* do not speak HTTP/2 */
};

enum http_end {
	HTTP_DONE,      /* a whole reply, of whatever status */
	HTTP_UNREACHED, /* no connection: name, address, proxy, handshake */
	HTTP_NO_FILES,  /* nor that: too many files are open here */
	HTTP_UNTRUSTED, /* the server's certificate cannot be verified */
	HTTP_TIMEOUT,   /* no whole reply in time */
	HTTP_CUT,       /* the connection broke, the reply is not whole */
	HTTP_TOO_BIG,   /* the reply is longer than max_reply */
};

/* How an attempt ended; its text is valid until the next http_take. */
struct http_reply {
	void *tag; /* what http_start was given */
	enum http_end end;
	int status;         /* HTTP_DONE */
	struct span body;   /* HTTP_DONE */
	struct hints hints; /* HTTP_DONE */
	const char *detail; /* otherwise: why, for people */
};

struct http;

/* http_open(conf, e): NULL with ${e} filled where the address is none. */
struct http *http_open(const struct http_conf *conf, struct err *e);

/*
 * http_start(h, body, tag): Send the ${body}, which must stay as it is until
 * the reply is taken.
 */
void http_start(struct http *h, struct span body, void *tag);

/* http_flying(h): How many requests have been started and not taken. */
unsigned http_flying(const struct http *h);

/*
 * http_wait(h, fd, seconds): Let requests proceed until one may have ended,
 * ${fd} is readable (negative: none), a signal comes, or time has passed.
 */
void http_wait(struct http *h, int fd, double seconds);

/* http_take(h, r): One that has ended; false where there is none now. */
bool http_take(struct http *h, struct http_reply *r);

/* http_close(h): Requests still in flight are given up. NULL is fine. */
void http_close(struct http *h);

/* Where requests go. */
struct http_address {
	char url[1024];  /* whole, with what was joined to it */
	char shown[600]; /* for people: without user, password and query */
	char host[256];
	bool secure;   /* https */
	bool loopback; /* this machine */
};

/*
 * http_address(a, base, version, path, e): Join the base URL, as people write
 * it, and the ${path} of an API. A base without a path gets the ${version}
 * ("/v1") first; one that ends in ${path} already is taken as it is. -1 where
 * that is no address, or a longer one than ${a} holds.
 */
int http_address(struct http_address *a, const char *base, const char *version,
	const char *path, struct err *e);

#endif
