/* The journal: what it keeps, and what it survives. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/journal.h"
#include "tap.h"

#define FILE_NAME "unit-journal.tmp"

static void
write_file(const char *text)
{
	FILE *f = fopen(FILE_NAME, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f))
		die(ST_CUT, "%s: %s", FILE_NAME, strerror(errno));
}

static const char *
read_file(void)
{
	static struct buf b;
	struct err e;

	buf_clear(&b);
	if (buf_file(&b, FILE_NAME, &e))
		die(ST_CUT, "%s", e.msg);
	return buf_cstr(&b);
}

static struct journal *
opened(void)
{
	struct err e;
	struct journal *j = journal_open(FILE_NAME, 1 << 20, &e);

	if (j == NULL)
		die(ST_CUT, "%s", e.msg);
	return j;
}

/* What is under ${key}, or "none". */
static const char *
found(struct journal *j, const char *key)
{
	static struct buf b;
	struct err e;

	buf_clear(&b);
	switch (journal_find(j, key, &b, &e)) {
	case 1:
		return buf_cstr(&b);
	case 0:
		return "none";
	default:
		return "not to be read";
	}
}

static void
add(struct journal *j, const char *key, const char *body)
{
	struct err e;

	if (journal_add(j, key, "req_1", span_str(body), &e))
		die(ST_CUT, "%s", e.msg);
}

static void
keys(void)
{
	char a[JOURNAL_KEY + 1], b[JOURNAL_KEY + 1];

	journal_key(a, SPAN("abc"), "http://h/v1", 0, 0);
	is_str(a, "ba7816bf8f01cfea414140de5dae2223b00361a3-b167cca4-0",
		"a key: digests of body and address, the draw");
	journal_key(b, SPAN("abc"), "http://h/v1", 4294967295u, 999);
	is_str(b,
		"ba7816bf8f01cfea414140de5dae2223b00361a3-b167cca4-"
		"4294967295r999",
		"the longest key");
	ok(strlen(b) <= JOURNAL_KEY, "which is not too long for a batch");
}

static void
round_trip(void)
{
	struct journal *j;

	remove(FILE_NAME);
	j = opened();
	is_str(found(j, "a"), "none", "an empty journal has nothing");
	add(j, "a", " {\"x\":\n1.0}\r\n");
	add(j, "b", "{\"y\":2}");
	is_str(found(j, "a"), "{\"x\": 1.0}", "what was added is there");
	add(j, "a", "{\"x\":3}");
	is_str(found(j, "a"), "{\"x\":3}", "the last one counts");
	journal_close(j, NULL);
	is_str(read_file(),
		"{\"id\":\"a\",\"custom_id\":\"a\",\"response\":{"
		"\"status_code\":200,\"request_id\":\"req_1\",\"body\":{\"x\": "
		"1.0}},\"error\":null}\n"
		"{\"id\":\"b\",\"custom_id\":\"b\",\"response\":{"
		"\"status_code\":200,\"request_id\":\"req_1\",\"body\":{\"y\":"
		"2}},\"error\":null}\n"
		"{\"id\":\"a\",\"custom_id\":\"a\",\"response\":{"
		"\"status_code\":200,\"request_id\":\"req_1\",\"body\":{\"x\":"
		"3}},\"error\":null}\n",
		"lines of a batch's results");
	j = opened();
	is_str(found(j, "a"), "{\"x\":3}", "and again when it is opened again");
	is_str(found(j, "b"), "{\"y\":2}", "both");
	journal_close(j, NULL);
}

#define GOOD(key, body)                                                        \
	"{\"custom_id\":\"" key                                                \
	"\",\"response\":{\"status_code\":200,\"body\":" body "}}"

static void
foreign_lines(void)
{
	struct journal *j;

	write_file(GOOD("a", "{\"x\":1}") "\r\n"
					  "{\"custom_id\":\"b\",\"response\":{"
					  "\"status_code\":429,"
					  "\"body\":{}},\"error\":null}\n"
					  "{\"custom_id\":\"c\",\"response\":"
					  "null,\"error\":{\"code\":"
					  "\"batch_expired\"}}\n"
					  "{\"custom_id\":\"d\",\"result\":{"
					  "\"type\":\"succeeded\","
					  "\"message\":{\"y\":2}}}\n"
					  "{\"custom_id\":\"e\",\"result\":{"
					  "\"type\":\"errored\"}}\n"
					  "\n"
					  "not JSON\n"
					  "{\"id\":\"f\"}\n" GOOD(
						  "g", "{\"z\":3}"));
	j = opened();
	is_str(found(j, "a"), "{\"x\":1}", "a result of an OpenAI batch");
	is_str(found(j, "b"), "none", "one that failed");
	is_str(found(j, "c"), "none", "one that expired");
	is_str(found(j, "d"), "{\"y\":2}", "a result of an Anthropic batch");
	is_str(found(j, "e"), "none", "one that failed");
	is_str(found(j, "g"), "{\"z\":3}", "a last line without its end");
	add(j, "h", "{}");
	journal_close(j, NULL);
	j = opened();
	is_str(found(j, "g"), "{\"z\":3}", "which gets it");
	is_str(found(j, "h"), "{}", "so that the next line is one");
	journal_close(j, NULL);
}

static void
torn_lines(void)
{
	const char *whole = GOOD("a", "{\"x\":1}") "\n" GOOD("b", "{\"y\":2}");
	size_t first = strlen(GOOD("a", "{\"x\":1}")) + 1;
	char text[1000];
	bool good = true;

	for (size_t n = first; n <= strlen(whole); n++) {
		struct journal *j;
		bool torn = n < strlen(whole);

		snprintf(text, sizeof(text), "%.*s", (int)n, whole);
		write_file(text);
		j = opened();
		good &= strcmp(found(j, "a"), "{\"x\":1}") == 0;
		good &= (strcmp(found(j, "b"), "none") == 0) == torn;
		add(j, "c", "{}");
		journal_close(j, NULL);
		j = opened();
		good &= strcmp(found(j, "c"), "{}") == 0;
		journal_close(j, NULL);
	}
	ok(good, "cut off at any byte, all whole lines are there");
	write_file("{\"id\":\"a");
	journal_close(opened(), NULL);
	is_str(read_file(), "", "even where the first one is torn");
}

/* Every beginning of a first line, and what others have at their ends. */
static void
torn_starts(void)
{
	const char *whole = "{\"id\":\"a\",\"custom_id\":\"a\",\"response\":{"
			    "\"status_code\":200,\"request_id\":\"\",\"body\":{"
			    "\"x\":1}},\"error\":null}";
	struct journal *j;
	char text[1000];
	bool good = true;

	for (size_t n = 1; n < strlen(whole); n++) {
		snprintf(text, sizeof(text), "%.*s", (int)n, whole);
		write_file(text);
		journal_close(opened(), NULL);
		good &= *read_file() == '\0';
	}
	ok(good, "a first line of ours, torn at any byte, is cut off");
	write_file(whole);
	j = opened();
	is_str(found(j, "a"), "{\"x\":1}", "but stays where it is whole");
	journal_close(j, NULL);
	write_file(GOOD("a", "{}") "\n{\"id\":1,\"prompt\":\"x\"}");
	journal_close(opened(), NULL);
	is_str(read_file(), GOOD("a", "{}") "\n{\"id\":1,\"prompt\":\"x\"}\n",
		"a whole line of others stays, too");
}

static void
refused(const char *text, const char *what)
{
	struct journal *j;
	struct err e = { "" };

	write_file(text);
	j = journal_open(FILE_NAME, 1 << 20, &e);
	ok(j == NULL && strstr(e.msg, "no journal"), "%s: %s", what, e.msg);
	is_str(read_file(), text, "and is left as it is");
	journal_close(j, NULL);
}

static void
other_files(void)
{
	struct journal *j;
	struct err e = { "" };

	refused("{\"id\":1,\"prompt\":\"x\"}\n", "a file of records");
	refused("{\"id\":1,\"prompt\":\"x\"}", "one record without a line end");
	refused("{\"id\":\"a\",\"prompt\":\"x\"}",
		"one with a text for its id");
	refused("{\"models\":{\"any\":{\"input\":1}}}", "a file of prices");
	refused("{\n  \"models\": {}\n}", "JSON on several lines");
	refused("{\"id\":\"a\",\"prompt\":\"x", "a torn record");
	refused("{\"prompt\":\"x", "another one");
	refused("{\"id\":7", "one with a number");
	refused("some text", "a file of text");
	ok(journal_open("no/such/file", 1 << 20, &e) == NULL, "no folder: %s",
		e.msg);
	ok(journal_open("/dev/null", 1 << 20, &e) == NULL, "no plain file: %s",
		e.msg);
	write_file("");
	j = opened();
	ok(journal_open(FILE_NAME, 1 << 20, &e) == NULL, "no two at once: %s",
		e.msg);
	journal_close(j, NULL);
	journal_close(opened(), NULL);
	ok(true, "but one after the other");
}

/* A file that may not grow further stands in for a disk that is full. */
static void
full_disk(void)
{
	struct rlimit old, small;
	struct journal *j;
	struct err e = { "" };

	remove(FILE_NAME);
	j = opened();
	add(j, "a", "{\"x\":1}");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 150, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &small);
	ok(journal_add(j, "b", "", SPAN("{\"y\":2}"), &e) == -1,
		"a line that does not fit: %s", e.msg);
	setrlimit(RLIMIT_FSIZE, &old);
	is_str(found(j, "b"), "none", "is not there");
	add(j, "c", "{}");
	journal_close(j, NULL);
	j = opened();
	is_str(found(j, "a"), "{\"x\":1}", "and harms nothing before");
	is_str(found(j, "c"), "{}", "nor behind it");
	journal_close(j, NULL);
}

/* What is kept and cannot be read is not the same as what was never asked. */
static void
unreadable(void)
{
	struct journal *j;

	remove(FILE_NAME);
	j = opened();
	add(j, "a", "{\"x\":1}");
	add(j, "b", "{\"y\":2}");
	ok(truncate(FILE_NAME, 150) == 0, "a file that somebody cuts");
	is_str(found(j, "a"), "{\"x\":1}", "has what is left");
	is_str(found(j, "b"), "not to be read", "and tells what is lost");
	is_str(found(j, "c"), "none", "from what never was there");
	write_file("changed");
	ok(truncate(FILE_NAME, 300) == 0, "and one that was changed");
	is_str(found(j, "a"), "not to be read", "tells so, too");
	journal_close(j, NULL);
}

static void
long_lines(void)
{
	struct journal *j;
	struct err e = { "" };

	write_file("");
	ok(truncate(FILE_NAME, 3 << 20) == 0, "three million zeros");
	j = journal_open(FILE_NAME, 1 << 20, &e);
	ok(j == NULL && strstr(e.msg, "1: the line is longer than 1048576"),
		"are no line: %s", e.msg);
	journal_close(j, NULL);
}

static void
many(void)
{
	char key[32], body[32];
	struct journal *j;
	bool good = true;

	remove(FILE_NAME);
	j = opened();
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "key-%d", i);
		snprintf(body, sizeof(body), "{\"i\":%d}", i);
		add(j, key, body);
	}
	for (int again = 0; again < 2; again++) {
		for (int i = 0; i < 5000; i++) {
			snprintf(key, sizeof(key), "key-%d", i);
			snprintf(body, sizeof(body), "{\"i\":%d}", i);
			good &= strcmp(found(j, key), body) == 0;
		}
		journal_close(j, NULL);
		j = opened();
	}
	ok(good, "5000 replies, new and read again");
	ok(journal_has(j, "key-7") && !journal_has(j, "key-5000"),
		"what there is can be asked");
	journal_close(j, NULL);
}

/* A writer that is killed leaves whole lines. */
static void
killed(void)
{
	int status;
	pid_t pid;

	remove(FILE_NAME);
	pid = fork();
	if (pid == 0) {
		struct journal *j = opened();

		for (int i = 0; i < 100; i++)
			add(j, "a", "{\"x\":1}");
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status), "killed without a close");
	journal_close(opened(), NULL);
	is_int((intmax_t)strlen(read_file()), 100 * 107,
		"and all that was added is there");
}

int
main(void)
{
	keys();
	round_trip();
	foreign_lines();
	torn_lines();
	torn_starts();
	other_files();
	full_disk();
	unreadable();
	long_lines();
	many();
	killed();
	remove(FILE_NAME);
	return tap_done();
}
