#include "base/hash.h"
#include "eval/group.h"
#include "eval/talk.h"
#include "record/digest.h"
#include "record/emit.h"

int
group_init(struct group *g, const char *by, struct err *e)
{
	*g = (struct group){ 0 };
	if (by == NULL)
		return 0;
	g->by = expr_compile(by, e);
	return g->by ? 0 : -1;
}

static int
key_by(struct group *g, const struct rec *r, struct buf *key, struct err *e)
{
	struct err why = { "gives no value" };

	buf_clear(&g->value);
	if (expr_run(g->by, r->raw, &g->value, &why) != 1)
		return err_set(e, "--by %s", why.msg);
	if (span_is(buf_span(&g->value), "null"))
		return err_set(e, "--by gives null");
	emit_value(key, buf_span(&g->value));
	return 0;
}

/* A long prompt goes by its digest: keys are held in memory. */
static void
key_prompt(struct group *g, struct span prompt, struct buf *key)
{
	char hex[DIGEST_HEX + 1];

	buf_clear(&g->value);
	emit_value(&g->value, prompt);
	digest_hex(buf_span(&g->value), hex);
	buf_add(key, SPAN("prompt "));
	buf_add(key, span_str(hex));
}

/* A word in front keeps the id "a" apart from the prompt "a". */
int
group_key(struct group *g, const struct rec *r, struct buf *key, struct err *e)
{
	struct span id = rec_id(r), prompt = talk_prompt(r);

	if (g->by)
		return key_by(g, r, key, e);
	if (id.s == NULL && prompt.s == NULL)
		return err_set(e, "\"id\", \"prompt_id\" or \"prompt\" is "
				  "expected: it tells which records belong "
				  "together");
	if (id.s == NULL) {
		key_prompt(g, prompt, key);
		return 0;
	}
	buf_add(key, SPAN("id "));
	emit_value(key, id);
	return 0;
}

double
group_side(uint64_t seed, struct span key)
{
	uint64_t bits = hash_bytes(hash_bytes(seed, SPAN("side")), key);

	return (double)(bits >> 11) * 0x1p-53;
}

void
group_release(struct group *g)
{
	expr_free(g->by);
	buf_release(&g->value);
	*g = (struct group){ 0 };
}
