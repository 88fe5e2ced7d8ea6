#include <math.h>

#include "eval/improv.h"
#include "eval/lexical.h"
#include "eval/worked.h"

static struct span
last_user(const struct dialect_ask *ask)
{
	for (size_t i = ask->nturns; i-- > 0;)
		if (span_is(ask->turns[i].role, "user"))
			return ask->turns[i].text;
	return SPAN("");
}

static void
choose(struct dialect_choice *c, const struct lexical_choice *q, double noise,
	struct arena *a)
{
	double yes;

	if (!worked_yes(q->question, q->reply, noise, &yes, a))
		yes = lexical_yes(q, noise, a);

	c->text = yes >= 0.5 ? q->yes : q->no;
	c->instead = yes >= 0.5 ? q->no : q->yes;
	c->sure = fmax(yes, 1 - yes);
}

void
improv_choice(struct dialect_choice *c, const struct dialect_ask *ask,
	struct rng *rng, struct arena *a)
{
	struct span prompt = last_user(ask);
	double noise = ask->temperature > 0 ? 2 * rng_unit(rng) - 1 : 0;
	struct lexical_item item;
	struct lexical_choice either;
	struct buf b = { 0 };

	c->finish = "stop";
	if (lexical_item(prompt, &item)) {
		lexical_grade(&b, &item, noise, a);
	} else if (lexical_choice(prompt, &either)) {
		choose(c, &either, noise, a);
		return;
	} else {
		lexical_write(&b, prompt, rng, a);
	}
	c->text = (struct span){ arena_dup(a, buf_span(&b)), b.len };
	buf_release(&b);
}
