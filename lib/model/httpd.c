#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "model/httpd.h"

enum state {
	READING, /* the body is coming in */
	ASKED,   /* the tool has it */
	HELD,    /* the reply is there, and its time is not */
	STALLED,
	READY, /* the reply may go */
	SENT,
	DROPPED,
};

struct exchange {
	struct httpd_request q; /* first: the tool's pointer is ours */
	struct httpd *h;
	struct MHD_Connection *connection;
	struct buf in;
	struct httpd_reply reply;
	enum state state;
	bool suspended;
	uint64_t due, turn; /* HELD: when, and the order among equals */
	uint64_t sent;      /* of a body that is made up as it goes */
	struct exchange *prev, *next;
};

struct httpd {
	struct httpd_conf conf;
	struct MHD_Daemon *daemon;
	int fd;        /* epoll: the daemon's, and of those who stall */
	uint64_t port; /* the one we got */
	bool ending;   /* httpd_quiesce was called */
	size_t busy;
	struct exchange *all;
	struct exchange **held; /* a binary heap by due and turn */
	size_t nheld, held_cap;
	uint64_t turns;
};

/* Replies held back: a heap. */

static bool
before(const struct exchange *a, const struct exchange *b)
{
	return a->due != b->due ? a->due < b->due : a->turn < b->turn;
}

static void
held_push(struct httpd *h, struct exchange *x)
{
	size_t i = h->nheld++;

	h->held = mem_grow(
		h->held, &h->held_cap, h->nheld, sizeof(struct exchange *));
	x->turn = h->turns++;
	while (i > 0 && before(x, h->held[(i - 1) / 2])) {
		h->held[i] = h->held[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	h->held[i] = x;
}

static struct exchange *
held_pop(struct httpd *h)
{
	struct exchange *top = h->held[0], *last = h->held[--h->nheld];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < h->nheld) {
		if (child + 1 < h->nheld &&
			before(h->held[child + 1], h->held[child]))
			child++;
		if (!before(h->held[child], last))
			break;
		h->held[i] = h->held[child];
		i = child;
	}
	h->held[i] = last;
	return top;
}

/* Bodies that are not sent as they are. */

/* The body with its padding, as far as it is to be sent. */
static uint64_t
piece(const struct httpd_reply *r, uint64_t at, char *to, size_t max)
{
	bool inside = at >= r->pad_at && at < r->pad_at + r->pad;
	uint64_t from = at < r->pad_at ? at : at - r->pad, n;

	if (inside)
		n = r->pad_at + r->pad - at;
	else
		n = (at < r->pad_at && r->pad ? r->pad_at : r->body.len) - from;
	if (r->cut && n > r->cut - at)
		n = r->cut - at;
	if (n > max)
		n = max;
	if (inside)
		memset(to, 'x', n);
	else if (n)
		memcpy(to, r->body.s + from, n);
	return n;
}

static ssize_t
read_body(void *own, uint64_t at, char *to, size_t max)
{
	struct exchange *x = own;

	if (x->reply.cut && at >= x->reply.cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return (ssize_t)piece(&x->reply, at, to, max);
}

static struct MHD_Response *
response(struct exchange *x)
{
	struct httpd_reply *r = &x->reply;
	struct MHD_Response *m;

	if (r->pad || r->cut)
		return MHD_create_response_from_callback(
			r->body.len + r->pad, 65536, read_body, x, NULL);
	m = MHD_create_response_from_buffer(
		r->body.len, r->body.s, MHD_RESPMEM_MUST_FREE);
	if (m)
		r->body = (struct buf){ 0 };
	return m;
}

static enum MHD_Result
send_reply(struct exchange *x)
{
	struct httpd_reply *r = &x->reply;
	struct MHD_Response *m = response(x);
	enum MHD_Result sent;

	if (m == NULL)
		return MHD_NO;
	MHD_add_response_header(m, "Content-Type", r->type);
	for (size_t i = 0; i < r->nheaders; i++)
		MHD_add_response_header(
			m, r->headers[i].name, r->headers[i].value);
	if (x->h->ending)
		MHD_add_response_header(m, "Connection", "close");
	sent = MHD_queue_response(x->connection, r->status, m);
	MHD_destroy_response(m);
	x->state = SENT;
	return sent;
}

/* What the daemon calls. */

static struct exchange *
exchange_new(struct httpd *h, struct MHD_Connection *c)
{
	struct exchange *x = mem_alloc(1, sizeof(*x));

	*x = (struct exchange){ .h = h, .connection = c, .next = h->all };
	if (h->all)
		h->all->prev = x;
	h->all = x;
	x->in.max = h->conf.max_body;
	h->busy++;
	return x;
}

static void
exchange_free(struct exchange *x)
{
	if (x->prev)
		x->prev->next = x->next;
	else
		x->h->all = x->next;
	if (x->next)
		x->next->prev = x->prev;
	x->h->busy--;
	buf_release(&x->in);
	buf_release(&x->reply.body);
	free(x);
}

/* The body is complete, or the reply is due: the daemon asks what to do. */
static enum MHD_Result
proceed(struct exchange *x)
{
	if (x->state == READING) {
		x->state = ASKED;
		x->q.body = buf_span(&x->in);
		x->q.over = x->in.over;
		x->h->conf.handle(&x->q, x->h->conf.own);
	}
	if (x->state == READY)
		return send_reply(x);
	if (x->state == DROPPED)
		return MHD_NO;
	x->suspended = true;
	MHD_suspend_connection(x->connection);
	return MHD_YES;
}

static enum MHD_Result
/* NOLINTNEXTLINE(readability-function-size): the library's signature */
on_request(void *own, struct MHD_Connection *c, const char *path,
	const char *method, const char *version, const char *data, size_t *len,
	void **per_request)
{
	struct exchange *x = *per_request;

	(void)version;
	if (x == NULL) {
		x = *per_request = exchange_new(own, c);
		x->q.method = method;
		x->q.path = path;
		return MHD_YES;
	}
	if (*len == 0)
		return proceed(x);
	buf_add(&x->in, (struct span){ data, *len });
	*len = 0;
	return MHD_YES;
}

static void
on_completed(void *own, struct MHD_Connection *c, void **per_request,
	enum MHD_RequestTerminationCode code)
{
	(void)own, (void)c, (void)code;
	if (*per_request)
		exchange_free(*per_request);
	*per_request = NULL;
}

/* What the tool calls. */

/* As many connections as the system lets us have. */
static unsigned
raise_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l))
		return 512;
	l.rlim_cur = l.rlim_max;
	if (l.rlim_cur > 65536 || l.rlim_cur == RLIM_INFINITY)
		l.rlim_cur = l.rlim_max < 65536 ? l.rlim_max : 65536;
	if (setrlimit(RLIMIT_NOFILE, &l) || l.rlim_cur < 128)
		return 64;
	return (unsigned)l.rlim_cur - 64;
}

static int
listen_on(struct httpd *h, struct err *e)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	const union MHD_DaemonInfo *info;

	a.sin_port = htons((uint16_t)h->conf.port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	errno = 0;
	h->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME,
		0, NULL, NULL, on_request, h, MHD_OPTION_SOCK_ADDR, &a,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		MHD_OPTION_CONNECTION_LIMIT, raise_limit(),
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)h->conf.idle,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u, MHD_OPTION_END);
	if (h->daemon == NULL)
		return err_set(e, "cannot listen on 127.0.0.1 port %u: %s",
			(unsigned)h->conf.port,
			errno ? strerror(errno) : "libmicrohttpd says no");
	info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
	h->port = info ? info->port : h->conf.port;
	return 0;
}

static int
watch_daemon(struct httpd *h, struct err *e)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(
		h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct epoll_event wait = { .events = EPOLLIN };

	h->fd = epoll_create1(EPOLL_CLOEXEC);
	if (h->fd < 0 || info == NULL ||
		epoll_ctl(h->fd, EPOLL_CTL_ADD, info->epoll_fd, &wait))
		return err_set(e, "epoll: %s", strerror(errno));
	return 0;
}

struct httpd *
httpd_open(const struct httpd_conf *conf, struct err *e)
{
	struct httpd *h;

	if (conf->port > UINT16_MAX)
		return err_set(e, "%llu is no port: 0 to 65535",
			       (unsigned long long)conf->port),
		       NULL;
	h = mem_alloc(1, sizeof(*h));
	*h = (struct httpd){ .conf = *conf, .fd = -1 };
	if (listen_on(h, e) || watch_daemon(h, e)) {
		httpd_free(h);
		return NULL;
	}
	return h;
}

uint64_t
httpd_port(const struct httpd *h)
{
	return h->port;
}

int
httpd_fd(const struct httpd *h)
{
	return h->fd;
}

int
httpd_timeout(const struct httpd *h)
{
	uint64_t wait = UINT64_MAX, now;
	unsigned long long daemons;

	if (MHD_get_timeout(h->daemon, &daemons) == MHD_YES)
		wait = daemons;
	if (h->nheld) {
		now = clock_ms();
		now = h->held[0]->due > now ? h->held[0]->due - now : 0;
		wait = now < wait ? now : wait;
	}
	if (wait == UINT64_MAX)
		return -1;
	return wait > 60000 ? 60000 : (int)wait;
}

/* Its state changed: where the daemon let go of it, it shall look again. */
static void
wake(struct exchange *x, enum state state)
{
	x->state = state;
	if (x->suspended) {
		x->suspended = false;
		MHD_resume_connection(x->connection);
	}
}

static int
socket_of(const struct exchange *x)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static void
let_go(struct exchange *x)
{
	struct epoll_event unused = { 0 };

	epoll_ctl(x->h->fd, EPOLL_CTL_DEL, socket_of(x), &unused);
	wake(x, DROPPED);
}

/* A client whose request stalls went away. */
static void
find_gone(struct httpd *h)
{
	struct epoll_event events[64];
	int n = epoll_wait(h->fd, events, 64, 0);

	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			let_go(events[i].data.ptr);
}

void
httpd_run(struct httpd *h)
{
	uint64_t now = h->nheld ? clock_ms() : 0;

	while (h->nheld && (h->ending || h->held[0]->due <= now))
		wake(held_pop(h), READY);
	find_gone(h);
	MHD_run(h->daemon);
}

struct span
httpd_header(const struct httpd_request *q, const char *name)
{
	const struct exchange *x = (const struct exchange *)q;

	return span_str(MHD_lookup_connection_value(
		x->connection, MHD_HEADER_KIND, name));
}

void
httpd_set(struct httpd_reply *r, const char *name, const char *fmt, ...)
{
	struct httpd_header *header = &r->headers[r->nheaders];
	va_list ap;

	if (r->nheaders == HTTPD_HEADERS)
		return;
	snprintf(header->name, sizeof(header->name), "%s", name);
	va_start(ap, fmt);
	vsnprintf(header->value, sizeof(header->value), fmt, ap);
	va_end(ap);
	r->nheaders++;
}

void
httpd_reply(struct httpd_request *q, struct httpd_reply *r)
{
	struct exchange *x = (struct exchange *)q;

	x->reply = *r;
	r->body = (struct buf){ 0 };
	if (x->reply.delay_ms && !x->h->ending) {
		x->state = HELD;
		x->due = clock_ms() + x->reply.delay_ms;
		held_push(x->h, x);
	} else {
		wake(x, READY);
	}
}

void
httpd_stall(struct httpd_request *q)
{
	struct exchange *x = (struct exchange *)q;
	struct epoll_event gone = { .events = EPOLLRDHUP, .data.ptr = x };

	x->state = STALLED;
	if (x->h->ending ||
		epoll_ctl(x->h->fd, EPOLL_CTL_ADD, socket_of(x), &gone))
		wake(x, DROPPED);
}

void
httpd_quiesce(struct httpd *h)
{
	MHD_socket fd = MHD_quiesce_daemon(h->daemon);

	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	h->ending = true;
	for (struct exchange *x = h->all; x; x = x->next)
		if (x->state == STALLED)
			let_go(x);
	httpd_run(h);
}

size_t
httpd_busy(const struct httpd *h)
{
	return h->busy;
}

void
httpd_free(struct httpd *h)
{
	if (h == NULL)
		return;
	for (struct exchange *x = h->all; x; x = x->next)
		if (x->suspended)
			wake(x, DROPPED);
	if (h->daemon) {
		MHD_run(h->daemon);
		MHD_stop_daemon(h->daemon);
	}
	if (h->fd >= 0)
		close(h->fd);
	free(h->held);
	free(h);
}
