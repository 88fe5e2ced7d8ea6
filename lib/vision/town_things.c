#include "vision/town_things.h"

#include "vision/town_num.h"

static void
add_box(struct town *t, int stuff, uint32_t seed, const double at[6])
{
	struct town_solid s = { .stuff = stuff, .seed = seed };

	for (int k = 0; k < 3; k++) {
		s.lo[k] = at[k];
		s.hi[k] = at[k + 3];
	}
	town_grid_add(&t->grid, &s);
}

/* A box around a place on the ground. */
static void
add_post(struct town *t, int stuff, uint32_t seed, const double place[2],
	const double half_high[3])
{
	add_box(t, stuff, seed,
		(double[]){ place[0] - half_high[0], place[1] - half_high[1],
			TOWN_KERB, place[0] + half_high[0],
			place[1] + half_high[1], TOWN_KERB + half_high[2] });
}

/* A trunk and a few balls of leaves, fuller or thinner from day to day. */
static void
add_tree(struct town *t, double x, double y, uint32_t seed)
{
	double high = town_pick(seed, 1, 2.2, 3.4), full = 1;
	double reach = town_pick(seed, 2, 0.9, 1.7);

	if (t->conf.traffic > 0)
		full = town_pick(seed ^ t->today, 3, 0.85, 1.1);
	add_post(t, TOWN_BARK, seed, (double[]){ x, y },
		(double[]){ 0.14, 0.14, high });
	for (uint32_t i = 0; i < 4; i++) {
		struct town_solid s = { .stuff = TOWN_LEAVES,
			.shape = TOWN_BALL,
			.seed = seed + i };
		double at[3] = { x, y, high + reach * (0.5 + 0.45 * i) };

		for (int k = 0; k < 3; k++) {
			double r = reach * full *
			           town_pick(seed, 10 * i + 4, 0.7, 1);
			double shift = reach * 0.5;

			at[k] += town_pick(
				seed, 10 * i + 5 + (uint32_t)k, -shift, shift);
			s.lo[k] = at[k] - r;
			s.hi[k] = at[k] + r;
		}
		town_grid_add(&t->grid, &s);
	}
}

void
town_yard_add(struct town *t, const struct town_house *plot, uint32_t seed)
{
	double x = (plot->lo[0] + plot->hi[0]) / 2;
	double y = (plot->lo[1] + plot->hi[1]) / 2;
	double wall[6] = { plot->lo[0], plot->lo[1], TOWN_KERB, plot->hi[0],
		plot->hi[1], town_pick(seed, 1, 1.1, 2.2) };
	int across = plot->front / 2;

	if (plot->front & 1)
		wall[across] = plot->hi[across] - 0.3;
	else
		wall[across + 3] = plot->lo[across] + 0.3;
	add_box(t, TOWN_BRICKS, seed, wall);
	add_tree(t, x, y, seed + 2);
}

void
town_park_add(struct town *t, const double lo[2], uint32_t seed)
{
	double end = TOWN_BLOCK - 4;

	for (uint32_t i = 0; i < 16; i++)
		add_tree(t, lo[0] + town_pick(seed, 2 * i + 10, 4, end),
			lo[1] + town_pick(seed, 2 * i + 11, 4, end),
			seed + 100 * i);
	for (int side = 0; side < 2; side++) {
		double y = lo[1] + (side ? TOWN_BLOCK - 1 : 0.2);

		for (int half = 0; half < 2; half++) {
			double x = lo[0] + (half ? TOWN_BLOCK / 2 + 3 : 0);

			add_box(t, TOWN_LEAVES, seed + 7,
				(double[]){ x, y, TOWN_KERB,
					x + TOWN_BLOCK / 2 - 3, y + 0.8, 1.2 });
		}
	}
}

/* A hall with a tower, in the middle of a square. */
void
town_square_add(struct town *t, const double lo[2], uint32_t seed)
{
	double x = lo[0] + town_pick(seed, 2, 10, 14);
	double y = lo[1] + town_pick(seed, 3, 10, 14);
	double high = town_pick(seed, 4, 14, 26);
	struct town_solid top = { .stuff = TOWN_ROOF,
		.shape = TOWN_HIP,
		.seed = seed,
		.lo = { x - 0.3, y - 0.3, high },
		.hi = { x + 6.3, y + 6.3, high + town_pick(seed, 5, 4, 10) } };
	struct town_solid nave = { .stuff = TOWN_ROOF,
		.shape = TOWN_RIDGE_X,
		.seed = seed,
		.lo = { x + 6, y - 2.4, 8 },
		.hi = { x + 22.4, y + 8.4, 14 } };

	add_box(t, TOWN_BRICKS, seed,
		(double[]){ x, y, TOWN_KERB, x + 6, y + 6, high });
	add_box(t, TOWN_BRICKS, seed + 1,
		(double[]){ x + 6, y - 2, TOWN_KERB, x + 22, y + 8, 8 });
	town_grid_add(&t->grid, &top);
	town_grid_add(&t->grid, &nave);
	for (uint32_t i = 0; i < 6; i++)
		add_tree(t, lo[0] + 4 + 6.5 * i, lo[1] + TOWN_BLOCK - 4,
			seed + 50 * i);
}

/* The pavement. */

static void
add_lamp(struct town *t, double x, double y, const int out[2])
{
	double arm = 1.6;

	add_post(t, TOWN_METAL, 5, (double[]){ x, y },
		(double[]){ 0.07, 0.07, 6 });
	x += arm / 2 * out[0];
	y += arm / 2 * out[1];
	add_box(t, TOWN_METAL, 5,
		(double[]){ x - (out[0] ? arm / 2 : 0.12),
			y - (out[1] ? arm / 2 : 0.12), 6,
			x + (out[0] ? arm / 2 : 0.12),
			y + (out[1] ? arm / 2 : 0.12), 6.15 });
}

static void
add_furniture(
	struct town *t, double x, double y, const int out[2], uint32_t seed)
{
	double kind = town_pick(seed, 1, 0, 1);
	double thin = 0.05, wide = town_pick(seed, 2, 0.3, 0.7);
	double across[2] = { out[0] ? thin : wide, out[1] ? thin : wide };

	if (kind < 0.3) {
		add_tree(t, x, y, seed);
	} else if (kind < 0.45) { /* a traffic sign */
		add_post(t, TOWN_METAL, seed, (double[]){ x, y },
			(double[]){ 0.04, 0.04, 2.2 });
		add_box(t, TOWN_BOARD, seed,
			(double[]){ x - across[1] * 0.7 - thin,
				y - across[0] * 0.7 - thin, 2.2,
				x + across[1] * 0.7 + thin,
				y + across[0] * 0.7 + thin, 2.9 });
	} else if (kind < 0.58) { /* a poster */
		add_post(t, TOWN_BOARD, seed, (double[]){ x, y },
			(double[]){ across[0] + thin, across[1] + thin, 2.2 });
	} else if (kind < 0.7) { /* a bin or a box */
		add_post(t, TOWN_METAL, seed, (double[]){ x, y },
			(double[]){ wide * 0.6, wide * 0.5, 1.05 });
	}
}

void
town_pavement_add(struct town *t, const double lo[2], uint32_t seed)
{
	double edge = (TOWN_STREET - TOWN_ROADWAY) / 2 - 0.6;

	for (int side = 0; side < 4; side++) {
		int out[2] = { side < 2 ? 2 * (side & 1) - 1 : 0,
			side < 2 ? 0 : 2 * (side & 1) - 1 };

		for (int i = 0; i < 6; i++) {
			double along = 2.5 + 7.4 * i;
			double across = side & 1 ? TOWN_BLOCK + edge : -edge;
			uint32_t mine = seed + (uint32_t)(side * 1000 + i * 50);
			double x = lo[0] + (side < 2 ? across : along);
			double y = lo[1] + (side < 2 ? along : across);

			if (i == 2 || i == 5)
				add_lamp(t, x, y, out);
			else
				add_furniture(t, x, y, out, mine);
		}
	}
}

/* Today. */

struct car {
	double x, y;
	bool along_y;
	double length, width, high, cabin; /* cabin: where it begins */
	uint32_t seed;
};

static void
add_car_box(struct town *t, const struct car *c, int stuff, const double at[6])
{
	double box[6];

	for (int end = 0; end < 6; end += 3) {
		box[end + c->along_y] = (c->along_y ? c->y : c->x) + at[end];
		box[end + !c->along_y] = (c->along_y ? c->x : c->y) +
		                         at[end + 1];
		box[end + 2] = at[end + 2];
	}
	add_box(t, stuff, c->seed, box);
}

static void
add_car(struct town *t, double x, double y, bool along_y, uint32_t seed)
{
	struct car c = { x, y, along_y, town_pick(seed, 1, 3.7, 4.8), 0.86, 0.5,
		-0.6, seed };
	bool van = town_pick(seed, 2, 0, 1) < 0.15;
	double half = c.length / 2, low = 0.28, top = van ? 2.1 : 0.85;

	add_car_box(t, &c, TOWN_CAR,
		(double[]){ -half, -c.width, low, half, c.width, top });
	if (!van)
		add_car_box(t, &c, TOWN_CABIN,
			(double[]){ -half * 0.75, -c.width * 0.9, top,
				half * 0.4, c.width * 0.9, 1.42 });
	for (int i = 0; i < 4; i++) {
		double at = (i & 1 ? 1 : -1) * half * 0.62;
		double side = (i & 2 ? 1 : -1) * (c.width - 0.08);

		add_car_box(t, &c, TOWN_TYRE,
			(double[]){ at - 0.31, side - 0.1, 0, at + 0.31,
				side + 0.1, 0.6 });
	}
}

static void
add_person(struct town *t, double x, double y, uint32_t seed)
{
	struct town_solid s = {
		.stuff = TOWN_CLOTH, .shape = TOWN_BALL, .seed = seed
	};
	static const double parts[3][3] = { { 0.2, 0, 0.95 },
		{ 0.26, 0.75, 1.5 }, { 0.12, 1.48, 1.75 } };

	for (int i = 0; i < 3; i++) {
		double r = parts[i][0];

		s.seed = seed + (uint32_t)i;
		s.lo[0] = x - r;
		s.hi[0] = x + r;
		s.lo[1] = y - r;
		s.hi[1] = y + r;
		s.lo[2] = TOWN_KERB + parts[i][1];
		s.hi[2] = TOWN_KERB + parts[i][2];
		town_grid_add(&t->grid, &s);
	}
}

/* One side of one street: parked cars, some that move, people. */
static void
fill_street(
	struct town *t, bool along_y, double middle, int side, uint32_t seed)
{
	double park = middle + side * (TOWN_ROADWAY / 2 - 1.05);
	double walk = middle + side * (TOWN_ROADWAY / 2 + 1.5);
	double from = -t->edge;
	uint32_t n = (uint32_t)(t->edge * 2 / 6.2);

	for (uint32_t i = 0; i < n; i++) {
		double at = from + 6.2 * i + 3, on = at - from;
		double block = on - TOWN_PITCH * town_int(on / TOWN_PITCH);
		uint32_t mine = town_hash(seed + i);
		double stray = town_pick(mine, 3, -2.5, 2.5);

		if (block < TOWN_BLOCK - 2 &&
			town_pick(mine, 1, 0, 1) < 0.3 * t->conf.traffic)
			add_car(t, along_y ? park : at + stray * 0.2,
				along_y ? at + stray * 0.2 : park, along_y,
				mine);
		if (town_pick(mine, 2, 0, 1) < 0.15 * t->conf.traffic)
			add_person(t, along_y ? walk + stray * 0.3 : at + stray,
				along_y ? at + stray : walk + stray * 0.3,
				mine + 9);
	}
}

void
town_traffic_add(struct town *t)
{
	for (size_t i = 0; i <= t->conf.blocks; i++)
		for (int way = 0; way < 4; way++)
			fill_street(t, way & 1, town_street(t, i),
				way & 2 ? 1 : -1,
				town_hash2(t->today, (int32_t)i, way));
}
