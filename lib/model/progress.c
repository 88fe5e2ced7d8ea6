#include <inttypes.h>
#include <stdlib.h>

#include "base/ticker.h"
#include "model/progress.h"

void
progress_reply(struct progress *t, const struct chat_usage *u)
{
	t->replies++;
	t->input += u->input;
	t->output += u->total - u->input;
}

void
progress_failure(struct progress *t, struct span code, struct span message)
{
	size_t n = t->codes.n, i = map_put(&t->codes, code);

	if (n == 0)
		buf_add(&t->first, message);

	t->failures = mem_grow(
		t->failures, &t->cap, t->codes.n, sizeof(*t->failures));
	if (i == n)
		t->failures[i] = 0;
	t->failures[i]++;
}

uint64_t
progress_failures(const struct progress *t)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->codes.n; i++)
		sum += t->failures[i];
	return sum;
}

/* ", N what", where there are any. */
static void
put_some(struct buf *b, uint64_t n, const char *what)
{
	if (n == 0)
		return;
	buf_printf(b, ", ");
	ticker_put_count(b, n);
	buf_printf(b, " %s", what);
}

static void
put_tokens(struct buf *b, const struct progress *t)
{
	if (t->input + t->output) {
		buf_printf(b, ", ");
		ticker_put_count(b, t->input);
		buf_printf(b, "+");
		ticker_put_count(b, t->output);
		buf_printf(b, " tokens");
	}
	if (t->priced && t->replies)
		buf_printf(b, ", $%.*f", t->cost < 1 ? 4 : 2, t->cost);
}

static void
put_failures(struct buf *b, const struct progress *t)
{
	put_some(b, progress_failures(t), "unanswered");
	for (size_t i = 0; i < t->codes.n; i++)
		buf_printf(b, "%s%.*s %" PRIu64 "%s", i ? ", " : " (",
			SPAN_ARG(map_key(&t->codes, i)), t->failures[i],
			i + 1 == t->codes.n ? ")" : "");
}

/* What the first one was about: one sentence says more than its code. */
static void
put_first(struct buf *b, const struct progress *t)
{
	if (t->first.len == 0)
		return;
	buf_printf(b, "; %s", progress_failures(t) > 1 ? "the first: " : "");
	buf_add(b, buf_span(&t->first));
}

static void
put_counts(struct buf *b, const struct progress *t, double now)
{
	ticker_put_count(b, t->records);
	buf_printf(b, t->records == 1 ? " record" : " records");
	ticker_put_rate(b, t->records, now - t->begun);
}

static void
put_left(struct buf *b, const struct progress *t, double now)
{
	double share = t->size ? (double)t->bytes / (double)t->size : 0;

	if (share <= 0 || share >= 1)
		return;
	buf_printf(b, ", ");
	ticker_put_time(b, (now - t->begun) * (1 - share) / share);
	buf_printf(b, " left");
}

void
progress_now(
	struct buf *b, const struct progress *t, double now, unsigned flying)
{
	put_counts(b, t, now);
	put_left(b, t, now);
	put_some(b, flying, "in flight");
	put_some(b, t->kept, "from the journal");
	put_some(b, t->retries, "retries");
	put_some(b, t->refusals, "refused for now");
	put_some(b, progress_failures(t), "unanswered");
	put_tokens(b, t);
}

void
progress_end(struct buf *b, const struct progress *t, double now)
{
	put_counts(b, t, now);
	put_some(b, t->requests, t->requests == 1 ? "request" : "requests");
	put_some(b, t->kept, "from the journal");
	put_some(b, t->retries, "retries");
	put_some(b, t->refusals, "refused for now");
	put_failures(b, t);
	put_tokens(b, t);
	put_first(b, t);
}

void
progress_release(struct progress *t)
{
	map_release(&t->codes);
	buf_release(&t->first);
	free(t->failures);
	t->failures = NULL;
	t->cap = 0;
}
