/* unit-token: pieces of text of about a token's size; the bucket beside it. */
#include "base/utf8.h"
#include "model/bucket.h"
#include "model/token.h"
#include "tap.h"

/* The tokens with strokes between them. */
static const char *
pieces(const char *text)
{
	static char all[256];
	struct span rest = span_str(text), token;
	size_t n = 0;

	for (all[0] = '\0'; (token = token_next(&rest)).s;)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%.*s",
			n ? "|" : "", SPAN_ARG(token));
	return all;
}

static void
test_pieces(void)
{
	is_str(pieces("It is 14000 kg."), "It| is| 140|00| kg|.",
		"words with their blank, digits by threes");
	is_str(pieces("unbelievable"), "unbelie|vable", "long words in pieces");
	is_str(pieces("a  b\n\nc"), "a|  |b|\n\n|c", "runs of blanks");
	is_str(pieces("\xe7\x99\xba\xe7\x86\xb1 \xc3\xbc"),
		"\xe7\x99\xba|\xe7\x86\xb1| \xc3\xbc",
		"beyond ASCII a character each");
	is_str(pieces(" "), " ", "a blank alone");
	is_str(pieces(""), "", "nothing");
	is_int((intmax_t)token_count(SPAN("It is 14000 kg.")), 6, "counted");
}

static void
test_prefix(void)
{
	struct span text = SPAN("one two three");

	is_int((intmax_t)token_prefix(text, 2).len, 7, "two tokens of it");
	is_int((intmax_t)token_prefix(text, 0).len, 0, "none");
	is_int((intmax_t)token_prefix(text, 99).len, 13, "more than there are");
}

/* Every string of two bytes behind a letter: nothing is lost or empty. */
static void
test_bytes(void)
{
	size_t lost = 0, empty = 0;

	for (unsigned i = 0; i < 0x10000; i++) {
		char bytes[] = { 'a', (char)(i >> 8), (char)i };
		struct span rest = { bytes, 3 }, token;
		size_t n = 0;

		while ((token = token_next(&rest)).s) {
			empty += token.len == 0;
			n += token.len;
		}
		lost += n != 3;
	}
	is_int((intmax_t)lost, 0, "joined again they are the text");
	is_int((intmax_t)empty, 0, "none is empty");
}

static void
test_bucket(void)
{
	struct bucket b = { .rate = 2 }, none = { 0 }, slow = { .rate = 0.5 };

	is_int((intmax_t)bucket_take(&b, 1000), 0, "bucket: full at first");
	is_int((intmax_t)bucket_take(&b, 1000), 0, "one second's worth");
	is_int((intmax_t)bucket_take(&b, 1000), 500, "then it is empty");
	is_int((intmax_t)bucket_take(&b, 1499), 1, "it fills");
	is_int((intmax_t)bucket_take(&b, 1500), 0, "in time");
	is_int((intmax_t)bucket_full_ms(&b), 1000, "and is full again then");
	is_int((intmax_t)bucket_take(&b, 99000), 0, "after a long time");
	is_int((intmax_t)bucket_take(&b, 99000), 0, "as much as at first");
	is_int((intmax_t)bucket_take(&b, 99000), 500, "and no more");
	is_int((intmax_t)bucket_take(&b, 0), 500, "a clock that goes back");
	is_int((intmax_t)bucket_take(&none, 0), 0, "no rate, no limit");
	is_int((intmax_t)bucket_take(&slow, 5), 0, "less than one a second");
	is_int((intmax_t)bucket_take(&slow, 5), 2000, "waits longer");
}

int
main(void)
{
	test_pieces();
	test_prefix();
	test_bytes();
	test_bucket();
	return tap_done();
}
