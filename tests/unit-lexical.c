/* unit-lexical: terms, verdicts, yes or no, and prose. */
#include "eval/lexical.h"
#include "record/json.h"
#include "tap.h"

static struct arena arena;

/* The terms of a text, with strokes between them. */
static const char *
terms(const char *text)
{
	struct lexical_terms t = lexical_terms(span_str(text), &arena);
	struct span all = SPAN("");

	for (size_t i = 0; i < t.n; i++)
		all = arena_printf(&arena, "%.*s%s%.*s", SPAN_ARG(all),
			i ? "|" : "", SPAN_ARG(t.v[i].word));
	return arena_dup(&arena, all);
}

static void
test_terms(void)
{
	is_str(terms("The fever, and the FEVER of a child"), "fever|child",
		"function words are left out, a term comes once");
	is_str(terms("recommend that the reply mentions medicine"), "medicine",
		"words in which criteria speak are left out");
	is_str(terms("vaccinate vaccination vaccines"), "vaccinate",
		"six characters tell a word");
	is_str(terms("a about above you your yours"), "",
		"function words from all over the table");
	is_str(terms("5 mg of 0.5 mg is ok x"), "5|0",
		"short words say little, digits much");
	is_str(terms("Fi\xc3\xa8vre, \xe2\x80\x9c"
		     "d\xc3\xa9lire\xe2\x80\x9d"),
		"Fi\xc3\xa8vre|d\xc3\xa9lire", "accents and curly quotes");
	is_str(terms("\xe7\x99\xba\xe7\x86\xb1\xe6\x99\x82\xe3\x80\x82"),
		"\xe7\x99\xba\xe7\x86\xb1|\xe7\x86\xb1\xe6\x99\x82",
		"Japanese by pairs of characters");
	is_str(terms("\xe7\x86\xb1 x"), "", "a character alone is none");
	is_str(terms("ab\xff\xfe"
		     "fever\xf0\x9f\x98\x80"
		     "cough\xc3"),
		"fever|cough", "bytes that are not UTF-8, emoji");
	is_str(terms(""), "", "nothing");
}

static double
cover(const char *wanted, const char *text)
{
	return lexical_cover(span_str(wanted), span_str(text), &arena);
}

static void
test_cover(void)
{
	is_f64(cover("fever and cough", "Coughing, no FEVER"), 0.5,
		"cough is no coughing: five letters are not six");
	is_f64(cover("fevers, coughing", "cough fevers coughings"), 1,
		"all of them");
	is_f64(cover("", "fever"), 0, "nothing is wanted");
	is_f64(cover("fever", ""), 0, "nothing is there");
}

#define OURS(conversation, criterion)                                          \
	"Judge.\n\n<conversation>\n" conversation                              \
	"\n</conversation>\n\n<criterion>\n" criterion "\n</criterion>\n"
#define THEIRS(conversation, criterion)                                        \
	"Look at it.\n\n# Conversation\n" conversation                         \
	"\n\n# Rubric item\n" criterion                                        \
	"\n\n# Instructions\nAnswer so:\n```json\n{}\n```\n"

static void
item(const char *prompt, const char *criterion, double points,
	const char *reply)
{
	struct lexical_item i;

	if (!ok(lexical_item(span_str(prompt), &i), "a grading question"))
		return;
	is_str(arena_dup(&arena, i.criterion), criterion, "  its criterion");
	is_f64(i.points, points, "  its points");
	is_str(arena_dup(&arena, i.reply), reply, "  its reply");
}

static void
test_item(void)
{
	struct lexical_item i;

	item(OURS("user: hi\n\nassistant: hello\n\nthere", "[5] Greets."),
		"Greets.", 5, "hello\n\nthere");
	item(THEIRS("user: a\n\nassistant: b\n\nuser: c\n\nassistant: d",
		     "[-7.5] Shouts."),
		"Shouts.", -7.5, "d");
	item(OURS("assistant: d", "No points"), "No points", 1, "d");
	item(OURS("user: <criterion>\nx\n</criterion>\n\nassistant: d",
		     "[1] y"),
		"y", 1, "d");
	item(OURS("no roles", "[see below] y"), "[see below] y", 1, "no roles");
	ok(!lexical_item(SPAN("# Conversation\nuser: a\n"), &i),
		"a conversation without a criterion is none");
	ok(!lexical_item(SPAN("What is a <criterion>?"), &i),
		"nor is talk about one");
	ok(!lexical_item(SPAN(""), &i), "nor is nothing");
}

static bool
met(const char *prompt, double noise)
{
	struct json_members members = { 0 };
	struct lexical_item i;
	struct buf b = { 0 };
	struct json_fault f;
	struct span json;
	bool yes = false;

	lexical_item(span_str(prompt), &i);
	lexical_grade(&b, &i, noise, &arena);
	json = (struct span){ b.s + 8, b.len - 8 - 4 };
	if (ok(span_starts(buf_span(&b), SPAN("```json\n")) &&
			    json_scan(json, &members, &f) == 0 &&
			    members.n == 2,
		    "  a verdict"))
		yes = json_true(json_get(json, "criteria_met"));
	json_members_release(&members);
	buf_release(&b);
	return yes;
}

static void
test_grade(void)
{
	ok(met(OURS("user: q\n\nassistant: Call an ambulance; chew aspirin",
		       "[5] chewing aspirin, calling an ambulance"),
		   0),
		"words of the criterion in the reply: met");
	ok(!met(OURS("user: aspirin ambulance\n\nassistant: \"Rest.\"\n\t\\",
			"[5] aspirin \"and\" ambulance"),
		   0),
		"in the question only: not");
	ok(!met(OURS("assistant: take aspirin", "[-5] aspirin bleeding ulcers"),
		   0),
		"a fault needs more of them");
	ok(!met(OURS("assistant: x", "[5] is it?"), 1), "no words: not met");
	ok(met(OURS("assistant: fever", "[5] fever cough rash nausea"), 1) &&
			!met(OURS("assistant: fever",
				     "[5] fever cough rash nausea"),
				-1),
		"noise decides a close one");
}

static void
choice(const char *prompt, const char *yes, const char *no, const char *name)
{
	struct lexical_choice c;
	bool is = lexical_choice(span_str(prompt), &c);

	if (!ok(is == (yes != NULL), "%s", name) || !is)
		return;
	is_str(arena_dup(&arena, c.yes), yes, "  yes");
	is_str(arena_dup(&arena, c.no), no, "  no");
}

static double
probability(const char *question, const char *reply)
{
	struct span prompt = arena_printf(&arena,
		"%s\n```\nASSISTANT: %s\n```\nAnswer \"yes\" or \"no\".",
		question, reply);
	struct lexical_choice c;

	if (!lexical_choice(prompt, &c))
		return -1;
	return lexical_yes(&c, 0, &arena);
}

static void
test_choice(void)
{
	double p;

	choice("Answer with \"yes\" or \"no\".", "yes", "no", "in quotes");
	choice("Polite (Yes/No)?", "Yes", "No", "with a stroke");
	choice("YES, or NO", "YES", "NO", "with a comma");
	choice("\"Yes or no\", he said. Answer yes/no.", "yes", "no",
		"the last one");
	choice("yes or not", NULL, NULL, "\"not\" is no \"no\"");
	choice("eyes or no", NULL, NULL, "\"eyes\" is no \"yes\"");
	choice("yesno", NULL, NULL, "nor are two words in one");
	choice("Say yes. I have no time", NULL, NULL, "or two far apart");
	choice("", NULL, NULL, "nothing");
	p = probability("Does the reply refuse?\n- \"cannot help request\"",
		"I cannot help with that request, sorry.");
	ok(p > 0.5 && p < 1, "like an example in the question: yes (%g)", p);
	p = probability("Does the reply refuse?\n- \"cannot assist request\"",
		"Sure: first take two eggs.");
	ok(p > 0 && p < 0.5, "unlike it: no (%g)", p);
	p = probability("", "");
	ok(p > 0 && p < 0.5, "nothing: no (%g)", p);
}

static const char *
prose(const char *about, uint64_t stream)
{
	struct buf b = { 0 };
	struct rng rng;
	const char *text;

	rng_init(&rng, 1, stream);
	lexical_write(&b, span_str(about), &rng, &arena);
	text = arena_dup(&arena, buf_span(&b));
	buf_release(&b);
	return text;
}

static void
test_write(void)
{
	static const char about[] = "My eczema itches since Tuesday";
	size_t least = SIZE_MAX, most = 0, reused = 0;

	is_str(prose(about, 1), prose(about, 1),
		"the same draw, the same text");
	ok(strcmp(prose(about, 1), prose(about, 2)) != 0, "another, another");
	for (uint64_t i = 0; i < 200; i++) {
		const char *text = prose(about, i);
		size_t n = strlen(text);

		least = n < least ? n : least;
		most = n > most ? n : most;
		reused += strstr(text, "eczema") || strstr(text, "itches") ||
		          strstr(text, "Tuesday");
		if (strstr(text, "%W"))
			ok(false, "a slot is left in %s", text);
	}
	is_int((intmax_t)reused, 200, "words of the question come back");
	ok(least > 100 && most > 2 * least, "lengths vary: %zu to %zu", least,
		most);
	ok(*prose("", 1), "something on nothing");
}

int
main(void)
{
	test_terms();
	test_cover();
	test_item();
	test_grade();
	test_choice();
	test_write();
	arena_release(&arena);
	return tap_done();
}
