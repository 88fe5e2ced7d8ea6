#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kapture.h"
#include "record/emit.h"
#include "side.h"
#include "words.h"

#define TEXT_MOST ((size_t)1 << 30)
#define KEYPOINT_BYTES 16

/* The lines of a file of kapture's, or none where it may be missing and is. */
static int
read_text(struct buf *b, const char *dir, const char *name, bool needed,
	struct err *e)
{
	struct buf path = { 0 };
	int rc = 0;

	*b = (struct buf){ .max = TEXT_MOST };
	buf_printf(&path, "%s/%s", dir, name);
	if (needed || access(buf_cstr(&path), F_OK) == 0)
		rc = buf_file(b, buf_cstr(&path), e);
	buf_release(&path);
	return rc;
}

/* A folder's files, and what they say. */
struct folder {
	const char *dir;
	enum features_type type;
	struct buf sensors_text, poses_text, rigs_text, records_text;
	struct map sensors;            /* cameras, by their ids */
	struct colmap_camera *cameras; /* by the index in there */
	struct map posed;              /* "timestamp,device" */
	struct pose *poses;
	struct map rigged; /* sensors on rigs, by their ids */
	struct rigged {
		struct span rig;
		struct pose pose; /* of the sensor on it */
	} * rigs;
	size_t caps[3];
	struct buf keypoints, descriptors; /* the folders of the type, or "" */
};

/* Says which line of which file is wrong. */
static int
wrong(const struct words *w, const char *file, const char *expected,
	struct err *e)
{
	return err_set(
		e, "%s: line %zu: %s are expected", file, w->line, expected);
}

static int
read_sensors(struct folder *f, struct err *e)
{
	struct words w = { buf_span(&f->sensors_text), 0 };
	struct span line;

	while (words_told(&w, &line)) {
		struct colmap_camera c = { 0 };
		struct span id, name, kind, width, height;
		size_t at;

		if (!words_field(&line, &id) || !words_field(&line, &name) ||
			!words_field(&line, &kind))
			return wrong(&w, "sensors.txt",
				"an id, a name and a type", e);
		if (!span_is(kind, "camera"))
			continue;
		if (!words_field(&line, &c.model) ||
			!words_field(&line, &width) ||
			!words_field(&line, &height) ||
			!words_u32(width, &c.width) ||
			!words_u32(height, &c.height) ||
			!colmap_params(&c, line, words_field))
			return wrong(&w, "sensors.txt",
				"a camera's model, width, height and "
				"parameters",
				e);
		if (span_is(c.model, "UNKNOWN_CAMERA"))
			c.model = (struct span){ 0 };
		at = map_put(&f->sensors, id);
		f->cameras = mem_grow(f->cameras, &f->caps[0], f->sensors.n,
			sizeof(*f->cameras));
		f->cameras[at] = c;
	}
	return 0;
}

/*
 * Seven numbers at the end of a line: 1 if they are there, -1 if they are not.
 * Some may be empty, as where a position is known and no rotation: 0, no pose.
 */
static int
read_pose(struct span line, struct pose *p)
{
	struct span field;
	double v[7] = { 0 };
	int whole = 1;

	for (size_t i = 0; i < 7; i++) {
		if (!words_field(&line, &field))
			return -1;
		if (field.len == 0)
			whole = 0;
		else if (!words_f64(field, &v[i]))
			return -1;
	}
	memcpy(p->q, v, sizeof(p->q));
	memcpy(p->t, v + 4, sizeof(p->t));
	return whole;
}

/* What names a pose: when, and of what. */
static struct span
moment(struct buf *b, struct span timestamp, struct span device)
{
	buf_clear(b);
	buf_add(b, timestamp);
	buf_byte(b, ',');
	buf_add(b, device);
	return buf_span(b);
}

static int
read_poses(struct folder *f, struct err *e)
{
	struct words w = { buf_span(&f->poses_text), 0 };
	struct span line, timestamp, device;
	struct buf key = { 0 };
	int whole = 0;

	while (whole >= 0 && words_told(&w, &line)) {
		struct pose p;
		size_t at;

		whole = words_field(&line, &timestamp) &&
		                        words_field(&line, &device)
		                ? read_pose(line, &p)
		                : -1;
		if (whole <= 0)
			continue;
		at = map_put(&f->posed, moment(&key, timestamp, device));
		f->poses = mem_grow(
			f->poses, &f->caps[1], f->posed.n, sizeof(*f->poses));
		f->poses[at] = p;
	}
	buf_release(&key);
	return whole >= 0 ? 0
	                  : wrong(&w, "trajectories.txt",
				    "a time, a device and a pose of seven "
				    "numbers",
				    e);
}

static int
read_rigs(struct folder *f, struct err *e)
{
	struct words w = { buf_span(&f->rigs_text), 0 };
	struct span line, sensor;

	while (words_told(&w, &line)) {
		struct rigged r;
		size_t at;
		int whole = -1;

		if (words_field(&line, &r.rig) && words_field(&line, &sensor))
			whole = read_pose(line, &r.pose);
		if (whole < 0)
			return wrong(&w, "rigs.txt",
				"a rig, a sensor and a pose of seven numbers",
				e);
		if (whole == 0)
			continue;
		at = map_put(&f->rigged, sensor);
		f->rigs = mem_grow(
			f->rigs, &f->caps[2], f->rigged.n, sizeof(*f->rigs));
		f->rigs[at] = r;
	}
	return 0;
}

/* The pose of a sensor at a time, its own or its rig's; false: not known. */
static bool
find_pose(const struct folder *f, struct span timestamp, struct span device,
	struct pose *p)
{
	struct buf key = { 0 };
	size_t at = map_find(&f->posed, moment(&key, timestamp, device));
	size_t on = map_find(&f->rigged, device);

	if (at != MAP_NONE) {
		*p = f->poses[at];
	} else if (on != MAP_NONE) {
		at = map_find(
			&f->posed, moment(&key, timestamp, f->rigs[on].rig));
		if (at != MAP_NONE)
			pose_then(&f->poses[at], &f->rigs[on].pose, p);
	}
	buf_release(&key);
	return at != MAP_NONE;
}

/* Features in a folder. */

/*
 * Does a type's text file say that its numbers are ${dtype}, ${size} of them?
 * What a descriptor's says of its keypoints goes into ${of}.
 */
static bool
type_is(const char *dir, const char *name, const char *dtype, size_t size,
	struct buf *of)
{
	struct span line, field[5] = { { 0 } };
	struct buf text;
	struct words w;
	struct err e;
	uint32_t n;
	bool is = false;

	if (read_text(&text, dir, name, true, &e) == 0) {
		w = (struct words){ buf_span(&text), 0 };
		is = words_told(&w, &line);
		for (int i = 0; is && i < 5; i++)
			words_field(&line, &field[i]);
		is = is && span_is(field[1], dtype) &&
		     words_u32(field[2], &n) && n == size;
		if (of)
			buf_add(of, field[3]);
	}
	buf_release(&text);
	return is;
}

/* Below the folder, the folder of what is called ${name}. */
static void
part(struct buf *b, const struct folder *f, const char *what, const char *name)
{
	buf_clear(b);
	buf_printf(b, "%s/reconstruction/%s/%s", f->dir, what, name);
	buf_cstr(b);
}

/* Are the descriptors called ${name}, and their keypoints, of the type? */
static bool
is_type(struct folder *f, const char *name)
{
	struct buf of = { 0 };
	bool is;

	part(&f->descriptors, f, "descriptors", name);
	is = type_is(f->descriptors.s, "descriptors.txt", "uint8",
		features_bytes(f->type), &of);
	if (is && (of.len == 0 || *of.s == '.' || memchr(of.s, '/', of.len)))
		is = false;
	if (is) {
		part(&f->keypoints, f, "keypoints", buf_cstr(&of));
		is = type_is(
			f->keypoints.s, "keypoints.txt", "float32", 4, NULL);
	}
	buf_release(&of);
	return is;
}

/* The first, by name, of the right type; where there is none, no folder. */
static void
find_type(struct folder *f)
{
	struct dirent **names;
	bool found = false;
	int n;

	part(&f->descriptors, f, "descriptors", "");
	n = scandir(f->descriptors.s, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (!found && names[i]->d_name[0] != '.')
			found = is_type(f, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	if (!found)
		buf_clear(&f->keypoints);
}

/* A file of the name ${image}, as it is, in the folder ${dir}. */
static int
named_in(struct buf *path, const struct buf *dir, struct span image,
	const char *extension, struct err *e)
{
	struct buf name = { 0 };
	int rc;

	buf_printf(&name, "%s/%.*s", dir->s, SPAN_ARG(image));
	rc = side_path(path, NULL, buf_span(&name), extension, e);
	buf_release(&name);
	return rc;
}

/* The members that name an image's features, where the folder has them. */
static int
add_features(
	struct buf *b, const struct folder *f, struct span image, struct err *e)
{
	struct buf kpt = { 0 }, desc = { 0 };
	struct stat is;
	int rc = 0;

	if (f->keypoints.len == 0)
		return 0;
	rc = named_in(&kpt, &f->keypoints, image, ".kpt", e);
	rc = rc ? rc : named_in(&desc, &f->descriptors, image, ".desc", e);
	if (rc == 0 && stat(kpt.s, &is) == 0 && access(desc.s, F_OK) == 0) {
		emit_key(b, "keypoints"), emit_str(b, buf_span(&kpt));
		emit_key(b, "descriptors"), emit_str(b, buf_span(&desc));
		emit_key(b, "features"), emit_begin(b, '{');
		emit_key(b, "type"), emit_cstr(b, features_names[f->type]);
		emit_key(b, "n");
		emit_u64(b, (uint64_t)is.st_size / KEYPOINT_BYTES);
		emit_end(b, '}');
	}
	buf_release(&kpt);
	buf_release(&desc);
	return rc;
}

/* Images. */

static int
read_record(struct buf *b, const struct folder *f, const struct words *w,
	struct span line, struct err *e)
{
	struct colmap_image image = { 0 };
	struct span timestamp, device;
	struct buf root = { 0 };
	struct pose pose;
	size_t at;
	int rc;

	if (!words_field(&line, &timestamp) || !words_field(&line, &device) ||
		!words_field(&line, &image.name) || image.name.len == 0)
		return wrong(w, "records_camera.txt",
			"a time, a device and an image's path", e);
	at = map_find(&f->sensors, device);
	if (at == MAP_NONE)
		return err_set(e,
			"records_camera.txt: line %zu: sensors.txt has no "
			"camera %.*s",
			w->line, SPAN_ARG(device));
	buf_printf(&root, "%s/sensors/records_data", f->dir);
	image.root = buf_cstr(&root);
	image.camera = &f->cameras[at];
	if (find_pose(f, timestamp, device, &pose))
		image.pose = &pose;
	colmap_record(b, &image);
	rc = add_features(b, f, image.name, e);
	emit_end(b, '}');
	buf_release(&root);
	return rc;
}

static int
read_folder(struct folder *f, struct err *e)
{
	if (read_text(
		    &f->sensors_text, f->dir, "sensors/sensors.txt", true, e) ||
		read_text(&f->records_text, f->dir,
			"sensors/records_camera.txt", true, e) ||
		read_text(&f->poses_text, f->dir, "sensors/trajectories.txt",
			false, e) ||
		read_text(&f->rigs_text, f->dir, "sensors/rigs.txt", false, e))
		return -1;
	return read_sensors(f, e) || read_poses(f, e) || read_rigs(f, e) ? -1
	                                                                 : 0;
}

static void
release_folder(struct folder *f)
{
	buf_release(&f->sensors_text);
	buf_release(&f->poses_text);
	buf_release(&f->rigs_text);
	buf_release(&f->records_text);
	buf_release(&f->keypoints);
	buf_release(&f->descriptors);
	map_release(&f->sensors);
	map_release(&f->posed);
	map_release(&f->rigged);
	free(f->cameras);
	free(f->poses);
	free(f->rigs);
}

int
kapture_read(const char *dir, enum features_type type,
	int (*each)(struct span record, void *arg), void *arg, struct err *e)
{
	struct folder f = { .dir = dir, .type = type };
	struct buf record = { 0 };
	struct words w;
	struct span line;
	int rc = read_folder(&f, e);

	if (rc == 0)
		find_type(&f);
	w = (struct words){ buf_span(&f.records_text), 0 };
	while (rc == 0 && words_told(&w, &line)) {
		buf_clear(&record);
		rc = read_record(&record, &f, &w, line, e);
		rc = rc ? rc : each(buf_span(&record), arg);
	}
	buf_release(&record);
	release_folder(&f);
	return rc;
}
