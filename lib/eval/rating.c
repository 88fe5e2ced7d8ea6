#include "eval/rating.h"

int
rating_init(struct rating *g, const char *reward, const char *by, struct err *e)
{
	*g = (struct rating){ .text = reward };
	g->reward = expr_compile(reward, e);
	if (g->reward && group_init(&g->group, by, e) == 0)
		return 0;
	rating_release(g);
	return -1;
}

static enum pool_fate
read_reward(struct rating *g, struct rec *r, double *reward)
{
	struct err e = { "gives no value" };
	struct span v;

	buf_clear(&g->value);
	if (expr_run(g->reward, r->raw, &g->value, &e) != 1) {
		rec_fail(r, "expression", "--reward %s", e.msg);
		return POOL_FAILED;
	}
	v = json_value(buf_span(&g->value));
	if (json_kind(v) == JSON_NULL)
		return POOL_UNRANKED;
	if (json_f64(v, reward))
		return POOL_RANKED;
	rec_fail(r, "reward", "%s: %s; a finite number is expected", g->text,
		json_kind_name(json_kind(v)));
	return POOL_FAILED;
}

enum pool_fate
rating_of(struct rating *g, struct rec *r, double *reward, struct span *prompt)
{
	struct err e;
	enum pool_fate fate;

	if (rec_failed(r))
		return POOL_FAILED;
	fate = read_reward(g, r, reward);
	if (fate != POOL_RANKED || prompt == NULL)
		return fate;
	buf_clear(&g->key);
	if (group_key(&g->group, r, &g->key, &e)) {
		rec_fail(r, "group", "%s", e.msg);
		return POOL_FAILED;
	}
	*prompt = buf_span(&g->key);
	return POOL_RANKED;
}

void
rating_release(struct rating *g)
{
	expr_free(g->reward);
	group_release(&g->group);
	buf_release(&g->value);
	buf_release(&g->key);
	*g = (struct rating){ 0 };
}
