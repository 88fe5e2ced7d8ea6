#include <yaml.h>

#include "record/emit.h"
#include "record/json.h"
#include "record/yaml.h"

#define MAX_DEPTH 100
#define MAX_JSON (64u << 20) /* aliases can multiply a small file */

struct reader {
	yaml_document_t doc;
	const char *name;
	struct buf *out;
	struct err *e;
};

static int
fault(struct reader *y, const yaml_node_t *n, const char *what)
{
	return err_set(y->e, "%s:%zu:%zu: %s", y->name,
		(size_t)n->start_mark.line + 1,
		(size_t)n->start_mark.column + 1, what);
}

static struct span
text_of(const yaml_node_t *n)
{
	return (struct span){ (const char *)n->data.scalar.value,
		n->data.scalar.length };
}

static bool
one_of(struct span s, const char *const *words)
{
	for (; *words; words++)
		if (span_is(s, *words))
			return true;
	return false;
}

/* A number as JSON writes them: the core schema's decimal integers, floats. */
static bool
is_number(struct span s)
{
	struct json_fault f;

	return s.len && (s.s[0] == '-' || (s.s[0] >= '0' && s.s[0] <= '9')) &&
	       json_scan(s, NULL, &f) == 0;
}

static void
put_scalar(struct reader *y, const yaml_node_t *n)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL",
		0 };
	static const char *const trues[] = { "true", "True", "TRUE", 0 };
	static const char *const falses[] = { "false", "False", "FALSE", 0 };
	struct span s = text_of(n);
	bool plain = n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (plain && one_of(s, nulls))
		emit_null(y->out);
	else if (plain && one_of(s, trues))
		emit_bool(y->out, true);
	else if (plain && one_of(s, falses))
		emit_bool(y->out, false);
	else if (plain && is_number(s))
		emit_raw(y->out, s);
	else
		emit_str(y->out, s);
}

static int put_node(struct reader *y, int index, int depth);

static int
put_sequence(struct reader *y, const yaml_node_t *n, int depth)
{
	emit_begin(y->out, '[');
	for (const yaml_node_item_t *i = n->data.sequence.items.start;
		i < n->data.sequence.items.top; i++)
		if (put_node(y, *i, depth))
			return -1;
	emit_end(y->out, ']');
	return 0;
}

/* Is the key of ${pair} a text that no earlier pair has? */
static int
check_key(struct reader *y, const yaml_node_t *n, const yaml_node_pair_t *pair)
{
	const yaml_node_t *key = yaml_document_get_node(&y->doc, pair->key);

	if (key->type != YAML_SCALAR_NODE)
		return fault(y, key, "a key must be text");
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < pair;
		p++) {
		const yaml_node_t *k = yaml_document_get_node(&y->doc, p->key);

		if (span_eq(text_of(k), text_of(key)))
			return fault(y, key, "the key was there before");
	}
	return 0;
}

static int
put_mapping(struct reader *y, const yaml_node_t *n, int depth)
{
	emit_begin(y->out, '{');
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start;
		p < n->data.mapping.pairs.top; p++) {
		if (check_key(y, n, p))
			return -1;
		emit_key_span(y->out,
			text_of(yaml_document_get_node(&y->doc, p->key)));
		if (put_node(y, p->value, depth))
			return -1;
	}
	emit_end(y->out, '}');
	return 0;
}

static int
put_node(struct reader *y, int index, int depth)
{
	const yaml_node_t *n = yaml_document_get_node(&y->doc, index);

	if (depth > MAX_DEPTH || y->out->len > MAX_JSON)
		return fault(y, n, "nested too deeply, or an alias of itself");
	if (n->type == YAML_SEQUENCE_NODE)
		return put_sequence(y, n, depth + 1);
	if (n->type == YAML_MAPPING_NODE)
		return put_mapping(y, n, depth + 1);
	put_scalar(y, n);
	return 0;
}

static int
put_document(struct reader *y)
{
	if (yaml_document_get_root_node(&y->doc) == NULL)
		return err_set(y->e, "%s: the file is empty", y->name);
	return put_node(y, 1, 0);
}

int
yaml_text(struct buf *b, struct span text, const char *name, struct err *e)
{
	struct reader y = { .name = name, .out = b, .e = e };
	yaml_parser_t parser;
	int rc;

	if (!yaml_parser_initialize(&parser))
		die(ST_CUT, "out of memory for YAML");
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)text.s, text.len);
	if (yaml_parser_load(&parser, &y.doc)) {
		rc = put_document(&y);
		yaml_document_delete(&y.doc);
	} else
		rc = err_set(e, "%s:%zu:%zu: %s", name,
			parser.problem_mark.line + 1,
			parser.problem_mark.column + 1,
			parser.problem ? parser.problem : "not YAML");
	yaml_parser_delete(&parser);
	return rc;
}

int
yaml_file(struct buf *b, const char *path, struct err *e)
{
	struct buf text = { .max = 16 << 20 };
	int rc = buf_file(&text, path, e);

	if (rc == 0)
		rc = yaml_text(b, buf_span(&text), path, e);
	buf_release(&text);
	return rc;
}
