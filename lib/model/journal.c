#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "model/journal.h"
#include "record/digest.h"
#include "record/emit.h"
#include "record/json.h"

#define CHUNK (1 << 20)

/* Where a line is. Keys are compared in the file, on the rare occasion. */
struct entry {
	uint64_t hash; /* of the key */
	uint64_t at;
	uint64_t len; /* 0: a free slot */
};

struct journal {
	char *path;
	int fd;
	uint64_t size;
	struct entry *slots;
	size_t nslots, n;
	struct buf line; /* the one being written or read */
	bool unsynced;
	bool torn; /* a failed append could not be taken back */
};

/* Keys and lines. */

void
journal_key(char key[JOURNAL_KEY + 1], struct span body, const char *url,
	unsigned draw, unsigned again)
{
	char what[DIGEST_HEX + 1], where[DIGEST_HEX + 1];
	int n;

	digest_hex(body, what);
	digest_hex(span_str(url), where);
	n = snprintf(key, JOURNAL_KEY + 1, "%.40s-%.8s-%u", what, where, draw);
	if (again)
		snprintf(key + n, (size_t)(JOURNAL_KEY + 1 - n), "r%u", again);
}

static int
parse_members(struct span line, struct span *key, struct span *body)
{
	struct span id = json_get(line, "custom_id");
	struct span response = json_get(line, "response");
	struct span result = json_get(line, "result");
	int64_t status;

	if (json_kind(id) != JSON_STRING || id.len < 3 ||
		!(response.s || result.s))
		return -1;
	*key = (struct span){ id.s + 1, id.len - 2 };
	if (json_is(json_get(result, "type"), "succeeded"))
		*body = json_get(result, "message");
	else if (json_i64(json_get(response, "status_code"), &status) &&
		 status == 200)
		*body = json_get(response, "body");
	else
		return 0;
	return json_kind(*body) == JSON_OBJECT;
}

int
journal_parse(struct span line, struct span *key, struct span *body)
{
	struct json_fault f;

	if (json_scan(line, NULL, &f))
		return -1;
	return parse_members(json_value(line), key, body);
}

/* What all lines have in common that are written here. */
static void
begin_line(struct buf *b, struct span key)
{
	emit_begin(b, '{');
	emit_key(b, "id"), emit_str(b, key);
	emit_key(b, "custom_id"), emit_str(b, key);
	emit_key(b, "response"), emit_begin(b, '{');
	emit_key(b, "status_code"), emit_u64(b, 200);
}

/* The index. */

static struct entry *
slot_of(const struct journal *j, uint64_t hash)
{
	size_t i = hash & (j->nslots - 1);

	while (j->slots[i].len && j->slots[i].hash != hash)
		i = (i + 1) & (j->nslots - 1);
	return &j->slots[i];
}

static void
grow(struct journal *j)
{
	struct entry *old = j->slots;
	size_t n = j->nslots;

	j->nslots = n ? n * 2 : 1024;
	j->slots = mem_alloc(j->nslots, sizeof(*j->slots));
	memset(j->slots, 0, j->nslots * sizeof(*j->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].len)
			*slot_of(j, old[i].hash) = old[i];
	free(old);
}

/* Two keys with the same 64 bits would take each other's place: asked again. */
static void
remember(struct journal *j, struct span key, uint64_t at, uint64_t len)
{
	uint64_t hash = hash_bytes(0, key);
	struct entry *e;

	if ((j->n + 1) * 3 > j->nslots * 2)
		grow(j);
	e = slot_of(j, hash);
	j->n += e->len == 0;
	*e = (struct entry){ hash, at, len };
}

/* Opening. */

struct scan {
	struct journal *j;
	struct buf in;
	uint64_t at; /* in the file: the start of ${in} */
	size_t seen; /* bytes of ${in} that hold no line end */
	size_t longest;
	uint64_t line; /* counted from 1 */
	uint64_t good, bad, first_bad;
};

static bool
is_blank(struct span line)
{
	return span_trim(line, " \t\r").len == 0;
}

static void
take_line(struct scan *s, struct span line, uint64_t at)
{
	struct span key, body;

	int what;

	s->line++;
	if (is_blank(line))
		return;
	what = journal_parse(line, &key, &body);
	if (what == 1)
		remember(s->j, key, at, line.len);
	if (what >= 0)
		s->good++;
	else if (s->bad++ == 0)
		s->first_bad = s->line;
}

/* Takes the whole lines; what is left is the beginning of another. */
static void
take_lines(struct scan *s)
{
	size_t used = 0;
	const char *lf;

	while (s->in.len > s->seen &&
		(lf = memchr(s->in.s + s->seen, '\n', s->in.len - s->seen))) {
		size_t end = (size_t)(lf - s->in.s);

		take_line(s, (struct span){ s->in.s + used, end - used },
			s->at + used);
		s->seen = used = end + 1;
	}
	s->at += used;
	s->in.len -= used;
	if (used && s->in.len)
		memmove(s->in.s, s->in.s + used, s->in.len);
	s->seen = s->in.len;
}

static int
scan_file(struct scan *s, struct err *e)
{
	uint64_t offset = 0;

	for (;;) {
		char *to = buf_room(&s->in, CHUNK);
		ssize_t n = pread(s->j->fd, to, CHUNK, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(
				e, "%s: %s", s->j->path, strerror(errno));
		if (n == 0)
			return 0;
		offset += (uint64_t)n;
		s->in.len += (size_t)n;
		take_lines(s);
		if (s->in.len > s->longest)
			return err_set(e,
				"%s:%llu: the line is longer than %zu bytes, "
				"which none of a journal is",
				s->j->path, (unsigned long long)s->line + 1,
				s->longest);
	}
}

/* What was being written when its writer died is no whole JSON. */
static bool
is_whole(struct span line)
{
	struct json_fault f;

	return json_scan(line, NULL, &f) == 0;
}

/*
 * Is it the beginning of a line of ours? Everything up to the reply is known,
 * once the key is.
 */
static bool
is_our_start(struct span text)
{
	struct span start = SPAN("{\"id\":\""), key = text;
	struct buf whole = { 0 };
	const char *quote;
	bool same;

	if (text.len <= start.len)
		return memcmp(start.s, text.s, text.len) == 0;
	if (!span_starts(text, start))
		return false;
	key.s += start.len, key.len -= start.len;
	quote = memchr(key.s, '"', key.len);
	if (quote)
		key.len = (size_t)(quote - key.s);
	if (key.len > JOURNAL_KEY)
		return false;
	begin_line(&whole, key);
	if (text.len < whole.len)
		whole.len = text.len;
	same = memcmp(whole.s, text.s, whole.len) == 0;
	buf_release(&whole);
	return same;
}

/* Is it a journal, and not a file that was named by mistake? */
static bool
is_journal(const struct scan *s)
{
	struct span rest = buf_span(&s->in), key, body;

	if (s->good)
		return true;
	if (is_whole(rest))
		return journal_parse(rest, &key, &body) >= 0;
	return s->bad == 0 && is_our_start(rest);
}

/*
 * The last line lacks its end: a whole one, as in a downloaded file, gets it; a
 * line that was being written when its writer died goes.
 */
static int
mend_end(struct scan *s, struct err *e)
{
	struct journal *j = s->j;
	struct span line = buf_span(&s->in);
	int rc;

	j->size = s->at;
	if (line.len == 0)
		return 0;
	if (is_whole(line)) {
		take_line(s, line, s->at);
		j->size += line.len + 1;
		rc = pwrite(j->fd, "\n", 1, (off_t)j->size - 1) == 1 ? 0 : -1;
	} else {
		warn("%s:%llu: the last line is torn and cut off", j->path,
			(unsigned long long)s->line + 1);
		rc = ftruncate(j->fd, (off_t)j->size);
	}
	return rc ? err_set(e, "%s: %s", j->path, strerror(errno)) : 0;
}

static int
read_index(struct journal *j, size_t longest, struct err *e)
{
	struct scan s = { .j = j, .longest = longest };
	int rc;

	grow(j);
	rc = scan_file(&s, e);
	if (rc == 0 && !is_journal(&s))
		rc = err_set(e, "%s: this file is no journal", j->path);
	if (rc == 0)
		rc = mend_end(&s, e);
	if (rc == 0 && s.bad)
		warn("%s:%llu: no line of a journal; skipped, with %llu others",
			j->path, (unsigned long long)s.first_bad,
			(unsigned long long)s.bad - 1);
	buf_release(&s.in);
	return rc;
}

static int
lock_file(struct journal *j, struct err *e)
{
	struct stat st;

	if (j->fd < 0 || fstat(j->fd, &st))
		return err_set(e, "%s: %s", j->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s: a journal is a plain file", j->path);
	if (flock(j->fd, LOCK_EX | LOCK_NB))
		return err_set(e,
			"%s: another process has this journal; wait for it or "
			"give each its own",
			j->path);
	return 0;
}

struct journal *
journal_open(const char *path, size_t longest, struct err *e)
{
	struct journal *j = mem_alloc(1, sizeof(*j));
	struct err unused;

	*j = (struct journal){ 0 };
	j->path = mem_alloc(strlen(path) + 1, 1);
	memcpy(j->path, path, strlen(path) + 1);
	j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (lock_file(j, e) == 0 && read_index(j, longest, e) == 0)
		return j;
	journal_close(j, &unused);
	return NULL;
}

/* Reading. */

bool
journal_has(const struct journal *j, const char *key)
{
	return slot_of(j, hash_bytes(0, span_str(key)))->len > 0;
}

static int
read_line(struct journal *j, const struct entry *where, struct err *e)
{
	char *to;

	buf_clear(&j->line);
	to = buf_room(&j->line, where->len);
	while (j->line.len < where->len) {
		ssize_t n = pread(j->fd, to + j->line.len,
			where->len - j->line.len,
			(off_t)(where->at + j->line.len));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, "%s: %s", j->path,
				n ? strerror(errno) : "the file was cut");
		j->line.len += (size_t)n;
	}
	return 0;
}

int
journal_find(
	struct journal *j, const char *key, struct buf *body, struct err *e)
{
	struct entry *where = slot_of(j, hash_bytes(0, span_str(key)));
	struct span found, reply;

	if (where->len == 0)
		return 0;
	if (read_line(j, where, e))
		return -1;
	if (journal_parse(buf_span(&j->line), &found, &reply) != 1)
		return err_set(e, "%s: the file was changed", j->path);
	if (!span_is(found, key))
		return 0;
	buf_add(body, reply);
	return 1;
}

/* Writing. */

/* JSON has line ends only between its tokens: there they may be blanks. */
static void
add_on_one_line(struct buf *b, struct span json)
{
	size_t from = b->len;

	buf_add(b, json);
	for (char *p = b->s + from, *end = b->s + b->len; p < end; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
}

static void
make_line(struct buf *b, const char *key, const char *id, struct span body)
{
	buf_clear(b);
	begin_line(b, span_str(key));
	emit_key(b, "request_id"), emit_cstr(b, id);
	emit_key(b, "body"), add_on_one_line(b, json_value(body));
	emit_end(b, '}');
	emit_key(b, "error"), emit_null(b);
	emit_end(b, '}');
	buf_byte(b, '\n');
}

/* One write for the line; what is torn after all is taken back. */
static int
append(struct journal *j, struct err *e)
{
	ssize_t n = write(j->fd, j->line.s, j->line.len);
	int why = n < 0 ? errno : ENOSPC;

	if (n == (ssize_t)j->line.len)
		return 0;
	if (n > 0 && ftruncate(j->fd, (off_t)j->size))
		j->torn = true;
	return err_set(e, "%s: %s", j->path, strerror(why));
}

int
journal_add(struct journal *j, const char *key, const char *id,
	struct span body, struct err *e)
{
	if (j->torn)
		return err_set(e, "%s: its last line is torn", j->path);
	make_line(&j->line, key, id, body);
	if (append(j, e))
		return -1;
	remember(j, span_str(key), j->size, j->line.len - 1);
	j->size += j->line.len;
	j->unsynced = true;
	return 0;
}

int
journal_sync(struct journal *j, struct err *e)
{
	if (!j->unsynced)
		return 0;
	j->unsynced = false;
	if (fdatasync(j->fd) && errno != EINVAL && errno != EROFS)
		return err_set(e, "%s: %s", j->path, strerror(errno));
	return 0;
}

int
journal_close(struct journal *j, struct err *e)
{
	int rc = 0;

	if (j == NULL)
		return 0;
	if (j->fd >= 0) {
		rc = journal_sync(j, e);
		if (close(j->fd) && rc == 0)
			rc = err_set(e, "%s: %s", j->path, strerror(errno));
	}
	buf_release(&j->line);
	free(j->slots);
	free(j->path);
	free(j);
	return rc;
}
