#include "vision/town_num.h"
#include "vision/town_paint.h"

/* Where a place is along and across the streets. */
struct place {
	double x, y, blur;
	double off[2];   /* from the middle of the nearest street along y, x */
	double along[2]; /* from the last crossing */
	const struct town *t;
};

static struct place
place_of(const struct town *t, const double at[3], double blur)
{
	struct place p = { .x = at[0], .y = at[1], .blur = blur, .t = t };

	for (int k = 0; k < 2; k++) {
		double c = (at[k] - town_street(t, 0)) / TOWN_PITCH;

		p.off[k] = (c - town_int(c + 0.5)) * TOWN_PITCH;
		p.along[k] = (c - town_int(c)) * TOWN_PITCH;
	}
	return p;
}

static double
grain(const struct place *at, uint32_t which, double scale)
{
	return town_cloud(at->t->seed + which, at->x * scale, at->y * scale,
		at->blur * scale);
}

/* Repairs, and the lids of drains. */
static void
paint_repairs(const struct place *at, struct town_paint *p)
{
	int32_t i = town_int(at->x / 7), j = town_int(at->y / 7);
	uint32_t cell = town_hash2(at->t->seed + 600, i, j);
	double x = at->x - 7 * i - town_pick(cell, 1, 1, 6);
	double y = at->y - 7 * j - town_pick(cell, 2, 1, 6);

	if (cell % 3 == 0 && fabs(x) < town_pick(cell, 3, 0.3, 2) &&
		fabs(y) < town_pick(cell, 4, 0.3, 2))
		town_paint_scale(p, town_pick(cell, 5, 0.6, 1.3));
	if (cell % 3 == 1 && x * x + y * y < 0.1)
		town_paint_scale(
			p, fabs(x - town_int(x * 9) / 9.0) < 0.05 ? 0.4 : 0.75);
	if (fabs(town_noise(at->t->seed + 601, at->x / 1.7, at->y / 1.7) -
		    0.5) < 0.008 &&
		at->blur < 0.04)
		town_paint_scale(p, 0.55); /* a crack */
}

/* White paint on the street that runs along axis ${k}. */
static bool
is_marked(const struct place *at, int k)
{
	double off = at->off[!k], along = at->along[k] - TOWN_STREET / 2;
	double dash = along / 3 - town_int(along / 3);

	if (along < 0 || along > TOWN_BLOCK || fabs(off) > TOWN_ROADWAY / 2)
		return false;
	if (along < 3.2 || along > TOWN_BLOCK - 3.2) { /* a crossing */
		double bar = off - town_int(off);
		bool inside = along < 3.2 ? along > 0.4
		                          : along < TOWN_BLOCK - 0.4;

		return inside && bar < 0.5;
	}
	if (fabs(off) < 0.07)
		return dash < 0.5;
	off = fabs(off) - (TOWN_ROADWAY / 2 - 2.1); /* parking */
	return fabs(off) < 0.05 || (off > 0 && dash < 0.035);
}

static void
paint_road(const struct place *at, struct town_paint *p)
{
	double wear = grain(at, 610, 0.35), fine = grain(at, 611, 5);
	bool marked = is_marked(at, 0) || is_marked(at, 1);

	town_paint_set(p, 0x5c5c5e, (0.55 + 0.9 * wear) * (0.3 + 1.4 * fine));
	paint_repairs(at, p);
	if (marked && fine + wear > 0.72)
		town_paint_set(p, 0xd8d8d0, 0.6 + 0.5 * wear);
}

static void
paint_pavement(const struct place *at, struct town_paint *p)
{
	struct town_spot spot = { at->x, at->y, at->blur, at->t->seed + 620 };
	double dirt = grain(at, 621, 0.8), fine = grain(at, 622, 9);
	double edge = TOWN_ROADWAY / 2 + 0.2;

	town_paint_set(p, 0x9a968e, (0.6 + 0.7 * dirt) * (0.75 + 0.5 * fine));
	if (fabs(at->off[0]) < edge || fabs(at->off[1]) < edge)
		town_paint_scale(p, 1.25);
	else
		town_paint_scale(p, town_tiles(&spot, 0.6, 0.4, 0.5, 0.015));
}

static void
paint_grass(const struct place *at, double tall, struct town_paint *p)
{
	double patches = grain(at, 630, 0.25), tufts = grain(at, 631, 3);
	double blades = grain(at, 632, 25);

	town_paint_set(p, 0x6a7d3c,
		(0.4 + patches) * (0.5 + tall * tufts) * (0.3 + 1.3 * blades));
	p->rgb[0] *= 0.6 + 0.9 * patches;
	if (town_hash2(at->t->seed + 633, town_int(at->x * 6),
		    town_int(at->y * 6)) %
				37 ==
			0 &&
		at->blur < 0.1)
		town_paint_set(p, 0xd8d090, 0.7); /* flowers */
}

/* Inside a block: yard, park or square. */
static void
paint_inner(const struct place *at, const struct town_solid *plot,
	struct town_paint *p)
{
	struct town_spot spot = { at->x, at->y, at->blur, plot->seed + 640 };
	double x = at->x - (plot->lo[0] + plot->hi[0]) / 2;
	double y = at->y - (plot->lo[1] + plot->hi[1]) / 2;
	double bend = 6 * (town_noise(plot->seed, at->x / 9, at->y / 9) - 0.5);

	switch (at->t->grounds[plot->of]) {
	case TOWN_PARK:
		if (fabs(x + bend) < 1.2 || fabs(y + bend) < 1.2)
			town_paint_set(
				p, 0xb8a888, 0.6 + 0.8 * grain(at, 641, 6));
		else
			paint_grass(at, 1, p);
		break;
	case TOWN_SQUARE:
		town_paint_set(p, 0x8f8a84, 0.6 + 0.7 * grain(at, 642, 1));
		town_paint_scale(p, town_tiles(&spot, 0.14, 0.12, 0.5, 0.015));
		if (fabs(x - y) < 0.4 || fabs(x + y) < 0.4)
			town_paint_scale(p, 1.5);
		break;
	default:
		if (town_hash(plot->seed + 9) & 1)
			paint_grass(at, 0.8, p);
		else
			town_paint_set(p, 0x8a8074,
				(0.6 + 0.7 * grain(at, 643, 0.7)) *
					(0.5 + grain(at, 644, 14)));
		break;
	}
}

/* Outside the town: fields. */
static void
paint_fields(const struct place *at, struct town_paint *p)
{
	int32_t i = town_int(at->x / 90), j = town_int(at->y / 60);
	uint32_t field = town_hash2(at->t->seed + 650, i, j);
	double row = at->y / 0.8 - town_int(at->y / 0.8);
	static const uint32_t crops[] = { 0x7a8b46, 0xb8a860, 0x5f7a3c,
		0x8a7550 };

	town_paint_set(p, crops[field % 4],
		(0.5 + grain(at, 651, 0.1)) * (0.6 + 0.8 * grain(at, 652, 2)));
	if (at->blur < 0.4)
		town_paint_scale(p, 0.85 + 0.3 * row);
}

void
town_paint_ground(const struct town *t, const struct town_hit *h, double blur,
	struct town_paint *p)
{
	struct place at = place_of(t, h->at, blur);
	double inner = TOWN_STREET / 2, out = t->edge + 3;

	p->gloss = 0;
	if (h->solid && h->face != TOWN_TOP) {
		town_paint_set(p, 0xa8a49c, 0.8);
		return;
	}
	if (fabs(at.x) > out || fabs(at.y) > out)
		paint_fields(&at, p);
	else if (h->solid == NULL)
		paint_road(&at, p);
	else if (fabs(at.off[0]) < inner || fabs(at.off[1]) < inner)
		paint_pavement(&at, p);
	else
		paint_inner(&at, h->solid, p);
}
