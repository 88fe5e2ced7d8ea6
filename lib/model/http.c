#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/direct.h"
#include "model/http.h"

#define KEEP (256 << 10)    /* bytes of a buffer that are kept for reuse */
#define NO_EXPECT "Expect:" /* for libcurl: no round trip before the body */

struct transfer {
	struct transfer *next; /* in the list of the idle, or of the ended */
	struct http *http;
	CURL *easy;
	void *tag;
	struct span send;
	enum { IDLE, CURLING, CONNECTING, DIRECT } state;
	bool added;   /* the handle is with the multi handle */
	double begun; /* when it was started */
	double last;  /* when a byte came; 0: none came */
	struct direct direct;
	struct http_reply reply; /* once it has ended */
	struct buf body;         /* CURLING */
	struct hints hints;
	char error[CURL_ERROR_SIZE];
};

struct http {
	CURLM *multi;
	struct curl_slist *headers;
	struct buf head; /* of direct requests; empty: there are none */
	bool loopback;   /* the address is this machine */
	struct http_conf conf;
	struct transfer *all, *idle, *taken;
	struct transfer *ended, **last_ended;
	struct pollfd *polls;     /* for each of all, and for the input */
	size_t n;                 /* of all */
	unsigned flying, curling; /* curling: in libcurl's hands */
	double checked;           /* when overdue transfers were looked for */
	double doubt; /* connections older than that may be dead; 0: none */
};

/* Called by libcurl. */

static size_t
on_header(char *line, size_t size, size_t n, void *to)
{
	struct transfer *t = to;
	struct span text = { line, size * n };

	if (span_starts(text, SPAN("HTTP/")))
		hints_init(&t->hints);
	else
		hints_line(&t->hints, text, clock_date());
	return text.len;
}

static size_t
on_body(char *data, size_t size, size_t n, void *to)
{
	struct transfer *t = to;

	t->last = clock_now();
	buf_add(&t->body, (struct span){ data, size * n });
	return t->body.over ? 0 : size * n;
}

/* Opening. */

static void
set_certificates(CURL *easy)
{
	const char *file = getenv("CURL_CA_BUNDLE");

	if (file == NULL || *file == '\0')
		file = getenv("SSL_CERT_FILE");
	if (file == NULL || *file == '\0')
		return;
	curl_easy_setopt(easy, CURLOPT_CAINFO, file);
	/* or else the system's directory is asked as well */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

static long
milliseconds(double seconds)
{
	return seconds < 1e6 ? (long)(seconds * 1000) + 1 : 0;
}

/* What is the same for all requests of a handle is set once. */
static void
prepare(struct transfer *t)
{
	const struct http_conf *c = &t->http->conf;
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_URL, c->url);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(
		e, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(c->connect_timeout));
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, milliseconds(c->timeout));
	if (t->http->loopback)
		curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	if (t->http->head.len) {
		curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
		return;
	}
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->http->headers);
	curl_easy_setopt(e, CURLOPT_POST, 1L);
	curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
		(long)(c->http1 ? CURL_HTTP_VERSION_1_1
				: CURL_HTTP_VERSION_2TLS));
	curl_easy_setopt(
		e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->max_reply);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	set_certificates(e);
}

static void
add_header(struct http *h, const char *line)
{
	struct curl_slist *more = curl_slist_append(h->headers, line);

	if (more == NULL)
		die(ST_CUT, "out of memory for a header");
	h->headers = more;
}

/* A part of a URL behind ${to}; nothing where there is none. */
static void
add_part(struct buf *to, CURLU *u, CURLUPart part)
{
	char *text = NULL;

	if (curl_url_get(u, part, &text, 0) == CURLUE_OK)
		buf_add(to, span_str(text));
	curl_free(text);
}

/*
 * A part of a URL into ${to}; empty where there is none. False where it does not
 * fit and is cut.
 */
static bool
get_part(CURLU *u, CURLUPart part, char *to, size_t size)
{
	struct buf text = { 0 };
	bool fits;

	add_part(&text, u, part);
	fits = text.len < size;
	snprintf(to, size, "%s", buf_cstr(&text));
	buf_release(&text);
	return fits;
}

/* Is it this machine? A name may begin with 127, too. */
static bool
is_loopback(const char *host)
{
	size_t n = strlen(host);

	return strcasecmp(host, "localhost") == 0 ||
	       (strncmp(host, "127.", 4) == 0 &&
		       strspn(host, ".0123456789") == n) ||
	       strcmp(host, "[::1]") == 0 ||
	       (n > 10 && strcasecmp(host + n - 10, ".localhost") == 0);
}

static bool
has_proxy(void)
{
	static const char *const proxies[] = { "http_proxy", "all_proxy",
		"ALL_PROXY" };

	for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++) {
		const char *proxy = getenv(proxies[i]);

		if (proxy && *proxy)
			return true;
	}
	return false;
}

/* Is it plain HTTP, without a proxy and without a password in the URL? */
static bool
can_be_direct(const struct http *h, CURLU *u)
{
	char scheme[16], user[16];

	get_part(u, CURLUPART_SCHEME, scheme, sizeof(scheme));
	get_part(u, CURLUPART_USER, user, sizeof(user));
	return strcmp(scheme, "http") == 0 && *user == '\0' &&
	       (h->loopback || !has_proxy());
}

/* "POST /path?query HTTP/1.1", and to whom. */
static void
add_target(struct buf *head, CURLU *u)
{
	char part[16];

	buf_add(head, SPAN("POST "));
	add_part(head, u, CURLUPART_PATH);
	get_part(u, CURLUPART_QUERY, part, sizeof(part));
	buf_add(head, span_str(*part ? "?" : ""));
	add_part(head, u, CURLUPART_QUERY);
	buf_add(head, SPAN(" HTTP/1.1\r\nHost: "));
	add_part(head, u, CURLUPART_HOST);
	get_part(u, CURLUPART_PORT, part, sizeof(part));
	buf_printf(head, "%s%s\r\n", *part ? ":" : "", part);
}

/* The head of direct requests, as far as the value of Content-Length. */
static void
make_head(struct http *h)
{
	CURLU *u = curl_url();
	char host[256];

	if (u == NULL || curl_url_set(u, CURLUPART_URL, h->conf.url, 0))
		die(ST_CUT, "out of memory for an address");
	get_part(u, CURLUPART_HOST, host, sizeof(host));
	h->loopback = is_loopback(host);
	if (can_be_direct(h, u)) {
		add_target(&h->head, u);
		buf_add(&h->head, SPAN("Accept: */*\r\n"));
		for (struct curl_slist *l = h->headers; l; l = l->next)
			if (strcmp(l->data, NO_EXPECT))
				buf_printf(&h->head, "%s\r\n", l->data);
		buf_add(&h->head, SPAN("Content-Length: "));
	}
	curl_url_cleanup(u);
}

/* Files that are open besides connections: streams, journal, libcurl's own. */
#define OTHER_FILES 16

/* Is there a file descriptor for each request in flight? */
static int
make_room(unsigned jobs, struct err *e)
{
	struct rlimit files;
	rlim_t need = (rlim_t)jobs + OTHER_FILES;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= need)
		return 0;
	files.rlim_cur = need < files.rlim_max ? need : files.rlim_max;
	if (files.rlim_cur < need || setrlimit(RLIMIT_NOFILE, &files))
		return err_set(e,
			"-j %u: only %llu files may be open at once; ask for "
			"fewer requests or raise the limit (ulimit -n)",
			jobs, (unsigned long long)files.rlim_max);
	return 0;
}

struct http *
http_open(const struct http_conf *conf, struct err *e)
{
	struct http *h;

	if (make_room(conf->jobs, e))
		return NULL;
	h = mem_alloc(1, sizeof(*h));
	*h = (struct http){ .conf = *conf };
	h->last_ended = &h->ended;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		h->multi = curl_multi_init();
	if (h->multi == NULL) {
		err_set(e, "libcurl does not start");
		http_close(h);
		return NULL;
	}
	add_header(h, "User-Agent: cupel/" VERSION);
	add_header(h, "Content-Type: application/json");
	add_header(h, NO_EXPECT);
	for (const char *const *line = conf->headers; *line; line++)
		add_header(h, *line);
	make_head(h);
	/* one more: that of the reply which is being looked at */
	h->all = mem_alloc(conf->jobs + 1, sizeof(*h->all));
	h->polls = mem_alloc(conf->jobs + 2, sizeof(*h->polls));
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)conf->jobs);
	return h;
}

/* How transfers end. */

/* Is it the server, or can this machine or process open nothing more? */
static enum http_end
unreached(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE))
		return HTTP_NO_FILES;
	if (fd >= 0)
		close(fd);
	return HTTP_UNREACHED;
}

/* What a proxy answered to CONNECT, or 0. */
static long
proxy_status(struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	return status;
}

static enum http_end
end_of(struct transfer *t, CURLcode code)
{
	curl_off_t connected = 0;

	switch (code) {
	case CURLE_OK:
		return HTTP_DONE;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PROXY:
		return unreached();
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return HTTP_UNTRUSTED;
	case CURLE_OPERATION_TIMEDOUT:
		curl_easy_getinfo(
			t->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
		return connected ? HTTP_TIMEOUT : HTTP_UNREACHED;
	case CURLE_FILESIZE_EXCEEDED:
		return HTTP_TOO_BIG;
	default:
		if (proxy_status(t) >= 300)
			return unreached();
		return t->body.over ? HTTP_TOO_BIG : HTTP_CUT;
	}
}

static void
unadd(struct transfer *t)
{
	if (t->added)
		curl_multi_remove_handle(t->http->multi, t->easy);
	t->added = false;
}

/*
 * The connection is ours alone: libcurl closes the ones that it takes for idle
 * whenever it makes another, and their numbers go to others.
 */
static void
disconnect(struct transfer *t)
{
	unadd(t);
	if (t->direct.fd >= 0)
		close(t->direct.fd);
	t->direct.fd = -1;
	t->direct.used = false;
}

static void
finish(struct transfer *t, enum http_end end, const char *detail)
{
	struct http *h = t->http;

	h->curling -= t->state == CURLING || t->state == CONNECTING;
	t->state = IDLE;
	t->reply.end = end;
	t->reply.detail = detail;
	t->next = NULL;
	*h->last_ended = t;
	h->last_ended = &t->next;
}

/* The socket that a transfer in libcurl's hands uses, if it has one already. */
static curl_socket_t
socket_of(const struct transfer *t)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (t->state == CURLING)
		curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd);
	return fd;
}

/*
 * A reply did not come. Of HTTP/2 libcurl keeps the connection, and would send
 * all further requests where perhaps nobody reads any more. The last transfer
 * that uses it closes it, and no new one comes to it.
 */
static void
doubt_connection(struct transfer *t)
{
	struct http *h = t->http;
	curl_socket_t fd = socket_of(t);

	h->doubt = clock_now();
	for (size_t i = 0; i < h->n; i++)
		if (&h->all[i] != t && socket_of(&h->all[i]) == fd)
			return;
	if (fd != CURL_SOCKET_BAD)
		shutdown(fd, SHUT_RDWR);
}

/* Are there transfers from before the last doubt? */
static bool
is_in_doubt(struct http *h)
{
	if (h->doubt > 0)
		for (size_t i = 0; i < h->n; i++)
			if (h->all[i].state == CURLING &&
				h->all[i].begun < h->doubt)
				return true;
	h->doubt = 0;
	return false;
}

/* Sending. */

static struct transfer *
new_transfer(struct http *h)
{
	struct transfer *t;

	if (h->n > h->conf.jobs)
		die(ST_CUT, "more than %u requests in flight", h->conf.jobs);
	t = &h->all[h->n++];
	*t = (struct transfer){ .http = h, .easy = curl_easy_init() };
	if (t->easy == NULL)
		die(ST_CUT, "out of memory for a request");
	t->body.max = h->conf.max_reply;
	t->direct.fd = -1;
	prepare(t);
	return t;
}

static void
give_to_curl(struct transfer *t, int state)
{
	t->error[0] = '\0';
	t->state = state;
	t->added = true;
	t->http->curling++;
	if (curl_multi_add_handle(t->http->multi, t->easy))
		die(ST_CUT, "libcurl does not take a request");
}

static void
start_direct(struct transfer *t)
{
	struct http *h = t->http;

	if (t->direct.fd < 0) {
		give_to_curl(t, CONNECTING);
		return;
	}
	t->state = DIRECT;
	direct_start(
		&t->direct, buf_span(&h->head), t->send, h->conf.max_reply);
}

static void
start_curling(struct transfer *t)
{
	buf_clear(&t->body);
	hints_init(&t->hints);
	curl_easy_setopt(
		t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->send.len);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->send.s);
	curl_easy_setopt(
		t->easy, CURLOPT_FRESH_CONNECT, is_in_doubt(t->http) ? 1L : 0L);
	give_to_curl(t, CURLING);
}

void
http_start(struct http *h, struct span body, void *tag)
{
	struct transfer *t = h->idle;

	if (t)
		h->idle = t->next;
	else
		t = new_transfer(h);
	t->reply = (struct http_reply){ .tag = tag };
	t->send = body;
	t->begun = clock_now();
	t->last = 0;
	h->flying++;
	if (h->head.len)
		start_direct(t);
	else
		start_curling(t);
}

unsigned
http_flying(const struct http *h)
{
	return h->flying;
}

/* Receiving. */

static void
step_direct(struct transfer *t)
{
	struct direct *d = &t->direct;
	enum direct_got got = direct_step(d, clock_date());

	t->last = d->in.len ? clock_now() : 0;
	if (got == DIRECT_MORE)
		return;
	if (got != DIRECT_WHOLE || !d->wire.keep)
		disconnect(t);
	if (got == DIRECT_STALE) {
		start_direct(t);
		return;
	}
	t->reply.status = d->wire.status;
	t->reply.hints = d->wire.hints;
	t->reply.body = wire_body(&d->wire, &d->in);
	finish(t,
		got == DIRECT_WHOLE     ? HTTP_DONE
		: got == DIRECT_TOO_BIG ? HTTP_TOO_BIG
					: HTTP_CUT,
		d->why);
}

/* A connection is there: the request can go out. */
static void
connected(struct transfer *t)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd);
	t->http->curling--;
	t->direct.fd = fd == CURL_SOCKET_BAD
	                       ? -1
	                       : fcntl((int)fd, F_DUPFD_CLOEXEC, 3);
	unadd(t);
	t->state = DIRECT;
	if (t->direct.fd >= 0)
		start_direct(t);
	else
		finish(t, HTTP_UNREACHED, "the connection is gone");
}

/* Why it failed; what quotes a proxy's address may show its password. */
static const char *
detail_of(const struct transfer *t, CURLcode code)
{
	if (strchr(t->error, '@'))
		return "the proxy's address is none; it comes from "
		       "https_proxy, or a variable like that";
	return t->error[0] ? t->error : curl_easy_strerror(code);
}

/* The status; that of the proxy, where it wants to know who asks. */
static int
status_of(struct transfer *t, CURLcode code)
{
	long status = 0, proxy = proxy_status(t);

	if (code == CURLE_OK)
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)(code != CURLE_OK && proxy == 407 ? proxy : status);
}

static void
curled(struct transfer *t, CURLcode code)
{
	const char *detail = detail_of(t, code);
	int status = status_of(t, code);
	enum http_end end;

	if (t->state == CONNECTING && code == CURLE_OK) {
		connected(t);
		return;
	}
	hints_done(&t->hints);
	t->reply.status = status;
	t->reply.hints = t->hints;
	t->reply.body = buf_span(&t->body);
	if (code != CURLE_OK && status)
		t->reply.body = span_str(detail);
	end = status ? HTTP_DONE : end_of(t, code);
	if (end == HTTP_TIMEOUT)
		doubt_connection(t);
	finish(t, end, detail);
	disconnect(t);
}

static void
run_curl(struct http *h)
{
	struct transfer *t;
	CURLMsg *msg;
	int n;

	curl_multi_perform(h->multi, &n);
	while ((msg = curl_multi_info_read(h->multi, &n))) {
		CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		curled(t, code);
	}
}

/* Transfers that take too long; looked for once in a while. */
static void
end_overdue(struct http *h)
{
	double now = clock_now();

	if (now - h->checked < 0.25)
		return;
	h->checked = now;
	for (size_t i = 0; i < h->n; i++) {
		struct transfer *t = &h->all[i];

		if (t->state == DIRECT && now - t->begun > h->conf.timeout)
			finish(t, HTTP_TIMEOUT, "no whole reply in time");
		else if (t->state != IDLE && t->last > 0 &&
			 now - t->last > h->conf.stall) {
			if (t->state == CURLING)
				doubt_connection(t);
			finish(t, HTTP_CUT,
				"the reply began and did not go on");
		} else
			continue;
		disconnect(t);
	}
}

/* What to poll for: direct transfers, and ${fd}. How many there are. */
static size_t
set_polls(struct http *h, int fd)
{
	size_t n = h->head.len ? h->n : 0;

	for (size_t i = 0; i < n; i++) {
		struct transfer *t = &h->all[i];

		h->polls[i] = (struct pollfd){ .fd = -1 };
		if (t->state != DIRECT)
			continue;
		h->polls[i].fd = t->direct.fd;
		h->polls[i].events = direct_events(&t->direct);
	}
	h->polls[n] = (struct pollfd){ .fd = fd, .events = POLLIN };
	return n;
}

/* Waits for libcurl's transfers as well as for what is to be polled. */
static void
wait_with_curl(struct http *h, size_t n, int ms)
{
	struct curl_waitfd *extra = mem_alloc(n + 1, sizeof(*extra));
	unsigned used = 0;

	for (size_t i = 0; i <= n; i++)
		if (h->polls[i].fd >= 0)
			extra[used++] = (struct curl_waitfd){
				.fd = h->polls[i].fd,
				.events = h->polls[i].events & POLLOUT
				                  ? CURL_WAIT_POLLIN |
				                            CURL_WAIT_POLLOUT
				                  : CURL_WAIT_POLLIN
			};
	curl_multi_poll(h->multi, extra, used, ms, NULL);
	free(extra);
}

void
http_wait(struct http *h, int fd, double seconds)
{
	int ms = h->ended || !(seconds > 0) ? 0 : (int)milliseconds(seconds);
	size_t n = set_polls(h, fd);
	int ready;

	if (h->curling) {
		wait_with_curl(h, n, ms);
		run_curl(h);
		ms = 0;
	}
	ready = poll(h->polls, n + 1, ms);
	if (ready < 0 && errno != EINTR)
		die(ST_CUT, "cannot wait for replies: %s", strerror(errno));
	if (ready > 0)
		for (size_t i = 0; i < n; i++)
			if (h->polls[i].fd >= 0 && h->polls[i].revents)
				step_direct(&h->all[i]);
	end_overdue(h);
}

/* Makes the transfer that was handed out last ready for another request. */
static void
recycle(struct http *h)
{
	struct transfer *t = h->taken;

	h->taken = NULL;
	if (t == NULL)
		return;
	if (t->body.cap > KEEP)
		buf_release(&t->body);
	if (t->direct.in.cap > KEEP)
		buf_release(&t->direct.in);
	t->next = h->idle;
	h->idle = t;
}

bool
http_take(struct http *h, struct http_reply *r)
{
	struct transfer *t = h->ended;

	recycle(h);
	if (t == NULL)
		return false;
	h->ended = t->next;
	if (h->ended == NULL)
		h->last_ended = &h->ended;
	h->taken = t;
	h->flying--;
	*r = t->reply;
	return true;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->n; i++) {
		struct transfer *t = &h->all[i];

		disconnect(t);
		curl_easy_cleanup(t->easy);
		t->body.max = 0;
		buf_release(&t->body);
		direct_release(&t->direct);
	}
	curl_slist_free_all(h->headers);
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	buf_release(&h->head);
	free(h->polls);
	free(h->all);
	free(h);
}

/* Addresses. */

static bool
ends_with(struct span text, const char *end)
{
	size_t n = strlen(end);

	return text.len >= n && memcmp(text.s + text.len - n, end, n) == 0;
}

static void
join_path(CURLU *u, const char *version, const char *path)
{
	struct buf whole = { 0 };

	add_part(&whole, u, CURLUPART_PATH);
	while (whole.len && whole.s[whole.len - 1] == '/')
		whole.len--;
	if (whole.len == 0)
		buf_add(&whole, span_str(version));
	if (!ends_with(buf_span(&whole), path))
		buf_add(&whole, span_str(path));
	curl_url_set(u, CURLUPART_PATH, buf_cstr(&whole), 0);
	buf_release(&whole);
}

/* What people see may be cut; where requests go may not. */
static bool
describe_address(struct http_address *a, CURLU *u)
{
	char scheme[16], port[16], path[256];
	bool fits;

	get_part(u, CURLUPART_SCHEME, scheme, sizeof(scheme));
	get_part(u, CURLUPART_PORT, port, sizeof(port));
	get_part(u, CURLUPART_PATH, path, sizeof(path));
	fits = get_part(u, CURLUPART_HOST, a->host, sizeof(a->host));
	fits &= get_part(u, CURLUPART_URL, a->url, sizeof(a->url));
	a->secure = strcmp(scheme, "https") == 0;
	a->loopback = is_loopback(a->host);
	snprintf(a->shown, sizeof(a->shown), "%s://%s%s%s%s", scheme, a->host,
		*port ? ":" : "", port, path);
	return fits;
}

static bool
is_http(CURLU *u)
{
	char scheme[16];

	get_part(u, CURLUPART_SCHEME, scheme, sizeof(scheme));
	return strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;
}

int
http_address(struct http_address *a, const char *base, const char *version,
	const char *path, struct err *e)
{
	CURLU *u = curl_url();
	int rc = 0;

	*a = (struct http_address){ 0 };
	if (u == NULL)
		die(ST_CUT, "out of memory for an address");
	if (curl_url_set(u, CURLUPART_URL, base, 0) || !is_http(u))
		rc = err_set(e,
			"an address such as http://127.0.0.1:8000/v1 is "
			"expected");
	else {
		curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
		join_path(u, version, path);
		if (!describe_address(a, u))
			rc = err_set(e,
				"an address of at most %zu bytes is expected, "
				"%zu of them for the host",
				sizeof(a->url) - 1, sizeof(a->host) - 1);
	}
	curl_url_cleanup(u);
	return rc;
}
