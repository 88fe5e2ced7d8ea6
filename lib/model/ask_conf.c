#include <math.h>
#include <stdlib.h>

#include "model/ask.h"
#include "model/ask_conf.h"
#include "record/emit.h"

static struct ask_conf conf = {
	.jobs = 32,
	.tries = 4,
	.retries = 8,
	.max_requests = UINT64_MAX,
	.max_reply = 64 << 20,
	.timeout = 600,
	.max_wait = 120,
	.max_cost = INFINITY,
};

static const char *const apis[] = { "chat", "responses", "messages", NULL };

/* NAME=JSON of --set, one member of the object being built. */
static int
parse_set(const char *text, struct err *e)
{
	static const char *const fixed[][2] = {
		{ "model", "the model is named by -m" },
		{ "messages", "the messages are the record's" },
		{ "input", "the messages are the record's" },
		{ "stream", "replies are read whole" },
		{ "n", "each draw is a request of its own" },
	};
	const char *eq = strchr(text, '=');
	struct json_fault f;
	struct span name;

	if (eq == NULL || eq == text)
		return err_set(e, "name=JSON is expected: temperature=0.5");
	name = (struct span){ text, (size_t)(eq - text) };
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (span_is(name, fixed[i][0]) && strcmp(eq + 1, "null"))
			return err_set(e, "%s", fixed[i][1]);
	if (json_scan(span_str(eq + 1), NULL, &f))
		return err_set(e,
			"the value is no JSON; a text needs its quotes: "
			"--set '%.*s=\"%s\"'",
			SPAN_ARG(name), eq + 1);
	if (conf.more.len)
		conf.more.len--; /* the brace that closes the object */
	else
		emit_begin(&conf.more, '{');
	emit_key_span(&conf.more, name);
	emit_value(&conf.more, json_value(span_str(eq + 1)));
	emit_end(&conf.more, '}');
	return 0;
}

const struct opt ask_opts[] = {
	{ 'm', "model", "NAME", "the model to ask", OPT_STR(&conf.model) },
	{ 'u', "url", "URL", "the API's base (default $OPENAI_BASE_URL)",
		OPT_STR(&conf.url) },
	{ 0, "api", "NAME", "chat (default), responses or messages",
		OPT_CHOICE(&conf.api, apis) },
	{ 'j', "jobs", "N", "requests in flight, at most (default 32)",
		OPT_U64(&conf.jobs) },
	{ 0, "journal", "FILE", "keep replies in FILE and ask nothing twice",
		OPT_STR(&conf.journal) },
	{ 0, "set", "NAME=JSON", "a field of each request; null removes it",
		OPT_PARSE(parse_set) },
	{ 0, "tries", "N", "ask N times for an acceptable answer (default 4)",
		OPT_U64(&conf.tries) },
	{ 0, "retries", "N", "retry failed requests N times (default 8)",
		OPT_U64(&conf.retries) },
	{ 0, "timeout", "SECONDS", "longest wait for a reply (default 600)",
		OPT_F64(&conf.timeout) },
	{ 0, "max-wait", "SECONDS", "stop if told to wait longer (default 120)",
		OPT_F64(&conf.max_wait) },
	{ 0, "max-reply", "SIZE", "longest reply to accept (default 64M)",
		OPT_SIZE(&conf.max_reply) },
	{ 0, "max-requests", "N", "stop after N requests",
		OPT_U64(&conf.max_requests) },
	{ 0, "max-cost", "DOLLARS", "stop before requests cost more than this",
		OPT_F64(&conf.max_cost) },
	{ 0, "prices", "FILE", "prices of models (default: the built-in ones)",
		OPT_STR(&conf.prices) },
	{ 0, "dry-run", NULL, "ask nothing, say how much there is to ask",
		OPT_FLAG(&conf.dry_run) },
	{ 0, "batch", NULL, "ask nothing, write the requests for a batch",
		OPT_FLAG(&conf.batch) },
	{ 0, "progress", NULL, "tell of progress even if no terminal is there",
		OPT_FLAG(&conf.progress) },
	{ 0, "key-file", "FILE", "read the key from FILE",
		OPT_STR(&conf.key_file) },
	{ 0, "send-key", NULL, "send the key over plain http, too",
		OPT_FLAG(&conf.send_key) },
	{ 0, "http1", NULL, "do not speak HTTP/2", OPT_FLAG(&conf.http1) },
	{ 0 },
};

const char *
ask_model(void)
{
	if (conf.model == NULL)
		die(ST_USAGE, "which model? name it with -m");
	if (*conf.model == '\0')
		die(ST_USAGE,
			"-m: the name is empty; is the variable behind it "
			"set?");
	return conf.model;
}

/* The environment. */

/* The variable's value; NULL where it is empty as well as where it is not. */
static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static void
find_address(void)
{
	bool anthropic = conf.api == CHAT_MESSAGES;
	const char *base = conf.url, *host;
	struct err e;

	if (base == NULL)
		base = environment(
			anthropic ? "ANTHROPIC_BASE_URL" : "OPENAI_BASE_URL");
	if (base == NULL)
		base = anthropic ? "https://api.anthropic.com"
		                 : "https://api.openai.com/v1";
	host = strrchr(base, '@'); /* a password may stand before it */
	if (http_address(&conf.address, base, "/v1",
		    chat_path((enum chat_api)conf.api), &e))
		die(ST_USAGE, "%s %.200s: %s", conf.url ? "-u" : "base URL",
			host ? host + 1 : base, e.msg);
}

static void
read_key(const char *value)
{
	struct err e;

	if (conf.key_file) {
		conf.key.max = 64 << 10;
		if (buf_file(&conf.key, conf.key_file, &e))
			die(ST_USAGE, "--key-file %s", e.msg);
	} else if (value)
		buf_add(&conf.key, span_str(value));
}

/* Is it one line of visible text? Anything else would break the header. */
static bool
is_visible(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.s[i] <= ' ' || text.s[i] > '~')
			return false;
	return true;
}

static struct span
checked_key(void)
{
	struct span key = span_trim(buf_span(&conf.key), " \t\r\n");

	if (!is_visible(key))
		die(ST_USAGE,
			"the key holds a byte that no key has: one line of "
			"text is expected");
	if (key.len == 0 && conf.key_file)
		die(ST_USAGE, "--key-file %s: the file is empty",
			conf.key_file);
	return key;
}

static void
require_key(const char *variable)
{
	static const char *const official[] = { "api.openai.com",
		"api.anthropic.com" };

	for (size_t i = 0; i < sizeof(official) / sizeof(*official); i++)
		if (strcmp(conf.address.host, official[i]) == 0)
			die(ST_USAGE,
				"%s wants a key: put it into %s or name its "
				"file with --key-file; or name another server "
				"with -u",
				conf.address.host, variable);
}

static void
add_header(const char *name, const char *value)
{
	size_t n = 0;

	while (conf.headers[n])
		n++;
	conf.headers[n] = arena_printf(&conf.arena, "%s: %s", name, value).s;
}

static void
key_headers(void)
{
	bool anthropic = conf.api == CHAT_MESSAGES;
	const char *variable = anthropic ? "ANTHROPIC_API_KEY"
	                                 : "OPENAI_API_KEY";
	const char *token = anthropic ? environment("ANTHROPIC_AUTH_TOKEN")
	                              : NULL;
	const char *value = environment(variable);
	struct span key;

	conf.key_variable = token && !value ? "ANTHROPIC_AUTH_TOKEN" : variable;
	read_key(value ? value : token);
	key = checked_key();
	if (key.len == 0) {
		if (!conf.dry_run && !conf.batch)
			require_key(variable);
		return;
	}
	if (!conf.address.secure && !conf.address.loopback && !conf.send_key) {
		warn("the key is not sent to %s, which is neither https nor "
		     "this machine; --send-key would send it",
			conf.address.shown);
		return;
	}
	conf.sends_key = true;
	if (anthropic && (value || conf.key_file))
		add_header("x-api-key", arena_dup(&conf.arena, key));
	else
		add_header("Authorization",
			arena_printf(&conf.arena, "Bearer %.*s", SPAN_ARG(key))
				.s);
}

/* A header from the environment, where it is set. */
static void
variable_header(const char *name, const char *variable)
{
	const char *value = environment(variable);
	struct span text;

	if (value == NULL)
		return;
	text = span_trim(span_str(value), " \t\r\n");
	if (!is_visible(text))
		die(ST_USAGE,
			"%s: a name of visible characters without blanks is "
			"expected",
			variable);
	if (text.len)
		add_header(name, arena_dup(&conf.arena, text));
}

static void
other_headers(void)
{
	if (conf.api == CHAT_MESSAGES) {
		add_header("anthropic-version", "2023-06-01");
		return;
	}
	variable_header("OpenAI-Organization", "OPENAI_ORG_ID");
	variable_header("OpenAI-Project", "OPENAI_PROJECT_ID");
}

static void
check_numbers(void)
{
	if (conf.jobs < 1 || conf.jobs > 10000)
		die(ST_USAGE, "-j: a number from 1 to 10000 is expected");
	if (conf.tries < 1)
		die(ST_USAGE, "--tries: at least 1 is expected");
	if (!(conf.timeout > 0))
		die(ST_USAGE, "--timeout: a positive number is expected");
	if (conf.max_reply < 1 || conf.max_reply > ASK_MAX_REPLY)
		die(ST_USAGE, "--max-reply: a size from 1 to 1G is expected");
	if (!(conf.max_cost >= 0))
		die(ST_USAGE, "--max-cost: a number of dollars is expected");
	if (conf.dry_run && conf.batch)
		die(ST_USAGE, "--dry-run and --batch exclude each other");
	if (!(conf.max_wait >= 0))
		die(ST_USAGE, "--max-wait: a number of seconds is expected");
}

const struct ask_conf *
ask_conf_load(void)
{
	ask_model();
	check_numbers();
	find_address();
	key_headers();
	other_headers();
	return &conf;
}

void
ask_conf_release(void)
{
	buf_release(&conf.more);
	buf_release(&conf.key);
	arena_release(&conf.arena);
}
