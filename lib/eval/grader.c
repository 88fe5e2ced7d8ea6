#include <stdio.h>

#include "base/data.h"
#include "eval/grader.h"
#include "record/yaml.h"

/* The placeholders without which a question says nothing. */
static const char *const needed[] = { "<<conversation>>", "<<rubric_item>>" };

struct loader {
	struct grader *g;
	const char *path;
	struct err *e;
};

static int
fault(struct loader *l, const char *member, const char *what)
{
	return err_set(l->e, "%s: %s: %s", l->path, member, what);
}

/* A member's text; absent is fine only where it may be. */
static int
take_text(struct loader *l, struct span value, const char *name, bool must,
	struct span *to)
{
	if (value.s == NULL && !must)
		return 0;
	if (json_kind(value) != JSON_STRING)
		return fault(l, name, value.s ? "text is expected" : "missing");
	*to = json_str(value, &l->g->arena);
	return 0;
}

static int
take_questions(struct loader *l, struct span value)
{
	if (json_is(value, "rubric"))
		l->g->questions = GRADER_RUBRIC;
	else if (json_is(value, "propositions"))
		l->g->questions = GRADER_PROPOSITIONS;
	else
		return fault(
			l, "questions", "rubric or propositions is expected");
	return 0;
}

static int
take_field(struct loader *l, struct span answer, const char *name, bool must,
	const char **to)
{
	struct span text = { 0 };

	if (take_text(l, json_get(answer, name), name, must, &text))
		return -1;
	*to = text.s ? arena_dup(&l->g->arena, text) : NULL;
	return 0;
}

static int
take_alternatives(struct loader *l, struct span answer)
{
	struct span n = json_get(answer, "top_logprobs");

	if (n.s && (!json_i64(n, &l->g->top_logprobs) ||
			   l->g->top_logprobs < 0 || l->g->top_logprobs > 1000))
		return fault(l, "answer.top_logprobs",
			"a whole number up to 1000 is expected");
	return 0;
}

/* A rubric is answered in JSON, a proposition with yes or no. */
static int
take_answer(struct loader *l, struct span answer)
{
	bool json = l->g->questions == GRADER_RUBRIC;

	if (!json_is(json_get(answer, "format"), json ? "json" : "yes_no"))
		return fault(l, "answer.format",
			json ? "json is expected" : "yes_no is expected");
	if (!json)
		return take_alternatives(l, answer);
	if (!json_is(json_get(answer, "type"), "boolean"))
		return fault(l, "answer.type", "boolean is expected");
	return take_field(l, answer, "field", true, &l->g->field) ||
	                       take_field(l, answer, "explanation", false,
				       &l->g->explanation)
	               ? -1
	               : 0;
}

static int
take_parameters(struct loader *l, struct span value)
{
	if (value.s && json_kind(value) != JSON_OBJECT)
		return fault(l, "parameters", "request fields are expected");
	l->g->parameters = value;
	return 0;
}

/* A misspelt member would be ignored in silence; so none is. */
static int
refuse_unknown(struct loader *l, struct span all, const char *const *known)
{
	struct json_iter it = json_iter(all);
	struct json_member m;

	while (json_next(&it, &m)) {
		size_t i = 0;

		while (known[i] && !json_is(m.key, known[i]))
			i++;
		if (known[i] == NULL)
			return err_set(l->e,
				"%s: %.*s: there is no such member", l->path,
				SPAN_ARG(m.key));
	}
	return 0;
}

static int
check_template(const struct grader *g, const char *path, struct err *e)
{
	if (g->questions != GRADER_RUBRIC)
		return 0;
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (span_find(g->template, span_str(needed[i])) == NULL)
			return err_set(e,
				"%s: the template does not contain %s", path,
				needed[i]);
	return 0;
}

static int
take_members(struct loader *l, struct span json)
{
	static const char *const known[] = { "name", "questions", "system",
		"parameters", "template", "answer", NULL };
	static const char *const answer[] = { "format", "field", "type",
		"explanation", "top_logprobs", NULL };
	struct span name = { 0 };

	if (json_kind(json) != JSON_OBJECT)
		return fault(l, "the file", "a grader's members are expected");
	if (json_get(json, "simple_propositions").s)
		return err_set(
			l->e, "%s: a rule file: it goes with -r", l->path);
	if (refuse_unknown(l, json, known) ||
		refuse_unknown(l, json_get(json, "answer"), answer) ||
		take_text(l, json_get(json, "name"), "name", true, &name) ||
		take_questions(l, json_get(json, "questions")) ||
		take_text(l, json_get(json, "system"), "system", false,
			&l->g->system) ||
		take_parameters(l, json_get(json, "parameters")) ||
		take_text(l, json_get(json, "template"), "template",
			l->g->questions == GRADER_RUBRIC, &l->g->template) ||
		take_answer(l, json_get(json, "answer")))
		return -1;
	l->g->name = arena_dup(&l->g->arena, name);
	l->g->template = span_trim(l->g->template, " \t\r\n");
	return check_template(l->g, l->path, l->e);
}

int
grader_load(struct grader *g, const char *name, struct err *e)
{
	struct buf path = { 0 }, json = { 0 };
	struct loader l = { g, NULL, e };
	int rc = -1;

	if (data_yaml(&path, "graders", name, e) == 0) {
		l.path = buf_cstr(&path);
		rc = yaml_file(&json, l.path, e);
	}
	if (rc == 0) {
		/* spans of the members point into this copy */
		struct span kept = { arena_dup(&g->arena, buf_span(&json)),
			json.len };

		rc = take_members(&l, kept);
	}
	buf_release(&path);
	buf_release(&json);
	return rc;
}

int
grader_template(struct grader *g, const char *path, struct err *e)
{
	struct buf text = { .max = 16 << 20 };
	int rc = buf_file(&text, path, e);

	if (rc == 0) {
		g->template = span_trim(buf_span(&text), " \t\r\n\v\f");
		g->template.s = arena_dup(&g->arena, g->template);
		rc = check_template(g, path, e);
	}
	buf_release(&text);
	return rc;
}

void
grader_release(struct grader *g)
{
	arena_release(&g->arena);
	*g = (struct grader){ 0 };
}
