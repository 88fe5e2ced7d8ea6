#include "nearest_twin.h"

typedef uint32_t distance(const uint8_t *a, const uint8_t *b);

uint32_t
nearest_squared(const uint8_t *a, const uint8_t *b)
{
	uint32_t sum = 0;

	for (int k = 0; k < ROOTSIFT_BYTES; k++) {
		int32_t d = a[k] - b[k];

		sum += (uint32_t)(d * d);
	}
	return sum;
}

/* The number of bits set in each byte, added up in the highest one. */
static uint32_t
bits(uint64_t v)
{
	v -= v >> 1 & 0x5555555555555555;
	v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
	v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (uint32_t)(v * 0x0101010101010101 >> 56);
}

static uint32_t
hamming(const uint8_t *a, const uint8_t *b)
{
	uint32_t sum = 0;

	for (int k = 0; k < ORB_BYTES; k += 8) {
		uint64_t x, y;

		memcpy(&x, a + k, sizeof(x));
		memcpy(&y, b + k, sizeof(y));
		sum += bits(x ^ y);
	}
	return sum;
}

/* In order: of equals the one that came first stays. */
static void
take(struct nearest *to, size_t index, uint32_t d)
{
	if (d < to->best) {
		to->second = to->best;
		to->best = d;
		to->index = (int32_t)index;
	} else if (d < to->second) {
		to->second = d;
	}
}

void
nearest_twin(const struct features *query, const struct features *train,
	struct nearest *out)
{
	size_t bytes = features_bytes(query->type);
	distance *between = query->type == FEATURES_ORB ? hamming
	                                                : nearest_squared;

	for (size_t i = 0; i < query->n; i++) {
		const uint8_t *a = query->descriptors + i * bytes;

		out[i] = (struct nearest){ -1, NEAREST_NONE, NEAREST_NONE };
		for (size_t j = 0; j < train->n; j++)
			take(&out[i], j,
				between(a, train->descriptors + j * bytes));
	}
}
