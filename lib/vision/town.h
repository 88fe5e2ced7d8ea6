/*
 * town: a town made from a seed.
 *
 * A town is a square of blocks between streets that run north and east, its
 * centre at the origin, and a ring of blocks around them; metres, x east, y north, z up, the streets at z = 0. The
 * same configuration is the same town on every machine. What stands for good
 * (houses, trees, lamps, signs) comes from the seed alone; what is there today
 * and gone tomorrow (cars, people, stalls, and how full the trees are) comes from
 * the pass as well. Everything has a texture that is a function of the seed and
 * the place on its surface, with detail from metres down to about a centimetre.
 */
#ifndef VISION_TOWN_H
#define VISION_TOWN_H

#include "vision/town_cast.h"

#define TOWN_STREET 14.0 /* between the houses of two blocks */
#define TOWN_ROADWAY 8.0 /* of that, between the kerbs */
#define TOWN_BLOCK 42.0  /* a side of a block's ground */
#define TOWN_PITCH (TOWN_STREET + TOWN_BLOCK)
#define TOWN_KERB 0.12 /* height of what is no roadway */
#define TOWN_BLOCKS_MAX 64

/* What a surface is. */
enum town_stuff {
	TOWN_WALL,
	TOWN_ROOF,
	TOWN_TRIM, /* balconies, cornices, steps */
	TOWN_AWNING,
	TOWN_BRICKS, /* chimneys, garden walls */
	TOWN_LEAVES,
	TOWN_BARK,
	TOWN_METAL,
	TOWN_BOARD, /* signs and posters */
	TOWN_PLOT,  /* the ground of a block, with its pavement */
	TOWN_CAR,
	TOWN_CABIN,
	TOWN_TYRE,
	TOWN_CLOTH, /* people, the roofs of stalls */
};

enum town_walls {
	TOWN_BRICK,
	TOWN_PLASTER,
	TOWN_PANEL,
	TOWN_ASHLAR,
	TOWN_PLANKS,
	TOWN_TIMBER,
	TOWN_GLASS,
};

/* How a house looks; walls of one look are equal down to the texture. */
struct town_look {
	uint32_t seed;
	int wall;                /* an enum town_walls */
	int roof;                /* tiles, slate ... */
	int panes;               /* how a window is divided */
	int word;                /* on its sign */
	bool shop;               /* on the ground floor */
	bool framed;             /* stone around the windows */
	double storey, ground;   /* heights of the floors */
	double bay;              /* from window to window */
	double wide, high, sill; /* of a window */
	double wall_rgb[3], trim_rgb[3], roof_rgb[3], frame_rgb[3], shop_rgb[3];
};

struct town_house {
	double lo[3], hi[3]; /* its walls */
	enum town_face front;
	unsigned open; /* a bit for each face that has windows */
	struct town_look look;
};

/* What the ground inside a block is. */
enum town_ground { TOWN_YARD, TOWN_PARK, TOWN_SQUARE };

struct town_conf {
	uint64_t seed, pass;
	uint64_t blocks; /* in a row, 1 to TOWN_BLOCKS_MAX */
	double repeat;   /* share of the houses that all look the same */
	double traffic;  /* how many cars and people: 1 is usual, 0 none */
};

struct town {
	struct town_conf conf;
	uint32_t seed, today; /* 32 bits of the seed; with the pass */
	double half; /* the outermost streets' outer edges are at -half and half */
	double edge; /* where the ring ends and the fields begin */
	struct town_grid grid;
	struct town_house *houses;
	size_t nhouses, houses_cap;
	uint8_t *grounds; /* of each block: an enum town_ground */
};

void town_build(struct town *t, const struct town_conf *conf);
void town_release(struct town *t);

/* town_street(t, i): Where the middle of street ${i}, from 0 to blocks, is. */
double town_street(const struct town *t, size_t i);

#endif
