#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

char *
buf_room(struct buf *b, size_t n)
{
	if (b->max && n > b->max - b->len)
		b->over = true;
	if (b->over)
		return NULL;
	b->s = mem_grow(b->s, &b->cap, b->len + n, 1);
	return b->s + b->len;
}

void
buf_add(struct buf *b, struct span text)
{
	char *p = text.len ? buf_room(b, text.len) : NULL;

	if (p) {
		memcpy(p, text.s, text.len);
		b->len += text.len;
	}
}

void
buf_byte(struct buf *b, char c)
{
	if (b->len < b->cap && b->max == 0)
		b->s[b->len++] = c;
	else
		buf_add(b, (struct span){ &c, 1 });
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = n < 0 ? NULL : buf_room(b, (size_t)n + 1);
	if (p) {
		vsnprintf(p, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

static int
read_all(struct buf *b, int fd, const char *path, struct err *e)
{
	ssize_t n;

	for (;;) {
		size_t left = b->max ? b->max - b->len : 65536;
		size_t room = left < 65536 ? left + 1 : 65536;
		char *p;

		b->s = mem_grow(b->s, &b->cap, b->len + room, 1);
		p = b->s + b->len;
		n = read(fd, p, room);
		if (n > 0 && (size_t)n > left)
			return err_set(
				e, "%s: longer than %zu bytes", path, b->max);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return err_set(e, "%s: %s", path, strerror(errno));
		if (n > 0)
			b->len += (size_t)n;
	}
}

int
buf_file(struct buf *b, const char *path, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	rc = read_all(b, fd, path, e);
	if (!standard)
		close(fd);
	return rc;
}

/* On the disk as well, where it ${lasts}. */
static int
write_all(const struct buf *b, int fd, bool lasts)
{
	size_t done = 0;

	while (done < b->len) {
		ssize_t n = write(fd, b->s + done, b->len - done);

		if (n < 0 && errno != EINTR)
			return -1;
		done += n < 0 ? 0 : (size_t)n;
	}
	if (!lasts)
		return 0;
	return fsync(fd) && errno != EINVAL && errno != EROFS ? -1 : 0;
}

/* Writes what is there already, and what nothing may take the place of. */
static int
save_special(const struct buf *b, const char *path, bool lasts)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	rc = write_all(b, fd, lasts);
	return close(fd) ? -1 : rc;
}

/* Of several that write one file at once each has a part of its own. */
static int
save_part(const struct buf *b, const char *path, mode_t mode, bool lasts)
{
	struct buf part = { 0 };
	int fd, rc;

	buf_printf(&part, "%s.%ld.part", path, (long)getpid());
	fd = open(buf_cstr(&part), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		mode);
	rc = fd < 0 ? -1 : write_all(b, fd, lasts);
	if (fd >= 0 && close(fd))
		rc = -1;
	if (rc == 0)
		rc = rename(part.s, path);
	if (rc && fd >= 0) {
		int why = errno;

		unlink(part.s);
		errno = why;
	}
	buf_release(&part);
	return rc;
}

static int
save(const struct buf *b, const char *path, bool lasts, struct err *e)
{
	struct stat there = { .st_mode = S_IFREG | 0666 };
	char *real = stat(path, &there) ? NULL : realpath(path, NULL);
	int rc;

	if (S_ISREG(there.st_mode))
		rc = save_part(
			b, real ? real : path, there.st_mode & 0777, lasts);
	else
		rc = save_special(b, path, lasts);
	if (rc)
		err_set(e, "%s: %s", path, strerror(errno));
	free(real);
	return rc ? -1 : 0;
}

int
buf_save(const struct buf *b, const char *path, struct err *e)
{
	return save(b, path, true, e);
}

int
buf_renew(const struct buf *b, const char *path, struct err *e)
{
	return save(b, path, false, e);
}

const char *
buf_cstr(struct buf *b)
{
	b->s = mem_grow(b->s, &b->cap, b->len + 1, 1);
	b->s[b->len] = '\0';
	return b->s;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->over = false;
}

void
buf_release(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ .max = b->max };
}
