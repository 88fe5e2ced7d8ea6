#include <math.h>
#include <stdlib.h>

#include "eval/logic.h"

void
logic_compile(struct logic *l, struct arena *a)
{
	l->values = arena_array(
		a, 2 * (l->nprops + l->nderived + 1), sizeof(*l->values));
}

static void
set_value(struct logic *l, size_t slot, double p)
{
	l->values[2 * slot] = p;
	l->values[2 * slot + 1] = 1 - p;
}

/* The product. */

static double
multiply(const struct logic *l, const struct logic_clause *c)
{
	double p = 1;

	for (size_t i = 0; i < c->n; i++)
		p *= l->values[c->literals[i]];
	return p;
}

/*
 * A product of many small factors can be smaller than any double, yet a fair
 * share of a sum of such products. So there is a slow way, with exponents kept
 * apart, for sums too small to trust.
 */
#define TRUSTED 1e-200

struct scaled {
	double m;   /* 0, or from 0.5 to 1 */
	long power; /* of 2 */
};

static struct scaled
scale(double d)
{
	struct scaled s;
	int power;

	s.m = frexp(d, &power);
	s.power = power;
	return s;
}

static struct scaled
multiply_scaled(const struct logic *l, const struct scaled *derived,
	const struct logic_clause *c)
{
	struct scaled p = scale(1);

	for (size_t i = 0; i < c->n; i++) {
		uint32_t literal = c->literals[i];
		bool whole = literal % 2 || literal / 2 < l->nprops;
		struct scaled f = whole ? scale(l->values[literal])
		                        : derived[literal / 2 - l->nprops];
		long power = p.power + f.power;

		p = scale(p.m * f.m);
		p.power += power;
	}
	return p;
}

/* The values of the propositions are set, and those of negated clauses. */
static void
product_scaled(const struct logic *l, double *classes)
{
	size_t n = l->nderived + l->nclasses;
	struct scaled *s = mem_alloc(n, sizeof(*s)), *of = s + l->nderived;
	long top = -1000000000;

	for (size_t i = 0; i < n; i++)
		s[i] = multiply_scaled(l, s, &l->clauses[i]);
	for (size_t i = 0; i < l->nclasses; i++)
		if (of[i].m > 0 && of[i].power > top)
			top = of[i].power;
	for (size_t i = 0; i < l->nclasses; i++)
		classes[i] = of[i].power - top < -2000
		                     ? 0
		                     : ldexp(of[i].m, (int)(of[i].power - top));
	free(s);
}

static double
sum(const double *v, size_t n)
{
	double s = 0;

	for (size_t i = 0; i < n; i++)
		s += v[i];
	return s;
}

bool
logic_product(struct logic *l, const double *p, double *classes)
{
	const struct logic_clause *of = l->clauses + l->nderived;
	double total;

	for (size_t i = 0; i < l->nprops; i++)
		set_value(l, i, p[i]);
	for (size_t i = 0; i < l->nderived; i++)
		set_value(l, l->nprops + i, multiply(l, &l->clauses[i]));
	for (size_t i = 0; i < l->nclasses; i++)
		classes[i] = multiply(l, &of[i]);
	total = sum(classes, l->nclasses);
	if (total < TRUSTED) {
		product_scaled(l, classes);
		total = sum(classes, l->nclasses);
	}
	for (size_t i = 0; total > 0 && i < l->nclasses; i++)
		classes[i] /= total;
	return total > 0;
}

/* The exact form: building the diagrams. */

#define NO 0 /* the two ends */
#define YES 1
#define END UINT32_MAX /* the proposition of an end: behind all others */
#define CACHE 65536

struct builder {
	struct logic_node *nodes;
	size_t n, cap;
	uint32_t *slots; /* hash table: index, 0 is free */
	size_t nslots;
	struct cached {
		uint32_t f, g, h, result;
	} * cache;       /* of ite; what does not fit is computed again */
	uint32_t *rank;  /* of each proposition: its place in the diagrams */
	uint32_t *order; /* the propositions by rank */
	bool over;
};

static uint64_t
mix(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t h = (a * 0x9e3779b97f4a7c15 ^ b) * 0xbf58476d1ce4e5b9;

	h = (h ^ h >> 29 ^ c) * 0x94d049bb133111eb;
	return h ^ h >> 32;
}

static void
widen(struct builder *b)
{
	b->nslots *= 2;
	b->slots = mem_resize(b->slots, b->nslots, sizeof(*b->slots));
	memset(b->slots, 0, b->nslots * sizeof(*b->slots));
	for (size_t i = YES + 1; i < b->n; i++) {
		const struct logic_node *x = &b->nodes[i];
		size_t at = mix(x->prop, x->no, x->yes);

		while (b->slots[at &= b->nslots - 1])
			at++;
		b->slots[at] = (uint32_t)i;
	}
}

/* The one node of that content. */
static uint32_t
node(struct builder *b, uint32_t prop, uint32_t no, uint32_t yes)
{
	size_t at = mix(prop, no, yes);

	if (no == yes)
		return no;
	for (; b->slots[at &= b->nslots - 1]; at++) {
		const struct logic_node *x = &b->nodes[b->slots[at]];

		if (x->prop == prop && x->no == no && x->yes == yes)
			return b->slots[at];
	}
	if (b->n >= LOGIC_NODES) {
		b->over = true;
		return NO;
	}
	b->nodes = mem_grow(b->nodes, &b->cap, b->n + 1, sizeof(*b->nodes));
	b->nodes[b->n] = (struct logic_node){ prop, no, yes };
	b->slots[at] = (uint32_t)b->n++;
	if (b->n * 2 > b->nslots)
		widen(b);
	return (uint32_t)b->n - 1;
}

/* What is left of ${f} where ${prop} holds, or does not. */
static uint32_t
branch(const struct builder *b, uint32_t f, uint32_t prop, bool holds)
{
	const struct logic_node *x = &b->nodes[f];

	if (x->prop != prop)
		return f;
	return holds ? x->yes : x->no;
}

static uint32_t
earliest(const struct builder *b, uint32_t f, uint32_t g, uint32_t h)
{
	uint32_t p = b->nodes[f].prop;

	if (b->nodes[g].prop < p)
		p = b->nodes[g].prop;
	return b->nodes[h].prop < p ? b->nodes[h].prop : p;
}

/* If f then g else h; as deep as there are propositions. */
static uint32_t
ite(struct builder *b, uint32_t f, uint32_t g, uint32_t h)
{
	struct cached *c = &b->cache[mix(f, g, h) % CACHE];
	uint32_t prop, no, yes, result;

	if (f <= YES || b->over)
		return f == YES ? g : h;
	if (g == YES && h == NO)
		return f;
	if (c->f == f && c->g == g && c->h == h)
		return c->result;
	prop = earliest(b, f, g, h);
	no = ite(b, branch(b, f, prop, false), branch(b, g, prop, false),
		branch(b, h, prop, false));
	yes = ite(b, branch(b, f, prop, true), branch(b, g, prop, true),
		branch(b, h, prop, true));
	result = node(b, prop, no, yes);
	*c = (struct cached){ f, g, h, result };
	return result;
}

static uint32_t
literal(struct builder *b, const struct logic *l, const uint32_t *derived,
	uint32_t code)
{
	size_t slot = code / 2;
	uint32_t f = slot < l->nprops ? node(b, b->rank[slot], NO, YES)
	                              : derived[slot - l->nprops];

	return code % 2 ? ite(b, f, NO, YES) : f;
}

static uint32_t
conjunction(struct builder *b, const struct logic *l, const uint32_t *derived,
	const struct logic_clause *c)
{
	uint32_t f = YES;

	for (size_t i = 0; i < c->n; i++)
		f = ite(b, f, literal(b, l, derived, c->literals[i]), NO);
	return f;
}

/* Keeps the nodes that the classes reach; children stay in front. */
static void
keep(struct logic *l, const struct builder *b, uint32_t *roots, struct arena *a)
{
	uint32_t *to = mem_alloc(b->n, sizeof(*to)), n = YES + 1;

	memset(to, 0, b->n * sizeof(*to));
	for (size_t i = 0; i < l->nclasses; i++)
		to[roots[i]] = 1;
	for (size_t i = b->n; i-- > YES + 1;)
		if (to[i])
			to[b->nodes[i].no] = to[b->nodes[i].yes] = 1;
	l->nodes = arena_array(a, b->n, sizeof(*l->nodes));
	to[NO] = NO, to[YES] = YES;
	for (size_t i = YES + 1; i < b->n; i++) {
		const struct logic_node *x = &b->nodes[i];

		if (!to[i])
			continue;
		l->nodes[n] = (struct logic_node){ b->order[x->prop], to[x->no],
			to[x->yes] };
		to[i] = n++;
	}
	for (size_t i = 0; i < l->nclasses; i++)
		l->starts[i] = to[roots[i]];
	l->nnodes = n;
	l->chances = arena_array(a, n, sizeof(*l->chances));
	free(to);
}

/*
 * Diagrams are small where propositions that belong together stand together:
 * in the order in which the clauses name them.
 */
static void
rank_props(struct builder *b, const struct logic *l)
{
	size_t n = 0;

	b->order = mem_alloc(l->nprops, sizeof(*b->order));
	b->rank = mem_alloc(l->nprops, sizeof(*b->rank));
	memset(b->rank, 0xff, l->nprops * sizeof(*b->rank));
	for (size_t i = 0; i < l->nderived + l->nclasses; i++)
		for (size_t j = 0; j < l->clauses[i].n; j++) {
			uint32_t slot = l->clauses[i].literals[j] / 2;

			if (slot >= l->nprops || b->rank[slot] != END)
				continue;
			b->order[n] = slot;
			b->rank[slot] = (uint32_t)n++;
		}
}

static void
builder_release(struct builder *b)
{
	free(b->nodes);
	free(b->slots);
	free(b->cache);
	free(b->rank);
	free(b->order);
}

static void
builder_init(struct builder *b)
{
	*b = (struct builder){ .nslots = 1024 };
	b->slots = mem_alloc(b->nslots, sizeof(*b->slots));
	memset(b->slots, 0, b->nslots * sizeof(*b->slots));
	b->cache = mem_alloc(CACHE, sizeof(*b->cache));
	memset(b->cache, 0, CACHE * sizeof(*b->cache));
	b->nodes = mem_grow(NULL, &b->cap, 2, sizeof(*b->nodes));
	b->nodes[NO] = b->nodes[YES] = (struct logic_node){ END, NO, NO };
	b->n = YES + 1;
}

int
logic_compile_exact(struct logic *l, struct arena *a)
{
	size_t n = l->nderived + l->nclasses;
	uint32_t *of = mem_alloc(n + 1, sizeof(*of));
	struct builder b;

	builder_init(&b);
	rank_props(&b, l);
	for (size_t i = 0; i < n; i++)
		of[i] = conjunction(&b, l, of, &l->clauses[i]);
	l->starts = arena_array(a, l->nclasses + 1, sizeof(*l->starts));
	if (!b.over)
		keep(l, &b, of + l->nderived, a);
	builder_release(&b);
	free(of);
	return b.over ? -1 : 0;
}

bool
logic_exact(struct logic *l, const double *p, double *classes)
{
	double *of = l->chances;

	of[NO] = 0;
	of[YES] = 1;
	for (size_t i = YES + 1; i < l->nnodes; i++) {
		const struct logic_node *x = &l->nodes[i];

		of[i] = p[x->prop] * of[x->yes] + (1 - p[x->prop]) * of[x->no];
	}
	for (size_t i = 0; i < l->nclasses; i++)
		classes[i] = of[l->starts[i]];
	return sum(classes, l->nclasses) > 0;
}
