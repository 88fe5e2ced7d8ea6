/*
 * logic: the probabilities of conjunctions over propositions.
 *
 * A clause is a conjunction of literals: propositions, or earlier clauses, each
 * as it is or negated. The clauses behind the first ${nderived} are the classes,
 * whose probabilities follow from those of the propositions in two ways.
 *
 * The product is the formula of the paper that made it known (arXiv 2411.01111):
 * the probabilities of a clause's members are multiplied, a negated member
 * counts 1 - p, and the classes are divided by their sum. A member that stands
 * in several clauses is counted each time, so before the division this is not a
 * probability.
 *
 * The exact form is the probability of each class if the propositions are
 * independent. Each class becomes a binary decision diagram (Bryant 1986) over
 * the propositions, in which each counts once; nothing is subtracted, so nothing
 * cancels, and the work is one step a node however deeply clauses nest. Diagrams
 * can grow beyond any bound in principle: LOGIC_NODES is where they are refused.
 */
#ifndef EVAL_LOGIC_H
#define EVAL_LOGIC_H

#include <stdint.h>

#include "base/arena.h"

#define LOGIC_NODES (1 << 20)

/* A slot is a proposition, or behind those an earlier clause. */
#define LOGIC_LITERAL(slot, holds) ((uint32_t)(slot)*2 + !(holds))

struct logic_clause {
	uint32_t *literals;
	size_t n;
};

struct logic {
	size_t nprops, nderived, nclasses; /* filled in by the caller, */
	struct logic_clause *clauses;      /* derived ones, then classes */

	double *values; /* the rest is private: of each literal */
	struct logic_node {
		uint32_t prop, no,
			yes; /* node if it does not, if it does hold */
	} * nodes;           /* children first */
	size_t nnodes;
	double *chances;  /* of each node */
	uint32_t *starts; /* the node of each class */
};

/* logic_compile(l, a): Make ready for logic_product; memory is from ${a}. */
void logic_compile(struct logic *l, struct arena *a);

/*
 * logic_compile_exact(l, a): Make ready for logic_exact. Returns 0, or -1 where
 * that takes more than LOGIC_NODES nodes.
 */
int logic_compile_exact(struct logic *l, struct arena *a);

/*
 * logic_product, logic_exact(l, p, classes): From the probabilities ${p} of the
 * propositions compute those of the classes. False where no class is possible:
 * all of them would be 0.
 */
bool logic_product(struct logic *l, const double *p, double *classes);
bool logic_exact(struct logic *l, const double *p, double *classes);

#endif
