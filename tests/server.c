/*
 * server: a server for tests, the other end of what http.c is.
 *
 *	server [OPTION ...] COMMAND [ARGUMENT ...]
 *
 * Runs the command with its address in the environment and ends with its
 * status. Each request for a chat completion is answered with the words that it
 * came with, after a time that its body decides, so that replies come in another
 * order than requests. With --cert and --key it speaks TLS, with --h2 HTTP/2
 * over that. Over plain HTTP it is a proxy as well: CONNECT leads to the port of
 * this machine, whatever the host is called.
 *
 * Its log has "accept NUMBER" for each connection and "conn NUMBER PROTOCOL"
 * for each that something came over; "head NUMBER LINE" for each line of an HTTP/1.1 head, and "request
 * NUMBER STREAM OPEN FAULT", where OPEN counts the connection's requests that
 * are under way.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/child.h"
#include "base/opt.h"
#include "server.h"

#define READ 65536
#define MOST 1000 /* connections at a time */

struct server_conf server_cfg = { .as = "OPENAI_BASE_URL" };

static const struct opt opts[] = {
	{ 0, "cert", "FILE", "speak TLS with this certificate",
		OPT_STR(&server_cfg.cert) },
	{ 0, "key", "FILE", "and its key", OPT_STR(&server_cfg.key) },
	{ 0, "h2", NULL, "offer HTTP/2", OPT_FLAG(&server_cfg.h2) },
	{ 0, "streams", "N", "with so many requests at a time",
		OPT_U64(&server_cfg.streams) },
	{ 0, "as", "NAME", "the variable that holds the address",
		OPT_STR(&server_cfg.as) },
	{ 0, "log", "FILE", "append what happens", OPT_STR(&server_cfg.log) },
	{ 0, "proxy", "TEXT", "the Proxy-Authorization to ask for",
		OPT_STR(&server_cfg.proxy) },
	{ 0, "latency", "MS", "answer within so many milliseconds",
		OPT_U64(&server_cfg.latency) },
	{ 0, "refused", "N", "close so many connections at first",
		OPT_U64(&server_cfg.refused) },
	{ 0, "freeze", "N", "of N bodies one freezes its connection at first",
		OPT_U64(&server_cfg.faults[FAULT_FREEZE]) },
	{ 0, "cut", "N", "of N bodies one is cut at first",
		OPT_U64(&server_cfg.faults[FAULT_CUT]) },
	{ 0, "drop", "N", "or dropped",
		OPT_U64(&server_cfg.faults[FAULT_DROP]) },
	{ 0, "reset", "N", "or reset",
		OPT_U64(&server_cfg.faults[FAULT_RESET]) },
	{ 0, "goaway", "N", "or sent away",
		OPT_U64(&server_cfg.faults[FAULT_GOAWAY]) },
	{ 0, "slow", "N", "or told to come back in a second",
		OPT_U64(&server_cfg.faults[FAULT_SLOW]) },
	{ 0 },
};
static const struct opt *const tables[] = { opts, NULL };
static const struct tool tool = { "server", "a server for tests",
	"command [argument ...]", tables };

static struct conn *conns;
static unsigned numbers;
static SSL_CTX *context;
static FILE *log_file;

void
server_log(const char *fmt, ...)
{
	va_list ap;

	if (log_file == NULL)
		return;
	va_start(ap, fmt);
	vfprintf(log_file, fmt, ap);
	va_end(ap);
	putc('\n', log_file);
	fflush(log_file);
}

/* TLS, whose bytes go through memory. */

static int
/* NOLINTNEXTLINE(readability-function-size): the library's signature */
choose(SSL *tls, const unsigned char **out, unsigned char *n,
	const unsigned char *in, unsigned len, void *own)
{
	static const unsigned char known[] = "\2h2\10http/1.1";
	size_t skip = server_cfg.h2 ? 0 : 3;
	unsigned char *got;

	(void)tls;
	(void)own;
	if (SSL_select_next_proto(&got, n, known + skip,
		    (unsigned)(sizeof(known) - 1 - skip), in,
		    len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = got;
	return SSL_TLSEXT_ERR_OK;
}

static void
open_tls(void)
{
	if (server_cfg.cert == NULL)
		return;
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL || server_cfg.key == NULL ||
		SSL_CTX_use_certificate_chain_file(context, server_cfg.cert) <=
			0 ||
		SSL_CTX_use_PrivateKey_file(
			context, server_cfg.key, SSL_FILETYPE_PEM) <= 0)
		die(ST_USAGE, "a certificate and its key are expected");
	SSL_CTX_set_alpn_select_cb(context, choose, NULL);
}

static void *
new_tls(void)
{
	SSL *tls = context ? SSL_new(context) : NULL;

	if (tls == NULL)
		return NULL;
	SSL_set_bio(tls, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_accept_state(tls);
	return tls;
}

/* What TLS wants to have sent. */
static void
take_sealed(struct conn *c)
{
	int n;

	do {
		char *to = buf_room(&c->out, READ);

		n = BIO_read(SSL_get_wbio(c->tls), to, READ);
		c->out.len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
}

/* Makes of what came what it says. */
static void
unseal(struct conn *c, struct span came)
{
	const unsigned char *name = NULL;
	unsigned len = 0;
	int n;

	BIO_write(SSL_get_rbio(c->tls), came.s, (int)came.len);
	do {
		char *to = buf_room(&c->in, READ);

		n = SSL_read(c->tls, to, READ);
		c->in.len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	c->ending |= SSL_get_error(c->tls, n) != SSL_ERROR_WANT_READ;
	ERR_clear_error();
	take_sealed(c);
	SSL_get0_alpn_selected(c->tls, &name, &len);
	c->h2 = len == 2;
}

void
server_send(struct conn *c, struct span text)
{
	if (text.len == 0)
		return;
	if (c->tls == NULL) {
		buf_add(&c->out, text);
		return;
	}
	SSL_write(c->tls, text.s, (int)text.len);
	take_sealed(c);
}

/* Connections. */

static struct conn *
new_conn(int fd)
{
	struct conn *c = mem_alloc(1, sizeof(*c));
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	*c = (struct conn){ .next = conns, .number = ++numbers, .fd = fd };
	conns = c;
	return c;
}

static void
hang_up(struct conn *c)
{
	if (c->fd < 0)
		return;
	request_free_all(c);
	close(c->fd);
	c->fd = -1;
	SSL_free(c->tls);
	c->tls = NULL;
	if (c->to) {
		c->to->ending = true;
		c->to->to = NULL;
	}
	c->to = NULL;
}

/* Frees those that are closed. */
static void
sweep(void)
{
	for (struct conn **at = &conns; *at;) {
		struct conn *c = *at;

		if (c->ending && c->out.len == 0)
			hang_up(c);
		if (c->fd >= 0) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		buf_release(&c->in);
		buf_release(&c->out);
		free(c);
	}
}

static struct sockaddr_in
loopback(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((uint16_t)port);
	return a;
}

bool
server_tunnel(struct conn *c, unsigned port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const void *)&a, sizeof(a))) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	c->to = new_conn(fd);
	c->to->to = c;
	return true;
}

static void
understand(struct conn *c, struct span came)
{
	if (c->to) {
		buf_add(&c->to->out, came);
		return;
	}
	if (c->tls)
		unseal(c, came);
	else
		buf_add(&c->in, came);
	if (c->in.len && !c->told)
		server_log("conn %u %s", c->number, c->h2 ? "h2" : "http/1.1");
	c->told |= c->in.len > 0;
	(c->h2 ? h2_read : h1_read)(c);
}

static void
receive(struct conn *c)
{
	static char bytes[READ];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);

	if (n > 0)
		understand(c, (struct span){ bytes, (size_t)n });
	else if (n == 0 || errno != EAGAIN)
		hang_up(c);
}

static void
flush(struct conn *c)
{
	ssize_t n = send(c->fd, c->out.s, c->out.len, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		hang_up(c);
	if (n <= 0)
		return;
	c->out.len -= (size_t)n;
	memmove(c->out.s, c->out.s + n, c->out.len);
}

/* Running. */

static int
listen_there(unsigned *port)
{
	struct sockaddr_in a = loopback(0);
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (const void *)&a, n) || listen(fd, 200) ||
		getsockname(fd, (void *)&a, &n))
		die(ST_CUT, "no port on loopback: %s", strerror(errno));
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	*port = ntohs(a.sin_port);
	return fd;
}

static size_t
set_polls(struct pollfd *fds)
{
	size_t n = 2;

	for (const struct conn *c = conns; c; c = c->next) {
		if (n == MOST)
			die(ST_CUT, "too many connections");
		fds[n++] = (struct pollfd){ c->frozen ? -1 : c->fd,
			(short)(c->out.len ? POLLIN | POLLOUT : POLLIN), 0 };
	}
	return n;
}

/* One round; connections that come in it are looked at in the next one. */
static void
run(int listener, int signals)
{
	static struct pollfd fds[MOST];
	int ms = reply_due();
	size_t n;

	fds[0] = (struct pollfd){ listener, POLLIN, 0 };
	fds[1] = (struct pollfd){ signals, POLLIN, 0 };
	n = set_polls(fds);
	if (poll(fds, (nfds_t)n, ms) < 0)
		return;
	n = 2;
	for (struct conn *c = conns, *next; c; c = next) {
		short got = fds[n++].revents;

		next = c->next;
		if (got & POLLOUT)
			flush(c);
		if (c->fd >= 0 && got & (POLLIN | POLLHUP | POLLERR))
			receive(c);
	}
	if (fds[0].revents) {
		struct conn *c = new_conn(accept(listener, NULL, NULL));

		server_log("accept %u", c->number);
		c->tls = new_tls();
		c->ending = c->number <= server_cfg.refused;
	}
	sweep();
}

static void
set_address(unsigned port)
{
	char url[64];

	snprintf(url, sizeof(url), "http%s://127.0.0.1:%u",
		server_cfg.cert ? "s" : "", port);
	setenv(server_cfg.as, url, 1);
}

int
main(int argc, char **argv)
{
	char **command = opt_parse(&tool, argv);
	unsigned port;
	struct err e;
	int signals = child_signals(&e), listener = listen_there(&port);
	int status = ST_OK;
	bool sent;
	pid_t pid;

	(void)argc;
	if (*command == NULL)
		die(ST_USAGE, "a command is expected");
	if (server_cfg.log)
		log_file = fopen(server_cfg.log, "a");
	open_tls();
	set_address(port);
	pid = child_start(command, &e);
	while (pid > 0 && !child_ended(pid, &status)) {
		run(listener, signals);
		while (child_signal(signals, &sent))
			;
	}
	SSL_CTX_free(context);
	return status;
}
