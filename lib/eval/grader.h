/*
 * grader: what a judge model is asked about a record, as data.
 *
 * A grader is a YAML file: the questions it asks, the template of their text,
 * the request's parameters, and how the answer is read. cupel-grade(1) describes
 * the members. Built-in files are found by name in the graders folder of the
 * data (base/data.h), a user's own by path.
 */
#ifndef EVAL_GRADER_H
#define EVAL_GRADER_H

#include "base/buf.h"
#include "record/json.h"

enum grader_questions {
	GRADER_RUBRIC,       /* each item of "rubrics", or the one "rubric" */
	GRADER_PROPOSITIONS, /* yes or no: each proposition of a rule file */
};

struct grader {
	struct arena arena; /* holds everything below */
	const char *name;
	enum grader_questions questions;
	struct span system;     /* text, or absent */
	struct span parameters; /* JSON object, or absent */
	struct span template;   /* text; absent: the rule file has it */
	/* how an answer is read, GRADER_RUBRIC: members of its object */
	const char *field;       /* the verdict */
	const char *explanation; /* text, or NULL */
	/* GRADER_PROPOSITIONS: */
	int64_t top_logprobs; /* alternatives to ask for at each token */
};

/*
 * grader_load(g, name, e): Load "graders/NAME.yaml", or the file ${name} where
 * that ends in ".yaml" or holds a "/". Returns 0, or -1 with ${e} filled; a
 * member that is unknown, missing or of the wrong kind is an error.
 */
int grader_load(struct grader *g, const char *name, struct err *e);

/*
 * grader_template(g, path, e): Take the template from the text file ${path},
 * blanks around it stripped, rather than from the grader.
 */
int grader_template(struct grader *g, const char *path, struct err *e);

void grader_release(struct grader *g);

#endif
