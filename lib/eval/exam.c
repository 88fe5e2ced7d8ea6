#include "eval/exam.h"
#include "eval/rubric.h"
#include "eval/talk.h"
#include "eval/template.h"
#include "record/emit.h"

/* Reading the questions. */

static int
no_conversation(struct rec *r, const struct err *e)
{
	const char *code = !talk_prompt(r).s             ? "no_prompt"
	                   : !rec_get(r, "completion").s ? "no_completion"
	                                                 : "bad_conversation";

	rec_fail(r, code, "%s", e->msg);
	return -1;
}

static int
bad_rubric(struct rec *r, const char *what)
{
	rec_fail(r, "bad_rubric", "%s", what);
	return -1;
}

static void
add_question(struct exam *x, struct rec *r, struct span item)
{
	struct exam_question *q = &x->questions[x->n++];

	q->item = item;
	q->votes = arena_array(&r->arena, x->judges, sizeof(*q->votes));
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
	add_question(x, r, json);
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
	add_question(x, r, rubric);
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

	put_item(&item, x, q->item);
	template_fill(&text, x->grader->template,
		(struct template_slot[]){
			{ SPAN("<<conversation>>"), conversation },
			{ SPAN("<<rubric_item>>"), buf_span(&item) } },
		2);
	q->text = (struct span){ arena_dup(&r->arena, buf_span(&text)),
		text.len };
	buf_release(&text);
	buf_release(&item);
}

int
exam_open(
	struct exam *x, struct rec *r, const struct grader *g, unsigned judges)
{
	struct buf conversation = { 0 };
	struct err e;
	int rc;

	*x = (struct exam){ .grader = g, .judges = judges };
	rc = read_questions(x, r);
	if (rc == 0 && talk_text(&conversation, r, &e))
		rc = no_conversation(r, &e);
	for (size_t i = 0; rc == 0 && i < x->n; i++)
		write_text(x, r, &x->questions[i], buf_span(&conversation));
	buf_release(&conversation);
	return rc;
}

/* Taking answers. */

bool
exam_answer(struct exam *x, struct rec *r, size_t i, unsigned judge,
	struct span reply)
{
	struct exam_vote *v = &x->questions[i].votes[judge];
	struct span object, why = x->grader->explanation;
	struct err e;

	*v = (struct exam_vote){ 0 };
	v->verdict = verdict_json(
		reply, x->grader->field, &object, &r->arena, &e);
	if (v->verdict == VERDICT_NONE) {
		v->code = "ungraded";
		v->reason = arena_dup(&r->arena, span_str(e.msg));
		return false;
	}
	if (why.s) {
		struct span text = json_get(object, arena_dup(&r->arena, why));

		/* the reply need not live as long as the record */
		if (text.s)
			v->explanation = (struct span){
				arena_dup(&r->arena, text), text.len
			};
	}
	return true;
}

void
exam_miss(struct exam *x, size_t i, unsigned judge, const char *code,
	const char *reason)
{
	x->questions[i].votes[judge] = (struct exam_vote){ .code = code,
		.reason = reason };
}

/* Folding back. */

/* The verdict of the majority, with the words of the first who gave it. */
static void
settle(const struct exam *x, struct rec *r, struct exam_question *q)
{
	enum verdict *all = arena_array(&r->arena, x->judges, sizeof(*all));
	enum verdict most;

	for (unsigned i = 0; i < x->judges; i++)
		all[i] = q->votes[i].verdict;
	most = verdict_majority(all, x->judges);
	q->result = (struct exam_vote){ .code = "ungraded",
		.reason = "the judges are divided" };
	for (unsigned i = x->judges; i-- > 0;)
		if (q->votes[i].verdict == most)
			q->result = q->votes[i];
}

static struct span
json_of(struct rec *r, const char *text)
{
	struct buf b = { 0 };
	struct span json;

	emit_cstr(&b, text);
	json = (struct span){ arena_dup(&r->arena, buf_span(&b)), b.len };
	buf_release(&b);
	return json;
}

static struct span
verdict_json_text(enum verdict v)
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

	rec_set(to, "criteria_met", verdict_json_text(v->verdict));
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

	if (x->judges < 2)
		return;
	emit_begin(&b, '[');
	for (unsigned i = 0; i < x->judges; i++) {
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

	rec_parse(&item, q->item, &f);
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

		if (rubric_read(x->questions[i].item, &item, &e))
			return;
		item.verdict = x->questions[i].result.verdict == VERDICT_TRUE
		                       ? RUBRIC_MET
		                       : RUBRIC_UNMET;
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

void
exam_close(struct exam *x, struct rec *r)
{
	const struct exam_vote *first = NULL;
	size_t missing = 0;

	for (size_t i = 0; i < x->n; i++) {
		struct exam_question *q = &x->questions[i];

		settle(x, r, q);
		if (q->result.verdict == VERDICT_NONE && missing++ == 0)
			first = &q->result;
	}
	if (x->single) {
		put_vote(r, &x->questions[0].result);
		put_judges(r, x, &x->questions[0]);
	} else
		put_items(x, r);
	if (missing)
		rec_fail(r, first->code,
			"%zu of %zu questions have no verdict: %s", missing,
			x->n, first->reason);
	else if (!x->single)
		put_score(x, r);
}
