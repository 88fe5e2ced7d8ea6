#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "vision/side.h"
#include "vocabulary.h"

#define VERSION_HERE 1
#define FILE_MOST ((size_t)1 << 30) /* 1024 centres and 2000 axes */

static const struct span magic = { "CUPELVOC", 8 };

/* Where things stand in the header; what is not named is 0. */
enum {
	AT_VERSION = 8,
	AT_CLUSTERS = 12,
	AT_BYTES = 16,
	AT_DIMS = 20,
	AT_DENSE = 24,
	AT_IMAGES = 28,
	AT_SEED = 32,
	AT_CHECKSUM = VOCABULARY_HEADER - 8
};

static void
put_u64(struct buf *b, uint64_t value)
{
	side_put_u32(b, (uint32_t)value);
	side_put_u32(b, (uint32_t)(value >> 32));
}

static uint64_t
u64_at(const char *p)
{
	return side_u32(p) | (uint64_t)side_u32(p + 4) << 32;
}

/* How many bytes follow the header. */
static uint64_t
body_length(const struct vocabulary *v)
{
	uint64_t length = vocabulary_length(v);

	return length + (v->dims ? (1 + (uint64_t)v->dims) * length * 4 : 0);
}

/* Of everything but the checksum itself. */
static uint64_t
checksum(struct span file)
{
	struct span head = { file.s, AT_CHECKSUM };
	struct span body = { file.s + VOCABULARY_HEADER,
		file.len - VOCABULARY_HEADER };

	return hash_bytes(hash_bytes(0, head), body);
}

static void
set_name(struct vocabulary *v, uint64_t sum)
{
	snprintf(v->name, sizeof(v->name), "%016" PRIx64, sum);
}

static void
put_header(const struct vocabulary *v, struct buf *b)
{
	buf_add(b, magic);
	side_put_u32(b, VERSION_HERE);
	side_put_u32(b, v->clusters);
	side_put_u32(b, ROOTSIFT_BYTES);
	side_put_u32(b, v->dims);
	side_put_u32(b, v->dense);
	side_put_u32(b, v->images);
	put_u64(b, v->seed);
	while (b->len < VOCABULARY_HEADER)
		buf_byte(b, 0);
}

static void
put_floats(struct buf *b, const float *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		side_put_f32(b, v[i]);
}

int
vocabulary_save(struct vocabulary *v, const char *path, struct err *e)
{
	size_t length = vocabulary_length(v);
	struct buf b = { 0 }, sum = { 0 };
	int rc;

	put_header(v, &b);
	buf_add(&b, (struct span){ (const char *)v->centres, length });
	if (v->dims) {
		put_floats(&b, v->mean, length);
		put_floats(&b, v->axes, v->dims * length);
	}
	put_u64(&sum, checksum(buf_span(&b)));
	memcpy(b.s + AT_CHECKSUM, sum.s, 8);
	set_name(v, u64_at(sum.s));
	rc = side_parents(path, e) ? -1 : buf_save(&b, path, e);
	buf_release(&sum);
	buf_release(&b);
	return rc;
}

/* Reads the header, and holds it against the file's length and checksum. */
static int
get_header(struct vocabulary *v, struct span file, struct err *e)
{
	const char *p = file.s;

	if (!span_starts(file, magic))
		return err_set(e, "not a vocabulary of cupel-retrieve --train");
	if (file.len < VOCABULARY_HEADER)
		return err_set(e, "cut short: %zu bytes", file.len);
	if (side_u32(p + AT_VERSION) != VERSION_HERE)
		return err_set(e,
			"a vocabulary of version %" PRIu32
			", where this program reads version %d: train it again",
			side_u32(p + AT_VERSION), VERSION_HERE);
	v->clusters = side_u32(p + AT_CLUSTERS);
	v->dims = side_u32(p + AT_DIMS);
	v->dense = side_u32(p + AT_DENSE) != 0;
	v->images = side_u32(p + AT_IMAGES);
	v->seed = u64_at(p + AT_SEED);
	if (v->clusters == 0 || v->clusters > VOCABULARY_MOST ||
		v->dims > vocabulary_length(v) ||
		side_u32(p + AT_BYTES) != ROOTSIFT_BYTES)
		return err_set(e, "a vocabulary whose header is damaged");
	if (file.len - VOCABULARY_HEADER != body_length(v))
		return err_set(e, "%zu bytes, where the header says %" PRIu64,
			file.len, VOCABULARY_HEADER + body_length(v));
	if (u64_at(p + AT_CHECKSUM) != checksum(file))
		return err_set(e, "damaged: its checksum is wrong");
	set_name(v, u64_at(p + AT_CHECKSUM));
	return 0;
}

static float *
floats_at(const char *p, size_t n)
{
	float *v = mem_alloc(n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = side_f32(p + 4 * i);
	return v;
}

int
vocabulary_load(struct vocabulary *v, const char *path, struct err *e)
{
	struct buf b = { .max = FILE_MOST };
	struct err why;
	size_t length;
	const char *p;
	int rc = -1;

	*v = (struct vocabulary){ 0 };
	if (buf_file(&b, path, e))
		goto out;
	if (get_header(v, buf_span(&b), &why)) {
		err_set(e, "%s: %s", path, why.msg);
		*v = (struct vocabulary){ 0 };
		goto out;
	}
	length = vocabulary_length(v);
	p = b.s + VOCABULARY_HEADER;
	v->centres = mem_alloc(length, 1);
	memcpy(v->centres, p, length);
	if (v->dims) {
		v->mean = floats_at(p + length, length);
		v->axes = floats_at(p + 5 * length, v->dims * length);
	}
	rc = 0;
out:
	buf_release(&b);
	return rc;
}

void
vocabulary_release(struct vocabulary *v)
{
	free(v->centres);
	free(v->mean);
	free(v->axes);
	*v = (struct vocabulary){ 0 };
}
