#include <math.h>

#include "rubric.h"

/* Within these bounds no sum or quotient of points overflows. */
#define LEAST 1e-100
#define MOST 1e100

static int
read_points(struct span v, struct rubric_item *item, struct err *e)
{
	if (v.s == NULL)
		return err_set(e, "\"points\" is missing");
	if (!json_f64(v, &item->points))
		return err_set(e,
			"\"points\" is %s, a finite number is expected",
			json_kind_name(json_kind(v)));
	if (item->points != 0 &&
		!(fabs(item->points) > LEAST && fabs(item->points) < MOST))
		return err_set(e, "\"points\" is %.*s, beyond all reason",
			SPAN_ARG(v));
	return 0;
}

static int
read_verdict(struct span v, struct rubric_item *item, struct err *e)
{
	switch (json_kind(v)) {
	case JSON_TRUE:
		return item->verdict = VERDICT_TRUE, 0;
	case JSON_FALSE:
		return item->verdict = VERDICT_FALSE, 0;
	case JSON_ABSENT:
	case JSON_NULL:
		return item->verdict = VERDICT_NONE, 0;
	default:
		return err_set(e,
			"\"criteria_met\" is %s, true, false or null is "
			"expected",
			json_kind_name(json_kind(v)));
	}
}

static int
read_tags(struct span v, struct rubric_item *item, struct err *e)
{
	enum json_kind kind = json_kind(v);

	if (kind != JSON_ABSENT && kind != JSON_NULL && kind != JSON_ARRAY)
		return err_set(e, "\"tags\" is %s, an array is expected",
			json_kind_name(kind));
	if (kind == JSON_ARRAY)
		item->tags = v;
	return 0;
}

/* One walk over the members instead of a search for each. */
int
rubric_read(struct span json, struct rubric_item *item, struct err *e)
{
	struct span points = { 0 }, verdict = { 0 }, tags = { 0 };
	struct json_iter it = json_iter(json);
	struct json_member m;

	*item = (struct rubric_item){ 0 };
	if (json_kind(json) != JSON_OBJECT)
		return err_set(e, "%s where an object is expected",
			json_kind_name(json_kind(json)));
	while (json_next(&it, &m)) {
		if (json_is(m.key, "criterion"))
			item->criterion = m.value;
		else if (json_is(m.key, "points"))
			points = m.value;
		else if (json_is(m.key, "tags"))
			tags = m.value;
		else if (json_is(m.key, "criteria_met"))
			verdict = m.value;
	}
	if (read_points(points, item, e) || read_verdict(verdict, item, e))
		return -1;
	return read_tags(tags, item, e);
}

void
rubric_add(struct rubric_sum *s, const struct rubric_item *item)
{
	if (item->points > 0)
		s->possible += item->points;
	if (item->verdict == VERDICT_TRUE)
		s->achieved += item->points;
}

bool
rubric_total(const struct rubric_sum *s, double *score)
{
	if (!(s->possible > 0))
		return false;
	*score = s->achieved / s->possible;
	return true;
}

bool
rubric_score(const struct rubric_item *items, size_t n, double *score)
{
	struct rubric_sum sum = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (items[i].verdict == VERDICT_NONE)
			return false;
		rubric_add(&sum, &items[i]);
	}
	return rubric_total(&sum, score);
}
