#include "boot.h"

#define BATCH 1024 /* indices drawn at a time: they stay in the cache */

/*
 * An index below n from 32 random bits: the high half of x * n, drawn again in
 * the few cases that would be too frequent (Lemire, "Fast random integer
 * generation in an interval", 2019).
 */
static inline uint32_t
below(struct rng *r, uint32_t x, uint32_t n)
{
	uint64_t m = (uint64_t)x * n;

	if ((uint32_t)m < n)
		for (uint32_t bad = -n % n; (uint32_t)m < bad;)
			m = (rng_u64(r) >> 32) * n;
	return (uint32_t)(m >> 32);
}

/*
 * Indices below n, a batch at a time; what one round leaves serves the next. 32
 * bits will do: a tool holds the values that they count in memory.
 */
struct source {
	struct rng *r;
	uint32_t n;
	size_t at;
	uint32_t index[BATCH];
};

static void
refill(struct source *s)
{
	for (size_t i = 0; i < BATCH; i += 2) {
		uint64_t x = rng_u64(s->r);

		s->index[i] = below(s->r, (uint32_t)x, s->n);
		s->index[i + 1] = below(s->r, (uint32_t)(x >> 32), s->n);
	}
	s->at = 0;
}

/* At most ${want} indices; how many there are goes to ${got}, at least 1. */
static const uint32_t *
draw(struct source *s, size_t want, size_t *got)
{
	const uint32_t *from;

	if (s->at == BATCH)
		refill(s);
	*got = want < BATCH - s->at ? want : BATCH - s->at;
	from = s->index + s->at;
	s->at += *got;
	return from;
}

static double
sum_drawn(const double *v, const uint32_t *index, size_t n)
{
	double a = 0, b = 0, c = 0, d = 0;
	size_t i;

	for (i = 0; i + 4 <= n; i += 4) {
		a += v[index[i]];
		b += v[index[i + 1]];
		c += v[index[i + 2]];
		d += v[index[i + 3]];
	}
	for (; i < n; i++)
		a += v[index[i]];
	return (a + b) + (c + d);
}

void
boot_means(const double *v, size_t n, struct rng *r, double *out, size_t rounds)
{
	struct source s = { .r = r, .n = (uint32_t)n, .at = BATCH };

	for (size_t round = 0; round < rounds; round++) {
		double sum = 0;

		for (size_t done = 0, got; done < n; done += got) {
			const uint32_t *index = draw(&s, n - done, &got);

			sum += sum_drawn(v, index, got);
		}
		out[round] = sum / (double)n;
	}
}

void
boot_clusters(const struct boot_cluster *v, size_t n, struct rng *r,
	double *out, size_t rounds)
{
	struct source s = { .r = r, .n = (uint32_t)n, .at = BATCH };

	for (size_t round = 0; round < rounds; round++) {
		double sum = 0, count = 0;

		for (size_t done = 0, got; done < n; done += got) {
			const uint32_t *index = draw(&s, n - done, &got);

			for (size_t i = 0; i < got; i++) {
				sum += v[index[i]].sum;
				count += v[index[i]].n;
			}
		}
		out[round] = sum / count;
	}
}
