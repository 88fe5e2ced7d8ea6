#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "hinge.h"

#define LANES 4 /* partial sums, which do not wait for each other */

static size_t
ntiles(const struct hinge *h)
{
	return (h->npairs + HINGE_TILE - 1) / HINGE_TILE;
}

/* A tile is its needs and one row of differences for each feature. */
static double *
tile_at(const struct hinge *h, size_t i)
{
	return h->tiles + i * (h->nfeatures + 1) * HINGE_TILE;
}

static const double *
row_of(const double *tile, size_t feature)
{
	return tile + (feature + 1) * HINGE_TILE;
}

/* Pairs that are always satisfied, whatever the weights. */
static void
blank(struct hinge *h, double *tile)
{
	for (size_t i = 0; i < HINGE_TILE; i++)
		tile[i] = -1;
	memset(tile + HINGE_TILE, 0, h->nfeatures * HINGE_TILE * sizeof(*tile));
}

void
hinge_add(
	struct hinge *h, const double *better, const double *worse, double need)
{
	size_t tile = h->npairs / HINGE_TILE, i = h->npairs % HINGE_TILE;
	double *at;

	if (i == 0)
		h->tiles = mem_grow(h->tiles, &h->cap, tile + 1,
			(h->nfeatures + 1) * HINGE_TILE * sizeof(*h->tiles));
	at = tile_at(h, tile);
	if (i == 0)
		blank(h, at);
	at[i] = need;
	for (size_t f = 0; f < h->nfeatures; f++)
		at[(f + 1) * HINGE_TILE + i] = better[f] - worse[f];
	h->npairs++;
}

/* The loops below have fixed lengths: compilers make vectors of them. */

static void
subtract(double *restrict out, const double *restrict row, double w)
{
	for (size_t i = 0; i < HINGE_TILE; i++)
		out[i] -= w * row[i];
}

static double
dot(const double *restrict a, const double *restrict b)
{
	double sum[LANES] = { 0 };

	for (size_t i = 0; i < HINGE_TILE; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			sum[k] += a[i + k] * b[i + k];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Turns shortfalls into 1 and 0: which pairs pull. Adds up the loss. */
static size_t
pulls(double *shortfall, double *loss)
{
	size_t n = 0;

	for (size_t i = 0; i < HINGE_TILE; i++) {
		bool pulling = !(shortfall[i] <= 0);

		*loss += pulling ? shortfall[i] : 0;
		shortfall[i] = pulling;
		n += pulling;
	}
	return n;
}

struct hinge_value
hinge_value(const struct hinge *h, const double *w, double *gradient)
{
	double work[HINGE_TILE], loss = 0, n = (double)h->npairs;
	size_t pulling = 0, most = ntiles(h);

	if (gradient)
		memset(gradient, 0, h->nfeatures * sizeof(*gradient));
	if (h->npairs == 0)
		return (struct hinge_value){ 0, 0 };
	for (size_t t = 0; t < most; t++) {
		const double *tile = tile_at(h, t);

		memcpy(work, tile, sizeof(work));
		for (size_t f = 0; f < h->nfeatures; f++)
			subtract(work, row_of(tile, f), w[f]);
		pulling += pulls(work, &loss);
		for (size_t f = 0; gradient && f < h->nfeatures; f++)
			gradient[f] -= dot(work, row_of(tile, f));
	}
	for (size_t f = 0; gradient && f < h->nfeatures; f++)
		gradient[f] /= n;
	return (struct hinge_value){ loss / n, h->npairs - pulling };
}

bool
hinge_varies(const struct hinge *h, size_t feature)
{
	for (size_t t = 0; t < ntiles(h); t++) {
		const double *row = row_of(tile_at(h, t), feature);

		for (size_t i = 0; i < HINGE_TILE; i++)
			if (row[i] < 0 || row[i] > 0)
				return true;
	}
	return false;
}

size_t
hinge_room(const struct hinge *h)
{
	return ntiles(h) * HINGE_TILE;
}

void
hinge_needs(const struct hinge *h, double *out)
{
	for (size_t i = 0; i < h->npairs; i++)
		out[i] = tile_at(h, i / HINGE_TILE)[i % HINGE_TILE];
	for (size_t i = h->npairs; i < hinge_room(h); i++)
		out[i] = 0;
}

void
hinge_dot(const struct hinge *h, const double *w, double *out)
{
	memset(out, 0, hinge_room(h) * sizeof(*out));
	for (size_t t = 0; t < ntiles(h); t++)
		for (size_t f = 0; f < h->nfeatures; f++)
			subtract(out + t * HINGE_TILE, row_of(tile_at(h, t), f),
				-w[f]);
}

void
hinge_sum(const struct hinge *h, const double *a, double *out)
{
	memset(out, 0, h->nfeatures * sizeof(*out));
	for (size_t t = 0; t < ntiles(h); t++)
		for (size_t f = 0; f < h->nfeatures; f++)
			out[f] += dot(
				a + t * HINGE_TILE, row_of(tile_at(h, t), f));
}

static void
scaled(double *restrict out, const double *restrict a, const double *restrict b)
{
	for (size_t i = 0; i < HINGE_TILE; i++)
		out[i] = a[i] * b[i];
}

void
hinge_normal(const struct hinge *h, const double *t, double *out)
{
	size_t n = h->nfeatures;
	double work[HINGE_TILE];

	memset(out, 0, n * n * sizeof(*out));
	for (size_t i = 0; i < ntiles(h); i++) {
		const double *tile = tile_at(h, i);

		for (size_t f = 0; f < n; f++) {
			scaled(work, t + i * HINGE_TILE, row_of(tile, f));
			for (size_t g = 0; g <= f; g++)
				out[f * n + g] += dot(work, row_of(tile, g));
		}
	}
}

void
hinge_release(struct hinge *h)
{
	free(h->tiles);
	*h = (struct hinge){ .nfeatures = h->nfeatures };
}
