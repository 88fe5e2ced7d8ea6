#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/digest.h"
#include "vision/device_cache.h"

#define MAGIC "cupel program 1 "
#define PREFIX "program-"

enum {
	HEAD = sizeof(MAGIC) - 1 + DIGEST_HEX + 1,
	FILE_MAX = 64 << 20,   /* bytes of one that is believed or kept */
	FOLDER_MAX = 256 << 20 /* bytes of all */
};

/* The folder; false where the environment names none. */
static bool
folder(struct buf *path)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		buf_printf(path, "%s/cupel", cache);
	else if (home && *home == '/')
		buf_printf(path, "%s/.cache/cupel", home);
	return path->len > 0;
}

/* The folder and those above it, readable by nobody else. */
static bool
make_folder(struct buf *path)
{
	char *s;

	buf_cstr(path);
	for (s = strchr(path->s + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = '\0';
		(void)mkdir(path->s, 0700);
		*s = '/';
	}
	return mkdir(path->s, 0700) == 0 || errno == EEXIST;
}

/* First in the file: the checksum of its name and of what follows. */
static void
add_head(struct buf *b, const char *key, struct span bytes)
{
	char hex[DIGEST_HEX + 1];
	struct buf all = { 0 };

	buf_printf(&all, "%s\n", key);
	buf_add(&all, bytes);
	digest_hex(buf_span(&all), hex);
	buf_release(&all);
	buf_printf(b, MAGIC "%s\n", hex);
}

bool
device_cache_get(const char *key, struct buf *b)
{
	struct buf path = { 0 }, head = { 0 }, file = { .max = FILE_MAX };
	struct span bytes = { 0 };
	bool good = false;

	if (!folder(&path))
		return false;
	buf_printf(&path, "/" PREFIX "%s", key);
	if (buf_file(&file, buf_cstr(&path), NULL) == 0 && file.len > HEAD) {
		bytes = (struct span){ file.s + HEAD, file.len - HEAD };
		add_head(&head, key, bytes);
		good = span_starts(buf_span(&file), buf_span(&head));
	}
	if (good) {
		buf_add(b, bytes);
		(void)utimensat(AT_FDCWD, path.s, NULL, 0); /* it was used */
	}
	buf_release(&path);
	buf_release(&head);
	buf_release(&file);
	return good;
}

/* A file of the folder, with the time of its last use. */
struct kept {
	char *name;
	off_t bytes;
	struct timespec used;
};

static int
by_use(const void *a, const void *b)
{
	const struct timespec *s = &((const struct kept *)a)->used;
	const struct timespec *t = &((const struct kept *)b)->used;

	if (s->tv_sec != t->tv_sec)
		return s->tv_sec < t->tv_sec ? -1 : 1;
	return s->tv_nsec < t->tv_nsec ? -1 : s->tv_nsec > t->tv_nsec;
}

/* Remove what was used least recently while there is too much in all. */
static void
bound(const char *path)
{
	struct kept *v = NULL;
	size_t n = 0, cap = 0;
	DIR *dir = opendir(path);
	const struct dirent *entry;
	off_t all = 0;

	while (dir && (entry = readdir(dir))) {
		struct stat st;

		if (strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) ||
			fstatat(dirfd(dir), entry->d_name, &st, 0))
			continue;
		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		v[n] = (struct kept){ strdup(entry->d_name), st.st_size,
			st.st_mtim };
		all += v[n++].bytes;
	}
	if (all > FOLDER_MAX)
		qsort(v, n, sizeof(*v), by_use);
	for (size_t i = 0; i < n; i++) {
		if (all > FOLDER_MAX && v[i].name &&
			unlinkat(dirfd(dir), v[i].name, 0) == 0)
			all -= v[i].bytes;
		free(v[i].name);
	}
	free(v);
	if (dir)
		closedir(dir);
}

static bool
write_all(int fd, struct span bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.s, bytes.len);

		if (n < 0 && errno != EINTR)
			return false;
		bytes.s += n < 0 ? 0 : n;
		bytes.len -= n < 0 ? 0 : (size_t)n;
	}
	return true;
}

void
device_cache_put(const char *key, struct span bytes)
{
	struct buf dir = { 0 }, path = { 0 }, part = { 0 }, head = { 0 };
	int fd = -1;
	bool good;

	if (bytes.len > FILE_MAX - HEAD || !folder(&dir) || !make_folder(&dir))
		goto out;
	buf_printf(&path, "%s/" PREFIX "%s", dir.s, key);
	/* It ends in six of the letter that mkstemp replaces. */
	buf_printf(&part, "%s.\130\130\130\130\130\130", buf_cstr(&path));
	buf_cstr(&part);
	fd = mkstemp(part.s);
	if (fd < 0)
		goto out;
	add_head(&head, key, bytes);
	good = write_all(fd, buf_span(&head)) && write_all(fd, bytes);
	if (close(fd))
		good = false;
	if (!good || rename(part.s, path.s))
		unlink(part.s);
	else
		bound(dir.s);
out:
	buf_release(&dir);
	buf_release(&path);
	buf_release(&part);
	buf_release(&head);
}
