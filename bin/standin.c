/* cupel-standin: a stand-in model server on loopback, to rehearse for free. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/opt.h"
#include "eval/standin.h"
#include "model/httpd.h"

#define GRACE_MS 2000 /* for what is in flight at the end */
#define USUAL_PORT 18178
#define NO_PORT UINT64_MAX

static struct {
	struct standin_conf standin;
	uint64_t port, max_body, idle;
	const char *key_env;
} cfg = {
	.standin = { .huge = 64 << 20 },
	.port = NO_PORT,
	.max_body = 64 << 20,
};

static int
parse_fault(const char *text, struct err *e)
{
	return faults_add(&cfg.standin.faults, text, e);
}

static int
parse_latency(const char *text, struct err *e)
{
	uint64_t *min = &cfg.standin.latency_min,
		 *max = &cfg.standin.latency_max;
	char *end;

	*min = *max = strtoul(text, &end, 10);
	if (*end == '-' && end[1] >= '0' && end[1] <= '9')
		*max = strtoul(end + 1, &end, 10);
	if (*text < '0' || *text > '9' || *end || *max < *min ||
		*max > 86400000)
		return err_set(e, "milliseconds are expected: 20, or 20-300");
	return 0;
}

static const struct opt opts[] = {
	{ 'p', "port", "N",
		"the port to listen on (default 18178 or a free one)",
		OPT_U64(&cfg.port) },
	{ 's', "seed", "N", "seed of replies, faults and delays (default 0)",
		OPT_U64(&cfg.standin.seed) },
	{ 0, "journal", "FILE", "replies: those recorded in a journal",
		OPT_STR(&cfg.standin.journal) },
	{ 0, "strict", NULL, "answer 404 to what the journal does not have",
		OPT_FLAG(&cfg.standin.strict) },
	{ 0, "reply", "EXPR", "replies: a jq program over the request body",
		OPT_STR(&cfg.standin.reply) },
	{ 0, "models", "LIST", "the models there are, with commas (any)",
		OPT_STR(&cfg.standin.models) },
	{ 0, "key-env", "NAME",
		"ask for the key in this environment variable (none)",
		OPT_STR(&cfg.key_env) },
	{ 0, "latency", "MS", "answer after MS, or MIN-MAX, milliseconds (0)",
		OPT_PARSE(parse_latency) },
	{ 0, "idle", "S", "close connections idle for S seconds (0: none)",
		OPT_U64(&cfg.idle) },
	{ 0, "rate-limit", "N", "answer 429 to more than N requests a second",
		OPT_F64(&cfg.standin.rate) },
	{ 0, "fault", "KIND=RATE", "a share of requests goes wrong; repeatable",
		OPT_PARSE(parse_fault) },
	{ 0, "fault-times", "N", "at most N faults for one request body (any)",
		OPT_U64(&cfg.standin.fault_times) },
	{ 0, "retry-after", "S", "seconds that faulty replies ask for (0)",
		OPT_F64(&cfg.standin.retry_after) },
	{ 0, "huge-size", "SIZE", "bytes of a huge reply (default 64M)",
		OPT_SIZE(&cfg.standin.huge) },
	{ 0, "max-body", "SIZE", "refuse longer requests (default 64M)",
		OPT_SIZE(&cfg.max_body) },
	{ 0, "log", "FILE", "write a line of JSON for each request",
		OPT_STR(&cfg.standin.log) },
	{ 0 },
};
static const struct opt *const tables[] = { opts, NULL };
static const struct tool tool = {
	"standin",
	"a stand-in model server on loopback, to rehearse for free",
	"[command [argument ...]]",
	tables,
};

static void
take_key(void)
{
	if (cfg.key_env == NULL)
		return;
	cfg.standin.key = getenv(cfg.key_env);
	if (cfg.standin.key == NULL || *cfg.standin.key == '\0')
		die(ST_USAGE, "--key-env %s: the environment has no such key",
			cfg.key_env);
}

/* A proxy must not get what is meant for loopback. */
static void
bypass_proxy(const char *name)
{
	const char *old = getenv(name);
	char *list;
	size_t n;

	if (old == NULL || *old == '\0') {
		setenv(name, "127.0.0.1", 1);
		return;
	}
	n = strlen(old) + sizeof(",127.0.0.1");
	list = mem_alloc(n, 1);
	snprintf(list, n, "%s,127.0.0.1", old);
	setenv(name, list, 1);
	free(list);
}

/* Where the command finds us, and a key if it has none. */
static void
set_environment(uint64_t port)
{
	char url[64];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u", (unsigned)port);
	setenv("ANTHROPIC_BASE_URL", url, 1);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/v1", (unsigned)port);
	setenv("OPENAI_BASE_URL", url, 1);
	setenv("OPENAI_API_KEY", "standin", 0);
	setenv("ANTHROPIC_API_KEY", "standin", 0);
	bypass_proxy("no_proxy");
	bypass_proxy("NO_PROXY");
}

static void
print_url(uint64_t port)
{
	printf("http://127.0.0.1:%u/v1\n", (unsigned)port);
	if (fflush(stdout) || ferror(stdout))
		die(ST_CUT, "standard output: %s", strerror(errno));
}

/* What the signals say: false when it is over. ${pid} is the command's, or 0. */
static bool
obey(int signals, pid_t pid, int *status)
{
	bool sent;
	int sig;

	while ((sig = child_signal(signals, &sent))) {
		if (sig == SIGCHLD && pid && child_ended(pid, status))
			return false;
		if (sig != SIGCHLD && pid == 0)
			return false;
		if (sig != SIGCHLD && sent)
			kill(pid, sig);
	}
	return true;
}

/* The usual address if it can be had: journals know replies by it. */
static struct httpd *
listen_somewhere(struct standin *standin, struct err *e)
{
	struct httpd_conf conf = {
		.port = cfg.port == NO_PORT ? USUAL_PORT : cfg.port,
		.max_body = cfg.max_body,
		.idle = cfg.idle,
		.handle = standin_handle,
		.own = standin,
	};
	struct httpd *h = httpd_open(&conf, e);

	if (h || cfg.port != NO_PORT)
		return h;
	if (isatty(STDERR_FILENO))
		warn("port %u is taken: another one, at which no journal of "
		     "that address is of use",
			USUAL_PORT);
	conf.port = 0;
	return httpd_open(&conf, e);
}

static int
serve(struct httpd *h, int signals, pid_t pid)
{
	struct pollfd fds[2] = { { httpd_fd(h), POLLIN, 0 },
		{ signals, POLLIN, 0 } };
	int status = ST_OK;

	while (obey(signals, pid, &status)) {
		poll(fds, 2, httpd_timeout(h));
		httpd_run(h);
	}
	return status;
}

/* Answer what is in flight. */
static void
finish(struct httpd *h)
{
	struct pollfd fd = { httpd_fd(h), POLLIN, 0 };

	httpd_quiesce(h);
	for (int i = 0; httpd_busy(h) && i < GRACE_MS / 10; i++) {
		poll(&fd, 1, 10);
		httpd_run(h);
	}
	httpd_free(h);
}

int
main(int argc, char **argv)
{
	char **command = opt_parse(&tool, argv);
	struct standin *standin;
	struct httpd *h;
	struct err e;
	pid_t pid = 0;
	int signals, status;

	(void)argc;
	take_key();
	if (cfg.standin.strict && cfg.standin.journal == NULL)
		die(ST_USAGE, "--strict goes with --journal");
	signals = child_signals(&e);
	standin = signals < 0 ? NULL : standin_open(&cfg.standin, &e);
	if (standin == NULL)
		die(ST_USAGE, "%s", e.msg);
	h = listen_somewhere(standin, &e);
	if (h == NULL)
		die(ST_USAGE, "%s", e.msg);
	if (*command == NULL) {
		print_url(httpd_port(h));
	} else {
		set_environment(httpd_port(h));
		pid = child_start(command, &e);
		if (pid < 0)
			die(ST_CUT, "%s", e.msg);
	}
	status = serve(h, signals, pid);
	finish(h);
	if (standin_close(standin, &e)) {
		warn("%s", e.msg);
		status = status ? status : ST_CUT;
	}
	return status;
}
