#include "vision/town_house.h"

#include "base/arena.h"
#include "vision/town_num.h"
#include "vision/town_words.h"

static const uint32_t bricks[] = { 0x8e4a36, 0x9c5a41, 0x7a4238, 0xb07a56,
	0xa8683f, 0x6d4a40, 0xc19a6b, 0x8a8378 };
static const uint32_t plasters[] = { 0xe3d3a8, 0xd9b56c, 0xcf8f6a, 0xe6e0d2,
	0xb9c4b0, 0xc7a7a0, 0xa9b8c4, 0xd8c9b8, 0xb8543f, 0x8fa3ad, 0xe2b9a0,
	0x9aa67c };
static const uint32_t stones[] = { 0xb8b0a0, 0xa39d92, 0xc9bfa8, 0x8d8c8a,
	0xb59f84 };
static const uint32_t roofs[] = { 0x9a4a34, 0x8a3d2e, 0xb0613f, 0x4d5056,
	0x3d4147, 0x6a5548, 0x74796f };
static const uint32_t paints[] = { 0xf2f0ea, 0xe9e4d8, 0x3a4a42, 0x6b2f2a,
	0x2f3b52, 0x4c4038, 0xd8d4c4, 0x27302c };
static const uint32_t shops[] = { 0xa0282c, 0x1f4e79, 0x1f5f3f, 0xd9a520,
	0x222222, 0xe07b28, 0x5b2a6b, 0xe8e4da, 0x0f7f86, 0xc23b6a };

#define PICK(list, seed, which)                                                \
	(list)[town_hash((seed) + (which)) % (sizeof(list) / sizeof(*(list)))]

static uint32_t
wall_colour(const struct town_look *k, uint32_t seed)
{
	switch (k->wall) {
	case TOWN_BRICK:
		return PICK(bricks, seed, 20);
	case TOWN_PANEL:
	case TOWN_ASHLAR:
		return PICK(stones, seed, 21);
	case TOWN_GLASS:
		return 0x4a5a66;
	default:
		return PICK(plasters, seed, 22);
	}
}

static void
choose_look(struct town_look *k, uint32_t seed)
{
	static const int walls[] = { TOWN_BRICK, TOWN_BRICK, TOWN_BRICK,
		TOWN_PLASTER, TOWN_PLASTER, TOWN_PLASTER, TOWN_PANEL,
		TOWN_ASHLAR, TOWN_PLANKS, TOWN_TIMBER, TOWN_GLASS };

	k->seed = seed;
	k->wall = PICK(walls, seed, 1);
	k->roof = (int)(town_hash(seed + 2) % 3);
	k->panes = (int)(town_hash(seed + 3) % 5);
	k->word = (int)(town_hash(seed + 4) % TOWN_WORDS);
	k->shop = town_pick(seed, 5, 0, 1) < 0.45;
	k->framed = town_pick(seed, 6, 0, 1) < 0.45;
	k->storey = town_pick(seed, 7, 2.8, 3.5);
	k->ground = k->shop ? town_pick(seed, 8, 3.6, 4.2) : k->storey + 0.4;
	k->bay = town_pick(seed, 9, 1.7, 3.4);
	k->wide = k->bay * town_pick(seed, 10, 0.42, 0.68);
	k->high = k->storey * town_pick(seed, 11, 0.42, 0.58);
	k->sill = k->storey * town_pick(seed, 12, 0.25, 0.34);
	if (k->wall == TOWN_GLASS) {
		k->wide = k->bay * 0.93;
		k->high = k->storey * 0.8;
		k->sill = k->storey * 0.12;
	}
	town_rgb(k->wall_rgb, wall_colour(k, seed));
	town_rgb(k->trim_rgb, PICK(stones, seed, 13));
	town_rgb(k->roof_rgb, PICK(roofs, seed, 14));
	town_rgb(k->frame_rgb, PICK(paints, seed, 15));
	town_rgb(k->shop_rgb, PICK(shops, seed, 16));
}

struct town_bays
town_bays(const struct town_house *h, enum town_face face)
{
	int along = face <= TOWN_EAST ? 1 : 0;
	struct town_bays b = { .width = h->hi[along] - h->lo[along] };
	double high = h->hi[2] - h->lo[2] - h->look.ground;

	b.n = (size_t)((b.width - 0.6) / h->look.bay);
	b.margin = (b.width - h->look.bay * (double)b.n) / 2;
	b.floors = 1 + (size_t)(high / h->look.storey + 0.5);
	return b;
}

/* Adding parts. */

struct part {
	double u0, u1;     /* along the wall, from its left end */
	double v0, v1;     /* above the house's ground */
	double out0, out1; /* in front of the wall */
	int stuff;
};

static void
add_part(struct town *t, const struct town_house *h, enum town_face face,
	const struct part *p)
{
	struct town_solid s = { .stuff = p->stuff, .of = (uint32_t)t->nhouses };
	int across = face <= TOWN_EAST ? 0 : 1, along = !across;
	bool high = face & 1, turned = face == TOWN_WEST || face == TOWN_NORTH;

	s.seed = h->look.seed ^ (uint32_t)(p->u0 * 64 + p->v0 * 4096);
	s.lo[across] = high ? h->hi[across] + p->out0 : h->lo[across] - p->out1;
	s.hi[across] = high ? h->hi[across] + p->out1 : h->lo[across] - p->out0;
	s.lo[along] = turned ? h->hi[along] - p->u1 : h->lo[along] + p->u0;
	s.hi[along] = turned ? h->hi[along] - p->u0 : h->lo[along] + p->u1;
	s.lo[2] = h->lo[2] + p->v0;
	s.hi[2] = h->lo[2] + p->v1;
	town_grid_add(&t->grid, &s);
}

static void
add_balcony(struct town *t, const struct town_house *h, enum town_face face,
	double middle, double floor)
{
	double half = h->look.wide / 2 + 0.35;

	add_part(t, h, face,
		&(struct part){ middle - half, middle + half, floor - 0.15,
			floor, 0, 1.1, TOWN_TRIM });
	add_part(t, h, face,
		&(struct part){ middle - half, middle + half, floor,
			floor + 0.9, 1.04, 1.1, TOWN_TRIM });
	for (int side = -1; side <= 1; side += 2)
		add_part(t, h, face,
			&(struct part){ middle + side * half - 0.03,
				middle + side * half + 0.03, floor, floor + 0.9,
				0, 1.06, TOWN_METAL });
}

static void
add_balconies(struct town *t, const struct town_house *h, enum town_face face,
	const struct town_bays *b)
{
	uint32_t seed = h->look.seed + 40;
	size_t first = town_hash(seed) % 3, step = 2 + town_hash(seed + 1) % 2;

	for (size_t f = 1; f < b->floors; f++)
		for (size_t i = first; i < b->n; i += step)
			add_balcony(t, h, face,
				b->margin + h->look.bay * ((double)i + 0.5),
				h->look.ground +
					h->look.storey * (double)(f - 1));
}

static void
add_shop(struct town *t, const struct town_house *h, enum town_face face,
	const struct town_bays *b)
{
	uint32_t seed = h->look.seed + 50;
	double at = town_pick(seed, 1, 0.3, b->width - 1.6);

	if (town_pick(seed, 2, 0, 1) < 0.5)
		add_part(t, h, face,
			&(struct part){ 0.4, b->width - 0.4,
				h->look.ground - 1.1, h->look.ground - 1.02, 0,
				1.3, TOWN_AWNING });
	add_part(t, h, face,
		&(struct part){ at, at + 0.12, h->look.ground - 0.2,
			h->look.ground + 0.9, 0.15, 1.2, TOWN_BOARD });
	if (town_pick(seed, 3, 0, 1) < 0.4)
		add_part(t, h, face,
			&(struct part){
				at, at + 0.9, 0, 1.1, 1.0, 1.08, TOWN_BOARD });
}

static void
add_front(struct town *t, const struct town_house *h, enum town_face face)
{
	struct town_bays b = town_bays(h, face);
	double high = h->hi[2] - h->lo[2], door = b.margin;
	uint32_t seed = h->look.seed + 60;

	add_part(t, h, face,
		&(struct part){
			0, b.width, high - 0.35, high, 0, 0.28, TOWN_TRIM });
	if (h->look.wall != TOWN_GLASS)
		add_part(t, h, face,
			&(struct part){ 0, b.width, h->look.ground - 0.12,
				h->look.ground + 0.06, 0, 0.1, TOWN_TRIM });
	if (h->look.shop)
		add_shop(t, h, face, &b);
	else
		add_part(t, h, face,
			&(struct part){ door, door + h->look.bay, 0, 0.16, 0,
				0.6, TOWN_TRIM });
	if (h->look.wall != TOWN_GLASS && town_pick(seed, 1, 0, 1) < 0.4)
		add_balconies(t, h, face, &b);
	if (town_pick(seed, 2, 0, 1) < 0.7) /* a rain pipe */
		add_part(t, h, face,
			&(struct part){ 0.1, 0.22, 0, high - 0.3, 0.03, 0.15,
				TOWN_METAL });
}

/* The roof. */

static void
add_chimneys(struct town *t, const struct town_house *h, double top)
{
	uint32_t seed = h->look.seed + 70;
	size_t n = town_hash(seed) % 4;

	for (size_t i = 0; i < n; i++) {
		double x = town_pick(seed, 10 + (uint32_t)i, 0.2, 0.8);
		double y = town_pick(seed, 20 + (uint32_t)i, 0.3, 0.6);
		struct town_solid s = { .stuff = TOWN_BRICKS, .seed = seed };

		s.lo[0] = town_mix(h->lo[0], h->hi[0], x) - 0.4;
		s.lo[1] = town_mix(h->lo[1], h->hi[1], y) - 0.3;
		s.lo[2] = h->hi[2];
		s.hi[0] = s.lo[0] + 0.8;
		s.hi[1] = s.lo[1] + 0.6;
		s.hi[2] = top + town_pick(seed, 30 + (uint32_t)i, 0.2, 1.1);
		town_grid_add(&t->grid, &s);
	}
}

/* A flat roof has a parapet, and machines on it. */
static void
add_flat(struct town *t, const struct town_house *h)
{
	uint32_t seed = h->look.seed + 80;
	size_t n = 1 + town_hash(seed) % 4;

	for (int side = 0; side < 4; side++) {
		struct town_solid s = { .stuff = TOWN_TRIM,
			.seed = seed,
			.of = (uint32_t)t->nhouses };

		for (int k = 0; k < 2; k++) {
			s.lo[k] = h->lo[k];
			s.hi[k] = h->hi[k];
		}
		if (side & 1)
			s.lo[side / 2] = s.hi[side / 2] - 0.3;
		else
			s.hi[side / 2] = s.lo[side / 2] + 0.3;
		s.lo[2] = h->hi[2];
		s.hi[2] = h->hi[2] + 0.5;
		town_grid_add(&t->grid, &s);
	}
	for (uint32_t i = 0; i < n; i++) {
		struct town_solid s = { .stuff = TOWN_METAL, .seed = seed + i };

		for (int k = 0; k < 2; k++) {
			double room = h->hi[k] - h->lo[k] - 4;

			s.lo[k] = h->lo[k] + 1 +
			          room * town_pick(seed, 10 * i + (uint32_t)k,
						 0, 1);
			s.hi[k] = s.lo[k] + town_pick(seed, 10 * i + 5, 0.8, 2);
		}
		s.lo[2] = h->hi[2];
		s.hi[2] = h->hi[2] + town_pick(seed, 10 * i + 6, 0.6, 2.2);
		town_grid_add(&t->grid, &s);
	}
}

static void
add_roof(struct town *t, const struct town_house *h)
{
	uint32_t seed = h->look.seed + 90;
	bool along_x = h->front >= TOWN_SOUTH;
	double span = along_x ? h->hi[1] - h->lo[1] : h->hi[0] - h->lo[0];
	struct town_solid s = { .stuff = TOWN_ROOF,
		.seed = h->look.seed,
		.of = (uint32_t)t->nhouses };
	double kind = town_pick(seed, 1, 0, 1);

	if (kind < 0.3 || h->look.wall == TOWN_GLASS ||
		h->look.wall == TOWN_PANEL) {
		add_flat(t, h);
		return;
	}
	s.shape = kind > 0.8 ? TOWN_HIP : along_x ? TOWN_RIDGE_X : TOWN_RIDGE_Y;
	for (int k = 0; k < 2; k++) {
		bool over = s.shape == TOWN_HIP || (k == 1) == along_x;

		s.lo[k] = h->lo[k] - (over ? 0.35 : 0);
		s.hi[k] = h->hi[k] + (over ? 0.35 : 0);
	}
	s.lo[2] = h->hi[2];
	s.hi[2] = h->hi[2] + span * town_pick(seed, 2, 0.28, 0.48);
	town_grid_add(&t->grid, &s);
	add_chimneys(t, h, s.hi[2]);
}

void
town_house_add(struct town *t, const struct town_house *plan, uint32_t seed)
{
	struct town_house h = *plan;
	struct town_solid walls = { .stuff = TOWN_WALL,
		.of = (uint32_t)t->nhouses };
	uint32_t look = seed;
	size_t floors;

	if (town_pick(seed, 100, 0, 1) < t->conf.repeat)
		look = town_hash(t->seed + 77);
	choose_look(&h.look, look);
	floors = 1 + (size_t)(town_unit(town_hash(seed + 101)) *
			      (h.look.wall == TOWN_GLASS ? 7 : 5));
	h.lo[2] = TOWN_KERB;
	h.hi[2] = h.lo[2] + h.look.ground + h.look.storey * (double)floors +
	          0.5;
	for (int k = 0; k < 3; k++) {
		walls.lo[k] = h.lo[k];
		walls.hi[k] = h.hi[k];
	}
	walls.seed = h.look.seed;
	town_grid_add(&t->grid, &walls);
	for (int face = TOWN_WEST; face <= TOWN_NORTH; face++)
		if (h.open >> face & 1)
			add_front(t, &h, (enum town_face)face);
	add_roof(t, &h);
	t->houses = mem_grow(
		t->houses, &t->houses_cap, t->nhouses + 1, sizeof(*t->houses));
	t->houses[t->nhouses++] = h;
}
