/*
 * prop-portable: the laws again, for what is compiled where there is no SSE2 and
 * no 128-bit arithmetic. Makefile.am builds the modules so for this program.
 */
#include "emit_laws.h"
#include "json_laws.h"
#include "tap.h"

#if defined(__SSE2__) || defined(__SIZEOF_INT128__)
#define PORTABLE false
#else
#define PORTABLE true
#endif

#define SEED 20250717

static struct json_gen g = { .lone = true };

static void
check_read(void)
{
	for (int i = 0; i < 4000; i++) {
		gen_text(&g, 4);
		laws(buf_span(&g.text));
		if (g.text.len)
			g.text.s[gen_below(&g, g.text.len)] = (char)gen_below(
				&g, 256);
		laws(buf_span(&g.text));
	}
	ok(true, "what is read");
}

static void
check_written(void)
{
	char text[64];
	double d;

	for (int i = 0; i < 10000; i++) {
		uint64_t bits = rng_u64(&g.r);
		size_t len = gen_below(&g, sizeof(text));

		memcpy(&d, &bits, sizeof(d));
		law_f64(d);
		for (size_t k = 0; k < len; k++)
			text[k] = (char)gen_below(&g, 256);
		law_text((struct span){ text, len });
	}
	ok(true, "what is written");
}

int
main(void)
{
	ok(PORTABLE, "built without SSE2 and 128-bit integers");
	rng_init(&g.r, SEED, 0);
	tap_note("seed %d", SEED);
	check_read();
	check_written();
	buf_release(&g.text);
	return tap_done();
}
