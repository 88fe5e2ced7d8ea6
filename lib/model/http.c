#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "model/http.h"

#define KEEP (256 << 10) /* bytes of a buffer that are kept for reuse */

struct transfer {
	struct transfer *next; /* in the list of the idle */
	struct http *http;
	CURL *easy;
	void *tag;
	bool flying;
	double last; /* when a byte came; 0: none came */
	struct buf body;
	struct hints hints;
	char error[CURL_ERROR_SIZE];
};

struct http {
	CURLM *multi;
	struct curl_slist *headers;
	struct http_conf conf;
	struct transfer *all, *idle, *taken;
	size_t n; /* of all */
	unsigned flying;
	double checked; /* when stalled transfers were looked for */
};

static double
seconds_on(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Called by libcurl. */

static size_t
on_header(char *line, size_t size, size_t n, void *to)
{
	struct transfer *t = to;
	struct span text = { line, size * n };

	if (span_starts(text, SPAN("HTTP/")))
		hints_init(&t->hints);
	else
		hints_line(&t->hints, text, seconds_on(CLOCK_REALTIME));
	return text.len;
}

static size_t
on_body(char *data, size_t size, size_t n, void *to)
{
	struct transfer *t = to;

	t->last = seconds_on(CLOCK_MONOTONIC);
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
	if (file && *file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, file);
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
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->http->headers);
	curl_easy_setopt(e, CURLOPT_POST, 1L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
		(long)(c->http1 ? CURL_HTTP_VERSION_1_1
				: CURL_HTTP_VERSION_2TLS));
	curl_easy_setopt(
		e, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(c->connect_timeout));
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, milliseconds(c->timeout));
	curl_easy_setopt(
		e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->max_reply);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
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

struct http *
http_open(const struct http_conf *conf, struct err *e)
{
	struct http *h = mem_alloc(1, sizeof(*h));

	*h = (struct http){ .conf = *conf };
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		h->multi = curl_multi_init();
	if (h->multi == NULL) {
		err_set(e, "libcurl does not start");
		http_close(h);
		return NULL;
	}
	add_header(h, "Content-Type: application/json");
	add_header(h, "Expect:");
	for (const char *const *line = conf->headers; *line; line++)
		add_header(h, *line);
	h->all = mem_alloc(conf->jobs, sizeof(*h->all));
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)conf->jobs);
	return h;
}

/* Sending. */

static struct transfer *
new_transfer(struct http *h)
{
	struct transfer *t;

	if (h->n == h->conf.jobs)
		die(ST_CUT, "more than %u requests in flight", h->conf.jobs);
	t = &h->all[h->n++];
	*t = (struct transfer){ .http = h, .easy = curl_easy_init() };
	if (t->easy == NULL)
		die(ST_CUT, "out of memory for a request");
	t->body.max = h->conf.max_reply;
	prepare(t);
	return t;
}

void
http_start(struct http *h, struct span body, void *tag)
{
	struct transfer *t = h->idle;

	if (t)
		h->idle = t->next;
	else
		t = new_transfer(h);
	t->tag = tag;
	t->last = 0;
	t->flying = true;
	t->error[0] = '\0';
	buf_clear(&t->body);
	hints_init(&t->hints);
	curl_easy_setopt(
		t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, body.s);
	if (curl_multi_add_handle(h->multi, t->easy))
		die(ST_CUT, "libcurl does not take a request");
	h->flying++;
}

unsigned
http_flying(const struct http *h)
{
	return h->flying;
}

void
http_wait(struct http *h, int fd, double seconds)
{
	struct curl_waitfd in = { .fd = fd, .events = CURL_WAIT_POLLIN };
	int running;

	curl_multi_poll(
		h->multi, &in, fd >= 0, (int)milliseconds(seconds), NULL);
	curl_multi_perform(h->multi, &running);
}

/* Receiving. */

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
		return HTTP_UNREACHED;
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
		return t->body.over ? HTTP_TOO_BIG : HTTP_CUT;
	}
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
	t->next = h->idle;
	h->idle = t;
}

static void
land(struct http *h, struct transfer *t, struct http_reply *r)
{
	curl_multi_remove_handle(h->multi, t->easy);
	t->flying = false;
	h->flying--;
	h->taken = t;
	*r = (struct http_reply){ .tag = t->tag, .hints = t->hints };
}

static void
describe(struct transfer *t, CURLcode code, struct http_reply *r)
{
	long status = 0;

	r->end = end_of(t, code);
	r->detail = t->error[0] ? t->error : curl_easy_strerror(code);
	if (r->end != HTTP_DONE)
		return;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	hints_done(&r->hints);
	r->status = (int)status;
	r->body = buf_span(&t->body);
}

/* A reply that began and does not go on; looked for once in a while. */
static struct transfer *
stalled(struct http *h)
{
	double now = seconds_on(CLOCK_MONOTONIC);

	if (now - h->checked < 0.25)
		return NULL;
	for (size_t i = 0; i < h->n; i++) {
		struct transfer *t = &h->all[i];

		if (t->flying && t->last > 0 && now - t->last > h->conf.stall)
			return t;
	}
	h->checked = now;
	return NULL;
}

bool
http_take(struct http *h, struct http_reply *r)
{
	struct transfer *t;
	CURLMsg *msg;
	CURLcode code;
	int left;

	recycle(h);
	msg = curl_multi_info_read(h->multi, &left);
	if (msg) {
		code = msg->data.result;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		land(h, t, r);
		describe(t, code, r);
		return true;
	}
	t = stalled(h);
	if (t == NULL)
		return false;
	land(h, t, r);
	r->end = HTTP_CUT;
	r->detail = "the reply began and did not go on";
	return true;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->n; i++) {
		struct transfer *t = &h->all[i];

		if (t->flying)
			curl_multi_remove_handle(h->multi, t->easy);
		curl_easy_cleanup(t->easy);
		t->body.max = 0;
		buf_release(&t->body);
	}
	curl_slist_free_all(h->headers);
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	free(h->all);
	free(h);
}

/* Addresses. */

static bool
is_loopback(const char *host)
{
	size_t n = strlen(host);

	return strcasecmp(host, "localhost") == 0 ||
	       strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0 ||
	       (n > 10 && strcasecmp(host + n - 10, ".localhost") == 0);
}

/* A part of the URL into ${to}, cut to ${size}; empty where there is none. */
static void
get_part(CURLU *u, CURLUPart part, char *to, size_t size)
{
	char *text = NULL;

	*to = '\0';
	if (curl_url_get(u, part, &text, 0) == CURLUE_OK)
		snprintf(to, size, "%s", text);
	curl_free(text);
}

static bool
ends_with(struct span text, const char *end)
{
	size_t n = strlen(end);

	return text.len >= n && memcmp(text.s + text.len - n, end, n) == 0;
}

static void
join_path(CURLU *u, const char *version, const char *path)
{
	char base[1024], whole[1200];
	struct span have;

	get_part(u, CURLUPART_PATH, base, sizeof(base));
	have = span_str(base);
	while (have.len && have.s[have.len - 1] == '/')
		have.len--;
	if (have.len == 0)
		have = span_str(version);
	snprintf(whole, sizeof(whole), "%.*s%s", SPAN_ARG(have),
		ends_with(have, path) ? "" : path);
	curl_url_set(u, CURLUPART_PATH, whole, 0);
}

static void
describe_address(struct http_address *a, CURLU *u)
{
	char scheme[16], port[16], path[256];

	get_part(u, CURLUPART_SCHEME, scheme, sizeof(scheme));
	get_part(u, CURLUPART_HOST, a->host, sizeof(a->host));
	get_part(u, CURLUPART_PORT, port, sizeof(port));
	get_part(u, CURLUPART_PATH, path, sizeof(path));
	get_part(u, CURLUPART_URL, a->url, sizeof(a->url));
	a->secure = strcmp(scheme, "https") == 0;
	a->loopback = is_loopback(a->host);
	snprintf(a->shown, sizeof(a->shown), "%s://%s%s%s%s", scheme, a->host,
		*port ? ":" : "", port, path);
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
	bool good;

	*a = (struct http_address){ 0 };
	if (u == NULL)
		die(ST_CUT, "out of memory for an address");
	good = curl_url_set(u, CURLUPART_URL, base, 0) == CURLUE_OK &&
	       is_http(u);
	if (good) {
		curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
		join_path(u, version, path);
		describe_address(a, u);
	}
	curl_url_cleanup(u);
	return good ? 0
	            : err_set(e,
			      "an address such as http://127.0.0.1:8000/v1 is "
			      "expected");
}
