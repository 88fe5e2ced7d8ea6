/* prop-json: what holds for every text, made at random and damaged. */
#include "json_laws.h"
#include "tap.h"

#define SEED 20250712
#define ROUNDS 4000

static struct json_gen g = { .lone = true };

/*
 * A copy that begins at any alignment and ends where its memory does, so that
 * a memory checker sees the first byte that is read beyond it.
 */
static bool
laws_apart(struct span text)
{
	size_t shift = gen_below(&g, 32);
	char *copy = mem_alloc(shift + text.len, 1);
	bool good;

	if (text.len)
		memcpy(copy + shift, text.s, text.len);
	good = laws((struct span){ copy + shift, text.len });
	free(copy);
	return good;
}

/* Changes, drops, doubles or cuts something. */
static void
damage(struct buf *b)
{
	static const char bytes[] =
		"\"\\{}[]:,0-.eu \n\t\x01\x80\xc0\xe0\xed\xf0";
	size_t at = gen_below(&g, b->len + 1);

	switch (gen_below(&g, 4)) {
	case 0:
		b->len = at;
		break;
	case 1:
		if (at < b->len)
			memmove(b->s + at, b->s + at + 1, --b->len - at);
		break;
	case 2:
		if (at < b->len)
			b->s[at] = (char)gen_below(&g, 256);
		break;
	default:
		buf_byte(b, ' ');
		memmove(b->s + at + 1, b->s + at, b->len - 1 - at);
		b->s[at] = bytes[gen_below(&g, sizeof(bytes))];
	}
}

static void
check_good(void)
{
	int refused = 0;

	for (int i = 0; i < ROUNDS; i++)
		refused += !laws_apart(gen_text(&g, 6));
	is_int(refused, 0, "what the grammar makes is accepted");
}

static void
check_damaged(void)
{
	int accepted = 0;

	for (int i = 0; i < ROUNDS; i++) {
		gen_text(&g, 4);
		for (uint64_t n = 1 + gen_below(&g, 3); n; n--)
			damage(&g.text);
		accepted += laws_apart(buf_span(&g.text));
	}
	ok(accepted > 0 && accepted < ROUNDS,
		"damage is seen as the grammar sees it");
}

/* A special byte, wherever it is in a block, and whatever follows. */
static void
check_blocks(void)
{
	static const char specials[] = "\"\\\n\x1f\x7f\x80\xff\xc3";
	char text[80];
	int bad = 0;

	for (size_t len = 2; len < sizeof(text); len++)
		for (size_t at = 1; at < len; at++) {
			memset(text, 'x', len);
			text[0] = text[len - 1] = '"';
			text[at] = specials[gen_below(&g, 8)];
			bad += laws_apart((struct span){ text, len }) !=
			       plainly_json((struct span){ text, len }, 1);
		}
	is_int(bad, 0, "a byte is seen at every place of a block");
}

int
main(void)
{
	rng_init(&g.r, SEED, 0);
	tap_note("seed %d", SEED);
	check_good();
	check_damaged();
	check_blocks();
	buf_release(&g.text);
	return tap_done();
}
