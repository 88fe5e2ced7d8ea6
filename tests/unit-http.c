/* What is sent over a connection of our own, to a server that only listens. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/http.h"
#include "tap.h"

static int
listening(unsigned *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) || listen(fd, 4) ||
		getsockname(fd, (struct sockaddr *)&a, &n))
		die(ST_CUT, "no port on loopback: %s", strerror(errno));
	*port = ntohs(a.sin_port);
	return fd;
}

static struct http *
opened(const char *url, const char *const *headers)
{
	struct http_conf conf = { .url = url,
		.headers = headers,
		.jobs = 1,
		.max_reply = 1 << 20,
		.connect_timeout = 5,
		.timeout = 20,
		.stall = 20 };
	struct err e;
	struct http *h = http_open(&conf, &e);

	if (h == NULL)
		die(ST_CUT, "%s", e.msg);
	return h;
}

/* What a server at the other end of ${listener} gets, up to the body's end. */
static const char *
received(struct http *h, int listener)
{
	static char text[8192];
	size_t n = 0;
	int fd = -1;

	*text = '\0';
	while (n + 1 < sizeof(text) && !strstr(text, "the body")) {
		ssize_t got;

		http_wait(h, fd < 0 ? listener : fd, 1);
		if (fd < 0) {
			fd = accept(listener, NULL, NULL);
			continue;
		}
		got = recv(fd, text + n, sizeof(text) - 1 - n, MSG_DONTWAIT);
		n += got > 0 ? (size_t)got : 0;
		text[n] = '\0';
	}
	close(fd);
	return text;
}

static void
heads(void)
{
	static const char *const headers[] = { "X-Odd: a:", NULL };
	char url[1024], want[1024], query[701] = "";
	unsigned port;
	int fd = listening(&port);
	struct http *h;
	const char *got;

	memset(query, 'q', sizeof(query) - 1);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/v1?%s", port, query);
	h = opened(url, headers);
	http_start(h, SPAN("the body"), NULL);
	got = received(h, fd);
	snprintf(want, sizeof(want),
		"POST /v1?%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", query, port);
	ok(strncmp(got, want, strlen(want)) == 0, "a long query is sent whole");
	ok(strstr(got, "\r\nX-Odd: a:\r\n") != NULL,
		"and a header that ends in a colon");
	ok(strstr(got, "Expect") == NULL, "but no Expect");
	http_close(h);
	close(fd);
}

static void
no_time(void)
{
	static const char *const headers[] = { NULL };
	struct http *h = opened("http://127.0.0.1:1/v1", headers);
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 2000; i++)
		http_wait(h, -1, 0);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ok(to.tv_sec - from.tv_sec < 2, "2000 waits of no time take none");
	http_close(h);
}

static void
addresses(void)
{
	struct http_address a;
	struct err e = { "" };
	char base[1200] = "";
	int n = snprintf(base, sizeof(base), "http://h/v1?q=");

	/* with what is joined, as long as an address may be */
	memset(base + n, 'q', sizeof(a.url) - 1 - strlen("/chat") - (size_t)n);
	is_int(http_address(&a, base, "/v1", "/chat", &e), 0,
		"the longest address");
	is_int((intmax_t)strlen(a.url), sizeof(a.url) - 1, "is whole");
	base[strlen(base)] = 'q';
	is_int(http_address(&a, base, "/v1", "/chat", &e), -1,
		"one byte more is refused");
	ok(strstr(e.msg, "1023 bytes") != NULL, "%s", e.msg);
}

/* The key may travel in clear to this machine and to no other. */
static void
this_machine(void)
{
	static const char *const here[] = { "http://127.0.0.1:8000/v1",
		"http://127.1.2.3", "http://localhost", "http://a.localhost",
		"http://[::1]:8000" };
	static const char *const elsewhere[] = { "http://127.0.0.1.example.com",
		"http://127.example.com", "http://localhost.example.com",
		"http://alocalhost", "http://10.127.0.1", "http://[::2]" };
	struct http_address a;
	struct err e;

	for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++) {
		http_address(&a, here[i], "", "", &e);
		ok(a.loopback, "%s is this machine", here[i]);
	}
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
		http_address(&a, elsewhere[i], "", "", &e);
		ok(!a.loopback, "%s is not", elsewhere[i]);
	}
}

int
main(void)
{
	heads();
	no_time();
	addresses();
	this_machine();
	return tap_done();
}
