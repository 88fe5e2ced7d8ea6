/* cupel-feature: find keypoints in images and describe them. */
#include <math.h>

#include "base/arena.h"
#include "record/stream.h"
#include "vision/colmap_folder.h"
#include "vision/device.h"
#include "vision/finding.h"

#define UNSET (-1)

enum from { IMAGE, RECORD, COLMAP, KAPTURE };
static const char *const from_names[] = { "image", "record", "colmap",
	"kapture", NULL };
static const char *const to_names[] = { "colmap", "kapture", NULL };

static struct {
	bool list, upright;
	int type, from, to;
	uint64_t most, longest, threshold;
	const char *first_octave;
	struct finding how;
} cfg = { .to = UNSET,
	.most = 8192,
	.threshold = 10,
	.first_octave = "-1",
	.how = { .sift = SIFT_OPTS, .orb = ORB_OPTS } };

static const struct opt opts[] = {
	{ 0, "type", "TYPE", "rootsift, or orb, the fast ones (rootsift)",
		OPT_CHOICE(&cfg.type, features_names) },
	{ 'n', "count", "N", "keep N keypoints, 0: all (default 8192)",
		OPT_U64(&cfg.most) },
	{ 0, "dir", "DIR", "put side files below DIR (default: with images)",
		OPT_STR(&cfg.how.out.naming.dir) },
	{ 0, "from", "WHAT",
		"take features from image, record, colmap or kapture",
		OPT_CHOICE(&cfg.from, from_names) },
	{ 0, "to", "WHAT", "write features for colmap or kapture, too",
		OPT_CHOICE(&cfg.to, to_names) },
	{ 0, "images", "DIR", "image names below --dir are relative to DIR",
		OPT_STR(&cfg.how.out.naming.images) },
	{ 0, "max-size", "N",
		"shrink larger images to N pixels on the longer side",
		OPT_U64(&cfg.longest),
		OPT_WITHIN(1, UINT32_MAX, "at least 1 pixel is expected") },
	{ 0, "upright", NULL, "all angles are 0: gravity is down",
		OPT_FLAG(&cfg.upright) },
	{ 0, "first-octave", "N", "rootsift: 0 does not double the image (-1)",
		OPT_STR(&cfg.first_octave) },
	{ 0, "peak", "X", "rootsift: the least contrast (default 0.0067)",
		OPT_F64(&cfg.how.sift.peak),
		OPT_WITHIN(0, HUGE_VAL, "a number from 0 on is expected") },
	{ 0, "edge", "X", "rootsift: the most edge-like ratio (default 10)",
		OPT_F64(&cfg.how.sift.edge),
		OPT_WITHIN(1, HUGE_VAL, "a number from 1 on is expected") },
	{ 0, "threshold", "N", "orb: the least contrast, 1 to 254 (default 10)",
		OPT_U64(&cfg.threshold),
		OPT_WITHIN(1, 254, "a number from 1 to 254 is expected") },
	{ 0, "no-depth-mask", NULL, "find features also where depth is unknown",
		OPT_FLAG(&cfg.how.seen.any_depth) },
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
check_belonging(void)
{
	bool finds = cfg.from == IMAGE;
	bool sift = finds && cfg.type == FEATURES_ROOTSIFT;
	bool orb = finds && cfg.type == FEATURES_ORB;

	opt_belong(finds, "--from image",
		"count max-size upright no-depth-mask device");
	opt_belong(finds || cfg.from == KAPTURE, "--from image or kapture",
		"type");
	opt_belong(sift, "--type rootsift", "first-octave peak edge");
	opt_belong(orb, "--type orb", "threshold");
	opt_belong(cfg.how.out.naming.dir || cfg.from == COLMAP,
		"--dir or --from colmap", "images");
	opt_belong(cfg.from != KAPTURE || cfg.to != UNSET,
		"--to or another --from", "dir");
}

static void
check_options(void)
{
	check_belonging();
	cfg.how.out.to = (enum exporting_to)(cfg.to - UNSET);
	if (cfg.from == RECORD && cfg.to == UNSET)
		die(ST_USAGE, "--from record has nothing to do: say what for "
			      "by --to");
	if (cfg.how.out.to == EXPORTING_KAPTURE &&
		cfg.how.out.naming.dir == NULL)
		die(ST_USAGE, "--to kapture: say by --dir which folder");
	if (cfg.how.out.to == EXPORTING_COLMAP && cfg.type != FEATURES_ROOTSIFT)
		die(ST_USAGE, "--to colmap: COLMAP's text is for --type "
			      "rootsift");
	cfg.how.out.kapture.dir = cfg.how.out.naming.dir;
	cfg.how.type = (enum features_type)cfg.type;
	cfg.how.seen.longest = (uint32_t)cfg.longest;
	cfg.how.sift.first_octave = first_octave();
	cfg.how.sift.upright = cfg.how.orb.upright = cfg.upright;
	cfg.how.sift.most = cfg.how.orb.most = cfg.most;
	cfg.how.orb.threshold = (uint32_t)cfg.threshold;
}

/* Its results are as good, but not those of other devices. */
static void
tell_unfused(const struct device *d)
{
	if (d && !device_info(d)->fma)
		warn("%s has no fused multiply-add: about one keypoint in "
		     "three hundred differs from other devices'",
			device_info(d)->name);
}

static void
open_finder(struct finding *g)
{
	struct err e;

	if (g->type == FEATURES_ORB) {
		g->orb_by = orb_open(g->device, &e);
	} else {
		tell_unfused(g->device);
		g->sift_by = sift_open(g->device, &e);
	}
	if (g->orb_by == NULL && g->sift_by == NULL)
		die(ST_USAGE, "%s", e.msg);
}

static void
prepare(struct finder *f)
{
	struct err e;

	check_options();
	f->finding = cfg.how;
	if (cfg.from != IMAGE)
		return;
	mem_keep();
	if (device_open(&f->finding.device, NULL, &e))
		die(ST_USAGE, "%s", e.msg);
	open_finder(&f->finding);
}

/* Instead of finding anything. */
static enum status
list_devices(struct stream *st, char **files)
{
	struct buf lines = { 0 };
	struct err e;

	if (files[0])
		die(ST_USAGE, "--list-devices reads no records");
	opt_belong(false, "finding features",
		"type count max-size dir upright first-octave peak edge "
		"threshold no-depth-mask from to images device");
	stream_open(st, files);
	if (device_list(&lines, &e))
		die(ST_USAGE, "%s", e.msg);
	if (lines.len)
		stream_put(st, span_trim(buf_span(&lines), "\n"));
	buf_release(&lines);
	return stream_close(st);
}

/* A record that a folder has. */
static int
import(struct span record, void *arg)
{
	struct finder *f = arg;
	struct json_fault fault;

	if (!stream_goes_on(&f->st))
		return -1;
	if (rec_parse(&f->rec, record, &fault))
		die(ST_CUT, "an image that was read is no record: %s",
			fault.what);
	if (cfg.to != UNSET)
		finding_pass(&f->finding, &f->rec);
	stream_write(&f->st, &f->rec);
	return 0;
}

static void
import_folders(struct finder *f, char **folders)
{
	const struct exporting *out = &f->finding.out;
	struct err e;

	if (folders[0] == NULL)
		die(ST_USAGE, "--from %s: say which folders",
			from_names[cfg.from]);
	for (int rc = 0; *folders && rc == 0; folders++) {
		if (cfg.from == KAPTURE)
			rc = kapture_read(
				*folders, f->finding.type, import, f, &e);
		else
			rc = colmap_folder_read(
				&(struct colmap_folder){ *folders,
					out->naming.images, out->naming.dir },
				import, f, &e);
		if (rc && !f->st.cut)
			f->st.cut = true, warn("%s", e.msg);
	}
}

static void
read_records(struct finder *f)
{
	while (stream_read(&f->st, &f->rec)) {
		if (cfg.from == RECORD)
			finding_take(&f->finding, &f->rec);
		else
			finding_do(&f->finding, &f->rec);
		stream_write(&f->st, &f->rec);
	}
}

static void
release(struct finder *f)
{
	sift_close(f->finding.sift_by);
	orb_close(f->finding.orb_by);
	device_close(f->finding.device);
	rec_release(&f->rec);
}

int
main(int argc, char **argv)
{
	struct finder f = { 0 };
	enum status status;
	struct err e;

	(void)argc;
	argv = opt_parse(&tool, argv);
	if (cfg.list)
		return list_devices(&f.st, argv);
	prepare(&f);
	stream_open(&f.st, argv);
	if (cfg.from == COLMAP || cfg.from == KAPTURE)
		import_folders(&f, argv);
	else
		read_records(&f);
	if (exporting_close(&f.finding.out, &e))
		f.st.cut = true, warn("%s", e.msg);
	status = stream_close(&f.st);
	release(&f);
	return status;
}
