/*
 * plan: rules and weights bound to each other, by response type.
 *
 * Which features a record has goes by its response type, and so does what each
 * of them weighs. A plan holds both as flat arrays by the feature's index: no
 * name is looked up once records pass. With rules the features are theirs, in
 * their order; without rules they are those that have weights. A weight given
 * with -w counts before the one that a condition has in the rule file.
 *
 * The rules and weights belong to the caller and must outlive the plan.
 */
#ifndef EVAL_PLAN_H
#define EVAL_PLAN_H

#include "eval/columns.h"
#include "eval/rules.h"
#include "eval/weights.h"

struct plan_type {
	struct span key;          /* absent: with records of any type */
	struct rules_type *rules; /* NULL: there are none */
	struct columns features;  /* by name */
	struct span *members;     /* ,"NAME": of each */
	double *weights;          /* of each; 0 where it has none */
	bool weighted;            /* there are weights for this type */
};

struct plan {
	struct arena arena; /* holds the arrays below */
	struct rules *rules;
	const struct weights *weights;
	struct plan_type *types;
	size_t n;
	size_t most;          /* features that a type has */
	struct span *classes; /* the names of the rules' classes, as JSON */
	bool rewards;         /* there are weights at all */
};

/*
 * plan_bind(p, r, w, e): Either of ${r} and ${w} may be NULL. Returns 0, or -1
 * with ${e} filled: weights of a type or a feature that the rules do not have,
 * or a condition without a weight where others have one.
 */
int plan_bind(struct plan *p, struct rules *r, const struct weights *w,
	struct err *e);

/* plan_find(p, name): The response type's, or NULL where it has none. */
struct plan_type *plan_find(const struct plan *p, struct span name);

void plan_release(struct plan *p);

#endif
