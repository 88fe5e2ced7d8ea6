/* cupel-feature: find keypoints in images and describe them. */
#include "record/stream.h"
#include "vision/device.h"
#include "vision/finding.h"

static struct {
	bool list, upright;
	int type;
	uint64_t most, threshold;
	const char *first_octave;
	struct finding how;
} cfg = { .most = 8192,
	.threshold = 10,
	.first_octave = "0",
	.how = { .sift = SIFT_OPTS, .orb = ORB_OPTS } };

static const struct opt opts[] = {
	{ 0, "type", "TYPE", "rootsift, or orb, the fast ones (rootsift)",
		OPT_CHOICE(&cfg.type, features_names) },
	{ 'n', "count", "N", "keep N keypoints, 0: all (default 8192)",
		OPT_U64(&cfg.most) },
	{ 0, "dir", "DIR", "put side files below DIR (default: with images)",
		OPT_STR(&cfg.how.dir) },
	{ 0, "upright", NULL, "all angles are 0: gravity is down",
		OPT_FLAG(&cfg.upright) },
	{ 0, "first-octave", "N",
		"rootsift: -1 doubles the image (default 0)",
		OPT_STR(&cfg.first_octave) },
	{ 0, "peak", "X", "rootsift: the least contrast (default 0.0067)",
		OPT_F64(&cfg.how.sift.peak) },
	{ 0, "edge", "X", "rootsift: the most edge-like ratio (default 10)",
		OPT_F64(&cfg.how.sift.edge) },
	{ 0, "threshold", "N", "orb: the least contrast, 1 to 254 (default 10)",
		OPT_U64(&cfg.threshold) },
	{ 0, "no-depth-mask", NULL, "find features also where depth is unknown",
		OPT_FLAG(&cfg.how.any_depth) },
	{ 0, "list-devices", NULL, "write a record for each OpenCL device",
		OPT_FLAG(&cfg.list) },
	{ 0 },
};
static const struct tool tool = { "feature",
	"find keypoints in images and describe them", "[file ...]",
	(const struct opt *const[]){ opts, device_opts, stream_opts, NULL } };

struct finder {
	struct stream st;
	struct rec rec;
	struct finding finding;
};

/* Preparing. */

static int
first_octave(void)
{
	const char *s = cfg.first_octave;

	if (strcmp(s, "-1") == 0)
		return -1;
	if (s[0] >= '0' && s[0] <= '0' + SIFT_FIRST_OCTAVE_MOST && s[1] == 0)
		return s[0] - '0';
	die(ST_USAGE, "--first-octave %s: a number from -1 to %d is expected",
		s, SIFT_FIRST_OCTAVE_MOST);
}

static void
check_options(void)
{
	if (cfg.how.sift.peak < 0)
		die(ST_USAGE, "--peak: a number from 0 on is expected");
	if (cfg.how.sift.edge < 1)
		die(ST_USAGE, "--edge: a number from 1 on is expected");
	if (cfg.threshold < 1 || cfg.threshold > 254)
		die(ST_USAGE, "--threshold: a number from 1 to 254 is "
			      "expected");
	cfg.how.type = (enum features_type)cfg.type;
	cfg.how.sift.first_octave = first_octave();
	cfg.how.sift.upright = cfg.how.orb.upright = cfg.upright;
	cfg.how.sift.most = cfg.how.orb.most = cfg.most;
	cfg.how.orb.threshold = (uint32_t)cfg.threshold;
}

static void
prepare(struct finder *f)
{
	struct err e;

	check_options();
	f->finding = cfg.how;
	if (device_open(&f->finding.device, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	f->finding.sift_by = sift_open(f->finding.device, &e);
	if (f->finding.sift_by == NULL)
		die(ST_USAGE, "%s", e.msg);
}

/* Instead of finding anything. */
static enum status
list_devices(struct stream *st, char **files)
{
	struct buf lines = { 0 };
	struct err e;

	if (files[0])
		die(ST_USAGE, "--list-devices reads no records");
	stream_open(st, files);
	if (device_list(&lines, &e))
		die(ST_USAGE, "%s", e.msg);
	if (lines.len)
		stream_put(st, span_trim(buf_span(&lines), "\n"));
	buf_release(&lines);
	return stream_close(st);
}

static void
release(struct finder *f)
{
	sift_close(f->finding.sift_by);
	device_close(f->finding.device);
	rec_release(&f->rec);
}

int
main(int argc, char **argv)
{
	struct finder f = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	if (cfg.list)
		return list_devices(&f.st, argv);
	prepare(&f);
	stream_open(&f.st, argv);
	while (stream_read(&f.st, &f.rec)) {
		finding_do(&f.finding, &f.rec);
		stream_write(&f.st, &f.rec);
	}
	status = stream_close(&f.st);
	release(&f);
	return status;
}
