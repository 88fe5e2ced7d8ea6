/* exam_rubric: HealthBench's questions, one for each criterion. */
#include "eval/exam_kind.h"
#include "eval/rubric.h"
#include "eval/talk.h"
#include "eval/template.h"
#include "record/emit.h"

/* The questions. */

static int
bad_rubric(struct rec *r, const char *what)
{
	rec_fail(r, "bad_rubric", "%s", what);
	return -1;
}

/* One item of "rubrics": a criterion and its points. */
static int
read_item(struct exam *x, struct rec *r, struct span json, bool *positive)
{
	struct rubric_item item;
	struct err e;
	int rc = rubric_read(json, &item, &e);

	if (rc == 0 && item.criterion.s == NULL)
		rc = err_set(&e, "\"criterion\" is missing");
	if (rc) {
		rec_fail(r, "bad_rubric", "rubrics[%zu]: %s", x->n, e.msg);
		return -1;
	}
	*positive |= item.points > 0;
	exam_add(x, r, json);
	return 0;
}

/* All of them, or none: a rubric that cannot be scored is not asked about. */
static int
read_rubrics(struct exam *x, struct rec *r, struct span rubrics)
{
	struct json_iter it = json_iter(rubrics);
	struct json_member m;
	bool positive = false;

	x->questions = arena_array(
		&r->arena, json_count(rubrics), sizeof(*x->questions));
	while (json_next(&it, &m))
		if (read_item(x, r, m.value, &positive))
			return -1;
	if (x->n == 0)
		return bad_rubric(r, "rubrics: at least one item is expected");
	if (!positive)
		return bad_rubric(r, "rubrics: no item has positive points, so "
				     "there is no score");
	return 0;
}

static int
read_questions(struct exam *x, struct rec *r)
{
	struct span rubrics = rec_get(r, "rubrics");
	struct span rubric = rec_get(r, "rubric");

	if (json_kind(rubrics) == JSON_ARRAY)
		return read_rubrics(x, r, rubrics);
	if (rubrics.s || json_kind(rubric) != JSON_STRING)
		return bad_rubric(r, "rubrics: a list of {criterion, points} "
				     "is expected");
	x->single = true;
	x->questions = arena_array(&r->arena, 1, sizeof(*x->questions));
	exam_add(x, r, rubric);
	return 0;
}

/* "[points] criterion" with the points as they were written. */
static void
put_item(struct buf *b, const struct exam *x, struct span item)
{
	struct arena a = { 0 };
	struct span points = json_get(item, "points");

	if (!x->single)
		buf_printf(b, "[%.*s] ", SPAN_ARG(points));
	buf_add(b,
		json_str(x->single ? item : json_get(item, "criterion"), &a));
	arena_release(&a);
}

static void
write_text(struct exam *x, struct rec *r, struct exam_question *q,
	struct span conversation)
{
	struct buf item = { 0 }, text = { 0 };

	put_item(&item, x, q->subject);
	template_fill(&text, x->plan->grader->template,
		(struct template_slot[]){
			{ SPAN("<<conversation>>"), conversation },
			{ SPAN("<<rubric_item>>"), buf_span(&item) } },
		2);
	q->text = exam_keep(r, &text);
	buf_release(&item);
}

static int
open_rubric(struct exam *x, struct rec *r)
{
	struct buf conversation = { 0 };
	int rc = read_questions(x, r);

	if (rc == 0)
		rc = exam_say(&conversation, r, talk_text);
	for (size_t i = 0; rc == 0 && i < x->n; i++)
		write_text(x, r, &x->questions[i], buf_span(&conversation));
	buf_release(&conversation);
	return rc;
}

/* Reading and voting. */

static bool
read_verdict(const struct exam *x, struct rec *r, struct exam_vote *v,
	const struct chat_reply *reply)
{
	const struct grader *g = x->plan->grader;
	struct span object, text;
	struct err e;

	if (reply->end != CHAT_ANSWER)
		return exam_refuse(
			v, r, arena_dup(&r->arena, reply->error_message));
	v->verdict = verdict_json(
		reply->text, g->field, &object, &r->arena, &e);
	if (v->verdict == VERDICT_NONE)
		return exam_refuse(v, r, e.msg);
	if (g->explanation) {
		text = json_get(object, g->explanation);
		if (text.s) /* the reply is gone before the record is */
			text.s = arena_dup(&r->arena, text);
		v->explanation = text;
	}
	return true;
}

/* The verdict of the majority, with the words of the first who gave it. */
static bool
settle(const struct exam *x, struct rec *r, struct exam_question *q)
{
	unsigned n = x->plan->judges;
	enum verdict *all = arena_array(&r->arena, n, sizeof(*all));
	enum verdict most;

	for (unsigned i = 0; i < n; i++)
		all[i] = q->votes[i].verdict;
	most = verdict_majority(all, n);
	q->result = (struct exam_vote){ .code = "ungraded",
		.reason = "the judges are divided" };
	for (unsigned i = n; i-- > 0;)
		if (q->votes[i].verdict == most)
			q->result = q->votes[i];
	return most != VERDICT_NONE;
}

/* Folding back. */

static struct span
json_of(struct rec *r, const char *text)
{
	struct buf b = { 0 };

	emit_cstr(&b, text);
	return exam_keep(r, &b);
}

static struct span
json_verdict(enum verdict v)
{
	return v == VERDICT_NONE   ? SPAN("null")
	       : v == VERDICT_TRUE ? SPAN("true")
	                           : SPAN("false");
}

/* Sets a vote's members on ${to}, the record or one item of its rubric. */
static void
put_vote(struct rec *to, const struct exam_vote *v)
{
	struct span none = SPAN("\"No explanation provided\"");

	rec_set(to, "criteria_met", json_verdict(v->verdict));
	if (v->verdict == VERDICT_NONE)
		rec_set(to, "ungraded", json_of(to, v->reason));
	else
		rec_set(to, "explanation",
			v->explanation.s ? v->explanation : none);
}

/* With several judges, each one's vote is kept. */
static void
put_judges(struct rec *to, const struct exam *x, const struct exam_question *q)
{
	struct buf b = { 0 };
	struct rec one = { 0 };
	struct json_fault f;

	if (x->plan->judges < 2)
		return;
	emit_begin(&b, '[');
	for (unsigned i = 0; i < x->plan->judges; i++) {
		struct buf vote = { 0 };

		rec_parse(&one, SPAN("{}"), &f);
		put_vote(&one, &q->votes[i]);
		rec_print(&one, &vote);
		emit_raw(&b, buf_span(&vote));
		buf_release(&vote);
	}
	emit_end(&b, ']');
	rec_set_buf(to, "judges", &b);
	rec_release(&one);
	buf_release(&b);
}

static void
put_question(struct buf *b, const struct exam *x, const struct exam_question *q)
{
	struct rec item = { 0 };
	struct buf text = { 0 };
	struct json_fault f;

	rec_parse(&item, q->subject, &f);
	put_vote(&item, &q->result);
	put_judges(&item, x, q);
	rec_print(&item, &text);
	emit_raw(b, buf_span(&text));
	buf_release(&text);
	rec_release(&item);
}

static void
put_score(const struct exam *x, struct rec *r)
{
	struct rubric_sum sum = { 0 };
	struct buf b = { 0 };
	double score;

	for (size_t i = 0; i < x->n; i++) {
		struct rubric_item item;
		struct err e;

		if (rubric_read(x->questions[i].subject, &item, &e))
			return;
		item.verdict = x->questions[i].result.verdict;
		rubric_add(&sum, &item);
	}
	if (rubric_total(&sum, &score)) {
		emit_f64(&b, score);
		rec_set_buf(r, "score", &b);
	}
	buf_release(&b);
}

static void
put_items(const struct exam *x, struct rec *r)
{
	struct buf b = { 0 };

	emit_begin(&b, '[');
	for (size_t i = 0; i < x->n; i++)
		put_question(&b, x, &x->questions[i]);
	emit_end(&b, ']');
	rec_set_buf(r, "rubric_items", &b);
	buf_release(&b);
}

static void
close_rubric(const struct exam *x, struct rec *r, bool complete)
{
	if (x->single) {
		put_vote(r, &x->questions[0].result);
		put_judges(r, x, &x->questions[0]);
		return;
	}
	put_items(x, r);
	if (complete)
		put_score(x, r);
}

const struct exam_kind exam_rubric = {
	open_rubric,
	read_verdict,
	settle,
	close_rubric,
};
