#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kapture.h"
#include "record/json.h"
#include "side.h"
#include "words.h"

#define TEXT_MOST ((size_t)1 << 30)

enum { SENSORS, POSES, RECORDS, FILES };
static const struct {
	const char *name, *columns;
} files[FILES] = {
	{ "sensors.txt", "# sensor_id, name, sensor_type, [sensor_params]+\n" },
	{ "trajectories.txt",
		"# timestamp, device_id, qw, qx, qy, qz, tx, ty, tz\n" },
	{ "records_camera.txt", "# timestamp, device_id, image_path\n" },
};

struct merger {
	const struct kapture *k; /* what is to be said */
	struct kapture said;     /* what the folder says */
	struct buf from[FILES], to[FILES];
	struct map devices; /* ids of sensors */
	size_t *device;     /* of a camera in ${k}: an index of these, if any */
	struct map times;   /* that something was recorded at */
	size_t time;
	struct map gone; /* moments, "time,device", of images that change */
};

/* Reading what is there. */

static void
path_of(struct buf *path, const struct merger *m, int file)
{
	buf_clear(path);
	buf_printf(path, "%s/sensors/%s", m->k->dir, files[file].name);
	buf_cstr(path);
}

static int
note(struct span record, void *arg)
{
	struct kapture *said = arg;
	struct span root = SPAN("/sensors/records_data/");
	size_t skip = strlen(said->dir) + root.len;
	struct arena a = { 0 };
	struct span name = json_str(json_get(record, "image"), &a);

	/* What cannot be noted is never the same as what is. */
	if (name.len > skip)
		kapture_note(said,
			(struct span){ name.s + skip, name.len - skip }, record,
			NULL);
	arena_release(&a);
	return 0;
}

static void
keep(struct merger *m, int file, struct span line)
{
	buf_add(&m->to[file], line);
	buf_byte(&m->to[file], '\n');
}

/* The remarks of a text that is there, which may be of no other version. */
static int
head(struct merger *m, int file, const char *path, struct err *e)
{
	struct span rest = buf_span(&m->from[file]), line;

	if (!span_starts(rest, SPAN("# kapture format:")))
		buf_printf(&m->to[file], "%s%s", KAPTURE_HEAD,
			files[file].columns);
	else if (!span_starts(rest, span_trim(SPAN(KAPTURE_HEAD), "\n")))
		return err_set(e, "%s: only kapture 1.1 is added to", path);
	while (span_line(&rest, &line))
		if (span_starts(line, SPAN("#")))
			keep(m, file, line);
	return 0;
}

static int
load(struct merger *m, struct err *e)
{
	struct buf path = { 0 };
	int rc = 0;

	for (int i = 0; rc == 0 && i < FILES; i++) {
		path_of(&path, m, i);
		m->from[i].max = TEXT_MOST;
		if (access(path.s, F_OK) == 0)
			rc = buf_file(&m->from[i], path.s, e);
		rc = rc ? rc : head(m, i, path.s, e);
	}
	buf_release(&path);
	m->said.dir = m->k->dir;
	if (rc == 0 && m->from[SENSORS].len && m->from[RECORDS].len)
		rc = kapture_read(
			m->k->dir, FEATURES_ROOTSIFT, note, &m->said, e);
	return rc;
}

static bool
is_equal(const struct map *a, size_t i, const struct map *b, size_t k)
{
	return span_eq(map_key(a, i), map_key(b, k));
}

/* Does the folder say of the image what is to be said? */
static bool
is_said(const struct merger *m, size_t i)
{
	const struct kapture *k = m->k, *said = &m->said;
	size_t at = map_find(&said->images, map_key(&k->images, i));

	return at != MAP_NONE &&
	       is_equal(&k->cameras, k->v[i].camera, &said->cameras,
		       said->v[at].camera) &&
	       is_equal(
		       &k->poses, k->v[i].pose, &said->poses, said->v[at].pose);
}

/* Keeping it. */

static void
keep_sensors(struct merger *m)
{
	struct words w = { buf_span(&m->from[SENSORS]), 0 };
	struct span line, id, name, type;

	while (words_told(&w, &line)) {
		size_t at, camera;

		keep(m, SENSORS, line);
		words_field(&line, &id);
		at = map_put(&m->devices, id);
		if (!words_field(&line, &name) || !words_field(&line, &type) ||
			!span_is(type, "camera") || line.s == NULL)
			continue;
		camera = map_find(&m->k->cameras, span_trim(line, " \t\r"));
		if (camera != MAP_NONE && m->device[camera] == MAP_NONE)
			m->device[camera] = at;
	}
}

/* Takes a line's time and device off it; both are its ${moment}. */
static struct span
take_moment(struct span *line, struct buf *moment)
{
	struct span time = { 0 }, device = { 0 };

	words_field(line, &time);
	words_field(line, &device);
	buf_clear(moment);
	buf_printf(moment, "%.*s,%.*s", SPAN_ARG(time), SPAN_ARG(device));
	return time;
}

static void
keep_records(struct merger *m)
{
	struct words w = { buf_span(&m->from[RECORDS]), 0 };
	struct span line, name;
	struct buf moment = { 0 };

	while (words_told(&w, &line)) {
		struct span time, rest = line;
		size_t i = MAP_NONE;

		time = take_moment(&rest, &moment);
		if (words_field(&rest, &name))
			i = map_find(&m->k->images, name);
		if (i != MAP_NONE && !is_said(m, i)) {
			map_put(&m->gone, buf_span(&moment));
			continue;
		}
		keep(m, RECORDS, line);
		map_put(&m->times, time);
	}
	buf_release(&moment);
}

static void
keep_poses(struct merger *m)
{
	struct words w = { buf_span(&m->from[POSES]), 0 };
	struct span line;
	struct buf moment = { 0 };

	while (words_told(&w, &line)) {
		struct span rest = line, time = take_moment(&rest, &moment);

		if (map_find(&m->gone, buf_span(&moment)) != MAP_NONE)
			continue;
		keep(m, POSES, line);
		map_put(&m->times, time);
	}
	buf_release(&moment);
}

/* Adding to it. */

/* The id of a camera, which becomes a sensor if it is none. */
static struct span
device_of(struct merger *m, size_t camera)
{
	struct span says = map_key(&m->k->cameras, camera);
	size_t n = camera, at = m->device[camera];
	char id[32];

	while (at == MAP_NONE) {
		size_t taken = m->devices.n;

		snprintf(id, sizeof(id), "cam%zu", n++);
		if (map_put(&m->devices, span_str(id)) != taken)
			continue;
		buf_printf(&m->to[SENSORS], "%s, , camera, %.*s\n", id,
			SPAN_ARG(says));
		at = m->device[camera] = taken;
	}
	return map_key(&m->devices, at);
}

static void
add_image(struct merger *m, size_t i)
{
	const struct kapture *k = m->k;
	struct span pose = map_key(&k->poses, k->v[i].pose);
	struct span name = map_key(&k->images, i);
	struct span device = device_of(m, k->v[i].camera);
	char time[32];

	do
		snprintf(time, sizeof(time), "%zu", m->time++);
	while (map_find(&m->times, span_str(time)) != MAP_NONE);
	buf_printf(&m->to[RECORDS], "%s, %.*s, %.*s\n", time, SPAN_ARG(device),
		SPAN_ARG(name));
	if (pose.len)
		buf_printf(&m->to[POSES], "%s, %.*s%.*s\n", time,
			SPAN_ARG(device), SPAN_ARG(pose));
}

static void
merge(struct merger *m)
{
	m->device = mem_alloc(m->k->cameras.n + 1, sizeof(*m->device));
	for (size_t i = 0; i < m->k->cameras.n; i++)
		m->device[i] = MAP_NONE;
	keep_sensors(m);
	keep_records(m);
	keep_poses(m);
	for (size_t i = 0; i < m->k->images.n; i++)
		if (!is_said(m, i))
			add_image(m, i);
}

/* What others wrote is in it, too: it cannot be made again. */
static int
keep_text(const struct buf *b, const char *path, struct err *e)
{
	return side_parents(path, e) ? -1 : buf_save(b, path, e);
}

static int
save(const struct merger *m, struct err *e)
{
	struct buf path = { 0 };
	int rc = 0;

	for (int i = 0; rc == 0 && i < FILES; i++) {
		path_of(&path, m, i);
		rc = keep_text(&m->to[i], path.s, e);
	}
	buf_release(&path);
	return rc;
}

static void
release(struct merger *m)
{
	for (int i = 0; i < FILES; i++) {
		buf_release(&m->from[i]);
		buf_release(&m->to[i]);
	}
	kapture_release(&m->said);
	map_release(&m->devices);
	map_release(&m->times);
	map_release(&m->gone);
	free(m->device);
}

int
kapture_close(struct kapture *k, struct err *e)
{
	struct merger m = { .k = k };
	int rc = load(&m, e);

	if (rc == 0) {
		merge(&m);
		rc = save(&m, e);
	}
	release(&m);
	kapture_release(k);
	return rc;
}
