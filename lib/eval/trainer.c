#include "eval/talk.h"
#include "eval/trainer.h"
#include "record/emit.h"

const char *const trainer_names[] = { "trl", "openrlhf", "verl", "nemo-rl",
	"openai", "rewardbench", NULL };

#define USER SPAN("user")
#define ASSISTANT SPAN("assistant")

bool
trainer_reads_pairs(enum trainer t)
{
	return t != TRAINER_VERL;
}

bool
trainer_reads_rows(enum trainer t)
{
	return t != TRAINER_NEMO_RL && t != TRAINER_REWARDBENCH;
}

/* Checking. */

/* A text, or messages that are not empty and have roles. */
static int
check_side(struct span side, const char *name, struct err *e)
{
	enum json_kind kind = json_kind(side);
	struct json_iter it = json_iter(side);
	struct json_member m;

	if (kind == JSON_STRING)
		return 0;
	if (kind != JSON_ARRAY || json_count(side) == 0)
		return err_set(e, "\"%s\": %s; messages or text are expected",
			name,
			side.s == NULL       ? "missing"
			: kind == JSON_ARRAY ? "empty"
					     : json_kind_name(kind));
	for (size_t i = 0; json_next(&it, &m); i++)
		if (json_kind(json_get(m.value, "role")) != JSON_STRING)
			return err_set(e,
				"\"%s\"[%zu]: {role, content} is expected",
				name, i);
	return 0;
}

static int
check(const struct rec *r, struct err *e)
{
	if (check_side(talk_prompt(r), "prompt", e))
		return -1;
	return check_side(rec_get(r, "completion"), "completion", e);
}

static bool
same_value(struct span a, struct span b)
{
	struct buf x = { 0 }, y = { 0 };
	bool same;

	emit_value(&x, a);
	emit_value(&y, b);
	same = span_eq(buf_span(&x), buf_span(&y));
	buf_release(&x);
	buf_release(&y);
	return same;
}

bool
trainer_same(const struct rec *a, const struct rec *b)
{
	struct buf x = { 0 }, y = { 0 };
	bool same = talk_reply(&x, a, NULL) == 0 &&
	            talk_reply(&y, b, NULL) == 0 &&
	            span_eq(buf_span(&x), buf_span(&y));

	buf_release(&x);
	buf_release(&y);
	return same;
}

/* Messages. */

static void
put_message(struct buf *b, struct span message)
{
	struct json_iter it = json_iter(message);
	struct json_member m;

	emit_begin(b, '{');
	while (json_next(&it, &m))
		if (!json_is(m.key, "reasoning_content")) {
			emit_raw(b, m.key);
			buf_byte(b, ':');
			emit_raw(b, m.value);
		}
	emit_end(b, '}');
}

/* The messages of a side, without brackets; a text is one of ${role}. */
static void
put_turns(struct buf *b, struct span side, struct span role)
{
	struct json_iter it = json_iter(side);
	struct json_member m;

	if (json_kind(side) == JSON_ARRAY) {
		while (json_next(&it, &m))
			put_message(b, m.value);
		return;
	}
	emit_begin(b, '{');
	emit_key(b, "role"), emit_str(b, role);
	emit_key(b, "content"), emit_raw(b, side);
	emit_end(b, '}');
}

static void
put_messages(struct buf *b, struct span side, struct span role)
{
	emit_begin(b, '[');
	put_turns(b, side, role);
	emit_end(b, ']');
}

/* The whole conversation. */
static void
put_talk(struct buf *b, const struct rec *r)
{
	emit_begin(b, '[');
	put_turns(b, talk_prompt(r), USER);
	put_turns(b, rec_get(r, "completion"), ASSISTANT);
	emit_end(b, ']');
}

static bool
is_text(const struct rec *r)
{
	return json_kind(talk_prompt(r)) == JSON_STRING &&
	       json_kind(rec_get(r, "completion")) == JSON_STRING;
}

static void
put_side(struct buf *b, const char *key, struct span side, struct span role,
	bool text)
{
	emit_key(b, key);
	if (text)
		emit_raw(b, side);
	else
		put_messages(b, side, role);
}

/* A member's text for a column of texts: "" where there is none. */
static void
put_text(struct buf *b, const char *key, struct span value)
{
	emit_key(b, key);
	if (json_kind(value) == JSON_STRING)
		emit_raw(b, value);
	else
		emit_str(b, value.s ? value : SPAN(""));
}

/* Pairs. */

static void
pair_prompted(const struct trainer_side *better,
	const struct trainer_side *worse, struct buf *b)
{
	bool text = is_text(better->r) && is_text(worse->r);

	put_side(b, "prompt", talk_prompt(better->r), USER, text);
	put_side(
		b, "chosen", rec_get(better->r, "completion"), ASSISTANT, text);
	put_side(b, "rejected", rec_get(worse->r, "completion"), ASSISTANT,
		text);
	emit_key(b, "chosen_reward"), emit_f64(b, better->reward);
	emit_key(b, "rejected_reward"), emit_f64(b, worse->reward);
}

static void
put_ranked(struct buf *b, const struct rec *r, uint64_t rank)
{
	emit_begin(b, '{');
	emit_key(b, "rank"), emit_u64(b, rank);
	put_side(b, "completion", rec_get(r, "completion"), ASSISTANT, false);
	emit_end(b, '}');
}

static void
pair_nemo(const struct trainer_side *better, const struct trainer_side *worse,
	struct buf *b)
{
	put_side(b, "context", talk_prompt(better->r), USER, false);
	emit_key(b, "completions"), emit_begin(b, '[');
	put_ranked(b, better->r, 0);
	put_ranked(b, worse->r, 1);
	emit_end(b, ']');
}

static void
pair_openai(const struct trainer_side *better, const struct trainer_side *worse,
	struct buf *b)
{
	emit_key(b, "input"), emit_begin(b, '{');
	put_side(b, "messages", talk_prompt(better->r), USER, false);
	emit_end(b, '}');
	put_side(b, "preferred_output", rec_get(better->r, "completion"),
		ASSISTANT, false);
	put_side(b, "non_preferred_output", rec_get(worse->r, "completion"),
		ASSISTANT, false);
}

static void
pair_rewardbench(const struct trainer_side *better,
	const struct trainer_side *worse, struct buf *b)
{
	put_text(b, "id", rec_id(better->r));
	emit_key(b, "chosen"), put_talk(b, better->r);
	emit_key(b, "rejected"), put_talk(b, worse->r);
}

int
trainer_pair(enum trainer t, const struct trainer_side *better,
	const struct trainer_side *worse, struct buf *b, struct err *e)
{
	struct span id = rec_id(better->r);

	if (check(better->r, e) || check(worse->r, e))
		return -1;
	if (!same_value(talk_prompt(better->r), talk_prompt(worse->r)))
		return err_set(e, "two completions of one group have "
				  "different prompts");
	emit_begin(b, '{');
	if (t == TRAINER_NONE && id.s)
		emit_key(b, "id"), emit_raw(b, id);
	if (t == TRAINER_NEMO_RL)
		pair_nemo(better, worse, b);
	else if (t == TRAINER_OPENAI)
		pair_openai(better, worse, b);
	else if (t == TRAINER_REWARDBENCH)
		pair_rewardbench(better, worse, b);
	else
		pair_prompted(better, worse, b);
	emit_end(b, '}');
	return 0;
}

/* Rows. */

static void
row_openrlhf(const struct trainer_side *side, struct buf *b)
{
	bool text = is_text(side->r);

	put_side(b, "input", talk_prompt(side->r), USER, text);
	put_side(b, "output", rec_get(side->r, "completion"), ASSISTANT, text);
	emit_key(b, "reward"), emit_f64(b, side->reward);
}

static void
row_trl(const struct trainer_side *side, struct buf *b)
{
	bool text = is_text(side->r);

	put_side(b, "prompt", talk_prompt(side->r), USER, text);
	put_side(b, "completion", rec_get(side->r, "completion"), ASSISTANT,
		text);
}

/* The prompt, and what a reward function may want to know about it. */
static void
row_verl(const struct trainer_side *side, uint64_t index, struct buf *b)
{
	const struct rec *r = side->r;
	struct span source = rec_get(r, "data_source");
	struct span split = rec_get(r, "split");

	put_text(b, "data_source", source.s ? source : SPAN("\"cupel\""));
	put_side(b, "prompt", talk_prompt(r), USER, false);
	put_text(b, "ability", rec_get(r, "category"));
	emit_key(b, "reward_model"), emit_begin(b, '{');
	emit_key(b, "style"), emit_cstr(b, "rule");
	put_text(b, "ground_truth", rec_get(r, "response_type"));
	emit_end(b, '}');
	emit_key(b, "extra_info"), emit_begin(b, '{');
	put_text(b, "split", split.s ? split : SPAN("\"train\""));
	emit_key(b, "index"), emit_u64(b, index);
	put_text(b, "id", rec_id(r));
	emit_key(b, "reward"), emit_f64(b, side->reward);
	emit_end(b, '}');
}

int
trainer_row(enum trainer t, const struct trainer_side *side, uint64_t index,
	struct buf *b, struct err *e)
{
	if (check(side->r, e))
		return -1;
	emit_begin(b, '{');
	if (t == TRAINER_VERL)
		row_verl(side, index, b);
	else if (t == TRAINER_OPENAI)
		emit_key(b, "messages"), put_talk(b, side->r);
	else if (t == TRAINER_OPENRLHF)
		row_openrlhf(side, b);
	else
		row_trl(side, b);
	emit_end(b, '}');
	return 0;
}
