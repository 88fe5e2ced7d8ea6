/* cupel-town: make images of a procedural town, with exact cameras and depth. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "base/ticker.h"
#include "record/stream.h"
#include "vision/town_shoot.h"

#define AIR_HEIGHT 80.0 /* where no --gsd is given */
#define MOST_PIXELS ((uint64_t)1 << 26)

static struct {
	uint64_t street, aerial, bits, samples;
	struct town_conf town;
	struct town_shoot shoot;
	bool grey, no_depth, progress;
} cfg = {
	.bits = 8,
	.samples = 2,
	.town = { .pass = 1, .blocks = 5, .traffic = 1 },
	.shoot = { .views = { .width = 640,
			   .height = 480,
			   .eye = 2.2,
			   .overlap = 0.7,
			   .tilt = 50 },
		.light = { 140, 45, 0 },
		.unit = 0.005,
		.dir = "town" },
};

static int
parse_size(const char *text, struct err *e)
{
	double v[2];

	if (opt_numbers(text, 'x', v, 2) != 2 || v[0] < 1 || v[1] < 1 ||
		v[0] > 65535 || v[1] > 65535 ||
		v[0] * v[1] > (double)MOST_PIXELS || v[0] != floor(v[0]) ||
		v[1] != floor(v[1]))
		return err_set(e, "a width and a height are expected, 640x480 "
				  "say, of at most 65535 and 64 M pixels");
	cfg.shoot.views.width = (uint32_t)v[0];
	cfg.shoot.views.height = (uint32_t)v[1];
	return 0;
}

static int
parse_sun(const char *text, struct err *e)
{
	double v[2] = { 140, 45 };

	if (strcmp(text, "B") == 0)
		v[0] = 255, v[1] = 22;
	else if (strcmp(text, "A") != 0 &&
		 (opt_numbers(text, ',', v, 2) != 2 || v[1] < 1 || v[1] > 90 ||
			 fabs(v[0]) > 360))
		return err_set(e, "A, B, or azimuth and elevation in degrees "
				  "are expected, 140,45 say");
	cfg.shoot.light.azimuth = v[0];
	cfg.shoot.light.elevation = v[1];
	return 0;
}

static int
parse_noise(const char *text, struct err *e)
{
	double v[2] = { 0 };

	if (opt_numbers(text, ',', v, 2) == 0 || v[0] < 0 || v[1] < 0 ||
		v[0] > 1000 || v[1] > 180)
		return err_set(e, "metres, 1000 at most, and perhaps degrees, "
				  "180 at most, are expected: 0.05 or "
				  "0.05,0.1");
	cfg.shoot.views.noise_m = v[0];
	cfg.shoot.views.noise_deg = v[1];
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
		OPT_STR(&cfg.shoot.dir) },
	{ 0, "progress", NULL, "tell of progress even if no terminal is there",
		OPT_FLAG(&cfg.progress) },
	{ 0, "size", "WxH", "of a picture in pixels (default 640x480)",
		OPT_PARSE(parse_size) },
	{ 0, "focal", "PX", "focal length in pixels (default 0.7 widths)",
		OPT_F64(&cfg.shoot.views.focal),
		OPT_WITHIN(1, HUGE_VAL, "at least 1 pixel is expected") },
	{ 0, "bits", "N", "of a sample: 8 or 16 (default 8)",
		OPT_U64(&cfg.bits) },
	{ 0, "grey", NULL, "grey pictures (default: colour)",
		OPT_FLAG(&cfg.grey) },
	{ 0, "samples", "N", "NxN rays a pixel, 1 to 8 (default 2)",
		OPT_U64(&cfg.samples),
		OPT_WITHIN(1, 8, "1 to 8 are expected") },
	{ 0, "depth-step", "M", "unit of the depth maps (default 0.005 m)",
		OPT_F64(&cfg.shoot.unit),
		OPT_WITHIN(1e-6, 10, "metres are expected, 0.005 say") },
	{ 0, "no-depth", NULL, "no depth maps", OPT_FLAG(&cfg.no_depth) },
	{ 0, "blocks", "N", "the town has NxN blocks (default 5)",
		OPT_U64(&cfg.town.blocks),
		OPT_WITHIN(1, TOWN_BLOCKS_MAX, "1 to 64 are expected") },
	{ 0, "repeat", "SHARE", "houses that look the same (default 0)",
		OPT_F64(&cfg.town.repeat),
		OPT_WITHIN(0, 1, "a share from 0 to 1 is expected") },
	{ 0, "traffic", "X", "cars and people, 1 being usual (default 1)",
		OPT_F64(&cfg.town.traffic),
		OPT_WITHIN(0, 3, "a number from 0 to 3 is expected") },
	{ 0, "spacing", "M", "street: from place to place (default 5 m)",
		OPT_F64(&cfg.shoot.views.spacing),
		OPT_WITHIN(0.01, HUGE_VAL, "at least 0.01 m is expected") },
	{ 0, "headings", "N", "street: pictures at a place (default 4)",
		OPT_U64(&cfg.shoot.views.headings),
		OPT_WITHIN(1, 360, "1 to 360 are expected") },
	{ 0, "scatter", NULL, "street: at random places and headings",
		OPT_FLAG(&cfg.shoot.views.scatter) },
	{ 0, "eye", "M", "street: height of the camera (default 2.2 m)",
		OPT_F64(&cfg.shoot.views.eye),
		OPT_WITHIN(0.5, 5, "0.5 to 5 metres are expected") },
	{ 0, "gsd", "M", "aerial: metres a pixel (default: from 80 m away)",
		OPT_F64(&cfg.shoot.views.gsd),
		OPT_WITHIN(DBL_TRUE_MIN, HUGE_VAL,
			"metres a pixel are expected, 0.1 say") },
	{ 0, "overlap", "SHARE", "aerial: of neighbours (default 0.7)",
		OPT_F64(&cfg.shoot.views.overlap),
		OPT_WITHIN(0, 0.95, "a share from 0 to 0.95 is expected") },
	{ 0, "tilt", "DEG", "aerial: below the horizon (default 50)",
		OPT_F64(&cfg.shoot.views.tilt),
		OPT_WITHIN(20, 90, "degrees from 20 to 90 are expected") },
	{ 0, "pose-noise", "M,DEG", "aerial: error of the poses (default 0)",
		OPT_PARSE(parse_noise) },
	{ 0, "sun", "WHERE", "A, B or AZIMUTH,ELEVATION (default A: 140,45)",
		OPT_PARSE(parse_sun) },
	{ 0, "haze", "M", "how far one sees (default 0: all the way)",
		OPT_F64(&cfg.shoot.light.sight),
		OPT_WITHIN(0, HUGE_VAL, "metres are expected, or 0") },
	{ 0, "exposure", "EV", "stops more than by itself (default 0)",
		OPT_F64(&cfg.shoot.film.exposure),
		OPT_WITHIN(-10, 10, "stops from -10 to 10 are expected") },
	{ 0, "blur", "PX", "standard deviation of blur (default 0)",
		OPT_F64(&cfg.shoot.film.blur),
		OPT_WITHIN(0, 50, "pixels from 0 to 50 are expected") },
	{ 0, "noise", "X", "deviation of noise in 256ths (default 0)",
		OPT_F64(&cfg.shoot.film.noise),
		OPT_WITHIN(0, 256, "0 to 256 are expected") },
	{ 0 },
};
static const struct tool tool = { "town",
	"make images of a procedural town, with exact cameras and depth", "",
	(const struct opt *const[]){ opts, stream_source_opts, NULL } };

static void
check(void)
{
	const struct town_views *v = &cfg.shoot.views;

	if (cfg.bits != 8 && cfg.bits != 16)
		die(ST_USAGE, "--bits: 8 or 16 is expected");
	if (v->scatter && (v->spacing > 0 || v->headings))
		die(ST_USAGE, "--scatter excludes --spacing and --headings");
	if (cfg.street == 0 && cfg.aerial == 0)
		die(ST_USAGE, "--street N or --aerial N is expected: how many "
			      "pictures");
	opt_belong(cfg.street, "--street", "spacing headings scatter eye");
	opt_belong(!cfg.no_depth, "depth maps: --no-depth makes none",
		"depth-step");
	opt_belong(cfg.aerial, "--aerial", "gsd overlap tilt pose-noise");
}

/* What was not given and depends on what was. */
static void
complete(struct town_views *v)
{
	if (v->spacing <= 0)
		v->spacing = 5;
	if (v->headings == 0)
		v->headings = 4;
	if (v->focal <= 0)
		v->focal = 0.7 * v->width;
	if (v->gsd <= 0)
		v->gsd = AIR_HEIGHT / v->focal;
}

static void
prepare(struct town_shoot *s)
{
	struct err e;

	check();
	complete(&s->views);
	s->film.channels = cfg.grey ? 1 : 3;
	s->film.bits = (uint8_t)cfg.bits;
	s->samples = (unsigned)cfg.samples;
	if (cfg.no_depth)
		s->unit = 0;
	town_build(&s->town, &cfg.town);
	if ((cfg.street &&
		    town_street_room(&s->town, &s->views, cfg.street, &e)) ||
		(cfg.aerial &&
			town_air_room(&s->town, &s->views, cfg.aerial, &e)))
		die(ST_USAGE, "%s", e.msg);
}

struct taker {
	struct stream st;
	struct ticker ticker;
	uint64_t taken;
	struct buf record;
};

static void
take(struct taker *t, enum town_role role, uint64_t n)
{
	struct err e;

	for (size_t i = 0; i < n && stream_goes_on(&t->st); i++) {
		buf_clear(&t->record);
		if (town_shoot(&cfg.shoot, role, i, &t->record, &e))
			die(ST_CUT, "%s", e.msg);
		stream_put(&t->st, buf_span(&t->record));
		stream_flush(&t->st);
		ticker_count(&t->ticker, ++t->taken, cfg.street + cfg.aerial,
			"picture");
	}
}

int
main(int argc, char **argv)
{
	struct taker t = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	if (*argv)
		die(ST_USAGE, "no operands are expected; see --help");
	prepare(&cfg.shoot);
	stream_source(&t.st);
	ticker_begin(&t.ticker, cfg.progress, t.st.out_fd);
	take(&t, TOWN_ON_STREET, cfg.street);
	take(&t, TOWN_IN_AIR, cfg.aerial);
	status = stream_close(&t.st);
	buf_release(&t.record);
	town_shoot_release(&cfg.shoot);
	town_release(&cfg.shoot.town);
	return status;
}
