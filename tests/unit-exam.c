/* unit-exam: from a record to questions, from replies to a graded record. */
#include "eval/exam.h"
#include "eval/talk.h"
#include "eval/template.h"
#include "tap.h"

static const struct grader grader = {
	.name = "test",
	.template = { "C <<conversation>> R <<rubric_item>>", 36 },
	.field = "criteria_met",
	.explanation = "explanation",
};

#define CONVERSATION                                                           \
	"\"prompt\":[{\"role\":\"user\",\"content\":\"q\"}],"                  \
	"\"completion\":[{\"role\":\"assistant\",\"content\":\"a\","           \
	"\"reasoning_content\":\"secret\"}]"
#define RUBRICS                                                                \
	"\"rubrics\":[{\"criterion\":\"c %s\",\"points\":5.0,\"x\":[ 1 ]},"    \
	"{\"criterion\":\"d\",\"points\":-3,\"tags\":[\"t\"]}]"

static struct exam_plan plan = { .grader = &grader };
static struct rec rec;
static struct exam exam;

/* Opens an exam on the line; the code of "error" where that fails. */
static const char *
open_on(const char *line, unsigned judges)
{
	static struct arena a;
	struct json_fault f;

	arena_clear(&a);
	if (rec_parse(&rec, span_str(line), &f))
		return f.what;
	plan.judges = judges;
	if (exam_open(&exam, &rec, &plan) == 0)
		return "none";
	return arena_dup(
		&a, json_str(json_get(rec_get(&rec, "error"), "code"), &a));
}

static void
is_text(struct span got, const char *want, const char *name)
{
	struct buf b = { 0 };

	buf_add(&b, got);
	is_str(buf_cstr(&b), want, name);
	buf_release(&b);
}

static bool
reply(size_t i, unsigned judge, const char *text)
{
	struct chat_reply r = { .end = CHAT_ANSWER, .text = span_str(text) };

	return exam_reply(&exam, &rec, i, judge, &r);
}

static void
check_questions(void)
{
	is_str(open_on("{" CONVERSATION "," RUBRICS "}", 1), "none", "opens");
	is_int((intmax_t)exam.n, 2, "a question for each item");
	is_text(exam.questions[0].text,
		"C user: q\n\nassistant: a R [5.0] c %s",
		"points as written, no reasoning, no formats");
	is_text(exam.questions[1].text, "C user: q\n\nassistant: a R [-3] d",
		"negative points");
	open_on("{\"system\":\"s\"," CONVERSATION ",\"rubric\":\"r\"}", 1);
	is_text(exam.questions[0].text,
		"C system: s\n\nuser: q\n\nassistant: a R r",
		"the system turn stands in front; one rubric has no points");
	open_on("{\"prompt\":\"q\",\"completion\":\"<<rubric_item>>\","
		"\"rubric\":\"r\"}",
		1);
	is_text(exam.questions[0].text, "C user: q\n\nassistant: r R r",
		"one replacement after the other");
}

static void
check_bad_records(void)
{
	is_str(open_on("{" RUBRICS "}", 1), "no_prompt", "no prompt");
	is_str(open_on("{\"prompt\":\"q\"," RUBRICS "}", 1), "no_completion",
		"no completion");
	is_str(open_on("{" CONVERSATION "}", 1), "bad_rubric", "no rubrics");
	is_str(open_on("{" CONVERSATION ",\"rubrics\":[]}", 1), "bad_rubric",
		"no items");
	is_str(open_on("{" CONVERSATION ",\"rubrics\":{}}", 1), "bad_rubric",
		"no list");
	is_str(open_on("{" CONVERSATION ",\"rubrics\":[{\"criterion\":\"c\"}]}",
		       1),
		"bad_rubric", "no points");
	is_str(open_on("{" CONVERSATION ",\"rubrics\":[{\"criterion\":\"c\","
		       "\"points\":\"5\"}]}",
		       1),
		"bad_rubric", "points that are text");
	is_str(open_on("{" CONVERSATION ",\"rubrics\":[{\"points\":5}]}", 1),
		"bad_rubric", "no criterion");
	is_str(open_on("{" CONVERSATION ",\"rubrics\":[{\"criterion\":\"c\","
		       "\"points\":-5}]}",
		       1),
		"bad_rubric", "no positive points");
	is_str(open_on("{\"prompt\":[],\"completion\":\"a\"," RUBRICS "}", 1),
		"bad_conversation", "an empty prompt");
	is_str(open_on("{\"prompt\":[{\"content\":\"q\"}],"
		       "\"completion\":\"a\"," RUBRICS "}",
		       1),
		"bad_conversation", "a message without a role");
}

static void
check_graded(void)
{
	open_on("{" CONVERSATION "," RUBRICS "}", 1);
	ok(reply(0, 0, "{\"explanation\":\"e\",\"criteria_met\":true}"),
		"a verdict");
	ok(!reply(1, 0, "no idea"), "no verdict");
	ok(reply(1, 0, "```json\n{\"criteria_met\":true}```"), "asked again");
	exam_close(&exam, &rec);
	is_text(rec_get(&rec, "rubric_items"),
		"[{\"criterion\":\"c %s\",\"points\":5.0,\"x\":[ 1 ],"
		"\"criteria_met\":true,\"explanation\":\"e\"},"
		"{\"criterion\":\"d\",\"points\":-3,\"tags\":[\"t\"],"
		"\"criteria_met\":true,"
		"\"explanation\":\"No explanation provided\"}]",
		"items keep what they had");
	is_text(rec_get(&rec, "score"), "0.4", "the score, not clipped");
	ok(!rec_failed(&rec), "no error");
}

static void
check_ungraded(void)
{
	open_on("{" CONVERSATION "," RUBRICS "}", 1);
	reply(0, 0, "{\"criteria_met\":true}");
	reply(1, 0, "{\"criteria_met\":\"true\"}");
	exam_close(&exam, &rec);
	ok(!rec_get(&rec, "score").s, "no score without every verdict");
	is_text(json_get(json_at(rec_get(&rec, "rubric_items"), 1),
			"criteria_met"),
		"null", "no verdict is not false");
	ok(rec_failed(&rec), "the record says so");
	open_on("{" CONVERSATION "," RUBRICS "}", 1);
	reply(0, 0, "{\"criteria_met\":true}");
	exam_reply(&exam, &rec, 1, 0,
		&(struct chat_reply){ .end = CHAT_FAILED,
			.error_code = "server",
			.error_message = SPAN("status 500") });
	exam_close(&exam, &rec);
	is_text(json_get(rec_get(&rec, "error"), "code"), "\"server\"",
		"a request that failed gives its own code");
}

static void
check_judges(void)
{
	open_on("{" CONVERSATION ",\"rubric\":\"r\"}", 3);
	reply(0, 0, "{\"criteria_met\":false,\"explanation\":\"1\"}");
	reply(0, 1, "?");
	reply(0, 2, "{\"criteria_met\":false,\"explanation\":\"3\"}");
	exam_close(&exam, &rec);
	is_text(rec_get(&rec, "criteria_met"), "false", "the majority");
	is_text(rec_get(&rec, "explanation"), "\"1\"", "its first words");
	is_int((intmax_t)json_count(rec_get(&rec, "judges")), 3,
		"each judge is kept");
	ok(!rec_failed(&rec), "a judge without a verdict leaves the vote");
	open_on("{" CONVERSATION ",\"rubric\":\"r\"}", 2);
	reply(0, 0, "{\"criteria_met\":false}");
	reply(0, 1, "{\"criteria_met\":true}");
	exam_close(&exam, &rec);
	is_text(rec_get(&rec, "criteria_met"), "null", "a tie is no verdict");
	ok(rec_failed(&rec), "and an error");
}

/* One pass: what the record says is not looked at for placeholders. */
static void
check_once(void)
{
	struct buf b = { 0 };

	template_once(&b, SPAN("{q}: {r}{q} {x}"),
		(struct template_slot[]){ { SPAN("{r}"), SPAN("{q}{r}") },
			{ SPAN("{q}"), SPAN("Q") } },
		2);
	is_str(buf_cstr(&b), "Q: {q}{r}Q {x}", "filled in once");
	buf_release(&b);
}

int
main(void)
{
	check_once();
	check_questions();
	check_bad_records();
	check_graded();
	check_ungraded();
	check_judges();
	rec_release(&rec);
	return tap_done();
}
