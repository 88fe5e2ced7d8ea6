/* Prices and the lines that tell of a run. */
#include <stdio.h>
#include <stdlib.h>

#include "model/price.h"
#include "model/progress.h"
#include "tap.h"

#define LIST "unit-price.tmp"

static void
write_list(const char *text)
{
	FILE *f = fopen(LIST, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f))
		die(ST_CUT, "%s cannot be written", LIST);
}

static void
price(const char *model, double input, const char *name)
{
	struct price p = { -1, -1, -1 };
	struct err e;
	int rc = price_load(&p, LIST, model, &e);

	if (input < 0)
		is_int(rc, 0, name);
	else
		ok(rc == 1 && p.input * 1e6 > input - 1e-9 &&
				p.input * 1e6 < input + 1e-9,
			"%s", name);
}

static void
names(void)
{
	write_list(
		"{\"models\":{\"a\":{\"input\":1,\"output\":1},\"a-mini\":{"
		"\"input\":2,\"output\":1},\"a-4\":{\"input\":3,\"output\":1}"
		",\"b/c\":{\"input\":4,\"output\":1}}}");
	price("a", 1, "a name");
	price("a-2025-04-14", 1, "its dated version");
	price("a-latest", 1, "its latest version");
	price("a@20250414", 1, "a version behind @");
	price("a:free", 1, "a tag");
	price("a-mini", 2, "another model");
	price("a-mini-2025", 2, "and its dated version");
	price("a-4-2025", 3, "the longest name counts");
	price("a-pro", -1, "a model that is none of these");
	price("ab", -1, "nor is one that merely begins like it");
	price("maker/a-mini", 2, "a maker in front");
	price("b/c", 4, "unless the list has it");
	price("x", -1, "no such model");
	price("", -1, "no name");
}

static void
costs(void)
{
	struct price p;
	struct err e;
	struct chat_usage u = { .input = 1000,
		.cached = 400,
		.output = 100,
		.reasoning = 50,
		.total = 1100 };

	write_list("{\"models\":{\"m\":{\"input\":2,\"cached\":0.5,"
		   "\"output\":8}}}");
	price_load(&p, LIST, "m", &e);
	ok(price_of(&p, &u) > 0.0021999 && price_of(&p, &u) < 0.0022001,
		"input, what is cached of it, output");
	u.total = 1300;
	ok(price_of(&p, &u) > 0.0037999 && price_of(&p, &u) < 0.0038001,
		"reasoning that only the total counts is output");
	u.cached = 5000;
	ok(price_of(&p, &u) > 0, "nonsense does not make it negative");
	ok(price_load(&p, NULL, "no-such-model", &e) >= -1,
		"the built-in list, if it is there");
}

/* The built-in list holds what it should. */
static void
built_in(void)
{
	char path[1024];
	const char *srcdir = getenv("srcdir");
	struct price p;
	struct err e = { "" };

	snprintf(path, sizeof(path), "%s/share/prices.json",
		srcdir ? srcdir : ".");
	is_int(price_load(&p, path, "gpt-4.1-2025-04-14", &e), 1,
		"the built-in list has HealthBench's grader");
	ok(p.cached <= p.input && p.input < p.output, "at a likely price");
}

static void
lines(void)
{
	struct progress t = { .begun = 100,
		.records = 1234,
		.bytes = 250,
		.size = 1000,
		.requests = 1300,
		.retries = 12,
		.refusals = 3,
		.replies = 1288,
		.input = 1234567,
		.output = 999,
		.priced = true,
		.cost = 12.345 };
	struct progress none = { .begun = 0 };
	struct buf b = { 0 };

	progress_failure(&t, SPAN("length"), SPAN("cut off"));
	progress_failure(&t, SPAN("server"), SPAN("broken"));
	progress_failure(&t, SPAN("length"), SPAN("cut off"));
	progress_now(&b, &t, 200, 32);
	is_str(buf_cstr(&b),
		"1.2k records, 12.3/s, 5m left, 32 in flight, 12 retries, 3 "
		"refused for now, 3 unanswered, 1.2M+999 tokens, $12.35",
		"on the way");
	buf_clear(&b);
	progress_end(&b, &t, 200);
	is_str(buf_cstr(&b),
		"1.2k records, 12.3/s, 1.3k requests, 12 retries, 3 refused "
		"for now, 3 unanswered (length 2, server 1), 1.2M+999 tokens, "
		"$12.35; the first: cut off",
		"at the end");
	buf_clear(&b);
	progress_now(&b, &none, 0, 0);
	is_str(buf_cstr(&b), "0 records", "at the beginning");
	is_int((intmax_t)progress_failures(&t), 3, "failures are counted");
	buf_release(&b);
	progress_release(&t);
}

int
main(void)
{
	names();
	costs();
	built_in();
	lines();
	remove(LIST);
	return tap_done();
}
