#include "vision/town_paint.h"

#include "vision/town_num.h"
#include "vision/town_words.h"

void
town_paint_copy(struct town_paint *p, const double rgb[3], double factor)
{
	for (int k = 0; k < 3; k++)
		p->rgb[k] = rgb[k] * factor;
	p->gloss = 0;
}

void
town_paint_set(struct town_paint *p, uint32_t hex, double factor)
{
	double rgb[3];

	town_rgb(rgb, hex);
	town_paint_copy(p, rgb, factor);
}

void
town_paint_scale(struct town_paint *p, double factor)
{
	for (int k = 0; k < 3; k++)
		p->rgb[k] *= factor;
}

double
town_tiles(const struct town_spot *at, double wide, double high, double shift,
	double joint)
{
	double v = at->v / high, kept = town_clamp(2 - 2 * at->blur / high);
	int32_t row = town_int(v);
	double u = at->u / wide + shift * row;
	int32_t column = town_int(u);
	double tone = 0.72 +
	              0.56 * town_unit(town_hash2(at->seed, column, row));

	if ((u - column) * wide < joint || (v - row) * high < joint)
		tone = 0.55;
	return town_mix(0.97, tone, kept);
}

/* Where on the face of a box, or of its roof. */
static struct town_spot
face_spot(const struct town_hit *h, const double lo[3], const double hi[3])
{
	const double *at = h->at;
	struct town_spot s = { .v = at[2] - lo[2] };

	switch (h->face) {
	case TOWN_WEST:
		s.u = hi[1] - at[1];
		break;
	case TOWN_EAST:
		s.u = at[1] - lo[1];
		break;
	case TOWN_SOUTH:
		s.u = at[0] - lo[0];
		break;
	case TOWN_NORTH:
		s.u = hi[0] - at[0];
		break;
	case TOWN_SLOPE_WEST:
	case TOWN_SLOPE_EAST:
		s.u = at[1] - lo[1];
		break;
	case TOWN_SLOPE_SOUTH:
	case TOWN_SLOPE_NORTH:
		s.u = at[0] - lo[0];
		break;
	default:
		s.u = at[0] - lo[0];
		s.v = at[1] - lo[1];
		break;
	}
	return s;
}

static void
paint_roof(const struct town *t, const struct town_hit *h, struct town_spot at,
	struct town_paint *p)
{
	const struct town_solid *s = h->solid;
	const struct town_look *k = &t->houses[s->of].look;
	double stain = town_cloud(s->seed + 3, at.u / 2, at.v / 2, at.blur / 2);

	at.seed = s->seed;
	if (h->face < TOWN_SLOPE_WEST) { /* the gable */
		town_paint_copy(p, k->wall_rgb, 1);
		town_paint_scale(p, town_tiles(&at, 0.24, 0.075, 0.5, 0.012));
		return;
	}
	at.v /= h->normal[2] < 1 ? sqrt(1 - h->normal[2] * h->normal[2]) : 1;
	town_paint_copy(p, k->roof_rgb, 0.5 + stain);
	if (k->roof == 0) /* pantiles */
		town_paint_scale(p, town_tiles(&at, 0.22, 0.34, 0, 0.035));
	else if (k->roof == 1) /* slates */
		town_paint_scale(p, town_tiles(&at, 0.3, 0.2, 0.5, 0.012));
	else /* sheets with seams */
		town_paint_scale(p, town_tiles(&at, 0.6, 9, 0.3, 0.03));
	if (k->roof < 2) { /* a row of windows in the roof */
		double in = at.u / 2.6 - town_int(at.u / 2.6);
		int32_t i = town_int(at.u / 2.6);

		if (in < 0.32 && at.v > 1.2 && at.v < 2.5 &&
			town_hash2(s->seed + 9, i, h->face) % 3 == 0) {
			town_paint_set(p,
				in < 0.03 || in > 0.29 ? 0x444444 : 0x30404c,
				1);
			p->gloss = 0.35;
		}
	}
}

/* A flat roof, seen from above. */
static void
paint_flat(const struct town_look *k, struct town_spot at, struct town_paint *p)
{
	double stain = town_cloud(at.seed + 1, at.u / 3, at.v / 3, at.blur / 3);
	double grain = town_cloud(at.seed + 2, at.u * 8, at.v * 8, at.blur * 8);

	town_paint_set(p, k->seed & 1 ? 0x77746e : 0x565a5e,
		(0.4 + stain) * (0.5 + grain));
	if (k->seed & 2)
		town_paint_scale(p, town_tiles(&at, 1.1, 4.2, 0.37, 0.05));
}

/* A board says a word, or shows a picture of random shapes. */
static void
paint_board(const struct town_hit *h, struct town_spot at, struct town_paint *p)
{
	const struct town_solid *s = h->solid;
	uint32_t seed = s->seed;
	static const uint32_t colours[] = { 0xb02020, 0x2040a0, 0xe0c020,
		0x208040, 0xe8e8e0, 0x202020, 0xd06020, 0x7030a0 };
	double size = 0.22;
	int32_t i = town_int(at.u / size), j = town_int(at.v / size);
	double x = at.u / size - i - 0.5, y = at.v / size - j - 0.5;
	uint32_t cell = town_hash2(seed, i, j);
	double edge = town_pick(cell, 1, 0.05, 0.22);

	town_paint_set(p, colours[seed % 8], 0.9);
	if (cell & 1 ? x * x + y * y < edge : fabs(x) + fabs(y) < edge * 3)
		town_paint_set(p, colours[cell >> 8 & 7], 1);
	p->gloss = 0.05;
}

static void
paint_leaves(const struct town_hit *h, double blur, struct town_paint *p)
{
	uint32_t seed = h->solid->seed;
	double u = h->at[0] + h->at[1] * 0.3, v = h->at[2] + h->at[1] * 0.9;
	double big = town_cloud(seed, u * 2.5, v * 2.5, blur * 2.5);
	double fine = town_cloud(seed + 5, u * 7, v * 7, blur * 7);
	static const uint32_t greens[] = { 0x4c6b2f, 0x5a7a35, 0x3f5f33,
		0x6f7f3a };

	town_paint_set(p, greens[seed / 4 % 4],
		(0.3 + 2.2 * big * big) *
			(0.1 + 1.9 * fine * fine + 0.4 * fine));
}

static void
paint_car(const struct town_hit *h, struct town_spot at, struct town_paint *p)
{
	static const uint32_t paints[] = { 0xb8bcc0, 0x202226, 0x8c1c1c,
		0x1f3a6e, 0xe8e8e6, 0x5f6468, 0x2f5a44, 0xc9a227 };
	const struct town_solid *s = h->solid;
	bool end = (s->hi[0] - s->lo[0] > s->hi[1] - s->lo[1])
	                   ? h->face <= TOWN_EAST
	                   : h->face == TOWN_SOUTH || h->face == TOWN_NORTH;

	town_paint_set(p, paints[s->seed % 8], 0.9);
	p->gloss = 0.12;
	if (s->stuff == TOWN_CABIN && h->face != TOWN_TOP) {
		bool post = !end && town_int(at.u / 0.75) !=
		                            town_int((at.u + 0.07) / 0.75);

		if (!post && at.v < 0.48) {
			town_paint_set(p, 0x1c2228, 1);
			p->gloss = 0.4;
		}
	} else if (end && at.v > 0.3 && at.v < 0.5 && h->face != TOWN_TOP) {
		double across = at.u - 0.86;

		if (fabs(across) < 0.26 && at.v < 0.42)
			town_paint_set(p, 0xe8e8d8, 1);
		else if (fabs(across) > 0.55)
			town_paint_set(p, h->face & 1 ? 0xd0d0c0 : 0xa01010, 1);
	} else if (!end && h->face != TOWN_TOP &&
		   town_int(at.u / 1.3) != town_int((at.u + 0.03) / 1.3)) {
		town_paint_scale(p, 0.4);
	}
}

/* Bricks, metal, stone, cloth: one colour and some grain. */
static void
paint_plain(const struct town *t, const struct town_hit *h, struct town_spot at,
	struct town_paint *p)
{
	static const uint32_t cloths[] = { 0x303a50, 0x703030, 0x505040,
		0xc8c0b0, 0x284838, 0x202020, 0xa06828, 0x606878 };
	static const uint32_t metals[] = { 0x565c60, 0x3a4a44, 0x6e7276,
		0x4a4440 };
	static const uint32_t walls[] = { 0x8e4a36, 0xb8a98c, 0x9c6a4a,
		0xa8a49a };
	uint32_t seed = h->solid->seed;
	double grain = town_cloud(seed, at.u * 5, at.v * 5, at.blur * 5);

	switch (h->solid->stuff) {
	case TOWN_TRIM:
		town_paint_copy(p, t->houses[h->solid->of].look.trim_rgb, 1);
		break;
	case TOWN_AWNING:
		town_paint_copy(p, t->houses[h->solid->of].look.shop_rgb, 1);
		if (town_int(at.u / 0.35) & 1)
			town_paint_set(p, 0xe8e4d8, 0.9);
		break;
	case TOWN_BRICKS:
		town_paint_set(p, walls[seed % 4],
			town_tiles(&at, 0.5, 0.2, 0.5, 0.02));
		break;
	case TOWN_BARK:
		town_paint_set(p, 0x5a4a3a, 1);
		break;
	case TOWN_METAL:
		town_paint_set(p, metals[seed % 4], 1);
		break;
	case TOWN_TYRE:
		town_paint_set(p, 0x1a1a1a, 1);
		break;
	default:
		town_paint_set(p, cloths[seed % 8], 1);
		break;
	}
	town_paint_scale(p, 0.6 + 0.8 * grain);
}

void
town_paint(const struct town *t, const struct town_hit *h, double blur,
	struct town_paint *p)
{
	const struct town_solid *s = h->solid;
	struct town_spot at;

	if (s == NULL || s->stuff == TOWN_PLOT) {
		town_paint_ground(t, h, blur, p);
		return;
	}
	at = face_spot(h, s->lo, s->hi);
	at.blur = blur;
	at.seed = s->seed;
	switch (s->stuff) {
	case TOWN_WALL:
		if (h->face >= TOWN_BOTTOM)
			paint_flat(&t->houses[s->of].look, at, p);
		else
			town_paint_wall(&t->houses[s->of], h->face, &at, p);
		break;
	case TOWN_ROOF:
		paint_roof(t, h, at, p);
		break;
	case TOWN_BOARD:
		paint_board(h, at, p);
		break;
	case TOWN_LEAVES:
		paint_leaves(h, blur, p);
		break;
	case TOWN_CAR:
	case TOWN_CABIN:
		paint_car(h, at, p);
		break;
	default:
		paint_plain(t, h, at, p);
		break;
	}
}
