/*
 * form: a text with places for what a record holds.
 *
 * A place is <<EXPR>>, where EXPR is a jq program over the record, or the bare
 * name of a member. A text comes in its place as it is, any other value as JSON.
 * Everything else in the form is text.
 */
#ifndef EVAL_FORM_H
#define EVAL_FORM_H

#include "base/buf.h"
#include "record/expr.h"

struct form {
	struct buf text;
	struct form_place {
		struct span before; /* the text in front of it */
		struct span name;   /* between << and >>, for messages */
		struct expr *expr;  /* NULL: the end */
	} * v;
	size_t n, cap;
};

/* form_load(f, path, e): Read a form from a file; 0 or -1. */
int form_load(struct form *f, const char *path, struct err *e);

/*
 * form_fill(f, json, b, e): Append the text filled in for the record ${json}; -1
 * where a place comes to nothing, null or an error.
 */
int form_fill(
	const struct form *f, struct span json, struct buf *b, struct err *e);

void form_release(struct form *f);

#endif
