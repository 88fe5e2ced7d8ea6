#include "vision/town_shoot.h"

#include <stdio.h>
#include <stdlib.h>

#include "record/emit.h"
#include "vision/frame.h"
#include "vision/town_num.h"

static const char *const names[] = { "street", "aerial" };

/* What is far away has to fit its depth map. */
static double
unit_of(const struct town_shoot *s, enum town_role role)
{
	double unit = s->unit, away = s->views.gsd * s->views.focal;

	while (role == TOWN_IN_AIR && unit > 0 && 3 * away > 65535 * unit)
		unit *= 2;
	return unit;
}

/* From the view to the files. */
static int
take(struct town_shoot *s, enum town_role role, size_t i, struct frame *f,
	struct err *e)
{
	size_t pixels = (size_t)s->views.width * s->views.height;
	struct town_camera c = { f->truth, s->views.width, s->views.height,
		s->views.focal, s->samples };
	struct town_film film = s->film;
	struct image im = { .width = c.width, .height = c.height };
	int rc;

	if (s->rgb == NULL) {
		s->rgb = mem_alloc(pixels, 3 * sizeof(*s->rgb));
		s->depth = mem_alloc(pixels, sizeof(*s->depth));
	}
	town_render(&s->town, &s->light, &c, s->rgb, s->depth);
	film.seed = town_hash2(s->town.today, (int32_t)i, *names[role]);
	rc = town_film(&film, s->rgb, &im, e);
	rc = rc ? rc : frame_save(f, &im, e);
	image_release(&im);
	if (rc == 0 && f->unit > 0)
		rc = frame_save_depth(f, s->depth, e);
	return rc;
}

static void
emit_sun(struct buf *b, const struct town_light *light)
{
	double sun[3];

	town_sun(light, sun);
	emit_key(b, "sun"), emit_begin(b, '[');
	for (int k = 0; k < 3; k++)
		emit_f64(b, sun[k]);
	emit_end(b, ']');
}

static void
write_record(struct buf *b, const struct town_shoot *s, const struct frame *f,
	enum town_role role, double heading)
{
	emit_begin(b, '{');
	frame_emit(b, f);
	emit_key(b, "role"), emit_cstr(b, names[role]);
	emit_key(b, "heading"), emit_f64(b, heading);
	emit_key(b, "seed"), emit_u64(b, s->town.conf.seed);
	emit_key(b, "pass"), emit_u64(b, s->town.conf.pass);
	emit_sun(b, &s->light);
	emit_end(b, '}');
}

int
town_shoot(struct town_shoot *s, enum town_role role, size_t i,
	struct buf *record, struct err *e)
{
	const struct town_views *v = &s->views;
	struct town_view view;
	char id[64];
	struct frame f = { .id = id,
		.camera = { .model = CAMERA_PINHOLE,
			.params = { v->focal, v->focal, v->width / 2.0,
				v->height / 2.0 },
			.width = v->width,
			.height = v->height },
		.unit = unit_of(s, role) };
	int rc;

	if (role == TOWN_IN_AIR)
		town_air_view(&s->town, v, i, &view);
	else
		town_street_view(&s->town, v, i, &view);
	f.pose = view.told;
	f.truth = view.pose;
	snprintf(id, sizeof(id), "%s-%05zu", names[role], i);
	rc = frame_name(&f, s->dir, e);
	rc = rc ? rc : take(s, role, i, &f, e);
	if (rc == 0)
		write_record(record, s, &f, role, view.heading);
	frame_release(&f);
	return rc;
}

void
town_shoot_release(struct town_shoot *s)
{
	free(s->rgb);
	free(s->depth);
	s->rgb = s->depth = NULL;
}
