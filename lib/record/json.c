#include <stdlib.h>

#include "base/decimal.h"
#include "json.h"
#include "step.h"

void
json_members_release(struct json_members *m)
{
	free(m->v);
	*m = (struct json_members){ 0 };
}

/* Walking. The text is known to be valid. */

struct span
json_value(struct span text)
{
	return span_trim(text, " \n\r\t");
}

const char *
json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_ABSENT] = "nothing",
		[JSON_NULL] = "null",
		[JSON_FALSE] = "false",
		[JSON_TRUE] = "true",
		[JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string",
		[JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object",
	};

	return names[kind];
}

/* From a string's opening quote to behind its closing one. */
static const char *
pass_string(const char *p, const char *end)
{
	for (p = step_plain(p + 1, end); p < end && *p != '"';)
		p = step_plain(p + 2, end);
	return p + 1;
}

static const char *
pass_container(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		switch (*p) {
		case '"':
			p = pass_string(p, end);
			continue;
		case '[':
		case '{':
			depth++;
			break;
		case ']':
		case '}':
			if (--depth == 0)
				return p + 1;
			break;
		}
		p++;
	}
	return end;
}

static const char *
pass_value(const char *p, const char *end)
{
	if (*p == '"')
		return pass_string(p, end);
	if (*p == '[' || *p == '{')
		return pass_container(p, end);
	return step_scalar(p, end);
}

struct json_iter
json_iter(struct span container)
{
	enum json_kind kind = json_kind(container);

	if (kind != JSON_ARRAY && kind != JSON_OBJECT)
		return (struct json_iter){ 0 };
	return (struct json_iter){
		.p = container.s + 1,
		.end = container.s + container.len - 1,
		.object = kind == JSON_OBJECT,
	};
}

/* The first of them whose name stands at ${p} or behind. */
static const struct json_member *
first_from(const struct json_members *m, const char *p)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->v[mid].key.s < p)
			low = mid + 1;
		else
			high = mid;
	}
	return m->v + low;
}

struct json_iter
json_iter_inner(struct span container, const struct json_members *inner)
{
	struct json_iter it = json_iter(container);

	if (it.object && inner->n) {
		it.last = inner->v + inner->n;
		it.known = first_from(inner, it.p);
		if (it.known == it.last || it.known->key.s >= it.end)
			it.known = NULL;
	}
	return it;
}

bool
json_next(struct json_iter *it, struct json_member *m)
{
	const char *p, *q;

	if (it->known) {
		if (it->known == it->last || it->known->key.s >= it->end)
			return false;
		*m = *it->known++;
		return true;
	}
	p = step_blanks(it->p, it->end);
	m->key = (struct span){ 0 };
	if (p == it->end)
		return false;
	if (it->object) {
		q = pass_string(p, it->end);
		m->key = (struct span){ p, (size_t)(q - p) };
		p = step_blanks(q, it->end);
		p = step_blanks(p + 1, it->end);
	}
	q = pass_value(p, it->end);
	m->value = (struct span){ p, (size_t)(q - p) };
	q = step_blanks(q, it->end);
	it->p = q < it->end ? q + 1 : q;
	return true;
}

size_t
json_count(struct span container)
{
	struct json_iter it = json_iter(container);
	struct json_member m;
	size_t n = 0;

	while (json_next(&it, &m))
		n++;
	return n;
}

struct span
json_at(struct span array, size_t index)
{
	struct json_iter it = json_iter(array);
	struct json_member m;

	if (it.object)
		return (struct span){ 0 };
	while (json_next(&it, &m))
		if (index-- == 0)
			return m.value;
	return (struct span){ 0 };
}

struct span
json_get(struct span object, const char *name)
{
	struct json_iter it = json_iter(object);
	struct span found = { 0 };
	struct json_member m;

	while (it.object && json_next(&it, &m))
		if (json_is(m.key, name))
			found = m.value;
	return found;
}

/* Decoding. */

/* What a string has between its quotes; absent for any other kind. */
static struct span
inner(struct span string)
{
	if (json_kind(string) != JSON_STRING)
		return (struct span){ 0 };
	return (struct span){ string.s + 1, string.len - 2 };
}

/* Four hexadecimal digits; letters have bit 6. */
static uint32_t
four_digits(const char *p)
{
	uint32_t code = 0;

	for (int i = 0; i < 4; i++)
		code = code << 4 | ((p[i] & 0xf) + (p[i] >> 6) * 9u);
	return code;
}

/* At the escape of a surrogate: of a pair, or else of one that is alone. */
static const char *
decode_surrogate(const char *p, const char *end, uint32_t *code)
{
	uint32_t high = four_digits(p + 2), low = 0;

	if (high < 0xdc00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u')
		low = four_digits(p + 8);
	if ((low & 0xfc00) != 0xdc00) {
		*code = UTF8_BAD;
		return p + 6;
	}
	*code = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
	return p + 12;
}

/* Decodes the escape at ${p}, of length ${*n} then; returns what is behind. */
static const char *
decode_escape(const char *p, const char *end, char to[UTF8_MAX], size_t *n)
{
	uint32_t code;

	*n = 1;
	if ((*to = step_escape(p[1])))
		return p + 2;
	code = four_digits(p + 2);
	if ((code & 0xf800) == 0xd800)
		p = decode_surrogate(p, end, &code);
	else
		p += 6;
	*n = utf8_put(to, code);
	return p;
}

bool
json_is(struct span string, const char *text)
{
	struct span in = inner(string);
	const char *p = in.s, *end = p ? p + in.len : p;
	char code[UTF8_MAX];
	size_t n;

	if (p == NULL)
		return false;
	while (p < end) {
		if (*p != '\\') {
			if (*p++ != *text++)
				return false;
			continue;
		}
		p = decode_escape(p, end, code, &n);
		if (*code == '\0' || strncmp(text, code, n) != 0)
			return false;
		text += n;
	}
	return *text == '\0';
}

struct span
json_str(struct span string, struct arena *a)
{
	struct span in = inner(string);
	const char *p = in.s, *end, *q;
	char *text, *to;
	size_t n;

	if (p == NULL)
		return in;
	end = p + in.len;
	if (step_plain(p, end) == end)
		return in;
	text = to = arena_alloc(a, in.len + STEP_BLOCK);
	for (; (q = step_copy(to, p, end)) < end; to += n) {
		to += q - p;
		p = decode_escape(q, end, to, &n);
	}
	return (struct span){ text, (size_t)(to + (q - p) - text) };
}

bool
json_f64(struct span number, double *to)
{
	return json_kind(number) == JSON_NUMBER && decimal_f64(number, to);
}

bool
json_i64(struct span number, int64_t *to)
{
	return json_kind(number) == JSON_NUMBER && decimal_i64(number, to);
}

bool
json_true(struct span value)
{
	return json_kind(value) == JSON_TRUE;
}
