/*
 * http: a client for tests, which shows what a server sends.
 *
 *	http [-n COPIES] METHOD URL [HEADER ...] <BODY
 *
 * One copy: prints the status, the headers and the body as they came. Several:
 * all are sent at once, each on its own connection, and a line for each says
 * its status and how many bytes of body came. Ends with 1 where a connection
 * broke within a reply.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"

struct client {
	int fd;
	struct buf in;
	bool ended, cut;
};

static const char *
parse_url(const char *url, struct sockaddr_in *a)
{
	static const char scheme[] = "http://127.0.0.1:";
	char *end;

	if (strncmp(url, scheme, strlen(scheme)) != 0)
		die(ST_USAGE, "%s: not on loopback", url);
	*a = (struct sockaddr_in){ .sin_family = AF_INET };
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a->sin_port = htons((uint16_t)strtoul(url + strlen(scheme), &end, 10));
	return *end ? end : "/";
}

static void
compose(struct buf *b, char **argv, const char *path)
{
	struct buf body = { 0 };
	struct err e;

	if (buf_file(&body, "-", &e))
		die(ST_CUT, "%s", e.msg);
	buf_printf(b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", argv[0], path);
	for (char **header = argv + 2; *header; header++)
		buf_printf(b, "%s\r\n", *header);
	buf_printf(b, "Connection: close\r\nContent-Length: %zu\r\n\r\n",
		body.len);
	buf_add(b, buf_span(&body));
	buf_release(&body);
}

static void
start(struct client *c, const struct sockaddr_in *a, struct span request)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (const void *)a, sizeof(*a)))
		die(ST_CUT, "connect: %s", strerror(errno));
	while (request.len) {
		ssize_t n = send(c->fd, request.s, request.len, MSG_NOSIGNAL);

		if (n <= 0)
			break; /* refused early: the reply says why */
		request.s += n;
		request.len -= (size_t)n;
	}
}

/* The header's value in the reply's head, or NULL. */
static const char *
header(const char *head, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = head; (p = strstr(p, "\r\n")) && p[2] != '\r';) {
		p += 2;
		if (strncasecmp(p, name, n) == 0 && p[n] == ':')
			return p + n + 1;
	}
	return NULL;
}

static void
finish(struct client *c)
{
	const char *head = buf_cstr(&c->in), *length;
	const char *body = strstr(head, "\r\n\r\n");

	c->ended = true;
	close(c->fd);
	length = body ? header(head, "Content-Length") : NULL;
	c->cut = length == NULL ||
	         strtoull(length, NULL, 10) !=
	                 c->in.len - (size_t)(body + 4 - head);
}

static void
receive(struct client *c)
{
	char *to = buf_room(&c->in, 65536);
	ssize_t n = recv(c->fd, to, 65536, 0);

	if (n > 0)
		c->in.len += (size_t)n;
	else
		finish(c);
}

static void
receive_all(struct client *c, size_t n)
{
	struct pollfd *fds = mem_alloc(n, sizeof(*fds));

	for (size_t open = n; open > 0;) {
		open = 0;
		for (size_t i = 0; i < n; i++) {
			fds[i] = (struct pollfd){ c[i].ended ? -1 : c[i].fd,
				POLLIN, 0 };
			open += !c[i].ended;
		}
		if (open == 0 || poll(fds, (nfds_t)n, -1) < 0)
			break;
		for (size_t i = 0; i < n; i++)
			if (fds[i].revents)
				receive(&c[i]);
	}
	free(fds);
}

static void
show(const struct client *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct span in = buf_span(&c[i].in);
		const char *body = span_find(in, SPAN("\r\n\r\n"));

		if (n == 1)
			fwrite(in.s, 1, in.len, stdout);
		else if (body)
			printf("%.3s %zu%s\n", in.s + 9,
				in.len - (size_t)(body + 4 - in.s),
				c[i].cut ? " cut" : "");
		else
			printf("none\n");
	}
}

int
main(int argc, char **argv)
{
	size_t n = 1, cut = 0;
	struct sockaddr_in address;
	struct buf request = { 0 };
	struct client *clients;

	progname = "http";
	argv++;
	if (argc > 3 && strcmp(*argv, "-n") == 0) {
		n = strtoul(argv[1], NULL, 10);
		argv += 2;
	}
	if (argv[0] == NULL || argv[1] == NULL || n == 0)
		die(ST_USAGE, "http [-n COPIES] METHOD URL [HEADER ...]");
	compose(&request, argv, parse_url(argv[1], &address));
	clients = mem_alloc(n, sizeof(*clients));
	for (size_t i = 0; i < n; i++) {
		clients[i] = (struct client){ 0 };
		start(&clients[i], &address, buf_span(&request));
	}
	receive_all(clients, n);
	show(clients, n);
	for (size_t i = 0; i < n; i++) {
		cut += clients[i].cut;
		buf_release(&clients[i].in);
	}
	free(clients);
	buf_release(&request);
	return cut > 0;
}
