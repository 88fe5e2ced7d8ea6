/*
 * bench-nearest: how fast the two nearest of each descriptor are found.
 *
 *	bench-nearest [-n N] [-r ROUNDS] [--device CHOICE] [DIRECTORY]
 *
 * N descriptors against N, made up: RootSIFT and binary ones, the second set
 * being half noisy copies of the first and half its own. A line for each kind:
 * seconds of the search alone, and with the descriptors' way to the device, and
 * of processors for that, the least of several rounds each. In DIRECTORY are then left, for others to be
 * measured with and compared by, KIND.query and KIND.train, the bytes, and
 * KIND.nearest, an int32 and two uint32 for each query.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/rng.h"
#include "vision/device.h"
#include "vision/features.h"
#include "vision/nearest.h"

static struct {
	uint64_t n, rounds;
} cfg = { .n = 8192, .rounds = 5 };

static const struct opt opts[] = {
	{ 'n', "count", "N", "descriptors (default 8192)", OPT_U64(&cfg.n) },
	{ 'r', "rounds", "ROUNDS", "rounds (default 5)", OPT_U64(&cfg.rounds) },
	{ 0 },
};

static const struct tool tool = { "bench-nearest",
	"how fast the two nearest of each descriptor are found", "[directory]",
	(const struct opt *const[]){ opts, device_opts, NULL } };

/* Gradients fall off quickly; their roots, of length 512, as bytes. */
static void
make_rootsift(struct rng *r, uint8_t *to)
{
	double v[128], sum = 0;

	for (int i = 0; i < 128; i++)
		sum += v[i] = pow(rng_unit(r), 3);
	for (int i = 0; i < 128; i++)
		to[i] = (uint8_t)fmin(255, 512 * sqrt(v[i] / sum) + .5);
}

static void
make_orb(struct rng *r, uint8_t *to)
{
	for (int i = 0; i < 32; i++)
		to[i] = (uint8_t)rng_u64(r);
}

/* ${from}, changed a little. */
static void
disturb(struct rng *r, enum features_type type, const uint8_t *from,
	uint8_t *to)
{
	size_t bytes = features_bytes(type);

	for (size_t i = 0; i < bytes; i++) {
		int noise = (int)rng_below(r, 13) - 6;

		if (type == FEATURES_ORB)
			to[i] = from[i] ^ (noise > 4 ? 1U << (i % 8) : 0);
		else
			to[i] = (uint8_t)fmax(0, fmin(255, from[i] + noise));
	}
}

static void
make(enum features_type type, struct features *query, struct features *train)
{
	size_t n = cfg.n, bytes = features_bytes(type);
	struct rng r;

	rng_init(&r, 1, (uint64_t)type);
	*query = (struct features){ type, n,
		mem_alloc(n, sizeof(struct keypoint)), mem_alloc(n, bytes) };
	*train = (struct features){ type, n,
		mem_alloc(n, sizeof(struct keypoint)), mem_alloc(n, bytes) };
	for (size_t i = 0; i < n; i++) {
		uint8_t *q = query->descriptors + i * bytes;
		uint8_t *t = train->descriptors + i * bytes;

		query->keypoints[i] = train->keypoints[i] = (struct keypoint){
			0
		};
		(type == FEATURES_ORB ? make_orb : make_rootsift)(&r, q);
		if (i % 2)
			disturb(&r, type, q, t);
		else
			(type == FEATURES_ORB ? make_orb : make_rootsift)(
				&r, t);
	}
}

static void
save(const char *dir, const char *kind, const char *what, const void *from,
	size_t bytes)
{
	struct buf path = { 0 };
	const struct buf all = { .s = (char *)from, .len = bytes };
	struct err e;

	buf_printf(&path, "%s/%s.%s", dir, kind, what);
	if (buf_save(&all, buf_cstr(&path), &e))
		die(ST_CUT, "%s", e.msg);
	buf_release(&path);
}

/* One search, with and without the descriptors' way to the device. */
static void
search(struct nearest_engine *g, const struct features *query,
	const struct features *train, struct nearest *out, double least[3])
{
	double start = clock_now(), loaded, all;
	clock_t used = clock();
	struct nearest_set *q, *t;
	struct err e;

	if (!(q = nearest_load(g, query, &e)) ||
		!(t = nearest_load(g, train, &e)))
		die(ST_CUT, "%s", e.msg);
	loaded = clock_now();
	if (nearest_find(q, t, out, &e))
		die(ST_CUT, "%s", e.msg);
	all = clock_now() - start;
	least[0] = fmin(least[0], all - (loaded - start));
	least[1] = fmin(least[1], all);
	least[2] = fmin(least[2], (double)(clock() - used) / CLOCKS_PER_SEC);
	nearest_unload(q);
	nearest_unload(t);
}

static void
measure(struct nearest_engine *g, enum features_type type, const char *dir)
{
	struct nearest *out = mem_alloc(cfg.n, sizeof(*out));
	double least[3] = { INFINITY, INFINITY, INFINITY };
	const char *kind = features_names[type];
	struct features query, train;

	make(type, &query, &train);
	for (uint64_t i = 0; i < cfg.rounds; i++)
		search(g, &query, &train, out, least);
	printf("%s %.6f %.6f %.6f\n", kind, least[0], least[1], least[2]);
	fflush(stdout);
	if (dir) {
		size_t bytes = cfg.n * features_bytes(type);

		save(dir, kind, "query", query.descriptors, bytes);
		save(dir, kind, "train", train.descriptors, bytes);
		save(dir, kind, "nearest", out, cfg.n * sizeof(*out));
	}
	features_release(&query);
	features_release(&train);
	free(out);
}

int
main(int argc, char **argv)
{
	char **operands = opt_parse(&tool, argv);
	struct nearest_engine *g;
	struct device *d;
	struct err e;

	(void)argc;
	if (cfg.n == 0 || cfg.n > FEATURES_MOST)
		die(ST_USAGE, "-n: from 1 to %zu", FEATURES_MOST);
	if (device_open(&d, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	g = nearest_open(d);
	measure(g, FEATURES_ROOTSIFT, operands[0]);
	measure(g, FEATURES_ORB, operands[0]);
	nearest_close(g);
	device_close(d);
	return ST_OK;
}
