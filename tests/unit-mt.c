/*
 * unit-mt: the draws of CPython's random module. The expected numbers were
 * printed by CPython 3.11; those for seed 0 are also what published runs used.
 */
#include <stdlib.h>

#include "base/mt.h"
#include "tap.h"

#define LAST SIZE_MAX

/* ${first} are the first numbers drawn, up to LAST; ${sum} is that of all. */
static void
sample(uint64_t seed, size_t n, size_t k, size_t sum, const size_t *first)
{
	size_t *out = malloc((k + 1) * sizeof(*out)), got = 0;
	bool same = true;
	struct mt m;

	mt_init(&m, seed);
	mt_sample(&m, n, k, out);
	for (size_t i = 0; i < k; i++)
		got += out[i];
	for (size_t i = 0; first[i] != LAST; i++)
		same = same && out[i] == first[i];
	ok(same && got == sum, "Random(%" PRIu64 ").sample(range(%zu), %zu)",
		seed, n, k);
	if (!same || got != sum)
		tap_note("sum %zu for %zu, first %zu", got, sum, out[0]);
	free(out);
}

#define SAMPLE(seed, n, k, sum, ...)                                           \
	sample(seed, n, k, sum, (const size_t[]){ __VA_ARGS__, LAST })

static void
check_raw(void)
{
	struct mt m;

	mt_init(&m, 0);
	is_int(mt_u32(&m), 3626764237, "the first word of seed 0");
	is_int(mt_u32(&m), 1654615998, "the second");
	is_int(mt_u32(&m), 3255389356, "the third");
	mt_init(&m, 5489);
	is_int(mt_u32(&m), 3382763572, "the first word of seed 5489");
	for (int i = 2; i < 2000; i++)
		mt_u32(&m);
	is_int(mt_u32(&m), 3857853497, "its 2000th");
	mt_init(&m, UINT64_MAX);
	is_int(mt_u32(&m), 93740670, "a seed of two words");
	is_int((intmax_t)mt_below(&m, (uint64_t)1 << 40), 744097837864,
		"below 2^40: two words for a number");
	is_int((intmax_t)mt_below(&m, 1), 0, "below 1");
}

int
main(void)
{
	check_raw();
	SAMPLE(0, 5000, 10, 29858, 3155, 3445, 331, 2121, 4188, 3980, 3317,
		2484, 3904, 2933);
	SAMPLE(0, 5000, 100, 259045, 3155, 3445, 331, 2121, 4188, 3980, 3317,
		2484, 3904, 2933);
	SAMPLE(0, 1000, 100, 53107, 864, 394, 776, 911, 430, 41, 265, 988, 523,
		497);
	SAMPLE(0, 3671, 10, 20474, 3458, 1577, 3104, 3646, 1722, 165, 1060,
		2094, 1990, 1658);
	SAMPLE(0, 29511, 100, 1574912, 27670, 12623, 24836, 29171, 13781, 1326,
		8484, 16753, 15922, 13268);
	SAMPLE(0, 21, 5, 50, 12, 13, 1, 8, 16);
	SAMPLE(0, 22, 5, 50, 12, 13, 1, 8, 16);
	SAMPLE(0, 85, 6, 267, 49, 53, 5, 33, 65, 62);
	SAMPLE(0, 86, 6, 267, 49, 53, 5, 33, 65, 62);
	SAMPLE(0, 277, 22, 3375, 197, 215, 20, 132, 261, 248, 207, 155, 244,
		183);
	SAMPLE(0, 278, 22, 3383, 197, 215, 20, 132, 261, 248, 207, 155, 244,
		183);
	SAMPLE(0, 85, 21, 920, 49, 53, 5, 33, 65, 62, 51, 38, 61, 45);
	SAMPLE(7, 5000, 5000, 12497500, 2652, 1235, 3234, 395, 593, 4389, 771,
		2995, 4774, 475);
	SAMPLE(4294967297u, 1000000, 1000, 508852490, 242150, 525312, 537302,
		882856, 434721, 853174, 96114, 281371, 634600, 260849);
	SAMPLE(42, 1, 1, 0, 0);
	sample(42, 3, 0, 0, (const size_t[]){ LAST });
	return tap_done();
}
