/* unit-verdict: which replies of a grader are verdicts, and which are none. */
#include "eval/verdict.h"
#include "tap.h"

static void
reads(const char *reply, enum verdict want)
{
	struct arena a = { 0 };
	struct span object;
	struct err e = { "" };
	enum verdict got = verdict_json(
		span_str(reply), "criteria_met", &object, &a, &e);

	ok(got == want, "%s", reply);
	if (want == VERDICT_NONE)
		ok(e.msg[0], "  says why: %s", e.msg);
	arena_release(&a);
}

static void
check_verdicts(void)
{
	reads("{\"criteria_met\": true}", VERDICT_TRUE);
	reads("{\"explanation\": \"x\", \"criteria_met\": false}",
		VERDICT_FALSE);
	reads("```json\n{\"criteria_met\": true}\n```", VERDICT_TRUE);
	reads("  ```json{\"criteria_met\": true}```\n\n", VERDICT_TRUE);
	reads("{\"criteria_met\": true}\n```", VERDICT_TRUE);
	reads("\xc2\xa0\xe3\x80\x80{\"criteria_met\": true}\xc2\x85",
		VERDICT_TRUE);
	reads("{\"criteria_met\": false, \"criteria_met\": true}",
		VERDICT_TRUE);
	reads("{\"criteria_met\": true, \"sure\": NaN}", VERDICT_TRUE);
	reads("{\"a\": [-Infinity, Infinity, NaN], \"criteria_met\": false}",
		VERDICT_FALSE);
	reads("{\"explanation\": \"\\ud800\", \"criteria_met\": true}",
		VERDICT_TRUE);
	reads("{\"explanation\": 7, \"criteria_met\": true}", VERDICT_TRUE);
}

static void
check_no_verdicts(void)
{
	reads("", VERDICT_NONE);
	reads("true", VERDICT_NONE);
	reads("[{\"criteria_met\": true}]", VERDICT_NONE);
	reads("\"criteria_met\"", VERDICT_NONE);
	reads("{}", VERDICT_NONE);
	reads("{\"criteria_met\": \"true\"}", VERDICT_NONE);
	reads("{\"criteria_met\": 1}", VERDICT_NONE);
	reads("{\"criteria_met\": null}", VERDICT_NONE);
	reads("{'criteria_met': true}", VERDICT_NONE);
	reads("{\"criteria_met\": True}", VERDICT_NONE);
	reads("{\"criteria_met\": NaN}", VERDICT_NONE);
	reads("{\"criteria_met\": true} I am sure", VERDICT_NONE);
	reads("Here it is: {\"criteria_met\": true}", VERDICT_NONE);
	reads("{\"explanation\": \"a\nb\", \"criteria_met\": true}",
		VERDICT_NONE);
	reads("```\n{\"criteria_met\": true}\n```", VERDICT_NONE);
	reads("```JSON\n{\"criteria_met\": true}\n```", VERDICT_NONE);
	reads("{\"criteria_met\": tr", VERDICT_NONE);
}

static void
majority(const char *votes, enum verdict want)
{
	enum verdict v[8];
	size_t n = strlen(votes);

	for (size_t i = 0; i < n; i++)
		v[i] = votes[i] == 't'   ? VERDICT_TRUE
		       : votes[i] == 'f' ? VERDICT_FALSE
		                         : VERDICT_NONE;
	ok(verdict_majority(v, n) == want, "the majority of '%s'", votes);
}

int
main(void)
{
	check_verdicts();
	check_no_verdicts();
	majority("t", VERDICT_TRUE);
	majority("tft", VERDICT_TRUE);
	majority("fft", VERDICT_FALSE);
	majority("t?", VERDICT_TRUE);
	majority("tf", VERDICT_NONE);
	majority("??", VERDICT_NONE);
	majority("", VERDICT_NONE);
	return tap_done();
}
