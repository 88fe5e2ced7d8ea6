#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "eval/replay.h"
#include "model/journal.h"
#include "record/digest.h"

#define BODY_HEX 40 /* digits of a key that are the body's */

struct reply {
	size_t asked;         /* which body: an index into ${bodies} */
	uint32_t draw, again; /* which reply to it */
	struct span json;
};

struct replay {
	char *map;
	size_t size;
	struct map bodies;
	struct reply *replies; /* by body, draw, again; each once */
	size_t n, cap;
	size_t *first; /* of a body: an index into ${replies}; one more at the end */
};

/* "DIGITS-DIGITS-draw" or "...-drawr again" into ${r}. */
static bool
read_key(struct replay *j, struct span key, struct reply *r)
{
	const char *p = key.s; /* a quote comes behind it */
	char *end;

	if (key.len <= BODY_HEX || strspn(p, "0123456789abcdef") != BODY_HEX ||
		p[BODY_HEX] != '-')
		return false;
	r->asked = map_put(&j->bodies, (struct span){ p, BODY_HEX });
	p += BODY_HEX + 1;
	p += strcspn(p, "-\"");
	r->draw = r->again = 0;
	if (*p != '-')
		return true;
	r->draw = (uint32_t)strtoul(p + 1, &end, 10);
	if (*end == 'r')
		r->again = (uint32_t)strtoul(end + 1, NULL, 10);
	return true;
}

static void
take_line(struct replay *j, struct span line)
{
	struct span key, body;
	struct reply r;

	if (journal_parse(line, &key, &body) <= 0 || !read_key(j, key, &r))
		return;
	r.json = body;
	j->replies = mem_grow(
		j->replies, &j->cap, j->n + 1, sizeof(*j->replies));
	j->replies[j->n++] = r;
}

static void
take_lines(struct replay *j)
{
	struct span rest = { j->map, j->size };

	while (rest.len) {
		const char *lf = memchr(rest.s, '\n', rest.len);
		size_t n = lf ? (size_t)(lf - rest.s) : rest.len;

		take_line(j, (struct span){ rest.s, n });
		n += lf != NULL;
		rest.s += n, rest.len -= n;
	}
}

static int
by_draw(const void *a, const void *b)
{
	const struct reply *x = a, *y = b;

	if (x->asked != y->asked)
		return x->asked < y->asked ? -1 : 1;
	if (x->draw != y->draw)
		return x->draw < y->draw ? -1 : 1;
	if (x->again != y->again)
		return x->again < y->again ? -1 : 1;
	return (x->json.s > y->json.s) - (x->json.s < y->json.s);
}

static bool
same_key(const struct reply *x, const struct reply *y)
{
	return x->asked == y->asked && x->draw == y->draw &&
	       x->again == y->again;
}

/* Sort; of those with one key the last in the file stays. */
static void
put_in_order(struct replay *j)
{
	size_t kept = 0;

	if (j->n)
		qsort(j->replies, j->n, sizeof(*j->replies), by_draw);
	for (size_t i = 0; i < j->n; i++) {
		if (kept && same_key(&j->replies[kept - 1], &j->replies[i]))
			kept--;
		j->replies[kept++] = j->replies[i];
	}
	j->n = kept;
	j->first = mem_alloc(j->bodies.n + 1, sizeof(*j->first));
	for (size_t i = j->n; i-- > 0;)
		j->first[j->replies[i].asked] = i;
	j->first[j->bodies.n] = j->n;
}

static int
map_file(struct replay *j, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		err_set(e, "%s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		err_set(e, "%s: not a regular file", path);
	} else {
		j->size = (size_t)st.st_size;
		if (j->size)
			j->map = mmap(
				NULL, j->size, PROT_READ, MAP_PRIVATE, fd, 0);
		rc = j->map == MAP_FAILED
		             ? err_set(e, "%s: %s", path, strerror(errno))
		             : 0;
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

struct replay *
replay_open(const char *path, struct err *e)
{
	struct replay *j = mem_alloc(1, sizeof(*j));

	*j = (struct replay){ 0 };
	if (map_file(j, path, e)) {
		j->size = 0;
		replay_free(j);
		return NULL;
	}
	take_lines(j);
	put_in_order(j);
	return j;
}

size_t
replay_count(const struct replay *j)
{
	return j->n;
}

struct span
replay_find(const struct replay *j, struct span body, uint64_t draw)
{
	char hex[DIGEST_HEX + 1];
	size_t at, first;

	digest_hex(body, hex);
	at = map_find(&j->bodies, (struct span){ hex, BODY_HEX });
	if (at == MAP_NONE)
		return (struct span){ NULL, 0 };
	first = j->first[at];
	return j->replies[first + draw % (j->first[at + 1] - first)].json;
}

void
replay_free(struct replay *j)
{
	if (j == NULL)
		return;
	if (j->size)
		munmap(j->map, j->size);
	map_release(&j->bodies);
	free(j->replies);
	free(j->first);
	free(j);
}
