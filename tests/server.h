/*
 * server: a server for tests, which speaks TLS and HTTP/2 and goes wrong on
 * purpose; see server.c for how it is used.
 *
 * server.c moves bytes, server_h1.c and server_h2.c make requests of them, and
 * server_reply.c says what each is answered, and when. One process, no threads.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdint.h>

#include "base/buf.h"

/* What goes wrong with a request, at its first attempt. */
enum fault {
	FAULT_NONE,
	FAULT_CUT,    /* the connection ends in the middle of the reply */
	FAULT_DROP,   /* and before it */
	FAULT_RESET,  /* HTTP/2: the stream does, in the middle */
	FAULT_GOAWAY, /* HTTP/2: this stream and later ones will not be served */
	FAULT_SLOW,   /* status 429, and to come back in a second */
	FAULT_FREEZE, /* the connection stays, and nothing comes any more */
	FAULTS
};

struct conn {
	struct conn *next;
	unsigned number;
	int fd;          /* negative: closed */
	void *tls;       /* server.c's, or NULL */
	struct buf in;   /* what came and was not read, in clear */
	struct buf out;  /* what is to be sent, as it travels */
	bool h2;         /* it speaks HTTP/2 */
	bool told;       /* that it is here, in the log */
	bool ending;     /* it closes when all is sent */
	bool frozen;     /* nobody looks after it */
	uint32_t last;   /* HTTP/2: later streams are not served; 0: all are */
	bool greeted;    /* HTTP/2: the preface has come */
	struct conn *to; /* the other end of a tunnel, or NULL */
};

struct request {
	struct request *next;
	struct conn *conn;
	uint32_t stream; /* HTTP/2 */
	struct buf body;
	bool whole;
	double due; /* once it is whole: when it is answered */
	enum fault fault;
};

struct server_conf {
	const char *cert, *key, *as, *log, *proxy;
	uint64_t refused;        /* so many connections at first */
	uint64_t latency;        /* milliseconds, at the most */
	uint64_t streams;        /* of HTTP/2, at a time; 0: any */
	uint64_t faults[FAULTS]; /* one of so many bodies; 0: none */
	bool h2;
};
extern struct server_conf server_cfg;

/* server.c */

/* Sends, through TLS where that is spoken. */
void server_send(struct conn *c, struct span text);

/* Opens the tunnel that CONNECT asks for; false where nobody is there. */
bool server_tunnel(struct conn *c, unsigned port);

/* A line in the log. */
void server_log(const char *fmt, ...) PRINTF(1, 2);

/* server_h1.c, server_h2.c: read what came, send a reply */

void h1_read(struct conn *c);
void h1_reply(struct request *r, int status, struct span body);
void h2_read(struct conn *c);
void h2_reply(struct request *r, int status, struct span body);

/* server_reply.c */

/* A request begins on the stream; the one that has, or NULL. */
struct request *request_begin(struct conn *c, uint32_t stream);
struct request *request_of(const struct conn *c, uint32_t stream);

/* It is whole. */
void request_whole(struct request *r);

/* Forgets the request, or all of a connection. */
void request_free(struct request *r);
void request_free_all(const struct conn *c);

/* How many there are of the connection up to that stream. */
size_t request_count(const struct conn *c, uint32_t last);

/* Answers what is due; the milliseconds until more is, or -1. */
int reply_due(void);

#endif
