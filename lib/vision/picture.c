#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "vision/paint.h"
#include "vision/picture.h"

#define GAP 8   /* between the two */
#define BAND 24 /* of text, above and below */

enum { PAPER = 0x202225, INK = 0xe8e8e8, FAINT = 0xffe070, ASTRAY = 0xc03030 };

/* Where an image is painted, and by how much its pixels grow. */
struct place {
	const struct picture_side *side;
	struct paint_box box;
	double scale;
};

static double
to_x(const struct place *p, double x)
{
	return p->box.x + x * p->scale;
}

static double
to_y(const struct place *p, double y)
{
	return p->box.y + y * p->scale;
}

static struct place
place_at(const struct picture_side *side, uint32_t x, double scale)
{
	struct paint_box box = { x, BAND, 0, 0 };

	box.width = (uint32_t)ceil(side->image->width * scale);
	box.height = (uint32_t)ceil(side->image->height * scale);
	return (struct place){ side, box, scale };
}

/* Colours are for the lines. */
static void
fade(struct image *out, struct paint_box box)
{
	for (uint32_t y = box.y; y < box.y + box.height; y++) {
		uint16_t *p = out->samples +
		              ((size_t)y * out->width + box.x) * 3;

		for (uint32_t x = 0; x < box.width; x++, p += 3) {
			unsigned v = 54u * p[0] + 183u * p[1] + 19u * p[2];

			p[0] = p[1] = p[2] = (uint16_t)(v * 3 / 4 / 256);
		}
	}
}

/* A ring of its size, and a tick where its angle points. */
static void
draw_keypoint(
	const struct brush *b, const struct place *p, const struct keypoint *k)
{
	double x = to_x(p, k->x), y = to_y(p, k->y);
	double r = fmin(fmax(k->scale * p->scale, 1), 100), angle = k->angle;

	paint_ring(b, x, y, r);
	paint_line(b, x, y, x + r * cos(angle), y + r * sin(angle));
}

static void
paint_side(struct image *out, const struct place *p)
{
	const struct features *f = p->side->features;
	struct brush ink = { out, INK, 1, 1 }, faint = { out, FAINT, .5, 1 };

	paint_image(out, p->side->image, p->box);
	fade(out, p->box);
	if (p->box.width > 10)
		paint_name(&ink,
			(struct paint_box){
				p->box.x + 5, 5, p->box.width - 10, 0 },
			2, p->side->name);
	for (size_t i = 0; f && i < f->n; i++)
		draw_keypoint(&faint, p, &f->keypoints[i]);
}

static bool
is_inlier(const struct picture_pair *p, size_t i)
{
	return p->inlier == NULL || p->inlier[i];
}

/* Lines of either kind; many of them are fainter, so that all can be seen. */
static void
paint_lines(const struct picture_pair *p, const struct place *a,
	const struct place *b, struct image *out, bool inliers)
{
	double opacity = fmin(.9, fmax(.35, 150 / (double)(p->n + 1)));

	for (size_t i = 0; i < p->n; i++) {
		const double *v = p->pairs[i];
		double x = to_x(a, v[0]), y = to_y(a, v[1]);
		double u = to_x(b, v[2]), w = to_y(b, v[3]);
		double turn = (v[0] / a->side->image->width +
				      v[1] / a->side->image->height) /
		              2;
		uint32_t colour = inliers ? paint_hue(.1 + .7 * turn) : ASTRAY;
		struct brush line = { out, colour, opacity,
			inliers ? 1.3 : .8 };
		struct brush end = { out, colour, 1, 1.5 };

		if (is_inlier(p, i) != inliers)
			continue;
		paint_line(&line, x, y, u, w);
		paint_ring(&end, x, y, 3);
		paint_ring(&end, u, w, 3);
	}
}

static void
paint_caption(const struct picture_pair *p, struct image *out)
{
	struct brush ink = { out, INK, 1, 1 };
	char text[100];
	size_t inliers = 0;

	for (size_t i = 0; i < p->n; i++)
		inliers += is_inlier(p, i);
	if (p->inlier)
		snprintf(text, sizeof(text), "%zu of %zu matches are inliers",
			inliers, p->n);
	else
		snprintf(text, sizeof(text), "%zu matches", p->n);
	paint_text(&ink, 5, out->height - BAND + 5, 2, span_str(text));
}

int
picture_make(const struct picture_pair *p, struct image *out, struct err *e)
{
	double width = (double)p->query.image->width +
	               (double)p->match.image->width;
	double scale = fmin(1, PICTURE_WIDTH / width);
	struct place a = place_at(&p->query, 0, scale);
	struct place b = place_at(&p->match, a.box.width + GAP, scale);

	*out = (struct image){ .width = b.box.x + b.box.width };
	out->height = 2 * BAND + (a.box.height > b.box.height ? a.box.height
							      : b.box.height);
	if (paint_start(out, PAPER, e))
		return -1;
	paint_side(out, &a);
	paint_side(out, &b);
	paint_lines(p, &a, &b, out, false);
	paint_lines(p, &a, &b, out, true);
	paint_caption(p, out);
	return 0;
}
