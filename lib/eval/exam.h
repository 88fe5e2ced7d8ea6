/*
 * exam: a record's questions to a grader, and what becomes of the answers.
 *
 * An exam is opened on a record, which gives the texts to ask; each answer is
 * handed in, by question and judge; closing it folds the verdicts back into the
 * record. Several judges (the same grader asked again) vote on each question: a
 * judge without a verdict leaves the vote, a tie is no verdict. Nothing here
 * asks anybody. All memory comes from the record's arena.
 */
#ifndef EVAL_EXAM_H
#define EVAL_EXAM_H

#include "eval/grader.h"
#include "eval/verdict.h"
#include "record/rec.h"

struct exam_vote {
	enum verdict verdict;
	struct span explanation; /* JSON, or absent */
	const char *code;        /* of "error", where there is no verdict */
	const char *reason;      /* and why, for people */
};

struct exam_question {
	struct span item; /* the criterion's object, or the text of one */
	struct span text; /* what to ask */
	struct exam_vote *votes; /* one a judge */
	struct exam_vote result;
};

struct exam {
	const struct grader *grader;
	struct exam_question *questions;
	size_t n;
	unsigned judges;
	bool single; /* a meta-evaluation row: the one "rubric" */
};

/*
 * exam_open(x, r, g, judges): Read the record's questions. Returns 0, or -1
 * having put the reason on the record (rec_fail): there is nothing to ask.
 */
int exam_open(
	struct exam *x, struct rec *r, const struct grader *g, unsigned judges);

/*
 * exam_answer(x, r, i, judge, reply): Read the reply to question ${i}. False
 * where no verdict can be read: the caller may ask again and hand in what comes
 * then; the last reply stands.
 */
bool exam_answer(struct exam *x, struct rec *r, size_t i, unsigned judge,
	struct span reply);

/*
 * exam_miss(x, i, judge, code, reason): There is no reply to read. ${code} is
 * the word for "error"; both live as long as the record.
 */
void exam_miss(struct exam *x, size_t i, unsigned judge, const char *code,
	const char *reason);

/*
 * exam_close(x, r): Set "rubric_items" and "score", or for a single question
 * "criteria_met" and "explanation". Questions without a verdict are null with a
 * reason, there is no score then, and the record carries "error".
 */
void exam_close(struct exam *x, struct rec *r);

#endif
