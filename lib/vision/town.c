#include "vision/town.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "vision/town_house.h"
#include "vision/town_num.h"
#include "vision/town_things.h"

#define DEEP 12.0 /* of a house, from its front to its back */

double
town_street(const struct town *t, size_t i)
{
	return -t->half + TOWN_STREET / 2 + TOWN_PITCH * (double)i;
}

/* A row of houses along ${along} (0: x), side by side from ${from} to ${to}. */
struct row {
	int along;
	double from, to, near, far; /* near, far: across the row */
	enum town_face front;
	bool corners; /* its ends look onto streets */
	uint32_t seed;
};

static void
add_lot(struct town *t, const struct row *r, double from, double to)
{
	struct town_house h = { .front = r->front, .open = 1U << r->front };
	enum town_face first = r->along ? TOWN_SOUTH : TOWN_WEST;
	uint32_t seed = r->seed ^ town_hash((uint32_t)(from * 16 + 9000));

	h.open |= 1U << (r->front ^ 1);
	if (r->corners && from <= r->from)
		h.open |= 1U << first;
	if (r->corners && to >= r->to)
		h.open |= 2U << first;
	h.lo[r->along] = from;
	h.hi[r->along] = to;
	h.lo[!r->along] = r->near;
	h.hi[!r->along] = r->far;
	if (town_pick(seed, 1, 0, 1) < 0.09)
		town_yard_add(t, &h, seed);
	else
		town_house_add(t, &h, seed);
}

static void
add_row(struct town *t, const struct row *r)
{
	double at = r->from;

	for (uint32_t i = 0; r->to - at > 1; i++) {
		double wide = town_pick(r->seed, i, 8, 17);

		if (r->to - at - wide < 8)
			wide = r->to - at;
		add_lot(t, r, at, at + wide);
		at += wide;
	}
}

static void
add_houses(struct town *t, const double lo[2], uint32_t seed)
{
	double x0 = lo[0], x1 = lo[0] + TOWN_BLOCK;
	double y0 = lo[1], y1 = lo[1] + TOWN_BLOCK;

	add_row(t, &(struct row){ 0, x0, x1, y0, y0 + DEEP, TOWN_SOUTH, true,
			   seed + 1 });
	add_row(t, &(struct row){ 0, x0, x1, y1 - DEEP, y1, TOWN_NORTH, true,
			   seed + 2 });
	add_row(t, &(struct row){ 1, y0 + DEEP, y1 - DEEP, x0, x0 + DEEP,
			   TOWN_WEST, false, seed + 3 });
	add_row(t, &(struct row){ 1, y0 + DEEP, y1 - DEEP, x1 - DEEP, x1,
			   TOWN_EAST, false, seed + 4 });
}

static void
add_block(struct town *t, size_t i, size_t j)
{
	double lo[2] = { TOWN_PITCH * (double)i - t->edge,
		TOWN_PITCH * (double)j - t->edge };
	double edge = (TOWN_STREET - TOWN_ROADWAY) / 2;
	uint32_t seed = town_hash2(t->seed, (int32_t)i, (int32_t)j);
	size_t index = j * (t->conf.blocks + 2) + i;
	double kind = town_pick(seed, 1, 0, 1);
	struct town_solid plot = {
		.stuff = TOWN_PLOT, .seed = seed, .of = (uint32_t)index
	};

	for (int k = 0; k < 2; k++) {
		plot.lo[k] = lo[k] - edge;
		plot.hi[k] = lo[k] + TOWN_BLOCK + edge;
	}
	plot.lo[2] = -0.1;
	plot.hi[2] = TOWN_KERB;
	town_grid_add(&t->grid, &plot);
	t->grounds[index] = kind < 0.8    ? TOWN_YARD
	                    : kind < 0.92 ? TOWN_PARK
	                                  : TOWN_SQUARE;
	if (t->grounds[index] == TOWN_YARD)
		add_houses(t, lo, seed);
	else if (t->grounds[index] == TOWN_PARK)
		town_park_add(t, lo, seed);
	else
		town_square_add(t, lo, seed);
	town_pavement_add(t, lo, seed);
}

void
town_build(struct town *t, const struct town_conf *conf)
{
	size_t side = conf->blocks + 2; /* with the ring */

	*t = (struct town){ .conf = *conf };
	t->seed = (uint32_t)hash_mix(conf->seed + 1);
	t->today = (uint32_t)hash_mix(hash_mix(conf->seed + 1) + conf->pass);
	t->half = ((double)conf->blocks * TOWN_PITCH + TOWN_STREET) / 2;
	t->edge = t->half + TOWN_BLOCK;
	t->grounds = mem_alloc(side * side, 1);
	for (size_t j = 0; j < side; j++)
		for (size_t i = 0; i < side; i++)
			add_block(t, i, j);
	town_traffic_add(t);
	town_grid_build(&t->grid, -t->edge - 8, t->edge + 8);
}

void
town_release(struct town *t)
{
	town_grid_release(&t->grid);
	free(t->houses);
	free(t->grounds);
	*t = (struct town){ 0 };
}
