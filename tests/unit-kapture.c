/*
 * unit-kapture: a kapture folder that is written is read again, cameras, poses
 * and features included; rigs; and what is said of folders that are not right.
 */
#include <stdlib.h>
#include <unistd.h>

#include "record/json.h"
#include "tap.h"
#include "vision/features.h"
#include "vision/kapture.h"
#include "vision/side.h"

static char folder[512];

/* Writes a file below the folder. */
static void
put(const char *name, const char *text)
{
	struct buf path = { 0 }, b = { 0 };
	struct err e;

	buf_printf(&path, "%s/%s", folder, name);
	buf_add(&b, span_str(text));
	if (side_save(&b, buf_cstr(&path), &e))
		exit(99);
	buf_release(&b);
	buf_release(&path);
}

static int
each(struct span record, void *arg)
{
	buf_add(arg, record);
	buf_byte(arg, '\n');
	return 0;
}

/* What is read of the folder, its own name as "D", or what went wrong. */
static const char *
read_folder(enum features_type type)
{
	static struct buf b;
	struct buf all = { 0 };
	struct err e = { "" };
	struct span rest;
	const char *at;

	if (kapture_read(folder, type, each, &all, &e)) {
		buf_clear(&all);
		buf_add(&all, span_str(e.msg));
	}
	buf_clear(&b);
	rest = buf_span(&all);
	while ((at = span_find(rest, span_str(folder)))) {
		size_t n = (size_t)(at - rest.s);

		buf_add(&b, (struct span){ rest.s, n });
		buf_byte(&b, 'D');
		rest.s += n + strlen(folder);
		rest.len -= n + strlen(folder);
	}
	buf_add(&b, rest);
	buf_release(&all);
	return buf_cstr(&b);
}

static void
check_cameras(void)
{
	put("sensors/sensors.txt",
		"# kapture format: 1.1\n"
		"cam one, , camera, PINHOLE, 640, 480, 500, 500.5, 320, 240\r\n"
		"gps, , gnss, EPSG:4326\n"
		"x, a phone, camera, UNKNOWN_CAMERA, 64, 48\n"
		"y, , camera, SIMPLE_PINHOLE, 8, 6, 7., 4, 3");
	put("sensors/records_camera.txt", "# kapture format: 1.1\n"
					  "1, cam one, a/1.png\n"
					  "   1,x ,  2.png\n"
					  "2, y, 3.png\n");
	put("sensors/trajectories.txt",
		"# kapture format: 1.1\n"
		"   1, cam one, 0.5, 0.5, -0.5, 0.5, 1, 2, 3\n"
		"1, x, , , , , 1, 2, 3\n"
		"2, y, 1, 0, 0, 0,,,\n"
		"2, rig, 1, 0, 0, 0, 10, 0, 0\n");
	put("sensors/rigs.txt", "rig, y, 0, 0, 0, 1, 0, 0, 5\n"
				"rig, x, 0, 0, 0, 1, , , \n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"{\"image\":\"D/sensors/records_data/a/1.png\",\"width\":640,"
		"\"height\":480,\"camera\":{\"model\":\"PINHOLE\","
		"\"params\":[500.0,500.5,320.0,240.0]},"
		"\"q_wxyz\":[0.5,0.5,-0.5,0.5],\"t\":[1.0,2.0,3.0]}\n"
		"{\"image\":\"D/sensors/records_data/2.png\",\"width\":64,"
		"\"height\":48}\n"
		"{\"image\":\"D/sensors/records_data/3.png\",\"width\":8,"
		"\"height\":6,\"camera\":{\"model\":\"SIMPLE_PINHOLE\","
		"\"params\":[7.0,4.0,3.0]},\"q_wxyz\":[0.0,0.0,0.0,1.0],"
		"\"t\":[-10.0,0.0,5.0]}\n",
		"cameras, of which one has no model and one is on a rig; "
		"a pose that is not whole is none");
}

static void
check_bad(void)
{
	put("sensors/records_camera.txt", "1, nobody, a.png\n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"records_camera.txt: line 1: sensors.txt has no camera nobody",
		"a camera that is not there");
	put("sensors/records_camera.txt", "1, y\n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"records_camera.txt: line 1: a time, a device and an image's "
		"path are expected",
		"a record that is cut");
	put("sensors/rigs.txt", "\nrig, y, 0, 0, 0, 1, 0, 0\n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"rigs.txt: line 2: a rig, a sensor and a pose of seven numbers "
		"are expected",
		"a rig that is cut");
	put("sensors/trajectories.txt", "1, y, 1, 0, 0, 0, 0, 0\n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"trajectories.txt: line 1: a time, a device and a pose of "
		"seven numbers are expected",
		"a pose that is cut");
	put("sensors/trajectories.txt", "1, y, one, 0, 0, 1, 0, 0, 0\n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"trajectories.txt: line 1: a time, a device and a pose of "
		"seven numbers are expected",
		"a pose of words");
	put("sensors/sensors.txt", "a, , camera, PINHOLE, 6\n");
	is_str(read_folder(FEATURES_ROOTSIFT),
		"sensors.txt: line 1: a camera's model, width, height and "
		"parameters are expected",
		"a camera that is cut");
}

/* Writes an image's record and its features. */
static void
add(struct kapture *k, const char *record, enum features_type type)
{
	static struct keypoint points[2] = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } };
	static uint8_t bytes[2 * 128] = { 1, 2, 3 };
	struct features f = { type, 2, points, bytes };
	struct buf paths[2] = { { 0 }, { 0 } };
	struct err e = { "" };
	struct arena a = { 0 };
	struct span name = json_str(json_get(span_str(record), "image"), &a);

	ok(kapture_paths(k, name, type, paths, &e) == 0 &&
			features_save(&f, paths[0].s, paths[1].s, &e) == 0 &&
			kapture_add(k, name, span_str(record), &e) == 0,
		"%.*s is added%s", SPAN_ARG(name), e.msg);
	arena_release(&a);
	buf_release(&paths[0]);
	buf_release(&paths[1]);
}

static void
check_written(void)
{
	static const char a[] =
		"{\"image\":\"/p/sensors/records_data/q/1.png\",\"width\":64,"
		"\"height\":48,\"camera\":{\"model\":\"PINHOLE\","
		"\"params\":[50,50.25,32,24]},\"q_wxyz\":[1,0,0,0],"
		"\"t\":[0.125,-2e3,3]}";
	static const char b[] =
		"{\"image\":\"../2.png\",\"width\":8,\"height\":6,"
		"\"camera\":null,\"q_wxyz\":null,\"t\":null}";
	struct kapture k = { .dir = folder };
	struct err e = { "" };
	const char *text;

	add(&k, a, FEATURES_ORB);
	add(&k, b, FEATURES_ORB);
	ok(kapture_add(&k, SPAN("a,b"),
		   SPAN("{\"image\":\"a,b\",\"width\":1,"
			"\"height\":1}"),
		   &e),
		"a name that kapture cannot hold");
	is_str(e.msg,
		"the image's name \"a,b\" holds what kapture has no spelling "
		"for",
		"and why");
	ok(kapture_close(&k, &e) == 0, "the folder is complete");
	text = read_folder(FEATURES_ORB);
	is_str(text,
		"{\"image\":\"D/sensors/records_data/q/1.png\",\"width\":64,"
		"\"height\":48,\"camera\":{\"model\":\"PINHOLE\","
		"\"params\":[50.0,50.25,32.0,24.0]},"
		"\"q_wxyz\":[1.0,0.0,0.0,0.0],\"t\":[0.125,-2000.0,3.0],"
		"\"keypoints\":\"D/reconstruction/keypoints/orb/q/1.png.kpt\","
		"\"descriptors\":\"D/reconstruction/descriptors/orb/q/1.png."
		"desc\",\"features\":{\"type\":\"orb\",\"n\":2}}\n"
		"{\"image\":\"D/sensors/records_data/__/2.png\",\"width\":8,"
		"\"height\":6,"
		"\"keypoints\":\"D/reconstruction/keypoints/orb/__/2.png.kpt\","
		"\"descriptors\":\"D/reconstruction/descriptors/orb/__/"
		"2.png.desc"
		"\",\"features\":{\"type\":\"orb\",\"n\":2}}\n",
		"what was written is read");
	ok(strstr(read_folder(FEATURES_ROOTSIFT), "keypoints") == NULL,
		"features of the other type are none");
}

int
main(void)
{
	static const char *const files[] = { "sensors/sensors.txt",
		"sensors/trajectories.txt", "sensors/rigs.txt",
		"sensors/records_camera.txt" };
	const char *build = getenv("builddir");
	char clean[600];
	struct err e;

	snprintf(folder, sizeof(folder), "%s/tests/cache/unit-kapture.%ld",
		build ? build : ".", (long)getpid());
	snprintf(clean, sizeof(clean), "%s/none", folder);
	ok(kapture_read(clean, FEATURES_ORB, each, NULL, &e), "no folder");
	ok(strstr(e.msg, "none/sensors/sensors.txt: No such file") != NULL,
		"and what is missing: %s", e.msg);
	check_cameras();
	check_bad();
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		put(files[i], "");
	check_written();
	return tap_done();
}
