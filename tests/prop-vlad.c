/*
 * prop-vlad: vectors are what their definition says, in whatever order the
 * descriptors come; centres are the means of what is nearest to them; turned
 * vectors vary equally along all axes; a vocabulary's file keeps all of it and
 * any change of a byte is seen.
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"
#include "vision/features.h"
#include "vision/kmeans.h"
#include "vision/nearest.h"
#include "vision/pca.h"
#include "vision/vlad.h"
#include "vision/vocabulary.h"
#include "tap_device.h"

#define SEED 3
#define N 400
#define CLUSTERS 7
#define LENGTH (CLUSTERS * ROOTSIFT_BYTES)

static void
draw(struct rng *r, uint8_t *v, size_t n)
{
	for (size_t i = 0; i < n * ROOTSIFT_BYTES; i++) {
		uint64_t group = i / ROOTSIFT_BYTES % 5;

		v[i] = (uint8_t)(group * (i % 50) + rng_below(r, 40));
	}
}

static uint32_t
distance(const uint8_t *a, const uint8_t *b)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < ROOTSIFT_BYTES; i++)
		sum += (uint32_t)((a[i] - b[i]) * (a[i] - b[i]));
	return sum;
}

static size_t
nearest_to(const uint8_t *v, const uint8_t *centres)
{
	size_t best = 0;

	for (size_t k = 1; k < CLUSTERS; k++)
		if (distance(v, centres + k * ROOTSIFT_BYTES) <
			distance(v, centres + best * ROOTSIFT_BYTES))
			best = k;
	return best;
}

/* After enough rounds each centre is the rounded mean of its own. */
static void
check_centres(const struct features *f, const uint8_t *centres)
{
	static uint64_t sum[LENGTH];
	uint64_t n[CLUSTERS] = { 0 };
	size_t bad = 0;

	memset(sum, 0, sizeof(sum));
	for (size_t i = 0; i < f->n; i++) {
		const uint8_t *v = f->descriptors + i * ROOTSIFT_BYTES;
		size_t k = nearest_to(v, centres);

		n[k]++;
		for (size_t j = 0; j < ROOTSIFT_BYTES; j++)
			sum[k * ROOTSIFT_BYTES + j] += v[j];
	}
	for (size_t i = 0; i < LENGTH; i++) {
		size_t k = i / ROOTSIFT_BYTES;
		double mean = (double)sum[i] / (double)n[k];

		bad += !(fabs(centres[i] - mean) <= 0.5);
	}
	is_int((intmax_t)bad, 0, "centres are the means of what is nearest");
}

/* The definition, in double throughout. */
static void
define(const struct features *f, const uint8_t *centres, double *out)
{
	double all = 0;

	for (size_t i = 0; i < LENGTH; i++)
		out[i] = 0;
	for (size_t i = 0; i < f->n; i++) {
		const uint8_t *v = f->descriptors + i * ROOTSIFT_BYTES;
		size_t k = nearest_to(v, centres);

		for (size_t j = 0; j < ROOTSIFT_BYTES; j++)
			out[k * ROOTSIFT_BYTES + j] +=
				v[j] - centres[k * ROOTSIFT_BYTES + j];
	}
	for (size_t k = 0; k < CLUSTERS; k++) {
		double *part = out + k * ROOTSIFT_BYTES, norm = 0;

		for (size_t j = 0; j < ROOTSIFT_BYTES; j++)
			norm += part[j] * part[j];
		for (size_t j = 0; norm > 0 && j < ROOTSIFT_BYTES; j++) {
			part[j] /= sqrt(norm);
			part[j] = part[j] < 0 ? -sqrt(-part[j]) : sqrt(part[j]);
		}
	}
	for (size_t i = 0; i < LENGTH; i++)
		all += out[i] * out[i];
	for (size_t i = 0; i < LENGTH; i++)
		out[i] /= sqrt(all);
}

static void
check_vector(struct nearest_engine *g, const struct vocabulary *v,
	const struct features *f)
{
	static float got[LENGTH], other[LENGTH];
	static double want[LENGTH];
	static uint8_t turned[N * ROOTSIFT_BYTES];
	struct features back = { .n = f->n, .descriptors = turned };
	double worst = 0;
	struct err e;

	define(f, v->centres, want);
	ok(vlad_whole(g, v, f, got, &e) == 0, "a vector");
	for (size_t i = 0; i < LENGTH; i++)
		worst = fmax(worst, fabs(got[i] - want[i]));
	ok(worst < 1e-7, "it is what its definition says (off by %g)", worst);
	for (size_t i = 0; i < f->n; i++)
		memcpy(turned + (f->n - 1 - i) * ROOTSIFT_BYTES,
			f->descriptors + i * ROOTSIFT_BYTES, ROOTSIFT_BYTES);
	vlad_whole(g, v, &back, other, &e);
	ok(memcmp(got, other, sizeof(got)) == 0,
		"descriptors in another order give the same bytes");
	back.n = 0;
	vlad_whole(g, v, &back, other, &e);
	ok(!vlad_turn(v, other, got),
		"without descriptors it has no direction");
}

/* Along the axes the vectors that these were found from vary as 1, apart. */
static void
check_axes(struct rng *r)
{
	enum { n = 40, length = 64, dims = 12 };
	static float rows[n * length], mean[length], axes[n * length];
	double worst = 0;
	struct pca p = { rows, n, length, dims, mean, axes };
	struct err e;

	for (size_t i = 0; i < n * length; i++)
		rows[i] = (float)((1 + i % length) * (rng_unit(r) - 0.2));
	ok(pca_find(&p, &e) == 0, "axes");
	for (size_t a = 0; a < dims; a++)
		for (size_t b = 0; b < dims; b++) {
			double sum = 0;

			for (size_t i = 0; i < n; i++) {
				double x = 0, y = 0;

				for (size_t k = 0; k < length; k++) {
					float v = rows[i * length + k];

					x += (double)axes[a * length + k] * v;
					y += (double)axes[b * length + k] * v;
				}
				sum += x * y / n;
			}
			worst = fmax(worst, fabs(sum - (a == b)));
		}
	ok(worst < 1e-5, "vectors vary equally along them (off by %g)", worst);
	p.dims = n;
	ok(pca_find(&p, &e) == 0, "more axes than there are");
	is_int((intmax_t)p.dims, n - 1, "n vectors differ along n - 1");
	memcpy(rows + n / 2 * length, rows, sizeof(rows) / 2);
	p.dims = n;
	ok(pca_find(&p, &e) == 0, "the same vectors twice");
	is_int((intmax_t)p.dims, n / 2 - 1, "make no more");
	p.length = 8, p.dims = n;
	ok(pca_find(&p, &e) == 0, "more axes than a vector is long");
	is_int((intmax_t)p.dims, 8, "are not there");
}

static void
write_file(const char *path, const struct buf *b)
{
	struct err e;

	if (buf_save(b, path, &e))
		tap_note("%s", e.msg);
}

static void
check_file(struct vocabulary *v, struct rng *r)
{
	static float mean[LENGTH], axes[2 * LENGTH];
	struct vocabulary back;
	struct buf file = { 0 };
	char path[] = "prop-vlad.tmp";
	size_t unseen = 0;
	struct err e;

	for (size_t i = 0; i < LENGTH; i++)
		mean[i] = axes[i] = axes[2 * LENGTH - 1 - i] = (float)rng_unit(
			r);
	v->dims = 2, v->mean = mean, v->axes = axes;
	ok(vocabulary_save(v, path, &e) == 0 &&
			vocabulary_load(&back, path, &e) == 0,
		"a vocabulary is written and read");
	ok(back.clusters == v->clusters && back.dims == 2 &&
			back.seed == v->seed && back.images == v->images &&
			strcmp(back.name, v->name) == 0 &&
			memcmp(back.centres, v->centres, LENGTH) == 0 &&
			memcmp(back.mean, mean, sizeof(mean)) == 0 &&
			memcmp(back.axes, axes, sizeof(axes)) == 0,
		"and is the same");
	vocabulary_release(&back);
	buf_file(&file, path, &e);
	for (int i = 0; i < 300; i++) {
		size_t at = (size_t)rng_below(r, i < 150 ? 64 : file.len);
		char bit = (char)(1 << rng_below(r, 8));

		file.s[at] ^= bit;
		write_file(path, &file);
		unseen += vocabulary_load(&back, path, &e) == 0;
		vocabulary_release(&back);
		file.s[at] ^= bit;
	}
	is_int((intmax_t)unseen, 0, "a bit that changed is seen");
	for (unseen = 0; file.len;) {
		file.len -= file.len > 200 ? 97 : 1;
		write_file(path, &file);
		unseen += vocabulary_load(&back, path, &e) == 0;
	}
	is_int((intmax_t)unseen, 0, "a file that was cut is seen");
	buf_release(&file);
	unlink(path);
}

static void
check(struct device *d, uint8_t *centres)
{
	static uint8_t rows[N * ROOTSIFT_BYTES];
	struct features f = { .n = N, .descriptors = rows };
	struct kmeans_opts o = { CLUSTERS, 1000, SEED };
	struct vocabulary v = { .clusters = CLUSTERS,
		.images = 5,
		.seed = UINT64_MAX,
		.centres = centres };
	struct nearest_engine *g;
	struct err e;
	struct rng r;

	rng_init(&r, SEED, 0);
	draw(&r, rows, N);
	g = nearest_open(d);
	ok(kmeans_find(g, &f, &o, centres, &e) == 0, "centres");
	check_centres(&f, centres);
	check_vector(g, &v, &f);
	nearest_close(g);
	if (d)
		return;
	check_axes(&r);
	check_file(&v, &r);
}

int
main(void)
{
	static uint8_t plain[LENGTH], there[LENGTH];
	struct device *d;

	tap_note("seed %d", SEED);
	check(NULL, plain);
	d = tap_device();
	if (!d) {
		tap_skip("the device", "there is none");
		return tap_done();
	}
	check(d, there);
	ok(memcmp(plain, there, sizeof(plain)) == 0,
		"the device gives the same centres");
	device_close(d);
	return tap_done();
}
