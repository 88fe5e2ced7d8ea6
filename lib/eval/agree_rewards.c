#include <math.h>
#include <stdlib.h>

#include "base/table.h"
#include "eval/agreement.h"
#include "eval/caveat.h"
#include "eval/figure.h"
#include "eval/group.h"
#include "eval/ranking.h"
#include "record/emit.h"
#include "record/expr.h"

struct rewards {
	const struct agreement_how *how;
	struct expr *base, *reward; /* NULL: the usual members */
	struct group group;
	struct order orders;
	struct sheet sheet;
	struct buf key;
};

static void
end(void *state)
{
	struct rewards *s = state;

	if (s == NULL)
		return;
	expr_free(s->base);
	expr_free(s->reward);
	group_release(&s->group);
	sheet_release(&s->sheet);
	order_release(&s->orders);
	buf_release(&s->key);
	free(s);
}

static int
compile(struct expr **x, const char *text, struct err *e)
{
	if (text)
		*x = expr_compile(text, e);
	return text && *x == NULL ? -1 : 0;
}

static void *
begin(const struct agreement_how *how, struct err *e)
{
	struct rewards *s = mem_alloc(1, sizeof(*s));

	*s = (struct rewards){ .how = how };
	s->sheet.orders = &s->orders;
	if (order_file(&s->orders, how->orderings, e) == 0 &&
		group_init(&s->group, how->by, e) == 0 &&
		compile(&s->base, how->base, e) == 0 &&
		compile(&s->reward, how->reward, e) == 0)
		return s;
	end(s);
	return NULL;
}

/* Reading. */

/* A number that the record must have: a member, or what a program gives. */
static int
read_number(const struct rec *r, const char *name, struct expr *x, double *to,
	struct err *e)
{
	struct span v = rec_get(r, name);
	struct err why = { "" };

	if (x) {
		if (expr_f64(x, r->raw, to, &why) == 0)
			return 0;
		return err_set(e, "--%s %s",
			span_is(span_str(name), "reward") ? "reward" : "base",
			why.msg);
	}
	if (json_f64(v, to))
		return 0;
	return err_set(e, "\"%s\" is %s; a finite number is expected", name,
		v.s ? json_kind_name(json_kind(v)) : "missing");
}

static int
read_record(void *state, struct rec *r, struct err *e)
{
	struct rewards *s = state;
	struct sheet_in in = { 0 };
	double reward = 0;

	buf_clear(&s->key);
	if (group_key(&s->group, r, &s->key, e) ||
		read_number(r, "rm_score", s->base, &in.base, e) ||
		read_number(r, "reward", s->reward, &reward, e))
		return -1;
	in.prompt = buf_span(&s->key);
	in.reward = &reward;
	return sheet_add(&s->sheet, r, &in, e) == SHEET_TAKEN ? 0 : -1;
}

static void
take(void *state, struct rec *r, struct leftout *left)
{
	leftout_read(left, r, read_record, state);
}

/* Comparing. */

/* What a response type comes to, or all of them. */
struct result {
	struct span name;
	struct ranking ranking;
	size_t prompts, completions, pairs;
	size_t single, without_ideal; /* prompts */
	size_t compared[2];           /* likewise: in any pair, an ideal one */
};

/*
 * What the rules gave is the difference, known as well as rounding let the sum
 * be: some 2^-53 of either for each of its terms.
 */
static struct ranking_score
score(const struct sheet_type *t, size_t row)
{
	double base = t->rows[row].base, reward = t->values[row];

	return (struct ranking_score){
		.v = { base, reward - base, reward },
		.slack = 0x1p-46 * (fabs(base) + fabs(reward)),
	};
}

static void
count_prompts(const struct sheet_type *t, struct result *r)
{
	size_t n = t->prompts.n;
	size_t *rows = mem_alloc(2 * n + 1, sizeof(*rows)), *ideal = rows + n;

	memset(rows, 0, 2 * n * sizeof(*rows));
	for (size_t i = 0; i < t->n; i++) {
		const struct sheet_row *row = &t->rows[i];

		rows[row->prompt]++;
		ideal[row->prompt] += row->label != SHEET_UNRANKED &&
		                      t->order->ideal[row->label];
	}
	for (size_t p = 0; p < n; p++) {
		r->single += rows[p] == 1;
		r->without_ideal += ideal[p] == 0;
	}
	free(rows);
}

static void
judge(const struct sheet_type *t, const struct sheet_pair *p, struct result *r,
	bool *seen)
{
	struct ranking_score better = score(t, p->better),
			     worse = score(t, p->worse);
	uint32_t prompt = t->rows[p->better].prompt;
	bool ideal = t->order->ideal[t->rows[p->better].label];

	ranking_add(&r->ranking, ideal, &better, &worse);
	seen += (size_t)2 * prompt;
	r->compared[0] += !seen[0];
	r->compared[1] += ideal && !seen[1];
	seen[0] = true;
	seen[1] |= ideal;
}

static int
compare(const struct sheet_type *t, struct result *r, struct err *e)
{
	size_t n = t->prompts.n;
	bool *chosen = mem_alloc(n + 1, sizeof(*chosen));
	bool *seen = mem_alloc(2 * n + 1, sizeof(*seen));
	struct sheet_pairs pairs = { 0 };
	int rc;

	*r = (struct result){
		.name = t->order->name, .prompts = n, .completions = t->n
	};
	memset(chosen, true, n);
	memset(seen, false, 2 * n);
	rc = sheet_pair(t, chosen, &pairs);
	for (size_t i = 0; i < pairs.n; i++)
		judge(t, &pairs.v[i], r, seen);
	r->pairs = pairs.n;
	count_prompts(t, r);
	free(pairs.v);
	free(chosen);
	free(seen);
	if (rc)
		err_set(e,
			"%.*s: more than %zu pairs: take fewer completions of "
			"a prompt",
			SPAN_ARG(t->order->name), SHEET_PAIRS);
	return rc;
}

static void
sum_up(struct result *all, const struct result *r)
{
	ranking_merge(&all->ranking, &r->ranking);
	all->prompts += r->prompts;
	all->completions += r->completions;
	all->pairs += r->pairs;
	all->single += r->single;
	all->without_ideal += r->without_ideal;
	for (int i = 0; i < 2; i++)
		all->compared[i] += r->compared[i];
}

static void
tell(const struct sheet_type *t, const struct result *r)
{
	struct span name = t->order->name;

	caveat_tell(t);
	if (r->pairs == 0)
		warn("%.*s: nothing to compare: %s", SPAN_ARG(name),
			caveat_no_pairs(t));
	else if (r->without_ideal)
		warn("%.*s: %zu of %zu prompts have no ideal completion: they "
		     "have no part in the error rate",
			SPAN_ARG(name), r->without_ideal, r->prompts);
}

/* Writing. */

static void
put_result(struct buf *b, const struct result *r)
{
	emit_key_span(b, r->name), emit_begin(b, '{');
	emit_key(b, "prompts"), emit_u64(b, r->prompts);
	emit_key(b, "single"), emit_u64(b, r->single);
	emit_key(b, "without_ideal"), emit_u64(b, r->without_ideal);
	emit_key(b, "completions"), emit_u64(b, r->completions);
	emit_key(b, "pairs"), emit_u64(b, r->pairs);
	ranking_json(&r->ranking, b);
	emit_end(b, '}');
}

static void
print_json(const struct result *of, size_t n, const struct leftout *left,
	struct buf *out)
{
	struct buf b = { 0 };

	emit_begin(&b, '{');
	emit_key(&b, "response_types"), emit_begin(&b, '{');
	for (size_t i = 0; i < n; i++)
		put_result(&b, &of[i]);
	emit_end(&b, '}');
	put_result(&b, &of[n]);
	emit_key(&b, "records"), emit_u64(&b, left->counts.records);
	emit_key(&b, "errors"), emit_u64(&b, left->counts.errors);
	emit_end(&b, '}');
	buf_add(out, buf_span(&b));
	buf_byte(out, '\n');
	buf_release(&b);
}

enum section { OUTRANKED, TIED, ANY, SECTIONS };

static void
share(struct table *table, uint64_t k, uint64_t n)
{
	if (n)
		table_cell(table, "%.3f", (double)k / (double)n);
	else
		table_cell(table, "-");
}

static void
row(struct table *table, enum section what, const struct result *r)
{
	const struct rank *ranks = what == ANY ? r->ranking.all
	                                       : r->ranking.ideal;

	table_cell(table, "%.*s", SPAN_ARG(r->name));
	table_cell(table, "%zu", r->compared[what != ANY]);
	table_cell(table, "%llu", (unsigned long long)ranks[0].n);
	for (int i = 0; i < RANKING_SCORES; i++) {
		const struct rank *k = &ranks[i];

		share(table, what == TIED ? k->tied : k->worse_above, k->n);
	}
}

static void
print_table(const struct result *of, size_t n, struct buf *out)
{
	static const char *const titles[SECTIONS] = { "ideal outranked",
		"tied with the ideal", "any better one outranked" };
	static const char *const heads[] = { "prompts", "comparisons",
		"RM only", "RBR only", "RM + RBR", NULL };
	struct table table = { .columns = 6 };

	for (int s = 0; s < SECTIONS; s++) {
		if (s)
			table_line(&table, "%s", "");
		table_cell(&table, "%s", titles[s]);
		for (size_t i = 0; heads[i]; i++)
			table_cell(&table, "%s", heads[i]);
		for (size_t i = 0; i <= n; i++)
			row(&table, (enum section)s, &of[i]);
	}
	table_print(&table, out);
	table_release(&table);
}

static int
draw(const char *path, const struct sheet *sheet, struct err *e)
{
	struct buf svg = { 0 };
	int rc;

	figure_svg(sheet, &svg);
	rc = buf_save(&svg, path, e);
	buf_release(&svg);
	return rc;
}

/* Those of the types by name, and behind them that of all. */
static int
compare_all(const struct sheet *s, struct result *of, struct err *e)
{
	size_t n = s->types.n, *order = map_sorted(&s->types);
	int rc = 0;

	of[n] = (struct result){ .name = SPAN("all") };
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct sheet_type *t = &s->v[order[i]];

		rc = compare(t, &of[i], e);
		sum_up(&of[n], &of[i]);
		if (rc == 0)
			tell(t, &of[i]);
	}
	free(order);
	return rc;
}

static int
print(void *state, const struct leftout *left, struct buf *out, struct err *e)
{
	struct rewards *s = state;
	size_t n = s->sheet.types.n;
	struct result *of = mem_alloc(n + 1, sizeof(*of));
	int rc = compare_all(&s->sheet, of, e);

	if (rc == 0 && s->how->figure)
		rc = draw(s->how->figure, &s->sheet, e);
	if (rc == 0 && s->how->table)
		print_table(of, n, out);
	else if (rc == 0)
		print_json(of, n, left, out);
	free(of);
	return rc;
}

const struct agreement_mode agreement_rewards = { begin, take, print, end };
