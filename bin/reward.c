/* cupel-reward: apply rules: propositions to classes, features and rewards. */
#include <math.h>
#include <stdlib.h>

#include "eval/features.h"
#include "eval/weights.h"
#include "record/emit.h"
#include "record/stream.h"

static struct {
	struct opt_list rules;
	const char *weights, *base;
	bool exact, explain;
} cfg;

static const struct opt opts[] = {
	{ 'r', "rules", "NAME",
		"a rule file or a built-in name; may be repeated",
		OPT_LIST(&cfg.rules) },
	{ 'w', "weights", "FILE", "weigh the features as cupel-fit wrote it",
		OPT_STR(&cfg.weights) },
	{ 0, "base", "EXPR", "what the weights add to (default .rm_score)",
		OPT_STR(&cfg.base) },
	{ 0, "exact", NULL, "exact class probabilities, not the product",
		OPT_FLAG(&cfg.exact) },
	{ 0, "explain", NULL, "add \"explain\": what moved the reward",
		OPT_FLAG(&cfg.explain) },
	{ 0 },
};
static const struct tool tool = { "reward",
	"apply rules: propositions to classes, features and rewards",
	"[file ...]", (const struct opt *const[]){ opts, stream_opts, NULL } };

/* What is done with the records of one response type. */
struct plan {
	struct span key;         /* absent: with those of any */
	struct rules_type *type; /* NULL: there are no rules */
	struct columns features; /* by name */
	struct span *names;      /* ,"NAME": of each */
	double *weights;         /* of each; 0 where it has none */
	bool weighted;           /* there are weights for this type */
};

struct worker {
	struct stream st;
	struct rec rec;
	struct rules rules;
	struct weights weights;
	bool rewards; /* there are weights at all */
	struct plan *plans;
	size_t nplans;
	struct expr *base; /* NULL: .rm_score */
	struct features of;
	double *values;       /* of the record's features: those of ${of}, */
	struct span *texts;   /* or without rules those that it has */
	struct span *classes; /* JSON */
	struct moved *moved;
	struct arena arena; /* what lives as long as the process */
	struct buf text;    /* of the record's new members */
	struct buf value;   /* of the base */
	struct buf so_far;  /* the record with its classes, for conditions */
};

/* What one feature adds to a reward. */
struct moved {
	size_t feature;
	double by;
};

/* Preparing. */

static void
check_options(const struct worker *w)
{
	if (cfg.rules.n == 0 && cfg.weights == NULL)
		die(ST_USAGE, "-r RULES or -w WEIGHTS is needed, or both");
	if (cfg.rules.n && w->rules.nclasses + w->rules.nconditions == 0)
		die(ST_USAGE, "%s: there are neither classes nor rules",
			w->rules.path);
	if (cfg.exact && w->rules.nclasses == 0)
		die(ST_USAGE, "--exact: there are no classes");
	if (cfg.weights && cfg.rules.n && w->rules.nclasses == 0)
		die(ST_USAGE,
			"%s: -w is by response type, and without "
			"completion_classes there is none; give each rule its "
			"weight there",
			w->rules.path);
	if (!w->rewards && (cfg.base || cfg.explain))
		die(ST_USAGE,
			"%s: without weights there is no reward; give -w, or "
			"rules with a weight",
			cfg.base ? "--base" : "--explain");
}

static void
load(struct worker *w)
{
	struct err e;

	if (cfg.rules.n && rules_load(&w->rules, cfg.rules.v, cfg.rules.n, &e))
		die(ST_USAGE, "%s", e.msg);
	if (cfg.weights && weights_load(&w->weights, cfg.weights, &e))
		die(ST_USAGE, "%s", e.msg);
	w->rewards = cfg.weights != NULL;
	for (size_t i = 0; i < w->rules.nconditions; i++)
		w->rewards |= w->rules.conditions[i].weighted;
	check_options(w);
	if (cfg.base && (w->base = expr_compile(cfg.base, &e)) == NULL)
		die(ST_USAGE, "--base: %s", e.msg);
	if (cfg.exact && rules_exact(&w->rules, &e))
		die(ST_USAGE, "%s", e.msg);
	features_init(&w->of, &w->rules, cfg.exact);
}

static const struct weights_type *
weights_of(const struct worker *w, struct span key)
{
	for (size_t i = 0; i < w->weights.n; i++)
		if (span_eq(w->weights.types[i].key, key))
			return &w->weights.types[i];
	return NULL;
}

static void
add_feature(struct worker *w, struct plan *p, struct span name)
{
	size_t i = columns_add(&p->features, name);

	buf_clear(&w->text);
	buf_byte(&w->text, ',');
	emit_key_span(&w->text, name);
	p->names[i] = (struct span){ arena_dup(&w->arena, buf_span(&w->text)),
		w->text.len };
}

static struct plan *
add_plan(struct worker *w, struct span key, size_t nfeatures)
{
	struct plan *p;

	w->plans = mem_resize(w->plans, w->nplans + 1, sizeof(*w->plans));
	p = &w->plans[w->nplans++];
	*p = (struct plan){ .key = key };
	p->names = arena_array(&w->arena, nfeatures, sizeof(*p->names));
	p->weights = arena_array(&w->arena, nfeatures, sizeof(*p->weights));
	return p;
}

/* Sets the weights of -w, which count where a rule has its own too. */
static void
take_weights(struct worker *w, struct plan *p, const struct weights_type *of,
	bool *has)
{
	for (size_t i = 0; of && i < of->n; i++) {
		const struct weights_item *x = &of->items[i];
		size_t at = map_find(&p->features.names, x->feature);

		if (at == MAP_NONE)
			die(ST_USAGE,
				"%s: weights: %.*s: by the rules it has no "
				"feature %.*s",
				w->weights.path, SPAN_ARG(p->key),
				SPAN_ARG(x->feature));
		p->weights[at] = x->weight;
		has[at] = true;
	}
}

static void
weigh(struct worker *w, struct plan *p)
{
	const struct weights_type *of = weights_of(w, p->key);
	size_t n = p->features.names.n, first = n - w->rules.nconditions;
	bool *has = arena_array(&w->arena, n, sizeof(*has));

	p->weighted = cfg.weights ? of != NULL : w->rewards;
	for (size_t i = first; i < n; i++) {
		p->weights[i] = w->rules.conditions[i - first].weight;
		has[i] = w->rules.conditions[i - first].weighted;
	}
	take_weights(w, p, of, has);
	for (size_t i = first; p->weighted && i < n; i++)
		if (!has[i])
			die(ST_USAGE,
				"%s: rules: %.*s has no weight%s%.*s; give it "
				"one, 0 say",
				w->rules.path,
				SPAN_ARG(w->rules.conditions[i - first].name),
				p->key.s ? " for " : "", SPAN_ARG(p->key));
}

static void
plan_by_rules(struct worker *w)
{
	for (size_t t = 0; t < w->rules.ntypes; t++) {
		struct rules_type *type = &w->rules.types[t];
		size_t n = rules_nfeatures(&w->rules, type);
		struct plan *p = add_plan(w, type->key, n);

		p->type = type;
		for (size_t i = 0; i < n; i++)
			add_feature(w, p, rules_feature(&w->rules, type, i));
		weigh(w, p);
	}
	for (size_t i = 0; i < w->weights.n; i++)
		if (!rules_type(&w->rules, w->weights.types[i].key))
			die(ST_USAGE,
				"%s: weights: %.*s: %s has no such response "
				"type",
				w->weights.path,
				SPAN_ARG(w->weights.types[i].key),
				w->rules.path);
}

static void
plan_by_weights(struct worker *w)
{
	for (size_t t = 0; t < w->weights.n; t++) {
		const struct weights_type *of = &w->weights.types[t];
		struct plan *p = add_plan(w, of->key, of->n);

		for (size_t i = 0; i < of->n; i++)
			add_feature(w, p, of->items[i].feature);
		weigh(w, p);
	}
}

static void
spell_classes(struct worker *w)
{
	w->classes = arena_array(
		&w->arena, w->rules.nclasses, sizeof(*w->classes));
	for (size_t i = 0; i < w->rules.nclasses; i++) {
		buf_clear(&w->text);
		emit_str(&w->text, w->rules.classes[i]);
		w->classes[i] = (struct span){
			arena_dup(&w->arena, buf_span(&w->text)), w->text.len
		};
	}
}

static void
prepare(struct worker *w)
{
	size_t most = 1;

	load(w);
	spell_classes(w);
	if (cfg.rules.n)
		plan_by_rules(w);
	else
		plan_by_weights(w);
	for (size_t i = 0; i < w->nplans; i++)
		if (w->plans[i].features.names.n > most)
			most = w->plans[i].features.names.n;
	w->values = w->of.values;
	w->texts = w->of.texts;
	if (cfg.rules.n == 0) {
		w->values = arena_array(&w->arena, most, sizeof(*w->values));
		w->texts = arena_array(&w->arena, most, sizeof(*w->texts));
	}
	w->moved = arena_array(&w->arena, most, sizeof(*w->moved));
}

/* The reward. */

/* The value of --base, absent where there is none. */
static int
run_base(struct worker *w, struct span *text)
{
	struct err e;
	int n;

	if (w->base == NULL) {
		*text = rec_get(&w->rec, "rm_score");
		return 0;
	}
	buf_clear(&w->value);
	n = expr_run(w->base, w->rec.raw, &w->value, &e);
	*text = n == 1 ? json_value(buf_span(&w->value)) : (struct span){ 0 };
	if (n < 0)
		rec_fail(&w->rec, "base", "the base %s", e.msg);
	return n < 0 ? -1 : 0;
}

/* The base, as text too: a number we did not compute is not ours to round. */
static int
find_base(struct worker *w, double *base, struct span *text)
{
	const char *name = cfg.base ? cfg.base : ".rm_score";

	if (run_base(w, text))
		return -1;
	if (json_kind(*text) <= JSON_NULL)
		rec_fail(&w->rec, "base", "the base %s is missing", name);
	else if (!json_f64(*text, base))
		rec_fail(&w->rec, "base",
			"the base %s is %.*s, a finite number is expected",
			name, (int)(text->len > 80 ? 80 : text->len), text->s);
	else
		return 0;
	return -1;
}

static int
by_size(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	double dx = fabs(x->by), dy = fabs(y->by);

	if (dx != dy)
		return dx < dy ? 1 : -1;
	return (x->feature > y->feature) - (x->feature < y->feature);
}

/* What moved it, the strongest first; features that add nothing are left out. */
static void
explain(struct worker *w, const struct plan *p, struct span base)
{
	struct buf *b = &w->text;
	size_t n = 0;

	for (size_t i = 0; p && i < p->features.names.n; i++) {
		double by = p->weights[i] * w->values[i];

		if (by < 0 || by > 0)
			w->moved[n++] = (struct moved){ i, by };
	}
	if (n)
		qsort(w->moved, n, sizeof(*w->moved), by_size);
	buf_clear(b);
	emit_begin(b, '{');
	emit_key(b, "base"), emit_raw(b, base);
	emit_key(b, "moved"), emit_begin(b, '[');
	for (size_t i = 0; i < n; i++) {
		size_t f = w->moved[i].feature;

		emit_begin(b, '{');
		emit_key(b, "feature");
		emit_str(b, map_key(&p->features.names, f));
		emit_key(b, "value"), emit_raw(b, w->texts[f]);
		emit_key(b, "weight"), emit_f64(b, p->weights[f]);
		emit_key(b, "by"), emit_f64(b, w->moved[i].by);
		emit_end(b, '}');
	}
	emit_end(b, ']'), emit_end(b, '}');
	rec_set_buf(&w->rec, "explain", b);
}

/* ${p} is NULL where the rules do not cover the record: the base stays. */
static void
reward(struct worker *w, const struct plan *p)
{
	double total;
	struct span base;

	if (p && !p->weighted) {
		rec_fail(&w->rec, "weights", "%s has no weights for %.*s",
			w->weights.path, SPAN_ARG(p->key));
		return;
	}
	if (find_base(w, &total, &base))
		return;
	for (size_t i = 0; p && i < p->features.names.n; i++)
		total += p->weights[i] * w->values[i];
	if (!isfinite(total)) {
		rec_fail(&w->rec, "range", "the reward is not finite");
		return;
	}
	buf_clear(&w->text);
	if (p)
		emit_f64(&w->text, total);
	else
		buf_add(&w->text, base);
	rec_set_buf(&w->rec, "reward", &w->text);
	if (cfg.explain)
		explain(w, p, base);
}

/* The features. */

/* An object of ${n} members, at least one: most of the output is these. */
static void
write_members(struct buf *b, const struct span *names,
	const struct span *values, size_t n)
{
	size_t size = 2;
	char *p;

	for (size_t i = 0; i < n; i++)
		size += names[i].len + values[i].len;
	buf_clear(b);
	p = buf_room(b, size);
	for (size_t i = 0; i < n; i++) {
		memcpy(p, names[i].s, names[i].len);
		p += names[i].len;
		memcpy(p, values[i].s, values[i].len);
		p += values[i].len;
	}
	*b->s = '{'; /* for the first comma */
	*p++ = '}';
	b->len = (size_t)(p - b->s);
}

static void
set_classes(struct worker *w, const struct plan *p)
{
	size_t first = p->type->nneeds;

	if (w->rules.nclasses == 0)
		return;
	write_members(&w->text, p->names + first, w->texts + first,
		w->rules.nclasses);
	rec_set_buf(&w->rec, "classes", &w->text);
	rec_set(&w->rec, "class", w->classes[w->of.best]);
}

static void
set_features(struct worker *w, const struct plan *p)
{
	write_members(&w->text, p->names, w->texts, w->of.n);
	rec_set_buf(&w->rec, "features", &w->text);
}

static int
conditions(struct worker *w)
{
	if (w->rules.nconditions == 0)
		return 0;
	buf_clear(&w->so_far);
	rec_print(&w->rec, &w->so_far);
	return features_conditions(&w->of, &w->rec, buf_span(&w->so_far));
}

/* Without rules: what weights there are, the record must have features for. */
static int
own_features(struct worker *w, struct plan *p)
{
	columns_read(&p->features, rec_get(&w->rec, "features"), w->texts);
	for (size_t i = 0; i < p->features.names.n; i++) {
		struct span name = map_key(&p->features.names, i);

		if (!json_f64(w->texts[i], &w->values[i])) {
			rec_fail(&w->rec, "features",
				"features: %.*s is %s, a finite number is "
				"expected",
				SPAN_ARG(name),
				json_kind_name(json_kind(w->texts[i])));
			return -1;
		}
	}
	return 0;
}

static int
find_features(struct worker *w, struct plan *p)
{
	if (p->type == NULL)
		return own_features(w, p);
	if (features_read(&w->of, &w->rec, p->type))
		return -1;
	set_classes(w, p);
	if (conditions(w))
		return -1;
	set_features(w, p);
	return 0;
}

/* The plan of the record's response type, NULL where there is none. */
static int
find_plan(struct worker *w, struct plan **p)
{
	struct span type = rec_get(&w->rec, "response_type");

	*p = w->plans;
	if (w->nplans && w->plans->key.s == NULL)
		return 0;
	if (json_kind(type) != JSON_STRING) {
		rec_fail(&w->rec, "response_type",
			"response_type is %s, a text is expected",
			json_kind_name(json_kind(type)));
		return -1;
	}
	type = json_str(type, &w->rec.arena);
	while (*p < w->plans + w->nplans && !rules_is_key((*p)->key, type))
		++*p;
	if (*p == w->plans + w->nplans)
		*p = NULL;
	if (*p || cfg.rules.n)
		return 0;
	rec_fail(&w->rec, "weights", "%s has no weights for %.*s",
		w->weights.path, SPAN_ARG(type));
	return -1;
}

/* All members that we own are on every line, whatever becomes of the record. */
static void
set_nulls(struct worker *w)
{
	static const char *const owned[] = { "classes", "class", "features",
		"reward", "explain" };
	bool used[] = { w->rules.nclasses, w->rules.nclasses, cfg.rules.n,
		w->rewards, cfg.explain };

	for (size_t i = 0; i < sizeof(owned) / sizeof(*owned); i++)
		if (used[i])
			rec_set(&w->rec, owned[i], SPAN("null"));
}

static void
judge(struct worker *w)
{
	struct plan *p;

	if (rec_failed(&w->rec))
		return;
	set_nulls(w);
	if (find_plan(w, &p) || (p && find_features(w, p)))
		return;
	if (w->rewards)
		reward(w, p);
}

static void
release(struct worker *w)
{
	for (size_t i = 0; i < w->nplans; i++)
		columns_release(&w->plans[i].features);
	free(w->plans);
	features_release(&w->of);
	rules_release(&w->rules);
	weights_release(&w->weights);
	expr_free(w->base);
	arena_release(&w->arena);
	buf_release(&w->text);
	buf_release(&w->value);
	buf_release(&w->so_far);
	rec_release(&w->rec);
}

int
main(int argc, char **argv)
{
	struct worker w = { 0 };
	enum status status;

	(void)argc;
	argv = opt_parse(&tool, argv);
	prepare(&w);
	stream_open(&w.st, argv);
	while (stream_read(&w.st, &w.rec)) {
		judge(&w);
		stream_write(&w.st, &w.rec);
	}
	status = stream_close(&w.st);
	release(&w);
	return status;
}
