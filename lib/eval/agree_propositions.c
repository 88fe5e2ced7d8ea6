#include <math.h>
#include <stdlib.h>

#include "base/table.h"
#include "eval/agreement.h"
#include "eval/columns.h"
#include "eval/group.h"
#include "eval/rules.h"
#include "record/emit.h"
#include "stat/threshold.h"

/* One proposition in one response type. */
struct prop {
	struct agree all; /* the grader's yes at --threshold, and people's */
	uint64_t unknown, unlabelled;        /* one of the two is silent */
	struct threshold_item *train, *held; /* with --tune */
	size_t ntrain, nheld, train_cap, held_cap;
};

struct type {
	struct span name; /* of all spellings the first by bytes */
	uint64_t records;
	struct prop *props; /* by index in the columns' names */
	size_t n;
};

struct propositions {
	const struct agreement_how *how;
	struct expr *labels_of; /* NULL: the member */
	struct group group;
	struct columns columns;      /* all propositions */
	struct span *labels, *probs; /* of the record, by column */
	size_t labels_cap, probs_cap;
	struct map keys; /* response types */
	struct type *types;
	size_t types_cap;
	struct arena names; /* of types */
	struct buf value, key;
};

static void
type_release(struct type *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->props[i].train);
		free(t->props[i].held);
	}
	free(t->props);
}

static void
end(void *state)
{
	struct propositions *s = state;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->keys.n; i++)
		type_release(&s->types[i]);
	free(s->types);
	free(s->labels);
	free(s->probs);
	map_release(&s->keys);
	columns_release(&s->columns);
	expr_free(s->labels_of);
	group_release(&s->group);
	arena_release(&s->names);
	buf_release(&s->value);
	buf_release(&s->key);
	free(s);
}

static void *
begin(const struct agreement_how *how, struct err *e)
{
	struct propositions *s = mem_alloc(1, sizeof(*s));

	*s = (struct propositions){ .how = how };
	if (group_init(&s->group, how->by, e) == 0 &&
		(how->labels == NULL ||
			(s->labels_of = expr_compile(how->labels, e)) != NULL))
		return s;
	end(s);
	return NULL;
}

/* Reading. */

static int
need_object(struct span v, const char *what, struct err *e)
{
	if (json_kind(v) == JSON_OBJECT)
		return 0;
	return err_set(e, "%s: %s; an object with propositions is expected",
		what, v.s ? json_kind_name(json_kind(v)) : "missing");
}

static int
find_labels(struct propositions *s, const struct rec *r, struct span *to,
	struct err *e)
{
	struct err why = { "gives no value" };

	*to = rec_get(r, "labels");
	if (s->labels_of == NULL)
		return need_object(*to, "\"labels\"", e);
	buf_clear(&s->value);
	if (expr_run(s->labels_of, r->raw, &s->value, &why) != 1)
		return err_set(e, "--labels %s", why.msg);
	*to = json_value(buf_span(&s->value));
	return need_object(*to, s->how->labels, e);
}

static int
check_label(struct span name, struct span v, struct err *e)
{
	enum json_kind kind = json_kind(v);

	if (kind <= JSON_TRUE)
		return 0;
	return err_set(e,
		"the label of %.*s is %s; true, false or null is expected",
		SPAN_ARG(name), json_kind_name(kind));
}

/* A verdict is a probability as well: true is 1, false is 0. */
static int
check_prob(struct span name, struct span v, struct err *e)
{
	double p;

	if (json_kind(v) <= JSON_TRUE || (json_f64(v, &p) && p >= 0 && p <= 1))
		return 0;
	return err_set(e,
		"propositions: %.*s is %.*s; a probability from 0 to 1 is "
		"expected",
		SPAN_ARG(name), (int)(v.len > 80 ? 80 : v.len), v.s);
}

static double
prob_of(struct span v)
{
	double p = json_true(v);

	json_f64(v, &p);
	return p;
}

static void
name_columns(struct propositions *s, struct span object, struct arena *a)
{
	struct json_iter it = json_iter(object);
	struct json_member m;

	while (json_next(&it, &m))
		columns_add(&s->columns, json_str(m.key, a));
}

/* Everything is checked before anything is counted. */
static int
read_answers(struct propositions *s, struct rec *r, struct err *e)
{
	struct span labels, probs = rec_get(r, "propositions");
	size_t n;

	if (find_labels(s, r, &labels, e) ||
		need_object(probs, "\"propositions\"", e))
		return -1;
	name_columns(s, labels, &r->arena);
	name_columns(s, probs, &r->arena);
	n = s->columns.names.n;
	s->labels = mem_grow(s->labels, &s->labels_cap, n, sizeof(*s->labels));
	s->probs = mem_grow(s->probs, &s->probs_cap, n, sizeof(*s->probs));
	columns_read(&s->columns, json_iter(labels), s->labels);
	columns_read(&s->columns, json_iter(probs), s->probs);
	for (size_t i = 0; i < n; i++) {
		struct span name = map_key(&s->columns.names, i);

		if (check_label(name, s->labels[i], e) ||
			check_prob(name, s->probs[i], e))
			return -1;
	}
	return 0;
}

static struct type *
type_of(struct propositions *s, struct span name, struct arena *a)
{
	size_t known = s->keys.n, i = map_put(&s->keys, rules_key(name, a));
	struct type *t;

	if (i == known) {
		s->types = mem_grow(
			s->types, &s->types_cap, known + 1, sizeof(*s->types));
		s->types[i] = (struct type){ 0 };
	}
	t = &s->types[i];
	if (t->name.s == NULL || span_cmp(name, t->name) < 0)
		t->name = (struct span){ arena_dup(&s->names, name), name.len };
	return t;
}

static void
make_room(struct type *t, size_t n)
{
	if (n <= t->n)
		return;
	t->props = mem_resize(t->props, n, sizeof(*t->props));
	memset(t->props + t->n, 0, (n - t->n) * sizeof(*t->props));
	t->n = n;
}

static void
keep(struct prop *p, struct threshold_item item, bool train)
{
	if (train) {
		p->train = mem_grow(
			p->train, &p->train_cap, p->ntrain + 1, sizeof(item));
		p->train[p->ntrain++] = item;
	} else {
		p->held = mem_grow(
			p->held, &p->held_cap, p->nheld + 1, sizeof(item));
		p->held[p->nheld++] = item;
	}
}

static void
count(struct propositions *s, struct type *t, bool train)
{
	size_t n = s->columns.names.n;

	make_room(t, n);
	t->records++;
	for (size_t i = 0; i < n; i++) {
		struct prop *p = &t->props[i];
		bool known = json_kind(s->probs[i]) > JSON_NULL,
		     labelled = json_kind(s->labels[i]) > JSON_NULL;
		struct threshold_item x = { prob_of(s->probs[i]),
			json_true(s->labels[i]) };

		p->unknown += labelled && !known;
		p->unlabelled += known && !labelled;
		if (!known || !labelled)
			continue;
		agree_add(&p->all, x.p >= s->how->threshold, x.yes);
		if (s->how->tune)
			keep(p, x, train);
	}
}

static int
read_record(void *state, struct rec *r, struct err *e)
{
	struct propositions *s = state;
	struct span type = json_str(rec_get(r, "response_type"), &r->arena);
	bool train = true;

	if (type.s == NULL)
		return err_set(e, "\"response_type\": a text is expected");
	if (read_answers(s, r, e))
		return -1;
	if (s->how->tune) {
		buf_clear(&s->key);
		if (group_key(&s->group, r, &s->key, e))
			return -1;
		train = group_side(s->how->seed, buf_span(&s->key)) <
		        s->how->train;
	}
	count(s, type_of(s, type, &r->arena), train);
	return 0;
}

static void
take(void *state, struct rec *r, struct leftout *left)
{
	leftout_read(left, r, read_record, state);
}

/* Writing. */

enum { ACCURACY, PRECISION, RECALL, F1, KAPPA, RATES };
static const char *const rate_names[RATES] = { "accuracy", "precision",
	"recall", "f1", "kappa" };

static void
rates_of(const struct agree *a, struct agree_rate to[RATES])
{
	to[ACCURACY] = agree_accuracy(a);
	to[PRECISION] = agree_precision(a, true);
	to[RECALL] = agree_recall(a, true);
	to[F1] = agree_dice(a, true);
	to[KAPPA] = agree_kappa(a);
}

static uint64_t
pairs_of(const struct agree *a)
{
	return a->pairs[0][0] + a->pairs[0][1] + a->pairs[1][0] +
	       a->pairs[1][1];
}

static void
put_rate(struct buf *b, struct agree_rate r)
{
	emit_f64(b, r.exists ? r.value : NAN);
}

static void
put_agree(struct buf *b, const struct agree *a)
{
	struct agree_rate rates[RATES];

	rates_of(a, rates);
	emit_key(b, "n"), emit_u64(b, pairs_of(a));
	emit_key(b, "tp"), emit_u64(b, a->pairs[1][1]);
	emit_key(b, "fp"), emit_u64(b, a->pairs[1][0]);
	emit_key(b, "fn"), emit_u64(b, a->pairs[0][1]);
	emit_key(b, "tn"), emit_u64(b, a->pairs[0][0]);
	for (int i = 0; i < RATES; i++)
		emit_key(b, rate_names[i]), put_rate(b, rates[i]);
}

/* What tuning a proposition comes to. */
struct tuned {
	bool tuned;
	double at;
	struct agree train[2], held[2]; /* before and after */
};

static struct tuned
tune(const struct propositions *s, struct prop *p)
{
	struct tuned t = { .at = s->how->threshold };
	double at[2] = { t.at, t.at };

	t.tuned = threshold_best(
		p->train, p->ntrain, (enum threshold_aim)s->how->aim, &t.at);
	at[1] = t.at;
	for (int i = 0; i < 2; i++) {
		t.train[i] = threshold_count(p->train, p->ntrain, at[i]);
		t.held[i] = threshold_count(p->held, p->nheld, at[i]);
	}
	return t;
}

static void
put_sides(struct buf *b, const char *key, const struct agree sides[2])
{
	emit_key(b, key), emit_begin(b, '{');
	emit_key(b, "before"), emit_begin(b, '{');
	put_agree(b, &sides[0]);
	emit_end(b, '}');
	emit_key(b, "after"), emit_begin(b, '{');
	put_agree(b, &sides[1]);
	emit_end(b, '}'), emit_end(b, '}');
}

static void
put_prop(const struct propositions *s, struct prop *p, struct buf *b)
{
	struct tuned t;

	emit_key(b, "unknown"), emit_u64(b, p->unknown);
	emit_key(b, "unlabelled"), emit_u64(b, p->unlabelled);
	put_agree(b, &p->all);
	if (!s->how->tune)
		return;
	t = tune(s, p);
	emit_key(b, "tuned"), emit_begin(b, '{');
	emit_key(b, "threshold"), emit_f64(b, t.tuned ? t.at : NAN);
	put_sides(b, "train", t.train);
	put_sides(b, "held_out", t.held);
	emit_end(b, '}');
}

static bool
is_there(const struct type *t, size_t i)
{
	return i < t->n && (pairs_of(&t->props[i].all) || t->props[i].unknown ||
				   t->props[i].unlabelled);
}

/* The mean of a rate over the propositions of which it exists. */
struct mean {
	double sum;
	uint64_t n;
};

static void
means_of(const struct type *t, const size_t *order, struct mean to[RATES])
{
	struct agree_rate rates[RATES];

	memset(to, 0, RATES * sizeof(*to));
	for (size_t k = 0; k < t->n; k++) {
		rates_of(&t->props[order[k]].all, rates);
		for (int i = 0; i < RATES; i++)
			if (rates[i].exists) {
				to[i].sum += rates[i].value;
				to[i].n++;
			}
	}
}

static double
mean(const struct mean *m)
{
	return m->n ? m->sum / (double)m->n : NAN;
}

static void
put_type(const struct propositions *s, const struct type *t,
	const size_t *order, struct buf *b)
{
	struct mean means[RATES];

	emit_key_span(b, t->name), emit_begin(b, '{');
	emit_key(b, "records"), emit_u64(b, t->records);
	emit_key(b, "mean"), emit_begin(b, '{');
	means_of(t, order, means);
	for (int i = 0; i < RATES; i++) {
		emit_key(b, rate_names[i]), emit_begin(b, '{');
		emit_key(b, "n"), emit_u64(b, means[i].n);
		emit_key(b, "value"), emit_f64(b, mean(&means[i]));
		emit_end(b, '}');
	}
	emit_end(b, '}');
	emit_key(b, "propositions"), emit_begin(b, '{');
	for (size_t k = 0; k < t->n; k++)
		if (is_there(t, order[k])) {
			emit_key_span(b, map_key(&s->columns.names, order[k]));
			emit_begin(b, '{');
			put_prop(s, &t->props[order[k]], b);
			emit_end(b, '}');
		}
	emit_end(b, '}'), emit_end(b, '}');
}

static void
cell(struct table *table, double x)
{
	if (isfinite(x))
		table_cell(table, "%.3f", x);
	else
		table_cell(table, "-");
}

static void
tuned_cells(const struct propositions *s, struct prop *p, struct table *table)
{
	struct agree_rate rates[2][RATES];
	struct tuned t = tune(s, p);

	for (int i = 0; i < 2; i++)
		rates_of(&t.held[i], rates[i]);
	cell(table, t.tuned ? t.at : NAN);
	for (int k = F1; k <= KAPPA; k++)
		for (int i = 0; i < 2; i++)
			cell(table,
				rates[i][k].exists ? rates[i][k].value : NAN);
}

static void
head(const struct propositions *s, struct span name, struct table *table)
{
	static const char *const heads[] = { "n", "unknown", "accuracy",
		"precision", "recall", "F1", "kappa", "threshold",
		"held-out F1", "tuned", "held-out kappa", "tuned" };
	size_t n = s->how->tune ? 12 : 7;

	table->columns = n + 1;
	table_cell(table, "%.*s", SPAN_ARG(name));
	for (size_t i = 0; i < n; i++)
		table_cell(table, "%s", heads[i]);
}

static void
prop_row(const struct propositions *s, struct span name, struct prop *p,
	struct table *table)
{
	struct agree_rate rates[RATES];

	table_cell(table, "%.*s", SPAN_ARG(name));
	table_cell(table, "%llu", (unsigned long long)pairs_of(&p->all));
	table_cell(table, "%llu", (unsigned long long)p->unknown);
	rates_of(&p->all, rates);
	for (int i = 0; i < RATES; i++)
		cell(table, rates[i].exists ? rates[i].value : NAN);
	if (s->how->tune)
		tuned_cells(s, p, table);
}

static void
mean_row(const struct type *t, const size_t *order, struct table *table)
{
	struct mean means[RATES];
	size_t filled = 3 + RATES;

	table_cell(table, "mean");
	table_cell(table, "%s", "");
	table_cell(table, "%s", "");
	means_of(t, order, means);
	for (int i = 0; i < RATES; i++)
		cell(table, mean(&means[i]));
	while (filled++ < table->columns)
		table_cell(table, "%s", "");
}

static void
tabulate(const struct propositions *s, const struct type *t,
	const size_t *order, struct table *table)
{
	if (table->n)
		table_line(table, "%s", "");
	head(s, t->name, table);
	for (size_t k = 0; k < t->n; k++)
		if (is_there(t, order[k]))
			prop_row(s, map_key(&s->columns.names, order[k]),
				&t->props[order[k]], table);
	mean_row(t, order, table);
}

static void
put_settings(const struct agreement_how *how, struct buf *b)
{
	emit_key(b, "threshold"), emit_f64(b, how->threshold);
	if (!how->tune)
		return;
	emit_key(b, "tune");
	emit_cstr(b, how->aim == THRESHOLD_KAPPA ? "kappa" : "f1");
	emit_key(b, "train"), emit_f64(b, how->train);
	emit_key(b, "seed"), emit_u64(b, how->seed);
}

static int
print(void *state, const struct leftout *left, struct buf *out, struct err *e)
{
	struct propositions *s = state;
	size_t *types = map_sorted(&s->keys);
	size_t *props = map_sorted(&s->columns.names);
	struct table table = { 0 };
	struct buf b = { 0 };

	(void)e;
	emit_begin(&b, '{');
	emit_key(&b, "response_types"), emit_begin(&b, '{');
	for (size_t i = 0; i < s->keys.n; i++) {
		struct type *t = &s->types[types[i]];

		make_room(t, s->columns.names.n);
		if (s->how->table)
			tabulate(s, t, props, &table);
		else
			put_type(s, t, props, &b);
	}
	emit_end(&b, '}');
	put_settings(s->how, &b);
	emit_key(&b, "records"), emit_u64(&b, left->counts.records);
	emit_key(&b, "errors"), emit_u64(&b, left->counts.errors);
	emit_end(&b, '}');
	if (s->how->table)
		table_print(&table, out);
	else
		buf_add(out, buf_span(&b)), buf_byte(out, '\n');
	table_release(&table);
	buf_release(&b);
	free(types);
	free(props);
	return 0;
}

const struct agreement_mode agreement_propositions = { begin, take, print,
	end };
