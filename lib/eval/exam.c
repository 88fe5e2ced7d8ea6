#include "eval/exam_kind.h"
#include "eval/talk.h"

static const struct exam_kind *
kind_of(const struct exam *x)
{
	return x->plan->grader->questions == GRADER_PROPOSITIONS
	               ? &exam_propositions
	               : &exam_rubric;
}

struct exam_question *
exam_add(struct exam *x, struct rec *r, struct span subject)
{
	struct exam_question *q = &x->questions[x->n++];

	*q = (struct exam_question){ .subject = subject };
	q->votes = arena_array(&r->arena, x->plan->judges, sizeof(*q->votes));
	return q;
}

int
exam_say(struct buf *b, struct rec *r,
	int (*talk)(struct buf *, const struct rec *, struct err *))
{
	const char *code = !talk_prompt(r).s             ? "no_prompt"
	                   : !rec_get(r, "completion").s ? "no_completion"
	                                                 : "bad_conversation";
	struct err e;

	if (talk(b, r, &e) == 0)
		return 0;
	rec_fail(r, code, "%s", e.msg);
	return -1;
}

struct span
exam_keep(struct rec *r, struct buf *b)
{
	struct span kept = { arena_dup(&r->arena, buf_span(b)), b->len };

	buf_release(b);
	return kept;
}

bool
exam_refuse(struct exam_vote *vote, struct rec *r, const char *reason)
{
	*vote = (struct exam_vote){ .code = "ungraded",
		.reason = arena_dup(&r->arena, span_str(reason)) };
	return false;
}

int
exam_open(struct exam *x, struct rec *r, const struct exam_plan *plan)
{
	*x = (struct exam){ .plan = plan };
	return kind_of(x)->open(x, r);
}

/* A request that failed keeps its own code: more time may help, asking not. */
bool
exam_reply(struct exam *x, struct rec *r, size_t i, unsigned judge,
	const struct chat_reply *reply)
{
	struct exam_vote *v = &x->questions[i].votes[judge];

	*v = (struct exam_vote){ 0 };
	if (reply->end != CHAT_FAILED && reply->end != CHAT_MALFORMED)
		return kind_of(x)->read(x, r, v, reply);
	v->code = reply->error_code;
	v->reason = arena_dup(&r->arena, reply->error_message);
	return false;
}

void
exam_close(struct exam *x, struct rec *r)
{
	const struct exam_kind *kind = kind_of(x);
	const struct exam_vote *first = NULL;
	size_t missing = 0;

	for (size_t i = 0; i < x->n; i++)
		if (!kind->settle(x, r, &x->questions[i]) && missing++ == 0)
			first = &x->questions[i].result;
	kind->close(x, r, missing == 0);
	if (missing)
		rec_fail(r, first->code,
			"%zu of %zu questions have no verdict: %s", missing,
			x->n, first->reason);
}
