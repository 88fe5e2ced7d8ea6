#include "nearest_tune.h"

#include <stdlib.h>

#include "base/clock.h"
#include "device_cache.h"
#include "kernels.h"
#include "nearest_search.h"
#include "record/digest.h"
#include "record/emit.h"
#include "record/json.h"

#define ROWS 8192  /* descriptors of each of two images */
#define ENOUGH 0.2 /* seconds for a shape */
#define LEAST 3    /* runs of a shape */

/* What the choice is kept under. */
static void
key_of(struct device *d, struct buf *key)
{
	const struct device_info *i = device_info(d);
	const struct kernels_source *s = kernels_sources;
	char hex[DIGEST_HEX + 1];
	struct buf b = { 0 };

	while (strcmp(s->name, "nearest.cl"))
		s++;
	buf_printf(&b, "%s\n%s\n%s\n%s\n%s\n%s\n", i->platform,
		i->platform_version, i->vendor, i->name, i->version, i->driver);
	for (unsigned line = 0; line < s->n; line++)
		buf_add(&b, span_str(s->lines[line]));
	digest_hex(buf_span(&b), hex);
	buf_clear(key);
	buf_printf(key, "nearest-%s", hex);
	buf_cstr(key);
	buf_release(&b);
}

const struct nearest_shape *
nearest_tuned(struct device *d, enum features_type type)
{
	const struct nearest_shape *shape = NULL;
	struct buf key = { 0 }, kept = { 0 };
	struct json_fault f;
	struct arena a = { 0 };

	key_of(d, &key);
	if (device_cache_get(key.s, &kept) &&
		json_scan(buf_span(&kept), NULL, &f) == 0)
		shape = nearest_shape_named(json_str(
			json_get(buf_span(&kept), features_names[type]), &a));
	if (shape && (shape->type != type || !nearest_shape_fits(shape, d)))
		shape = NULL;
	arena_release(&a);
	buf_release(&key);
	buf_release(&kept);
	return shape;
}

/* From descriptors here to neighbours here, once; seconds, or below 0. */
static double
run_once(struct nearest_search *s, const struct features *a,
	const struct features *b, struct nearest *out)
{
	struct nearest_rows x = { 0 }, y = { 0 };
	double start = clock_now(), took = -1;

	if (nearest_search_load(s, a, &x, NULL) == 0 &&
		nearest_search_load(s, b, &y, NULL) == 0 &&
		nearest_search_find(s, &x, &y, out, NULL) == 0)
		took = clock_now() - start;
	nearest_rows_release(&x);
	nearest_rows_release(&y);
	return took;
}

/* The least time of several runs, or below 0 where one fails. */
static double
least_time(struct nearest_search *s)
{
	enum features_type type = nearest_search_shape(s)->type;
	struct features a = nearest_search_sample(type, ROWS, 2);
	struct features b = nearest_search_sample(type, ROWS, 3);
	struct nearest *out = mem_alloc(ROWS, sizeof(*out));
	double start = clock_now(), least = -1;

	for (int i = 0; i < LEAST || clock_now() - start < ENOUGH; i++) {
		double took = run_once(s, &a, &b, out);

		if (took < 0) {
			least = took;
			break;
		}
		if (least < 0 || took < least)
			least = took;
	}
	features_release(&a);
	features_release(&b);
	free(out);
	return least;
}

/* How one shape did. */
struct trial {
	const struct nearest_shape *shape;
	bool builds, equal;
	double took; /* below 0 where it is not to be used */
};

static struct trial
try_shape(struct device *d, const struct nearest_shape *shape)
{
	struct nearest_search *s = nearest_search_open(d, shape, NULL);
	struct trial t = { shape, s, s && nearest_search_proves(s), -1 };

	if (t.equal)
		t.took = least_time(s);
	nearest_search_close(s);
	return t;
}

static void
put_trial(struct buf *lines, struct device *d, const struct trial *t, bool kept)
{
	emit_begin(lines, '{');
	emit_key(lines, "device");
	emit_cstr(lines, device_info(d)->name);
	emit_key(lines, "type");
	emit_cstr(lines, features_names[t->shape->type]);
	emit_key(lines, "shape");
	emit_cstr(lines, t->shape->name);
	emit_key(lines, "builds");
	emit_bool(lines, t->builds);
	emit_key(lines, "equal");
	emit_bool(lines, t->equal);
	emit_key(lines, "pairs_per_second");
	if (t->took > 0)
		emit_f64(lines, (double)ROWS * ROWS / t->took);
	else
		emit_null(lines);
	emit_key(lines, "kept");
	emit_bool(lines, kept);
	emit_end(lines, '}');
	buf_byte(lines, '\n');
}

/* All shapes of a type: their lines, and the fastest, NULL where none does. */
static const struct nearest_shape *
try_type(struct device *d, enum features_type type, struct buf *lines)
{
	const struct nearest_shape *s = nearest_shapes, *best = NULL;
	struct trial *v = NULL;
	size_t n = 0, cap = 0;
	double least = 0;

	for (; s->name; s++) {
		if (s->type != type || !nearest_shape_fits(s, d))
			continue;
		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		v[n] = try_shape(d, s);
		if (v[n].took > 0 && (best == NULL || v[n].took < least)) {
			best = s;
			least = v[n].took;
		}
		n++;
	}
	for (size_t i = 0; i < n; i++)
		put_trial(lines, d, &v[i], best && v[i].shape == best);
	free(v);
	return best;
}

int
nearest_tune(struct device *d, struct buf *lines, struct err *e)
{
	static const enum features_type types[] = { FEATURES_ROOTSIFT,
		FEATURES_ORB };
	struct buf key = { 0 }, kept = { 0 };
	int rc = 0;

	emit_begin(&kept, '{');
	for (size_t t = 0; t < 2; t++) {
		const struct nearest_shape *best = try_type(d, types[t], lines);

		if (best == NULL) {
			rc = err_set(e, "%s: no kernel matches %s there",
				device_info(d)->name, features_names[types[t]]);
			break;
		}
		emit_key(&kept, features_names[types[t]]);
		emit_cstr(&kept, best->name);
	}
	emit_end(&kept, '}');
	key_of(d, &key);
	if (rc == 0)
		device_cache_put(key.s, buf_span(&kept));
	buf_release(&key);
	buf_release(&kept);
	return rc;
}
