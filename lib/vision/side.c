#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/json.h"
#include "side.h"

/* What the slash that an image's path begins with becomes, and "..". */
#define ROOT SPAN("_")
#define PARENT SPAN("__")

/* Could it be taken for one of these, or for a directory of pairs? */
static bool
is_like_ours(struct span part)
{
	struct span pairs = SPAN(".overlapping");

	while (part.len && part.s[part.len - 1] == '_')
		part.len--;
	return part.len == 0 ||
	       (part.len >= pairs.len && memcmp(part.s + part.len - pairs.len,
						 pairs.s, pairs.len) == 0);
}

/* Adds what is between two slashes. */
static void
add_part(struct buf *path, struct span part)
{
	if (part.len == 0 || span_is(part, "."))
		return;
	if (path->len && path->s[path->len - 1] != '/')
		buf_byte(path, '/');
	if (span_is(part, "..")) {
		buf_add(path, PARENT);
		return;
	}
	buf_add(path, part);
	if (is_like_ours(part))
		buf_add(path, SPAN("__"));
}

static void
add_below(struct buf *path, struct span name)
{
	const char *end = name.s + name.len;

	if (name.len && *name.s == '/')
		buf_add(path, ROOT);
	for (const char *p = name.s; p < end;) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		struct span part = { p, (size_t)((slash ? slash : end) - p) };

		add_part(path, part);
		p += part.len + 1;
	}
}

/* What is behind the last slash can be a file. */
static bool
is_file(struct span name)
{
	size_t at = name.len;

	while (at && name.s[at - 1] != '/')
		at--;
	name.s += at;
	name.len -= at;
	return name.len && !span_is(name, ".") && !span_is(name, "..");
}

int
side_path(struct buf *path, const char *dir, struct span image,
	const char *extension, struct err *e)
{
	buf_clear(path);
	if (image.len && memchr(image.s, '\0', image.len))
		return err_set(e, "the image's name holds a NUL");
	if (!is_file(image))
		return err_set(
			e, "\"%.*s\" does not name an image", SPAN_ARG(image));
	if (dir)
		buf_printf(path, "%s%s", *dir ? dir : ".",
			*dir && dir[strlen(dir) - 1] == '/' ? "" : "/");
	if (dir)
		add_below(path, image);
	else
		buf_add(path, image);
	buf_add(path, span_str(extension));
	buf_cstr(path);
	return 0;
}

const char *
side_named(struct span record, const char *name, struct arena *a, struct err *e)
{
	struct span value = json_get(record, name);
	struct span path = json_str(value, a);

	if (path.len && memchr(path.s, '\0', path.len) == NULL)
		return arena_dup(a, path);
	if (json_kind(value) <= JSON_NULL)
		err_set(e, "\"%s\" is missing: the path of a file is expected",
			name);
	else
		err_set(e, "\"%s\": a text, the path of a file, is expected",
			name);
	return NULL;
}

/* Is there a directory for it already? */
static bool
has_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf dir = { 0 };
	struct stat there;
	bool has = true;

	if (slash && slash > path) {
		buf_add(&dir, (struct span){ path, (size_t)(slash - path) });
		has = stat(buf_cstr(&dir), &there) == 0;
	}
	buf_release(&dir);
	return has;
}

int
side_parents(const char *path, struct err *e)
{
	struct buf dir = { 0 };
	int rc = 0;

	if (has_parent(path))
		return 0;
	for (const char *p = path; rc == 0 && (p = strchr(p, '/')); p++) {
		if (p == path)
			continue;
		buf_clear(&dir);
		buf_add(&dir, (struct span){ path, (size_t)(p - path) });
		rc = mkdir(buf_cstr(&dir), 0777);
		if (rc && (errno == EEXIST || errno == EISDIR))
			rc = 0;
		if (rc)
			err_set(e, "%s: %s", dir.s, strerror(errno));
	}
	buf_release(&dir);
	return rc;
}

int
side_save(const struct buf *b, const char *path, struct err *e)
{
	return side_parents(path, e) ? -1 : buf_renew(b, path, e);
}

int
side_drop(const char *path, struct err *e)
{
	struct stat is;

	if (lstat(path, &is) || !S_ISREG(is.st_mode) || unlink(path) == 0)
		return 0;
	return err_set(e, "%s: %s", path, strerror(errno));
}

int
side_load(struct buf *b, const char *path, size_t n, size_t size, struct err *e)
{
	struct stat is;
	size_t before = b->len, want;
	struct err why;

	if (n > SIDE_MOST / size)
		return err_set(e, "%s: %zu elements of %zu bytes are too many",
			path, n, size);
	want = n * size;
	if (stat(path, &is))
		return err_set(e, "%s: %s", path, strerror(errno));
	if (!S_ISREG(is.st_mode))
		return err_set(e, "%s: not a plain file", path);
	if ((uintmax_t)is.st_size == want && buf_file(b, path, &why))
		return err_set(e, "%s", why.msg);
	if (b->len - before == want)
		return 0;
	b->len = before;
	return err_set(e,
		"%s: %ju bytes, where %zu of %zu bytes each are %zu: a later "
		"run, of another --type say, may have replaced it",
		path, (uintmax_t)is.st_size, n, size, want);
}

void
side_put_u32(struct buf *b, uint32_t value)
{
	for (int shift = 0; shift < 32; shift += 8)
		buf_byte(b, (char)(uint8_t)(value >> shift));
}

void
side_put_f32(struct buf *b, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	side_put_u32(b, bits);
}

void
side_put_f64(struct buf *b, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	side_put_u32(b, (uint32_t)bits);
	side_put_u32(b, (uint32_t)(bits >> 32));
}

uint32_t
side_u32(const void *at)
{
	const uint8_t *p = at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

float
side_f32(const void *at)
{
	uint32_t bits = side_u32(at);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}
