/*
 * exam: a record's questions to a grader, and what becomes of the answers.
 *
 * An exam is opened on a record, which gives the texts to ask; each reply is
 * handed in, by question and judge; closing it folds the verdicts back into the
 * record. Several judges (the same grader asked again) vote on each question: a
 * judge without a verdict leaves the vote. Nothing here asks anybody. All memory
 * comes from the record's arena.
 */
#ifndef EVAL_EXAM_H
#define EVAL_EXAM_H

#include "eval/grader.h"
#include "eval/rules.h"
#include "eval/verdict.h"
#include "eval/yesno.h"
#include "model/chat.h"
#include "record/rec.h"

/* What is the same for all records. */
struct exam_plan {
	const struct grader *grader;
	const struct rules *rules; /* GRADER_PROPOSITIONS: what is asked */
	bool every; /* each proposition, whatever the response type needs */
	unsigned judges;
};

/* What one judge says to one question. */
struct exam_vote {
	enum verdict verdict;    /* GRADER_RUBRIC */
	struct span explanation; /* the same: JSON, or absent */
	struct yesno yesno;      /* GRADER_PROPOSITIONS */
	const char *code;        /* of "error", where there is no verdict */
	const char *reason;      /* and why, for people */
};

struct exam_question {
	struct span subject;     /* a criterion's JSON; a proposition's name */
	struct span text;        /* what to ask */
	struct exam_vote *votes; /* one a judge */
	struct exam_vote result;
};

struct exam {
	const struct exam_plan *plan;
	struct exam_question *questions;
	size_t n, cap;
	bool single; /* a meta-evaluation row: the one "rubric" */
};

/*
 * exam_open(x, r, plan): Read the record's questions. Returns 0, with ${x->n} 0
 * where the record needs none, or -1 having put the reason on the record
 * (rec_fail).
 */
int exam_open(struct exam *x, struct rec *r, const struct exam_plan *plan);

/*
 * exam_reply(x, r, i, judge, reply): Read the reply to question ${i}. False
 * where it gives no verdict: the caller may ask again and hand in what comes
 * then; the last reply stands.
 */
bool exam_reply(struct exam *x, struct rec *r, size_t i, unsigned judge,
	const struct chat_reply *reply);

/*
 * exam_close(x, r): Set what the grader owns: "rubric_items" and "score", or
 * for a single question "criteria_met" and "explanation", or "propositions" and
 * "propositions_from". A question without a verdict is null with a reason, and
 * the record carries "error".
 */
void exam_close(struct exam *x, struct rec *r);

#endif
