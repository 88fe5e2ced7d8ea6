#include "vision/recall_read.h"

/* Where else the place of an image may stand. */
#define OR_BY ", or give records that tell by "

/* What has no rank comes last: in the input's order, where nothing has one. */
static double
rank_of(struct recall_read *to, const struct rec *r)
{
	struct span rank = rec_get(r, "rank");
	double order;

	if (json_f64(rank, &order)) {
		to->ranked++;
		return order;
	}
	if (json_kind(rank) > JSON_NULL)
		complain_of(to->unusable, r,
			"\"rank\" is no number: the pair comes last");
	else if (!rec_failed(r))
		to->unranked++;
	return HUGE_VAL;
}

static double
order_of(struct recall_read *to, const struct rec *r)
{
	double order;
	struct err e;

	if (to->by == NULL)
		return rank_of(to, r);
	if (expr_f64(to->by, r->raw, &order, &e) == 0)
		return -order;
	if (!rec_failed(r))
		complain_of(to->unusable, r, "--by: %s", e.msg);
	return HUGE_VAL;
}

/*
 * The image's index, SIZE_MAX where there is none. Of an image that is not in a
 * list the first record says where it is, and others may not differ: what is
 * measured would depend on their order.
 */
static size_t
image_of(struct recall_read *to, struct recall_images *im, const struct rec *r,
	struct span image, const char *what)
{
	struct err e;
	size_t i = recall_images_add(im, image, &e);

	if (i == SIZE_MAX)
		complain_of(to->unusable, r, "%s: %s%s", what, e.msg,
			im->listed                ? ""
			: im == &to->to->database ? OR_BY "--database FILE"
						  : OR_BY "--truth FILE");
	else if (!im->listed && !recall_agrees(to->to, im, i, image))
		complain_of(to->unusable, r,
			"%s is elsewhere than in an earlier record, which "
			"counts",
			what);
	return i;
}

/* Which image the answer is; SIZE_MAX where that cannot be told. */
static size_t
match_of(struct recall_read *to, const struct rec *r)
{
	struct recall_images *im = &to->to->database;
	struct span match = rec_get(r, "match");

	if (rec_failed(r))
		return SIZE_MAX;
	if (recall_images_admit(im, match))
		return image_of(to, im, r, match, "the match");
	complain_of(to->unusable, r, "the match is not in --database");
	return SIZE_MAX;
}

void
recall_read_pair(struct recall_read *to, const struct rec *r)
{
	struct recall_images *im = &to->to->queries;
	struct span query = rec_get(r, "query");
	double order;
	size_t from;

	if (!recall_images_admit(im, query)) {
		to->unlisted++;
		return;
	}
	from = image_of(to, im, r, query, "the query");
	if (from == SIZE_MAX)
		return;
	order = order_of(to, r);
	recall_add(to->to, from, match_of(to, r), order);
}

void
recall_read_query(struct recall_read *to, const struct rec *r)
{
	struct recall_images *im = &to->to->queries;
	struct arena a = { 0 };
	struct place place;

	if (!im->listed && place_read(&place, r->raw, NULL) == 0 &&
		place_name(r->raw, &a).s)
		image_of(to, im, r, r->raw, "the query");
	arena_release(&a);
}
