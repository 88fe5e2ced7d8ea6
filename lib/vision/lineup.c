#include "record/json.h"
#include "vision/lineup.h"
#include "vision/place.h"
#include "vision/side.h"

void
lineup_start(struct lineup *l, uint64_t matches)
{
	struct place_limits right = l->right;
	uint64_t n = matches < LINEUP_MATCHES ? matches : LINEUP_MATCHES;

	*l = (struct lineup){ .contact.columns = (uint32_t)n + 1,
		.right = right };
}

/* Is the row that was begun last on the sheet? */
static bool
is_drawn(const struct lineup *l)
{
	return l->contact.rows > 0 && l->queries == l->contact.rows;
}

static int
read_image(struct span record, struct image *im, struct err *e)
{
	struct arena a = { 0 };
	struct span name = json_str(json_get(record, "image"), &a);
	int rc;

	if (name.s && !memchr(name.s, '\0', name.len))
		rc = image_read(im, arena_dup(&a, name), e);
	else
		rc = err_set(e, "a record has no \"image\"");
	arena_release(&a);
	return rc;
}

static void
put(struct lineup *l, uint32_t column, struct span record,
	struct contact_tile tile)
{
	struct arena a = { 0 };
	struct image im = { 0 };
	struct err e;

	tile.name = place_name(record, &a);
	if (read_image(record, &im, &e) == 0)
		tile.image = &im;
	else if (l->unreadable++ == 0)
		l->why = e;
	contact_put(&l->contact, column, &tile);
	image_release(&im);
	arena_release(&a);
}

void
lineup_query(struct lineup *l, struct span record)
{
	l->query = record;
	if (l->queries++ == l->contact.rows && l->contact.rows < LINEUP_ROWS &&
		contact_row(&l->contact, NULL) == 0)
		put(l, 0, record, (struct contact_tile){ 0 });
}

static enum contact_mark
mark_of(const struct lineup *l, struct span match)
{
	struct place a, b;

	if (place_read(&a, l->query, NULL) || place_read(&b, match, NULL))
		return CONTACT_PLAIN;
	return place_right(&a, &b, &l->right) ? CONTACT_RIGHT : CONTACT_WRONG;
}

void
lineup_match(
	struct lineup *l, struct span record, uint64_t rank, struct span note)
{
	if (!is_drawn(l) || rank >= l->contact.columns)
		return;
	put(l, (uint32_t)rank, record,
		(struct contact_tile){
			.note = note, .mark = mark_of(l, record) });
}

int
lineup_save(struct lineup *l, const char *path, struct err *e)
{
	if (l->contact.rows == 0) {
		warn("%s: there is no query to draw: there is no picture",
			path);
		return side_drop(path, e);
	}
	if (image_write(&l->contact.sheet, path, e))
		return -1;
	if (l->queries > l->contact.rows)
		warn("%s: the first %lu of %llu queries are drawn", path,
			(unsigned long)l->contact.rows,
			(unsigned long long)l->queries);
	if (l->unreadable)
		warn("%s: images that cannot be read: %llu; the first: %s",
			path, (unsigned long long)l->unreadable, l->why.msg);
	return 0;
}

void
lineup_release(struct lineup *l)
{
	contact_release(&l->contact);
}
