#include "vision/town_house.h"
#include "vision/town_num.h"
#include "vision/town_paint.h"
#include "vision/town_words.h"

/* Old beams, upright and level, one a storey, and some that slant. */
static double
timber(const struct town_look *k, const struct town_spot *at)
{
	double v = at->v - k->ground, u = at->u;
	int32_t floor = town_int(v / k->storey), bay = town_int(u / 1.2);
	double in = u - 1.2 * bay, up = v - k->storey * floor;
	uint32_t cell = town_hash2(k->seed + 31, bay, floor);
	double slant = cell & 4 ? in : 1.2 - in;

	if (in < 0.16 || up < 0.2)
		return 0.12;
	return cell & 3                                   ? 1
	       : fabs(up - slant * k->storey / 1.2) < 0.2 ? 0.12
	                                                  : 1;
}

static void
paint_material(const struct town_look *k, const struct town_spot *at,
	struct town_paint *p)
{
	double u = at->u, v = at->v, b = at->blur;
	double stain = town_cloud(k->seed + 1, u / 2.5, v / 4, b / 2.5);
	double patch = town_cloud(k->seed + 3, u * 1.7, v * 1.7, b * 1.7);
	double grain = town_cloud(k->seed + 2, u * 6, v * 6, b * 6);

	town_paint_copy(p, k->wall_rgb,
		(0.6 + 0.8 * stain) * (0.6 + 0.8 * patch) *
			(0.7 + 0.6 * grain));
	if (patch > 0.72) /* mended, or fallen off */
		town_paint_scale(p, k->seed & 1 ? 0.72 : 1.3);
	switch (k->wall) {
	case TOWN_BRICK:
		town_paint_scale(p, town_tiles(at, 0.24, 0.075, 0.5, 0.012));
		break;
	case TOWN_PANEL:
		town_paint_scale(p, town_tiles(at, k->bay, k->storey, 0, 0.04));
		break;
	case TOWN_ASHLAR:
		town_paint_scale(p, town_tiles(at, 0.8, 0.38, 0.5, 0.02));
		break;
	case TOWN_PLANKS:
		town_paint_scale(p, town_tiles(at, 3.1, 0.17, 0.31, 0.02));
		break;
	case TOWN_TIMBER:
		town_paint_scale(p, timber(k, at));
		break;
	default:
		break;
	}
}

/* Places inside a window or a door: 0 to 1 from the left and from below. */
struct pane {
	double x, y;
	double wide, high; /* in metres */
	uint32_t seed;
};

/* Is there a bar of the frame? */
static bool
bar(const struct town_look *k, const struct pane *w)
{
	static const int across[] = { 1, 2, 2, 3, 1 }, up[] = { 1, 1, 2, 2, 2 };
	double frame = 0.07, thin = 0.045;
	double x = w->x * w->wide, y = w->y * w->high;
	double dx = w->wide / across[k->panes], dy = w->high / up[k->panes];

	if (x < frame || y < frame || x > w->wide - frame ||
		y > w->high - frame)
		return true;
	return x - dx * town_int(x / dx) < thin ||
	       y - dy * town_int(y / dy) < thin;
}

static void
paint_glass(const struct pane *w, struct town_paint *p)
{
	static const uint32_t curtains[] = { 0xd8d0c0, 0xb8a890, 0xc8c8cc,
		0x8a6a5a };
	double kind = town_unit(w->seed), fold;

	town_paint_set(p, 0x2a3138, 0.6 + 0.8 * town_pick(w->seed, 1, 0, 1));
	p->gloss = 0.28;
	fold = w->x * 9 - town_int(w->x * 9);
	if (kind < 0.3 && fabs(w->x - 0.5) > town_pick(w->seed, 2, 0.15, 0.4))
		town_paint_set(p, curtains[w->seed % 4], 0.35 + 0.3 * fold);
	else if (kind > 0.75 && w->y > town_pick(w->seed, 3, 0.3, 0.9))
		town_paint_set(p, curtains[w->seed % 4], 0.55);
	else if (kind > 0.68 && w->y < 0.22) /* plants */
		town_paint_set(p, 0x44603a, 0.4 + fold);
	if (w->y > 0.9) /* in the shade of the lintel */
		town_paint_scale(p, 0.5);
}

static void
paint_window(
	const struct town_look *k, const struct pane *w, struct town_paint *p)
{
	if (bar(k, w))
		town_paint_copy(p, k->frame_rgb, w->y > 0.93 ? 0.45 : 0.9);
	else
		paint_glass(w, p);
}

/* Around a window: stone, a sill. ${x}, ${y} are from its corner, in metres. */
static bool
paint_surround(
	const struct town_look *k, double x, double y, struct town_paint *p)
{
	bool beside = x > -0.18 && x < k->wide + 0.18;
	bool around = beside && y > -0.18 && y < k->high + 0.22;

	if (beside && x > -0.1 && x < k->wide + 0.1 && y > -0.12 && y < 0) {
		town_paint_copy(p, k->trim_rgb, 1.1);
		return true;
	}
	if (beside && y > -0.3 && y < 0) { /* what the rain leaves under it */
		town_paint_scale(p, 0.8);
		return true;
	}
	if (k->framed && around)
		town_paint_copy(p, k->trim_rgb, y > k->high ? 1 : 0.85);
	return k->framed && around;
}

static void
paint_upper(const struct town_house *h, const struct town_bays *b,
	const struct town_spot *at, struct town_paint *p)
{
	const struct town_look *k = &h->look;
	double v = at->v - k->ground;
	int32_t floor = town_int(v / k->storey);
	double bays = (at->u - b->margin) / k->bay;
	int32_t bay = town_int(bays);
	double x = (bays - bay) * k->bay - (k->bay - k->wide) / 2;
	double y = v - floor * k->storey - k->sill;
	struct pane w = { x / k->wide, y / k->high, k->wide, k->high,
		town_hash2(at->seed, bay, floor) };

	if (bay < 0 || bay >= (int32_t)b->n || floor + 1 >= (int32_t)b->floors)
		return;
	if (w.x >= 0 && w.x < 1 && w.y >= 0 && w.y < 1)
		paint_window(k, &w, p);
	else
		paint_surround(k, x, y, p);
}

static void
paint_door(
	const struct town_look *k, const struct pane *w, struct town_paint *p)
{
	double inner = fabs(w->x - 0.5);

	if (w->y > 0.84) {
		paint_glass(w, p);
		return;
	}
	town_paint_copy(p, k->shop_rgb, 0.6);
	if (inner > 0.44)
		town_paint_copy(p, k->frame_rgb, 0.9);
	else if (inner > 0.08 && inner < 0.34 &&
		 (w->y - 0.1) / 0.35 - town_int((w->y - 0.1) / 0.35) < 0.75)
		town_paint_scale(p, 0.6);
}

static void
paint_home(const struct town_house *h, const struct town_bays *b,
	const struct town_spot *at, struct town_paint *p)
{
	const struct town_look *k = &h->look;
	double bays = (at->u - b->margin) / k->bay;
	int32_t bay = town_int(bays);
	double x = (bays - bay) * k->bay - (k->bay - k->wide) / 2;
	double y = at->v - k->sill - 0.4;
	struct pane w = { x / k->wide, y / k->high, k->wide, k->high,
		town_hash2(at->seed, bay, -1) };

	if (bay < 0 || bay >= (int32_t)b->n)
		return;
	if (bay == 0 && x > 0 && x < 1.1 && at->v < 2.5) {
		paint_door(k,
			&(struct pane){
				x / 1.1, at->v / 2.5, 1.1, 2.5, w.seed },
			p);
		return;
	}
	if (bay == 0)
		return;
	if (w.x >= 0 && w.x < 1 && w.y >= 0 && w.y < 1)
		paint_window(k, &w, p);
	else
		paint_surround(k, x, y, p);
}

/* The band with the name of the shop. */
static void
paint_name(const struct town_look *k, const struct town_bays *b, double u,
	double v, struct town_paint *p)
{
	double size = 0.42 / 7, wide = town_word_width(k->word) * size;
	double left = b->width / 2 - wide / 2;

	if (wide > b->width - 0.6) {
		size *= (b->width - 0.6) / wide;
		left = 0.3;
	}
	town_paint_copy(p, k->shop_rgb, 0.9);
	if (town_word_ink(k->word, (u - left) / size, (v - 0.14) / size))
		town_paint_set(p,
			k->shop_rgb[0] + k->shop_rgb[1] > 0.7 ? 0x202020
							      : 0xf0ead8,
			1);
}

static void
paint_shop(const struct town_house *h, const struct town_bays *b,
	const struct town_spot *at, struct town_paint *p)
{
	const struct town_look *k = &h->look;
	double top = k->ground - 0.2, low = top - 0.7;
	double wide = b->width / (double)(1 + town_int(b->width / 2.6));
	int32_t bay = town_int(at->u / wide);
	struct pane w = { at->u / wide - bay, (at->v - 0.5) / (low - 0.5), wide,
		low - 0.5, town_hash2(at->seed + 3, bay, 0) };

	if (at->v > top)
		return;
	if (at->v > low) {
		paint_name(k, b, at->u, at->v - low, p);
		return;
	}
	if (w.seed % 4 == 0) {
		w.y = at->v / low;
		paint_door(k, &w, p);
	} else if (w.y < 0 || w.x < 0.05 || w.x > 0.95) {
		town_paint_copy(p, k->shop_rgb, 0.55);
	} else {
		int32_t i = town_int(w.x * 5), j = town_int(w.y * 4);
		uint32_t thing = town_hash2(w.seed, i, j);

		town_paint_set(p, 0x2c2a28, 1);
		if (w.y < 0.75 && thing & 1) /* goods on show */
			for (int c = 0; c < 3; c++)
				p->rgb[c] = 0.05 + 0.5 * town_pick(thing,
								 (uint32_t)c, 0,
								 1);
		p->gloss = 0.15;
	}
}

/* A wall without windows: perhaps a painted advertisement, or scribbles. */
static void
paint_blank(const struct town_house *h, const struct town_spot *at,
	const struct town_bays *b, struct town_paint *p)
{
	uint32_t seed = h->look.seed + 300;
	double u = at->u - b->width / 2, v = at->v - 4.5;

	if (town_pick(seed, 1, 0, 1) < 0.5 && fabs(u) < 3.5 && fabs(v) < 1.8) {
		double size = 6 / town_word_width(h->look.word);

		town_paint_set(p, 0xd8cfae, 0.8);
		if (town_word_ink(h->look.word, (u + 3) / size, v / size + 3.5))
			town_paint_copy(p, h->look.shop_rgb, 0.8);
	}
}

static void
paint_scribbles(const struct town_spot *at, struct town_paint *p)
{
	uint32_t seed = at->seed + 400;
	double where = town_noise(seed, at->u / 3, at->v / 2);
	double line = town_noise(seed + 1, at->u * 2.2, at->v * 1.6);

	if (at->v < 2.3 && where > 0.72 && fabs(line - 0.5) < 0.06)
		town_paint_set(p, (uint32_t)town_hash(seed) & 0xc0c0c0, 0.7);
}

void
town_paint_wall(const struct town_house *h, enum town_face face,
	const struct town_spot *spot, struct town_paint *p)
{
	struct town_bays b = town_bays(h, face);
	struct town_spot at = *spot;

	at.seed = h->look.seed + 500 * (uint32_t)(face == h->front);
	paint_material(&h->look, &at, p);
	if (at.v < 0.5)
		town_paint_copy(p, h->look.trim_rgb, 0.35 + 0.5 * at.v);
	if (!(h->open >> face & 1))
		paint_blank(h, &at, &b, p);
	else if (at.v > h->look.ground)
		paint_upper(h, &b, &at, p);
	else if (h->look.shop)
		paint_shop(h, &b, &at, p);
	else
		paint_home(h, &b, &at, p);
	paint_scribbles(&at, p);
}
