/*
 * prop-logic: the exact form equals counting over all assignments of true and
 * false, the product equals the formula written down naively, and neither cares
 * how propositions are numbered.
 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "eval/logic.h"
#include "tap.h"

#define SEED 2411
#define PROPS 9
#define CLAUSES 12

/* Random rules, held beside the logic that is made of them. */
struct world {
	struct arena arena;
	struct logic l;
	double p[PROPS];
};

static void
fill(struct world *w, struct rng *r, struct logic_clause *c, size_t slots)
{
	c->n = 1 + rng_below(r, 5);
	c->literals = arena_array(&w->arena, c->n, sizeof(*c->literals));
	for (size_t i = 0; i < c->n; i++)
		c->literals[i] = LOGIC_LITERAL(
			rng_below(r, slots), rng_below(r, 2));
}

static void
invent(struct world *w, struct rng *r)
{
	static const double edges[] = { 0, 1, 0.5, 1e-12, 1 - 1e-12 };
	struct logic *l = &w->l;

	*w = (struct world){ 0 };
	l->nprops = 1 + rng_below(r, PROPS);
	l->nderived = rng_below(r, CLAUSES - 4);
	l->nclasses = 1 + rng_below(r, 4);
	l->clauses = arena_array(
		&w->arena, l->nderived + l->nclasses, sizeof(*l->clauses));
	for (size_t i = 0; i < l->nderived + l->nclasses; i++)
		fill(w, r, &l->clauses[i],
			l->nprops + (i < l->nderived ? i : l->nderived));
	for (size_t i = 0; i < l->nprops; i++)
		w->p[i] = rng_below(r, 4) ? rng_unit(r)
		                          : edges[rng_below(r, 5)];
	logic_compile(l, &w->arena);
}

/* Does the clause hold if the propositions are the bits of ${set}? */
static bool
holds(const struct logic *l, const struct logic_clause *c, unsigned set)
{
	for (size_t i = 0; i < c->n; i++) {
		size_t slot = c->literals[i] / 2;
		bool is = slot < l->nprops
		                  ? set >> slot & 1
		                  : holds(l, &l->clauses[slot - l->nprops],
					    set);

		if (is == c->literals[i] % 2)
			return false;
	}
	return true;
}

static double
chance(const struct world *w, const struct logic_clause *c)
{
	double sum = 0;

	for (unsigned set = 0; set < 1u << w->l.nprops; set++) {
		double p = 1;

		for (size_t i = 0; i < w->l.nprops; i++)
			p *= set >> i & 1 ? w->p[i] : 1 - w->p[i];
		if (holds(&w->l, c, set))
			sum += p;
	}
	return sum;
}

static double
naive(const struct world *w, const struct logic_clause *c)
{
	double product = 1;

	for (size_t i = 0; i < c->n; i++) {
		size_t slot = c->literals[i] / 2, n = w->l.nprops;
		double p = slot < n ? w->p[slot]
		                    : naive(w, &w->l.clauses[slot - n]);

		product *= c->literals[i] % 2 ? 1 - p : p;
	}
	return product;
}

/* The largest difference from what is expected, in both forms. */
struct worst {
	double exact, product;
	unsigned possible;
};

static void
compare(struct world *w, struct worst *worst)
{
	const struct logic_clause *of = w->l.clauses + w->l.nderived;
	size_t n = w->l.nclasses;
	double got[CLAUSES], want[CLAUSES], total = 0;

	logic_exact(&w->l, w->p, got);
	for (size_t i = 0; i < n; i++) {
		worst->exact = fmax(
			worst->exact, fabs(got[i] - chance(w, &of[i])));
		total += want[i] = naive(w, &of[i]);
	}
	if (logic_product(&w->l, w->p, got) != (total > 0))
		worst->product = INFINITY;
	for (size_t i = 0; total > 0 && i < n; i++)
		worst->product = fmax(
			worst->product, fabs(got[i] - want[i] / total));
	worst->possible += total > 0;
}

static void
check_random(void)
{
	struct worst worst = { 0 };
	struct rng r;

	rng_init(&r, SEED, 0);
	for (int i = 0; i < 4000; i++) {
		struct world w;

		invent(&w, &r);
		if (logic_compile_exact(&w.l, &w.arena))
			worst.exact = INFINITY;
		else
			compare(&w, &worst);
		arena_release(&w.arena);
	}
	ok(worst.exact < 1e-14, "exact, against all assignments: %g",
		worst.exact);
	ok(worst.product < 1e-14, "product, against the formula: %g",
		worst.product);
	ok(worst.possible > 2000, "%u of 4000 rules were possible",
		worst.possible);
}

/* Numbers the propositions backwards. */
static void
turn(struct world *to, const struct world *from)
{
	size_t n = from->l.nprops,
	       clauses = from->l.nderived + from->l.nclasses;

	*to = *from;
	to->arena = (struct arena){ 0 };
	to->l.clauses = arena_array(
		&to->arena, clauses, sizeof(*to->l.clauses));
	for (size_t i = 0; i < clauses; i++) {
		const struct logic_clause *c = &from->l.clauses[i];
		struct logic_clause *t = &to->l.clauses[i];

		t->n = c->n;
		t->literals = arena_array(
			&to->arena, c->n, sizeof(*t->literals));
		for (size_t j = 0; j < c->n; j++) {
			size_t slot = c->literals[j] / 2;

			t->literals[j] = LOGIC_LITERAL(
				slot < n ? n - 1 - slot : slot,
				!(c->literals[j] % 2));
		}
	}
	for (size_t i = 0; i < n; i++)
		to->p[n - 1 - i] = from->p[i];
	logic_compile(&to->l, &to->arena);
}

static void
check_numbering(void)
{
	double a[CLAUSES], b[CLAUSES];
	struct rng r;
	bool same = true;

	rng_init(&r, SEED, 1);
	for (int i = 0; i < 1000; i++) {
		struct world w, t;
		size_t size;

		invent(&w, &r);
		turn(&t, &w);
		size = w.l.nclasses * sizeof(*a);
		same &= logic_compile_exact(&w.l, &w.arena) == 0;
		same &= logic_compile_exact(&t.l, &t.arena) == 0;
		same &= logic_exact(&w.l, w.p, a) == logic_exact(&t.l, t.p, b);
		same &= memcmp(a, b, size) == 0;
		if (logic_product(&w.l, w.p, a))
			same &= logic_product(&t.l, t.p, b) &&
			        memcmp(a, b, size) == 0;
		arena_release(&w.arena);
		arena_release(&t.arena);
	}
	ok(same, "propositions numbered backwards: the same bits");
}

static void
clause(struct arena *a, struct logic_clause *c, size_t n, const uint32_t *from)
{
	c->n = n;
	c->literals = arena_array(a, n, sizeof(*c->literals));
	memcpy(c->literals, from, n * sizeof(*from));
}

/*
 * The parity of many propositions, each level of three clauses over the one
 * below: by inclusion and exclusion this has more than 2^LEVELS terms.
 */
#define LEVELS 300

static void
check_depth(void)
{
	struct arena a = { 0 };
	struct logic l = {
		.nprops = LEVELS, .nderived = 3 * LEVELS - 3, .nclasses = 1
	};
	double p[LEVELS], got, want = 0;
	struct logic_clause *c;
	uint32_t odd = LOGIC_LITERAL(0, true);

	l.clauses = c = arena_array(
		&a, l.nderived + l.nclasses, sizeof(*l.clauses));
	for (uint32_t i = 1; i < LEVELS; i++) {
		uint32_t is = LOGIC_LITERAL(i, true), slot;

		slot = LEVELS + (i - 1) * 3;
		clause(&a, c++, 2, (uint32_t[]){ odd, is ^ 1 });
		clause(&a, c++, 2, (uint32_t[]){ odd ^ 1, is });
		clause(&a, c++, 2,
			(uint32_t[]){ LOGIC_LITERAL(slot, false),
				LOGIC_LITERAL(slot + 1, false) });
		odd = LOGIC_LITERAL(slot + 2, false);
	}
	clause(&a, c, 1, &odd);
	for (size_t i = 0; i < LEVELS; i++) {
		p[i] = (double)(i % 7 + 1) / 5000;
		want = want * (1 - p[i]) + p[i] * (1 - want);
	}
	ok(logic_compile_exact(&l, &a) == 0, "%d levels can be compiled",
		LEVELS);
	logic_exact(&l, p, &got);
	ok(fabs(got - want) < 1e-13, "and are exact: %g", fabs(got - want));
	arena_release(&a);
}

/* Pairs whose halves the clauses keep apart: no small diagram has that order. */
#define PAIRS 24

static void
check_bound(void)
{
	struct arena a = { 0 };
	struct logic l = {
		.nprops = 2 * PAIRS, .nderived = PAIRS + 1, .nclasses = 1
	};
	uint32_t all[2 * PAIRS], none[PAIRS];

	l.clauses = arena_array(
		&a, l.nderived + l.nclasses, sizeof(*l.clauses));
	for (uint32_t i = 0; i < 2 * PAIRS; i++)
		all[i] = LOGIC_LITERAL(i, true);
	clause(&a, &l.clauses[0], 2 * PAIRS, all);
	for (uint32_t i = 0; i < PAIRS; i++) {
		clause(&a, &l.clauses[1 + i], 2,
			(uint32_t[]){ all[i], all[PAIRS + i] });
		none[i] = LOGIC_LITERAL(2 * PAIRS + 1 + i, false);
	}
	clause(&a, &l.clauses[PAIRS + 1], PAIRS, none);
	ok(logic_compile_exact(&l, &a) == -1, "beyond the bound is refused");
	arena_release(&a);
}

/* Factors whose product no double holds. */
static void
check_underflow(void)
{
	struct arena a = { 0 };
	struct logic l = { .nprops = 40, .nderived = 1, .nclasses = 3 };
	double p[40], got[3];
	uint32_t all[40];

	for (uint32_t i = 0; i < 40; i++) {
		p[i] = 1e-20;
		all[i] = LOGIC_LITERAL(i, true);
	}
	p[39] = 0.25;
	l.clauses = arena_array(&a, 4, sizeof(*l.clauses));
	clause(&a, &l.clauses[0], 39, all);
	clause(&a, &l.clauses[1], 2,
		(uint32_t[]){
			LOGIC_LITERAL(40, true), LOGIC_LITERAL(39, true) });
	clause(&a, &l.clauses[2], 2,
		(uint32_t[]){
			LOGIC_LITERAL(40, true), LOGIC_LITERAL(39, false) });
	clause(&a, &l.clauses[3], 40, all);
	logic_compile(&l, &a);
	ok(logic_product(&l, p, got), "a product of 1e-780 is possible");
	ok(fabs(got[0] - 0.2) < 1e-14 && fabs(got[1] - 0.6) < 1e-14 &&
			fabs(got[2] - 0.2) < 1e-14,
		"and shares stay what they are: %g %g %g", got[0], got[1],
		got[2]);
	for (int i = 0; i < 40; i++)
		p[i] = 0;
	ok(!logic_product(&l, p, got), "a product of 0 is not");
	arena_release(&a);
}

int
main(void)
{
	tap_note("seed %d", SEED);
	check_random();
	check_numbering();
	check_depth();
	check_bound();
	check_underflow();
	return tap_done();
}
