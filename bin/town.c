/* cupel-town: make images of a procedural town, with exact cameras and depth. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "record/emit.h"
#include "record/stream.h"
#include "vision/camera.h"
#include "vision/side.h"
#include "vision/town_film.h"
#include "vision/town_num.h"
#include "vision/town_view.h"

#define UNSET (-1.0)
#define UNGIVEN UINT64_MAX
#define AIR_HEIGHT 80.0 /* where no --gsd is given */
#define MOST_PIXELS ((uint64_t)1 << 26)

static struct {
	uint64_t street, aerial, bits, samples;
	struct town_conf town;
	struct town_views views;
	struct town_light light;
	struct town_film film;
	double step;
	bool grey, no_depth;
	const char *dir;
} cfg = {
	.bits = 8,
	.samples = 2,
	.town = { .pass = 1, .blocks = 5, .traffic = 1 },
	.views = { .width = 640,
		.height = 480,
		.focal = UNSET,
		.spacing = UNSET,
		.headings = UNGIVEN,
		.eye = 2.2,
		.gsd = UNSET,
		.overlap = 0.7,
		.tilt = 50 },
	.light = { 140, 45, 0 },
	.step = 0.005,
	.dir = "town",
};

/* parse_two(text, a, b, sign): "A" or "A,B"; what ends at ${sign}. */
static bool
parse_two(const char *text, double *a, double *b, char sign)
{
	char *end;

	*a = strtod(text, &end);
	if (end == text || !isfinite(*a))
		return false;
	if (*end == '\0')
		return true;
	if (*end != sign)
		return false;
	text = end + 1;
	*b = strtod(text, &end);
	return end != text && *end == '\0' && isfinite(*b);
}

static int
parse_size(const char *text, struct err *e)
{
	double w, h = 0;

	if (!parse_two(text, &w, &h, 'x') || w < 1 || h < 1 || w > 65535 ||
		h > 65535 || w * h > (double)MOST_PIXELS || w != floor(w) ||
		h != floor(h))
		return err_set(e, "a width and a height are expected, 640x480 "
				  "say, of at most 65535 and 64 M pixels");
	cfg.views.width = (uint32_t)w;
	cfg.views.height = (uint32_t)h;
	return 0;
}

static int
parse_sun(const char *text, struct err *e)
{
	double az = 0, el = UNSET;

	if (strcmp(text, "A") == 0)
		az = 140, el = 45;
	else if (strcmp(text, "B") == 0)
		az = 255, el = 22;
	else if (!parse_two(text, &az, &el, ',') || el < 1 || el > 90 ||
		 fabs(az) > 360)
		return err_set(e, "A, B, or azimuth and elevation in degrees "
				  "are expected, 140,45 say");
	cfg.light.azimuth = az;
	cfg.light.elevation = el;
	return 0;
}

static int
parse_noise(const char *text, struct err *e)
{
	double m, deg = 0;

	if (!parse_two(text, &m, &deg, ',') || m < 0 || deg < 0 || m > 1000 ||
		deg > 180)
		return err_set(e, "metres, 1000 at most, and perhaps degrees, "
				  "180 at most, are expected: 0.05 or "
				  "0.05,0.1");
	cfg.views.noise_m = m;
	cfg.views.noise_deg = deg;
	return 0;
}

static const struct opt opts[] = {
	{ 0, "street", "N", "take N pictures on the streets (default 0)",
		OPT_U64(&cfg.street) },
	{ 0, "aerial", "N", "take N pictures from the air (default 0)",
		OPT_U64(&cfg.aerial) },
	{ 's', "seed", "N", "which town it is (default 0)",
		OPT_U64(&cfg.town.seed) },
	{ 0, "pass", "N", "which day it is: cars and people (default 1)",
		OPT_U64(&cfg.town.pass) },
	{ 0, "dir", "DIR", "where the pictures go (default town)",
		OPT_STR(&cfg.dir) },
	{ 0, "size", "WxH", "of a picture in pixels (default 640x480)",
		OPT_PARSE(parse_size) },
	{ 0, "focal", "PX", "focal length in pixels (default 0.7 widths)",
		OPT_F64(&cfg.views.focal) },
	{ 0, "bits", "N", "of a sample: 8 or 16 (default 8)",
		OPT_U64(&cfg.bits) },
	{ 0, "grey", NULL, "grey pictures (default: colour)",
		OPT_FLAG(&cfg.grey) },
	{ 0, "samples", "N", "NxN rays a pixel, 1 to 8 (default 2)",
		OPT_U64(&cfg.samples) },
	{ 0, "depth-step", "M", "unit of the depth maps (default 0.005 m)",
		OPT_F64(&cfg.step) },
	{ 0, "no-depth", NULL, "no depth maps", OPT_FLAG(&cfg.no_depth) },
	{ 0, "blocks", "N", "the town has NxN blocks (default 5)",
		OPT_U64(&cfg.town.blocks) },
	{ 0, "repeat", "SHARE", "houses that look the same (default 0)",
		OPT_F64(&cfg.town.repeat) },
	{ 0, "traffic", "X", "cars and people, 1 being usual (default 1)",
		OPT_F64(&cfg.town.traffic) },
	{ 0, "spacing", "M", "street: from place to place (default 5 m)",
		OPT_F64(&cfg.views.spacing) },
	{ 0, "headings", "N", "street: pictures at a place (default 4)",
		OPT_U64(&cfg.views.headings) },
	{ 0, "scatter", NULL, "street: at random places and headings",
		OPT_FLAG(&cfg.views.scatter) },
	{ 0, "eye", "M", "street: height of the camera (default 2.2 m)",
		OPT_F64(&cfg.views.eye) },
	{ 0, "gsd", "M", "aerial: metres a pixel (default: from 80 m away)",
		OPT_F64(&cfg.views.gsd) },
	{ 0, "overlap", "SHARE", "aerial: of neighbours (default 0.7)",
		OPT_F64(&cfg.views.overlap) },
	{ 0, "tilt", "DEG", "aerial: below the horizon (default 50)",
		OPT_F64(&cfg.views.tilt) },
	{ 0, "pose-noise", "M,DEG", "aerial: error of the poses (default 0)",
		OPT_PARSE(parse_noise) },
	{ 0, "sun", "WHERE", "A, B or AZIMUTH,ELEVATION (default A: 140,45)",
		OPT_PARSE(parse_sun) },
	{ 0, "haze", "M", "how far one sees (default 0: all the way)",
		OPT_F64(&cfg.light.sight) },
	{ 0, "exposure", "EV", "stops more than by itself (default 0)",
		OPT_F64(&cfg.film.exposure) },
	{ 0, "blur", "PX", "standard deviation of blur (default 0)",
		OPT_F64(&cfg.film.blur) },
	{ 0, "noise", "X", "deviation of noise in 256ths (default 0)",
		OPT_F64(&cfg.film.noise) },
	{ 0 },
};
static const struct tool tool = { "town",
	"make images of a procedural town, with exact cameras and depth", "",
	(const struct opt *const[]){ opts, stream_source_opts, NULL } };

/* Checking. */

static void
expect(bool fine, const char *what)
{
	if (!fine)
		die(ST_USAGE, "%s", what);
}

static void
check_town(void)
{
	const struct town_conf *t = &cfg.town;

	expect(t->blocks >= 1 && t->blocks <= TOWN_BLOCKS_MAX,
		"--blocks: 1 to 64 are expected");
	expect(t->repeat >= 0 && t->repeat <= 1,
		"--repeat: a share from 0 to 1 is expected");
	expect(t->traffic >= 0 && t->traffic <= 3,
		"--traffic: a number from 0 to 3 is expected");
	expect(cfg.light.sight >= 0, "--haze: metres are expected, or 0");
}

static void
check_picture(void)
{
	expect(cfg.bits == 8 || cfg.bits == 16, "--bits: 8 or 16 is expected");
	expect(cfg.samples >= 1 && cfg.samples <= 8,
		"--samples: 1 to 8 are expected");
	expect(cfg.views.focal == UNSET || cfg.views.focal >= 1,
		"--focal: at least 1 pixel is expected");
	expect(cfg.step >= 1e-6 && cfg.step <= 10,
		"--depth-step: metres are expected, 0.005 say");
	expect(fabs(cfg.film.exposure) <= 10,
		"--exposure: stops from -10 to 10 are expected");
	expect(cfg.film.blur >= 0 && cfg.film.blur <= 50,
		"--blur: pixels from 0 to 50 are expected");
	expect(cfg.film.noise >= 0 && cfg.film.noise <= 256,
		"--noise: 0 to 256 are expected");
}

static void
check_views(void)
{
	const struct town_views *v = &cfg.views;

	expect(!v->scatter || (v->spacing == UNSET && v->headings == UNGIVEN),
		"--scatter excludes --spacing and --headings");
	expect(v->spacing == UNSET || v->spacing >= 0.01,
		"--spacing: at least 0.01 m is expected");
	expect(v->headings == UNGIVEN ||
			(v->headings >= 1 && v->headings <= 360),
		"--headings: 1 to 360 are expected");
	expect(v->eye >= 0.5 && v->eye <= 5,
		"--eye: 0.5 to 5 metres are expected");
	expect(v->gsd == UNSET || v->gsd > 0,
		"--gsd: metres a pixel are expected, 0.1 say");
	expect(v->overlap >= 0 && v->overlap <= 0.95,
		"--overlap: a share from 0 to 0.95 is expected");
	expect(v->tilt >= 20 && v->tilt <= 90,
		"--tilt: degrees from 20 to 90 are expected");
	expect(cfg.street || cfg.aerial,
		"--street N or --aerial N is expected: how many pictures");
	opt_belong(cfg.street, "--street", "spacing headings scatter eye");
	opt_belong(cfg.aerial, "--aerial", "gsd overlap tilt pose-noise");
}

/* What is known once the town is. */
static void
check_room(const struct town *t)
{
	struct town_views *v = &cfg.views;
	size_t street = town_street_views(t, v), air;
	double height;

	if (cfg.street > street)
		die(ST_USAGE,
			"--street: the streets have room for %zu pictures; "
			"lower --spacing, or --scatter them",
			street);
	if (cfg.aerial == 0)
		return;
	air = town_air_views(t, v);
	height = town_air_height(v, v->tilt);
	if (height < TOWN_AIR_LOWEST)
		die(ST_USAGE,
			"--gsd: the camera would fly at %.0f m, among the "
			"roofs; at least %.3f m a pixel are expected",
			height, v->gsd * TOWN_AIR_LOWEST / height);
	if (cfg.aerial > air)
		die(ST_USAGE,
			"--aerial: %zu pictures cover the town; raise "
			"--overlap or --blocks for more",
			air);
}

static void
prepare(struct town *t)
{
	check_town();
	check_picture();
	check_views();
	if (cfg.views.spacing == UNSET)
		cfg.views.spacing = 5;
	if (cfg.views.headings == UNGIVEN)
		cfg.views.headings = 4;
	if (cfg.views.focal == UNSET)
		cfg.views.focal = 0.7 * cfg.views.width;
	if (cfg.views.gsd == UNSET)
		cfg.views.gsd = AIR_HEIGHT / cfg.views.focal;
	cfg.film.channels = cfg.grey ? 1 : 3;
	cfg.film.bits = (uint8_t)cfg.bits;
	town_build(t, &cfg.town);
	check_room(t);
}

/* Taking pictures. */

struct shot {
	const char *role;
	size_t i;
	struct town_view view;
	double step;
	char id[64];
	struct buf image, depth; /* paths */
};

struct studio {
	struct town town;
	struct stream st;
	struct buf json;
	float *rgb, *depth; /* one picture's */
};

static void
emit_three(struct buf *b, const char *name, const double v[3])
{
	emit_key(b, name), emit_begin(b, '[');
	for (int k = 0; k < 3; k++)
		emit_f64(b, v[k]);
	emit_end(b, ']');
}

static void
emit_sun(struct buf *b)
{
	double az[2], el[2];

	town_sincos(cfg.light.azimuth, &az[0], &az[1]);
	town_sincos(cfg.light.elevation, &el[0], &el[1]);
	emit_three(b, "sun", (double[]){ az[0] * el[1], az[1] * el[1], el[0] });
}

static void
emit_camera(struct buf *b, const struct shot *s)
{
	struct camera c = { .model = CAMERA_PINHOLE,
		.params = { cfg.views.focal, cfg.views.focal,
			cfg.views.width / 2.0, cfg.views.height / 2.0 },
		.width = cfg.views.width,
		.height = cfg.views.height };

	camera_emit(b, &c);
	pose_emit(b, &s->view.told);
	emit_key(b, "pose"), emit_cstr(b, "world_to_camera");
	emit_key(b, "pixel_center"), emit_f64(b, 0.5);
	emit_key(b, "unit"), emit_cstr(b, "m");
	if (memcmp(&s->view.told, &s->view.pose, sizeof(struct pose))) {
		emit_key(b, "truth"), emit_begin(b, '{');
		pose_emit(b, &s->view.pose);
		emit_end(b, '}');
	}
}

static void
write_record(struct studio *o, struct shot *s)
{
	struct buf *b = &o->json;

	buf_clear(b);
	emit_begin(b, '{');
	emit_key(b, "id"), emit_cstr(b, s->id);
	emit_key(b, "image"), emit_str(b, buf_span(&s->image));
	emit_camera(b, s);
	if (!cfg.no_depth) {
		emit_key(b, "depth"), emit_str(b, buf_span(&s->depth));
		emit_key(b, "depth_scale"), emit_f64(b, s->step);
		emit_key(b, "depth_kind"), emit_cstr(b, "z");
		emit_key(b, "depth_invalid"), emit_u64(b, 0);
	}
	emit_key(b, "role"), emit_cstr(b, s->role);
	emit_key(b, "heading"), emit_f64(b, s->view.heading);
	emit_key(b, "seed"), emit_u64(b, cfg.town.seed);
	emit_key(b, "pass"), emit_u64(b, cfg.town.pass);
	emit_sun(b);
	emit_end(b, '}');
	stream_put(&o->st, buf_span(b));
}

static void
save(struct image *im, struct buf *path)
{
	struct err e;

	if (side_parents(buf_cstr(path), &e) ||
		image_write(im, buf_cstr(path), &e))
		die(ST_CUT, "%s", e.msg);
	image_release(im);
}

static void
take(struct studio *o, struct shot *s)
{
	struct town_camera c = { s->view.pose, cfg.views.width,
		cfg.views.height, cfg.views.focal, (unsigned)cfg.samples };
	struct town_film film = cfg.film;
	struct image im = { .width = c.width, .height = c.height };
	struct image depth = im;
	struct err e;

	film.seed = town_hash2(o->town.today, (int32_t)s->i, *s->role);
	town_render(&o->town, &cfg.light, &c, o->rgb, o->depth);
	if (town_film(&film, o->rgb, &im, &e))
		die(ST_CUT, "%s", e.msg);
	save(&im, &s->image);
	if (!cfg.no_depth) {
		if (town_film_depth(o->depth, s->step, &depth, &e))
			die(ST_CUT, "%s", e.msg);
		save(&depth, &s->depth);
	}
	write_record(o, s);
}

static void
name(struct buf *path, const char *id, const char *extension)
{
	struct err e;

	if (side_path(path, cfg.dir, span_str(id), extension, &e))
		die(ST_CUT, "%s", e.msg);
}

static void
take_all(struct studio *o, const char *role, size_t n)
{
	struct shot s = { .role = role, .step = cfg.step };
	bool air = *role == 'a';

	/* what is far away has to fit its depth map */
	while (air && 3 * cfg.views.gsd * cfg.views.focal > 65535 * s.step)
		s.step *= 2;
	for (s.i = 0; s.i < n && !o->st.unwritable; s.i++) {
		if (air)
			town_air_view(&o->town, &cfg.views, s.i, &s.view);
		else
			town_street_view(&o->town, &cfg.views, s.i, &s.view);
		snprintf(s.id, sizeof(s.id), "%s-%05zu", role, s.i);
		name(&s.image, s.id, ".png");
		name(&s.depth, s.id, ".depth.png");
		take(o, &s);
		stream_flush(&o->st);
	}
	buf_release(&s.image);
	buf_release(&s.depth);
}

int
main(int argc, char **argv)
{
	struct studio o = { 0 };
	size_t pixels;
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	expect(*argv == NULL, "no operands are expected; see --help");
	prepare(&o.town);
	pixels = (size_t)cfg.views.width * cfg.views.height;
	o.rgb = mem_alloc(pixels, 3 * sizeof(*o.rgb));
	o.depth = mem_alloc(pixels, sizeof(*o.depth));
	stream_source(&o.st);
	take_all(&o, "street", cfg.street);
	take_all(&o, "aerial", cfg.aerial);
	status = stream_close(&o.st);
	free(o.rgb);
	free(o.depth);
	buf_release(&o.json);
	town_release(&o.town);
	return status;
}
