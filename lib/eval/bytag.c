#include <stdlib.h>

#include "eval/bytag.h"
#include "eval/metrics.h"

struct bytag_tag {
	struct rubric_sum sum;
	uint64_t record; /* the last one that has it, as ${start} */
	uint64_t item;   /* the last criterion that has it, as ${now} */
	bool example;    /* it stands in the record's example_tags */
	bool allowed;    /* the result has no other use for the name */
};

/* The name's state, made current for the record at hand. */
static struct bytag_tag *
touch(struct bytag *b, struct span name)
{
	uint32_t i = tally_name(b->tally, name);
	size_t old = b->ntags;
	struct bytag_tag *tag;

	b->tags = mem_grow(b->tags, &b->ntags, i + 1, sizeof(*b->tags));
	memset(b->tags + old, 0, (b->ntags - old) * sizeof(*b->tags));
	tag = &b->tags[i];
	if (tag->record == b->start)
		return tag;
	*tag = (struct bytag_tag){ .record = b->start,
		.allowed = tag->allowed || !metrics_reserved(name) };
	b->touched = mem_grow(b->touched, &b->touched_cap, b->ntouched + 1,
		sizeof(*b->touched));
	b->touched[b->ntouched++] = i;
	return tag;
}

/* The state of a tag, or NULL with ${e} filled. */
static struct bytag_tag *
read_tag(struct bytag *b, struct span json, struct err *e)
{
	struct span name = json_str(json, &b->arena);
	struct bytag_tag *tag = name.s ? touch(b, name) : NULL;

	if (tag && tag->allowed)
		return tag;
	if (tag == NULL)
		err_set(e, "%s where a tag, a string, is expected",
			json_kind_name(json_kind(json)));
	else
		err_set(e, "the tag %.*s is a name that the result needs",
			SPAN_ARG(json));
	return NULL;
}

static int
read_item(struct bytag *b, struct span json, struct err *e)
{
	struct rubric_item item;
	struct json_iter it;
	struct json_member m;

	if (rubric_read(json, &item, e))
		return -1;
	b->now++;
	b->ungraded += item.verdict == VERDICT_NONE;
	rubric_add(&b->all, &item);
	it = json_iter(item.tags);
	while (json_next(&it, &m)) {
		struct bytag_tag *tag = read_tag(b, m.value, e);

		if (tag == NULL)
			return -1;
		if (tag->item == b->now)
			return err_set(e, "the tag %.*s is there twice",
				SPAN_ARG(m.value));
		tag->item = b->now;
		rubric_add(&tag->sum, &item);
	}
	return 0;
}

static int
read_items(struct bytag *b, struct span items, struct err *e)
{
	struct json_iter it = json_iter(items);
	struct json_member m;
	struct err why;
	size_t n = 0;

	if (items.s == NULL)
		return err_set(e, "no \"rubric_items\": grade it with "
				  "cupel-grade first");
	if (json_kind(items) != JSON_ARRAY)
		return err_set(e,
			"\"rubric_items\" is %s, an array is "
			"expected",
			json_kind_name(json_kind(items)));
	for (; json_next(&it, &m); n++)
		if (read_item(b, m.value, &why))
			return err_set(e, "rubric_items[%zu]: %s", n, why.msg);
	return n ? 0 : err_set(e, "the rubric is empty");
}

static int
read_example_tags(struct bytag *b, struct span tags, struct err *e)
{
	enum json_kind kind = json_kind(tags);
	struct json_iter it = json_iter(tags);
	struct json_member m;
	struct err why;

	if (kind != JSON_ABSENT && kind != JSON_NULL && kind != JSON_ARRAY)
		return err_set(e,
			"\"example_tags\" is %s, an array is "
			"expected",
			json_kind_name(kind));
	while (json_next(&it, &m)) {
		struct bytag_tag *tag = read_tag(b, m.value, &why);

		if (tag == NULL)
			return err_set(e, "example_tags: %s", why.msg);
		if (tag->example)
			return err_set(e,
				"example_tags: the tag %.*s is there "
				"twice",
				SPAN_ARG(m.value));
		tag->example = true;
	}
	return 0;
}

static int
put_values(struct bytag *b, struct err *e)
{
	double overall, score;

	if (!rubric_total(&b->all, &overall))
		return err_set(e, "no criterion has positive points: the "
				  "score is undefined");
	tally_put(
		b->tally, tally_name(b->tally, SPAN("overall_score")), overall);
	for (size_t i = 0; i < b->ntouched; i++) {
		const struct bytag_tag *tag = &b->tags[b->touched[i]];

		if (rubric_total(&tag->sum, &score))
			tally_put(b->tally, b->touched[i], score);
		else if (tag->example)
			tally_put(b->tally, b->touched[i], overall);
	}
	return 0;
}

enum tally_fate
bytag_read(struct bytag *b, const struct rec *r, struct err *e)
{
	b->start = ++b->now;
	b->all = (struct rubric_sum){ 0 };
	b->ungraded = b->ntouched = 0;
	arena_clear(&b->arena);
	if (read_items(b, rec_get(r, "rubric_items"), e) ||
		read_example_tags(b, rec_get(r, "example_tags"), e)) {
		b->ungraded = 0;
		return TALLY_UNUSABLE;
	}
	if (b->ungraded)
		return TALLY_UNGRADED;
	return put_values(b, e) ? TALLY_UNUSABLE : TALLY_COUNTED;
}

void
bytag_release(struct bytag *b)
{
	free(b->tags);
	free(b->touched);
	arena_release(&b->arena);
	*b = (struct bytag){ .tally = b->tally };
}
