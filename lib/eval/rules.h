/*
 * rules: propositions, the classes they make, and conditions with a weight.
 *
 * A rule file is YAML: the published proposition_prompts.yaml of Rule Based
 * Rewards (arXiv 2411.01111) is one as it stands, and cupel-reward(1) describes
 * the members. Several files make one set of rules, each member from one of
 * them. Everything is resolved when it is loaded: a response type holds flat
 * arrays of what it needs, and is evaluated without looking anything up.
 *
 * A response type is called by its key in the file, in lower case with
 * underscores for blanks: "Hard Refuse" is hard_refuse.
 */
#ifndef EVAL_RULES_H
#define EVAL_RULES_H

#include "base/map.h"
#include "eval/logic.h"
#include "record/expr.h"

/* A simple proposition: what a grader is asked. */
struct rules_prop {
	struct span name;
	struct span prompt; /* the question, absent where the file has none */
};

/* A condition over a record: a feature that is 1 where it holds, else 0. */
struct rules_condition {
	struct span name;
	struct expr *holds;
	bool weighted; /* the file gives ${weight} */
	double weight;
};

struct rules_type {
	struct span key; /* "hard_refuse"; absent where there are no classes */
	size_t *needs; /* simple propositions, by index, in the file's order */
	size_t nneeds; /* those of its classes and of "features" */
	struct logic logic; /* over the needs, in that order */
};

struct rules {
	struct arena arena;        /* holds everything below */
	const char *path;          /* the first file, for messages */
	struct span template;      /* prompt_template, or absent */
	struct rules_prop *simple; /* in the file's order */
	size_t nsimple;
	struct map names; /* simple propositions by their index, then others */
	struct span *classes;     /* completion_class_order, best first */
	size_t nclasses;          /* 0: there are only conditions */
	struct rules_type *types; /* without classes one for all records */
	size_t ntypes;
	struct rules_condition *conditions;
	size_t nconditions;
};

/*
 * rules_load(r, names, n, e): Load ${n} files, each a path that ends in ".yaml"
 * or holds a "/", or the name of a built-in file. Returns 0, or -1 with ${e}
 * filled: a member that is unknown, of the wrong kind or there twice, a name
 * that is unknown or ambiguous, derived propositions that go in a circle, a
 * class that says nothing about a response type.
 */
int rules_load(
	struct rules *r, const char *const *names, size_t n, struct err *e);

/* rules_exact(r, e): Make every type ready for logic_exact; 0 or -1. */
int rules_exact(struct rules *r, struct err *e);

/*
 * rules_type(r, name): By "Hard Refuse" or hard_refuse; NULL where no class
 * speaks of it.
 */
struct rules_type *rules_type(const struct rules *r, struct span name);

/* rules_prop(r, name): The simple proposition's index, or MAP_NONE. */
size_t rules_prop(const struct rules *r, struct span name);

/*
 * The features of a type are the propositions that it needs, the classes and
 * the conditions, in this order.
 */
size_t rules_nfeatures(const struct rules *r, const struct rules_type *t);
struct span rules_feature(
	const struct rules *r, const struct rules_type *t, size_t i);

void rules_release(struct rules *r);

/*
 * rules_key(name, a): The response type's key: lower case, underscores for
 * blanks.
 */
struct span rules_key(struct span name, struct arena *a);

/* rules_is_key(key, name): Is ${key} the key of the response type ${name}? */
bool rules_is_key(struct span key, struct span name);

#endif
