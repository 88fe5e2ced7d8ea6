/* prop-utf8: valid is what RFC 3629 says, at every place of a block. */
#include "json_gen.h"
#include "tap.h"

#define SEED 20250715

static struct json_gen g;

/* How much of the text is valid, one character after the other. */
static size_t
plainly(struct span text)
{
	const char *p = text.s, *end = p + text.len, *q;

	while (p < end && (q = plainly_utf8(p, end)))
		p = q;
	return (size_t)(p - text.s);
}

/* Every beginning of three bytes, behind ${before} ASCII and in front of it. */
static void
check_starts(size_t before)
{
	char text[64];
	int bad = 0;

	for (unsigned i = 0x80 << 16; i < 0x1000000; i += 1 + i % 61) {
		memset(text, 'x', sizeof(text));
		text[before] = (char)(i >> 16);
		text[before + 1] = (char)(i >> 8);
		text[before + 2] = (char)i;
		text[before + 3] = i & 1 ? '\x80' : 'x';
		bad += utf8_valid((struct span){ text, sizeof(text) }) !=
		       plainly((struct span){ text, sizeof(text) });
	}
	is_int(bad, 0, "sequences of all kinds");
}

static void
check_codes(void)
{
	char text[UTF8_MAX];
	int bad = 0;

	for (uint32_t code = 0; code < 0x110000; code++) {
		size_t n = utf8_put(text, code), step;
		bool surrogate = code >= 0xd800 && code < 0xe000;
		struct span s = { text, n };

		bad += utf8_step(s, &step) == surrogate;
		bad += (utf8_valid(s) == n) == surrogate;
		bad += !surrogate && (step != n || utf8_count(s) != 1);
		s.len--;
		bad += s.len && utf8_valid(s) != 0;
	}
	is_int(bad, 0, "every code point, whole and cut");
}

static void
check_texts(void)
{
	int bad = 0;

	for (int i = 0; i < 20000; i++) {
		struct span text;
		size_t want = 0;

		buf_clear(&g.text);
		for (uint64_t n = gen_below(&g, 60); n; n--) {
			gen_plain(&g);
			if (gen_below(&g, 3) == 0)
				buf_add(&g.text, SPAN("0123456789abcdef"));
		}
		text = buf_span(&g.text);
		bad += utf8_valid(text) != text.len;
		for (const char *p = text.s; p < text.s + text.len; want++)
			p = plainly_utf8(p, text.s + text.len);
		bad += utf8_count(text) != want;
		if (text.len)
			g.text.s[gen_below(&g, text.len)] ^=
				(char)(1 << gen_below(&g, 8));
		bad += utf8_valid(text) != plainly(text);
	}
	is_int(bad, 0, "texts, and with a bit turned over");
}

/* How much one U+FFFD stands for. */
static void
check_pieces(void)
{
	static const struct {
		const char *text;
		size_t len, n;
	} pieces[] = {
		{ "\xff", 1, 1 },
		{ "\x80\x80", 2, 1 },
		{ "\xc3", 1, 1 },
		{ "\xe2\x82", 2, 2 },
		{ "\xe2\x82x", 3, 2 },
		{ "\xe0\x80\x80", 3, 1 },
		{ "\xed\xa0\x80", 3, 1 },
		{ "\xf0\x9f\x98x", 4, 3 },
		{ "\xf4\x90\x80\x80", 4, 1 },
	};
	size_t n;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct span s = { pieces[i].text, pieces[i].len };

		ok(!utf8_step(s, &n), "piece %zu is not valid", i);
		is_int((intmax_t)n, (intmax_t)pieces[i].n, "  its length");
	}
}

int
main(void)
{
	rng_init(&g.r, SEED, 0);
	tap_note("seed %d", SEED);
	check_starts(0);
	check_starts(2);
	check_starts(13);
	check_starts(30);
	check_codes();
	check_texts();
	check_pieces();
	buf_release(&g.text);
	return tap_done();
}
