/*
 * exam_kind: what differs between the kinds of questions, for exam.c alone.
 */
#ifndef EVAL_EXAM_KIND_H
#define EVAL_EXAM_KIND_H

#include "eval/exam.h"

struct exam_kind {
	/* Adds the record's questions; 0, or -1 with the record failed. */
	int (*open)(struct exam *x, struct rec *r);
	/* Reads a reply into the vote; false with its reason set. */
	bool (*read)(const struct exam *x, struct rec *r,
		struct exam_vote *vote, const struct chat_reply *reply);
	/* The votes' outcome into the question's result; has it a verdict? */
	bool (*settle)(
		const struct exam *x, struct rec *r, struct exam_question *q);
	/* Sets the members. ${complete}: all questions have a verdict. */
	void (*close)(const struct exam *x, struct rec *r, bool complete);
};

extern const struct exam_kind exam_rubric, exam_propositions;

/* exam_add(x, r, subject): One question more, its text still to be written. */
struct exam_question *exam_add(
	struct exam *x, struct rec *r, struct span subject);

/*
 * exam_say(b, r, talk): Append the conversation, or what else ${talk} makes of
 * the record; -1 with the record failed.
 */
int exam_say(struct buf *b, struct rec *r,
	int (*talk)(struct buf *, const struct rec *, struct err *));

/* exam_keep(r, b): What ${b} holds, in the record's arena; ${b} is released. */
struct span exam_keep(struct rec *r, struct buf *b);

/* exam_refuse(vote, r, reason): The vote has no verdict; returns false. */
bool exam_refuse(struct exam_vote *vote, struct rec *r, const char *reason);

#endif
