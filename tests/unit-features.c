/*
 * unit-features: features to side files and back, where side files go, and what
 * is said of those that are not as the record says.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/map.h"
#include "record/json.h"
#include "tap.h"
#include "vision/features.h"
#include "vision/side.h"

/* Ends in six of the letter that mkdtemp replaces. */
static char folder[] = "/tmp/unit-features-\130\130\130\130\130\130";
static struct buf text;

/* ${fmt} below the test's own folder. */
__attribute__((format(printf, 1, 2))) static const char *
here(const char *fmt, ...)
{
	char rest[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	buf_clear(&text);
	buf_printf(&text, "%s/%s", folder, rest);
	return buf_cstr(&text);
}

static void
check_path(const char *dir, const char *image, const char *want)
{
	struct buf path = { 0 };
	struct err e = { "" };
	int rc = side_path(&path, dir, span_str(image), ".kpt", &e);

	is_str(rc ? e.msg : path.s, want, image);
	buf_release(&path);
}

static void
check_paths(void)
{
	struct buf path = { 0 };

	check_path(NULL, "a/b.png", "a/b.png.kpt");
	check_path(NULL, "../b.png", "../b.png.kpt");
	check_path("out", "a/b.png", "out/a/b.png.kpt");
	check_path("out/", "b.png", "out/b.png.kpt");
	check_path("", "b.png", "./b.png.kpt");
	check_path("/", "b.png", "/b.png.kpt");
	check_path("out", "/etc/b.png", "out/_/etc/b.png.kpt");
	check_path("out", "../../b.png", "out/__/__/b.png.kpt");
	check_path("out", "a/../../../b", "out/a/__/__/__/b.kpt");
	check_path("out", ".//./a//..b/c..", "out/a/..b/c...kpt");
	check_path("out", "_/__/___", "out/___/____/_____.kpt");
	check_path("out", "_a/b_", "out/_a/b_.kpt");
	check_path("out", "a.overlapping/b", "out/a.overlapping__/b.kpt");
	check_path("out", "a.overlapping_", "out/a.overlapping___.kpt");
	check_path("out", "a/", "\"a/\" does not name an image");
	check_path("out", "a/..", "\"a/..\" does not name an image");
	check_path("out", "/.", "\"/.\" does not name an image");
	check_path("out", "..", "\"..\" does not name an image");
	check_path("out", "", "\"\" does not name an image");
	check_path(NULL, "", "\"\" does not name an image");
	check_path(NULL, "a/", "\"a/\" does not name an image");
	ok(side_path(&path, NULL, (struct span){ "a\0b", 3 }, ".kpt", NULL),
		"a name that holds a NUL");
	buf_release(&path);
}

/* The name number ${i}: some parts before the last one. */
static void
name_by(struct buf *name, size_t i)
{
	static const char *const parts[] = { "", "../", "_/", "__/", "___/",
		"____/", "a/", "a.overlapping/", "a.overlapping__/" };

	buf_clear(name);
	if (i % 2)
		buf_byte(name, '/');
	for (i /= 2; i; i /= 9)
		buf_printf(name, "%s", parts[i % 9]);
	buf_byte(name, 'i');
}

/* Each image has a file of its own, and each pair. */
static void
check_collisions(void)
{
	struct buf a = { 0 }, b = { 0 }, key = { 0 }, path = { 0 };
	struct map names = { 0 }, paths = { 0 };
	size_t most = 2 * 9 * 9;

	for (size_t i = 0; i < most * most; i++) {
		name_by(&a, i / most);
		name_by(&b, i % most);
		buf_clear(&key);
		buf_printf(&key, "%.*s %.*s", SPAN_ARG(buf_span(&a)),
			SPAN_ARG(buf_span(&b)));
		map_put(&names, buf_span(&key));
		side_path(&path, "d", buf_span(&a), ".overlapping", NULL);
		side_path(&a, path.s, buf_span(&b), ".matches", NULL);
		map_put(&paths, buf_span(&a));
	}
	ok(names.n > 20000, "many pairs of images");
	is_int((long)paths.n, (long)names.n, "as many files");
	map_release(&names);
	map_release(&paths);
	buf_release(&a), buf_release(&b);
	buf_release(&key), buf_release(&path);
}

/* Loads the features of ${record}; what went wrong, or "". */
static const char *
load(struct features *f, const char *record)
{
	static struct err e;

	e.msg[0] = '\0';
	features_load(f, span_str(record), &e);
	return e.msg;
}

/* A record of ${n} features of a type in the side files ${name}. */
static const char *
record_of(const char *name, const char *type, int n)
{
	static char s[1024];

	snprintf(s, sizeof(s),
		"{\"keypoints\":\"%s/%s.kpt\",\"descriptors\":\"%s/%s.desc\","
		"\"features\":{\"type\":\"%s\",\"n\":%d}}",
		folder, name, folder, name, type, n);
	return s;
}

static void
save(const char *name, enum features_type type, size_t n)
{
	static struct keypoint k[2] = { { 1.5f, 2.25f, 3, -0.5f },
		{ 640, 480, 1e-3f, 3.14f } };
	static uint8_t d[2 * 128] = { 7, 255, [32] = 9, [128] = 1, [255] = 8 };
	struct features f = { type, n, k, d };
	char keypoints[128];
	struct err e = { "" };

	snprintf(keypoints, sizeof(keypoints), "%s", here("%s.kpt", name));
	ok(features_save(&f, keypoints, here("%s.desc", name), &e) == 0,
		"%s is saved%s", name, e.msg);
}

static void
check_round_trip(void)
{
	static const char first[16] = { 0, 0, (char)0xc0, 0x3f, 0, 0, 0x10,
		0x40, 0, 0, 0x40, 0x40, 0, 0, 0, (char)0xbf };
	struct buf b = { 0 };
	struct features f;

	save("a/b/two", FEATURES_ROOTSIFT, 2);
	is_str(load(&f, record_of("a/b/two", "rootsift", 2)), "", "two");
	is_int(f.type, FEATURES_ROOTSIFT, "their type");
	ok(f.n == 2 && f.keypoints[0].angle == -0.5f &&
			f.keypoints[1].scale == 1e-3f,
		"the keypoints come back");
	ok(f.descriptors[1] == 255 && f.descriptors[255] == 8,
		"and the descriptors");
	features_release(&f);
	features_release(&f);

	buf_file(&b, here("a/b/two.kpt"), NULL);
	ok(b.len == 32 && memcmp(b.s, first, 16) == 0,
		"the file is little-endian");
	buf_release(&b);

	save("orb", FEATURES_ORB, 2);
	is_str(load(&f, record_of("orb", "orb", 2)), "", "the binary ones");
	ok(f.type == FEATURES_ORB && f.descriptors[32] == 9, "come back");
	features_release(&f);
	save("none", FEATURES_ORB, 0);
	is_str(load(&f, record_of("none", "orb", 0)), "", "none at all");
	is_int((intmax_t)f.n, 0, "are no failure");
	features_release(&f);
}

/* What is said ends with ${want}. */
static void
fails(const char *record, const char *want)
{
	struct features f;
	const char *got = load(&f, record);
	size_t skip = strlen(got) > strlen(want) ? strlen(got) - strlen(want)
	                                         : 0;

	is_str(got + skip, want, want);
	ok(f.n == 0 && f.keypoints == NULL && f.descriptors == NULL,
		"nothing is left of it");
}

static void
check_bad_files(void)
{
	struct buf b = { 0 };

	fails(record_of("gone", "orb", 2),
		"gone.kpt: No such file or directory");
	fails(record_of("orb", "orb", 3),
		"orb.kpt: 32 bytes, where 3 of 16 bytes each are 48: a later "
		"run, of another --type say, may have replaced it");
	fails(record_of("orb", "rootsift", 2),
		"orb.desc: 64 bytes, where 2 of 128 bytes each are 256: a "
		"later "
		"run, of another --type say, may have replaced it");
	fails(record_of("orb", "orb", 16777216),
		"32 bytes, where 16777216 of 16 bytes each are 268435456: a "
		"later "
		"run, of another --type say, may have replaced it");
	unlink(here("orb.desc"));
	fails(record_of("orb", "orb", 2),
		"orb.desc: No such file or directory");
	mkdir(here("orb.desc"), 0777);
	fails(record_of("orb", "orb", 2), "orb.desc: not a plain file");

	for (int i = 0; i < 8; i++)
		side_put_f32(&b, i < 6 ? 1.0f : 1e38f * 10);
	side_save(&b, here("inf.kpt"), NULL);
	fails(record_of("inf", "orb", 2),
		"\"keypoints\": keypoint 1 is not finite");
	buf_release(&b);
}

static void
check_bad_records(void)
{
	fails("{}", "the record has no features: run it through cupel-feature "
		    "first");
	fails("{\"features\":7}", "run it through cupel-feature first");
	fails("{\"features\":{\"n\":1}}",
		"features.type is absent, where rootsift and orb are what "
		"there is");
	fails("{\"features\":{\"type\":\"surf\",\"n\":1}}",
		"features.type is \"surf\", where rootsift and orb are what "
		"there is");
	fails("{\"features\":{\"type\":\"orb\",\"n\":1.5}}",
		"features.n is not a whole number from 0 to 16777216");
	fails("{\"features\":{\"type\":\"orb\",\"n\":-1}}",
		"features.n is not a whole number from 0 to 16777216");
	fails("{\"features\":{\"type\":\"orb\",\"n\":16777217}}",
		"features.n is not a whole number from 0 to 16777216");
	fails("{\"features\":{\"type\":\"orb\",\"n\":1}}",
		"\"keypoints\" is missing: the path of a file is expected");
	fails("{\"keypoints\":\"a\\u0000\","
	      "\"features\":{\"type\":\"orb\",\"n\":1}}",
		"\"keypoints\": a text, the path of a file, is expected");
}

static void
check_unwritable(void)
{
	struct features f = { 0 };
	struct err e = { "" };
	char keypoints[128];

	snprintf(keypoints, sizeof(keypoints), "%s", here("inf.kpt/x/y.kpt"));
	ok(features_save(&f, keypoints, here("inf.kpt/x/y.desc"), &e) &&
			strstr(e.msg, "inf.kpt/x: Not a directory"),
		"a directory that cannot be made: %s", e.msg);
}

/* As many as run at once write one file: each its own part. */
static void
check_crowd(void)
{
	struct buf b = { 0 };
	struct err e = { "" };
	char path[128];
	int rc = 0, status;

	snprintf(path, sizeof(path), "%s", here("crowd.kpt"));
	buf_add(&b, SPAN("1234"));
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			for (int k = 0; k < 200 && rc == 0; k++)
				rc = side_save(&b, path, &e);
			_exit(rc ? 1 : 0);
		}
	while (wait(&status) > 0)
		rc |= status;
	ok(rc == 0, "four processes write one file at once");
	unlink(path);
	buf_release(&b);
}

/* What is no plain file stays what it is. */
static void
check_special(void)
{
	struct buf b = { 0 }, got = { 0 };
	struct err e = { "" };
	struct stat is;
	char path[128], link[128];
	int fd;

	snprintf(path, sizeof(path), "%s", here("fifo"));
	snprintf(link, sizeof(link), "%s", here("link"));
	buf_add(&b, SPAN("1234"));
	mkfifo(path, 0600);
	fd = open(path, O_RDWR);
	ok(side_save(&b, path, &e) == 0 && lstat(path, &is) == 0 &&
			S_ISFIFO(is.st_mode),
		"a FIFO is written to and stays one %s", e.msg);
	close(fd);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	ok(symlink("fifo", link) == 0 && side_save(&b, link, &e) == 0 &&
			lstat(link, &is) == 0 && S_ISLNK(is.st_mode) &&
			buf_file(&got, path, &e) == 0 && got.len == 4,
		"a link leads to its file %s", e.msg);
	ok(stat(path, &is) == 0 && (is.st_mode & 0777) == 0600,
		"which keeps its mode");
	unlink(link);
	unlink(path);
	buf_release(&b);
	buf_release(&got);
}

int
main(void)
{
	int rc;

	if (mkdtemp(folder) == NULL)
		return 99;
	check_paths();
	check_collisions();
	check_round_trip();
	check_bad_files();
	check_bad_records();
	check_unwritable();
	check_crowd();
	check_special();
	rc = tap_done();
	unlink(here("a/b/two.kpt")), unlink(here("a/b/two.desc"));
	unlink(here("none.kpt")), unlink(here("none.desc"));
	unlink(here("orb.kpt")), unlink(here("inf.kpt"));
	rmdir(here("orb.desc")), rmdir(here("a/b")), rmdir(here("a"));
	rmdir(folder);
	buf_release(&text);
	return rc;
}
