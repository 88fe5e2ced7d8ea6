/*
 * fuzz-dialect: whatever a client sends, the answer is JSON. The first byte
 * chooses the API, the rest is the body.
 */
#include <stdlib.h>

#include "eval/improv.h"
#include "fuzz.h"

#define CHOICES 3

static void
must(bool yes)
{
	if (!yes)
		abort();
}

static void
must_be_json(struct buf *b)
{
	struct json_fault f;

	must(json_scan(buf_span(b), NULL, &f) == 0);
	must(json_kind(buf_span(b)) == JSON_OBJECT);
	buf_clear(b);
}

static void
answer(const struct dialect_ask *ask, struct buf *b, struct arena *a)
{
	struct dialect_choice c[CHOICES] = { 0 };
	size_t n = ask->n < CHOICES ? (size_t)ask->n : CHOICES;
	struct rng rng;

	rng_init(&rng, 0, 0);
	for (size_t i = 0; i < n; i++) {
		improv_choice(&c[i], ask, &rng, a);
		dialect_bound(ask, &c[i], a);
		must(c[i].text.s && c[i].finish);
	}
	dialect_write(b, ask, c, n, 1);
	must_be_json(b);
	dialect_write(b, ask, c, 0, 1);
	must_be_json(b);
	c[0].reasoning = c[0].refusal = c[0].text;
	c[0].text = (struct span){ NULL, 0 };
	dialect_write(b, ask, c, 1, 1);
	must_be_json(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct dialect_error e;
	struct dialect_ask ask;
	enum chat_api api;

	if (size == 0)
		return 0;
	api = (enum chat_api)(data[0] % 3);
	if (dialect_read(&ask, api,
		    (struct span){ (const char *)data + 1, size - 1 }, &a,
		    &e)) {
		must(e.status == 400 && e.why.msg[0]);
		dialect_fail(&b, api, &e, 1);
		must_be_json(&b);
	} else {
		answer(&ask, &b, &a);
	}
	buf_release(&b);
	arena_release(&a);
	return 0;
}
