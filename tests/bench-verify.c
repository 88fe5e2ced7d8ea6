/*
 * bench-verify: how long matches take to verify, and how many are found.
 *
 *	bench-verify [-n N] [-r ROUNDS] [DIRECTORY]
 *
 * N matches of a made scene, a share of them wrong, with a noise of half a pixel
 * for the others. A line for each model and share: the share in percent, the
 * right matches there are, the inliers that are right and wrong, and the least
 * seconds of a processor of several rounds. In DIRECTORY are then left, for others to be measured
 * with, MODEL-PERCENT.pairs, four float64 for each match, the right ones first, of
 * cameras with a focal length of 750 and the centre at (500, 375).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/opt.h"
#include "scene.h"
#include "vision/verify.h"

#define NOISE .5
#define SEED 1

static struct {
	uint64_t n, rounds;
} cfg = { .n = 2000, .rounds = 5 };

static const struct opt opts[] = {
	{ 'n', "count", "N", "matches (default 2000)", OPT_U64(&cfg.n) },
	{ 'r', "rounds", "ROUNDS", "rounds (default 5)", OPT_U64(&cfg.rounds) },
	{ 0 },
};

static const struct tool tool = { "bench-verify",
	"how long matches take to verify", "[directory]",
	(const struct opt *const[]){ opts, NULL } };

/* Of the processor: others' work beside it does not count. */
static double
seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
make(double (*pairs)[4], size_t good, bool flat)
{
	struct scene s;
	struct rng r;

	rng_init(&r, SEED, 0);
	scene_make(&s, &r);
	s.f = 750;
	for (size_t i = 0; i < cfg.n; i++) {
		if (i < good)
			scene_pair(&s, &r, flat, pairs[i]);
		for (int k = 0; k < 4; k++)
			if (i < good)
				pairs[i][k] += scene_noise(&r, NOISE);
			else
				pairs[i][k] = scene_between(
					&r, 0, k % 2 ? 750 : 1000);
	}
}

static void
leave(const char *dir, const char *model, int percent, double (*pairs)[4])
{
	struct buf path = { NULL }, b = { NULL };
	struct err e;

	buf_printf(&path, "%s/%s-%d.pairs", dir, model, percent);
	buf_add(&b,
		(struct span){ (const char *)pairs, cfg.n * sizeof(*pairs) });
	if (buf_save(&b, buf_cstr(&path), &e) != 0)
		die(ST_CUT, "%s", e.msg);
	buf_release(&path);
	buf_release(&b);
}

static void
measure(enum verify_model model, size_t good, int percent, double (*pairs)[4])
{
	struct verify_opts how = { .model = model };
	struct camera camera;
	struct verify_result r = { .inlier = mem_alloc(cfg.n, 1) };
	struct err e;
	double least = INFINITY;
	size_t right = 0;

	if (camera_set(&camera, SPAN("SIMPLE_PINHOLE"),
		    (const double[]){ 750, 500, 375 }, 3, &e) != 0)
		die(ST_CUT, "%s", e.msg);
	how.query = how.match = &camera;
	for (uint64_t i = 0; i < cfg.rounds; i++) {
		double from = seconds();

		how.seed = i;
		if (verify_find((const double(*)[4])pairs, cfg.n, &how, &r,
			    &e) != 0)
			die(ST_CUT, "%s", e.msg);
		least = fmin(least, seconds() - from);
	}
	for (size_t i = 0; i < good; i++)
		right += r.inlier[i];
	printf("%s %d %zu %zu %zu %.6f\n", verify_names[model], percent, good,
		right, r.inliers - right, least);
	free(r.inlier);
}

int
main(int argc, char **argv)
{
	char **operands = opt_parse(&tool, argv);
	double(*pairs)[4];

	(void)argc;
	if (cfg.n == 0 || cfg.n > 10000000 || cfg.rounds == 0)
		die(ST_USAGE, "-n: from 1 to 10000000; -r: 1 at least");
	pairs = mem_alloc(cfg.n, sizeof(*pairs));
	for (int model = 0; model < 3; model++)
		for (int percent = 10; percent < 80; percent += 20) {
			size_t good = cfg.n * (100 - (size_t)percent) / 100;

			make(pairs, good, model == VERIFY_HOMOGRAPHY);
			measure((enum verify_model)model, good, percent, pairs);
			if (operands[0])
				leave(operands[0], verify_names[model], percent,
					pairs);
		}
	free(pairs);
	return ST_OK;
}
