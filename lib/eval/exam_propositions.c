/* exam_propositions: a yes or no question for each proposition that is needed. */
#include "eval/exam_kind.h"
#include "eval/talk.h"
#include "eval/template.h"
#include "record/emit.h"

/* The questions. */

/* The response type's propositions: NULL where the rules have none for it. */
static const struct rules_type *
type_of(const struct exam *x, struct rec *r)
{
	struct span name = json_str(rec_get(r, "response_type"), &r->arena);

	return name.s ? rules_type(x->plan->rules, name) : NULL;
}

/*
 * What was said before the reply stands in front, unless the template says where. What the
 * record says is put in once and never looked at again: it may hold anything.
 */
static struct span
question_text(const struct exam *x, struct rec *r, struct span question,
	const struct template_slot said[2])
{
	const struct template_slot slots[] = { { SPAN("{question}"), question },
		said[0], said[1] };
	struct span template = x->plan->rules->template;
	struct buf b = { 0 };

	if (!span_find(template, said[0].name)) {
		buf_add(&b, said[0].text);
		buf_add(&b, SPAN("\n\n"));
	}
	template_once(&b, template, slots, 3);
	return exam_keep(r, &b);
}

static void
ask_about(struct exam *x, struct rec *r, size_t prop,
	const struct template_slot said[2])
{
	const struct rules_prop *p = &x->plan->rules->simple[prop];

	exam_add(x, r, p->name)->text = question_text(x, r, p->prompt, said);
}

static void
ask_all(struct exam *x, struct rec *r, const struct rules_type *type,
	const struct template_slot said[2])
{
	const struct rules *rules = x->plan->rules;
	size_t n = x->plan->every ? rules->nsimple : type->nneeds;

	x->questions = arena_array(&r->arena, n, sizeof(*x->questions));
	for (size_t i = 0; i < n; i++)
		ask_about(x, r, x->plan->every ? i : type->needs[i], said);
}

/* Is there anything to ask? -1: nobody knows, and the record says so. */
static int
check_type(const struct exam *x, struct rec *r, const struct rules_type *type)
{
	if (x->plan->every || type)
		return 1;
	if (json_kind(rec_get(r, "response_type")) == JSON_STRING)
		return 0;
	rec_fail(r, "response_type",
		"response_type is missing: it says what to ask");
	return -1;
}

/* A record of a type that the rules do not speak of needs no propositions. */
static int
open_propositions(struct exam *x, struct rec *r)
{
	const struct rules_type *type = type_of(x, r);
	struct buf context = { 0 }, reply = { 0 };
	int rc = check_type(x, r, type);

	if (rc <= 0)
		return rc;
	rc = exam_say(&context, r, talk_context) ||
	                     exam_say(&reply, r, talk_reply)
	             ? -1
	             : 0;
	if (rc == 0)
		ask_all(x, r, type,
			(struct template_slot[]){
				{ SPAN("{conversation}"), buf_span(&context) },
				{ SPAN("{response}"), buf_span(&reply) } });
	buf_release(&context);
	buf_release(&reply);
	return rc;
}

/* Reading and voting. */

/* Yes and no come first: a reply that was cut off behind them is one. */
static bool
read_yesno(const struct exam *x, struct rec *r, struct exam_vote *v,
	const struct chat_reply *reply)
{
	(void)x;
	if (reply->end != CHAT_ANSWER && reply->end != CHAT_LENGTH)
		return exam_refuse(
			v, r, arena_dup(&r->arena, reply->error_message));
	if (yesno_logprobs(&v->yesno, reply->logprobs)) {
		if (v->yesno.source != YESNO_NONE)
			return true;
		return exam_refuse(
			v, r, "neither yes nor no is among the likely answers");
	}
	if (yesno_text(&v->yesno, reply->text))
		return true;
	return exam_refuse(v, r, "the answer does not begin with yes or no");
}

/* The mean of the judges who have a probability. */
static bool
settle(const struct exam *x, struct rec *r, struct exam_question *q)
{
	struct yesno sum = { 0 };
	double n = 0;

	(void)r;
	q->result = q->votes[0];
	for (unsigned i = 0; i < x->plan->judges; i++) {
		const struct exam_vote *v = &q->votes[i];

		if (v->yesno.source == YESNO_NONE)
			continue;
		n++;
		q->result = *v;
		sum.p += v->yesno.p;
		sum.low += v->yesno.low;
		sum.high += v->yesno.high;
		sum.coverage += v->yesno.coverage;
	}
	if (!(n > 0))
		return false;
	q->result.yesno.p = sum.p / n;
	q->result.yesno.low = sum.low / n;
	q->result.yesno.high = sum.high / n;
	q->result.yesno.coverage = sum.coverage / n;
	return true;
}

/* Folding back. */

/* How the judges who answered did so; "mixed" where they did not do alike. */
static const char *
source_of(const struct exam *x, const struct exam_question *q)
{
	unsigned by[YESNO_VERBAL + 1] = { 0 };

	for (unsigned i = 0; i < x->plan->judges; i++)
		by[q->votes[i].yesno.source]++;
	if (by[YESNO_LOGPROBS] && by[YESNO_VERBAL])
		return "mixed";
	if (by[YESNO_LOGPROBS])
		return "logprobs";
	return by[YESNO_VERBAL] > 1 ? "samples" : "verbal";
}

static void
put_source(struct buf *b, const struct exam *x, const struct exam_question *q)
{
	const struct yesno *y = &q->result.yesno;
	const char *by = source_of(x, q);

	emit_begin(b, '{');
	if (y->source == YESNO_NONE) {
		emit_key(b, "by"), emit_null(b);
		emit_key(b, "reason"), emit_cstr(b, q->result.reason);
	} else {
		emit_key(b, "by"), emit_cstr(b, by);
	}
	if (y->source == YESNO_LOGPROBS) {
		emit_key(b, "low"), emit_f64(b, y->low);
		emit_key(b, "high"), emit_f64(b, y->high);
		emit_key(b, "coverage"), emit_f64(b, y->coverage);
	}
	emit_end(b, '}');
}

static void
close_propositions(const struct exam *x, struct rec *r, bool complete)
{
	struct buf p = { 0 }, from = { 0 };

	(void)complete;
	if (x->n == 0)
		return;
	emit_begin(&p, '{');
	emit_begin(&from, '{');
	for (size_t i = 0; i < x->n; i++) {
		const struct exam_question *q = &x->questions[i];

		emit_key_span(&p, q->subject);
		if (q->result.yesno.source == YESNO_NONE)
			emit_null(&p);
		else
			emit_f64(&p, q->result.yesno.p);
		emit_key_span(&from, q->subject);
		put_source(&from, x, q);
	}
	emit_end(&p, '}');
	emit_end(&from, '}');
	rec_set(r, "propositions", exam_keep(r, &p));
	rec_set(r, "propositions_from", exam_keep(r, &from));
}

const struct exam_kind exam_propositions = {
	open_propositions,
	read_yesno,
	settle,
	close_propositions,
};
