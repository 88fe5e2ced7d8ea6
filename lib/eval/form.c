#include <stdlib.h>

#include "eval/form.h"
#include "record/json.h"

#define FORM_MAX (64 << 20) /* bytes of a file */

/* Is it a plain name, which stands for the member of that name? */
static bool
is_name(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];

		if (!(c == '_' || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') ||
			    (i && c >= '0' && c <= '9')))
			return false;
	}
	return text.len > 0;
}

static int
add_place(struct form *f, struct span before, struct span name, struct err *e)
{
	struct buf program = { 0 };
	struct form_place *p;

	f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
	p = &f->v[f->n];
	*p = (struct form_place){ .before = before, .name = name };
	if (name.s) {
		if (is_name(name))
			buf_byte(&program, '.');
		buf_add(&program, name);
		p->expr = expr_compile(buf_cstr(&program), e);
		buf_release(&program);
		if (p->expr == NULL)
			return -1;
	}
	f->n++;
	return 0;
}

static struct span
between(const char *from, const char *to)
{
	return (struct span){ from, (size_t)(to - from) };
}

static int
find_places(struct form *f, struct err *e)
{
	struct span rest = buf_span(&f->text);
	const char *end = rest.s + rest.len, *open, *close;

	while ((open = span_find(rest, SPAN("<<")))) {
		close = span_find(between(open, end), SPAN(">>"));
		if (close == NULL)
			return err_set(e, "<< without >> behind it");
		if (add_place(f, between(rest.s, open),
			    span_trim(between(open + 2, close), " \t\r\n"), e))
			return -1;
		rest = between(close + 2, end);
	}
	return add_place(f, rest, (struct span){ 0 }, e);
}

int
form_load(struct form *f, const char *path, struct err *e)
{
	struct err why;

	*f = (struct form){ .text.max = FORM_MAX };
	if (buf_file(&f->text, path, e))
		return -1;
	return find_places(f, &why) ? err_set(e, "%s: %s", path, why.msg) : 0;
}

static int
fill_place(const struct form_place *p, struct span json, struct buf *b,
	struct err *e)
{
	struct buf value = { 0 };
	struct arena a = { 0 };
	int rc = expr_run(p->expr, json, &value, e);

	if (rc == 1 && json_kind(buf_span(&value)) == JSON_NULL)
		rc = 0;
	if (rc == 0)
		err_set(e, "<<%.*s>> is nothing", SPAN_ARG(p->name));
	if (rc == 1)
		buf_add(b, json_kind(buf_span(&value)) == JSON_STRING
				   ? json_str(buf_span(&value), &a)
				   : buf_span(&value));
	arena_release(&a);
	buf_release(&value);
	return rc == 1 ? 0 : -1;
}

int
form_fill(const struct form *f, struct span json, struct buf *b, struct err *e)
{
	for (size_t i = 0; i < f->n; i++) {
		buf_add(b, f->v[i].before);
		if (f->v[i].expr && fill_place(&f->v[i], json, b, e))
			return -1;
	}
	return 0;
}

void
form_release(struct form *f)
{
	for (size_t i = 0; i < f->n; i++)
		expr_free(f->v[i].expr);
	free(f->v);
	buf_release(&f->text);
	*f = (struct form){ 0 };
}
