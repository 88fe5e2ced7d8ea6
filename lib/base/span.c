#include "span.h"

const char *
span_find(struct span hay, struct span needle)
{
	const char *end = hay.s + hay.len;

	if (needle.len == 0)
		return hay.s;
	for (const char *p = hay.s; (size_t)(end - p) >= needle.len; p++) {
		p = memchr(p, needle.s[0], (size_t)(end - p) - needle.len + 1);
		if (p == NULL)
			return NULL;
		if (memcmp(p, needle.s, needle.len) == 0)
			return p;
	}
	return NULL;
}

struct span
span_trim(struct span a, const char *set)
{
	while (a.len && a.s[0] && strchr(set, a.s[0]))
		a.s++, a.len--;
	while (a.len && a.s[a.len - 1] && strchr(set, a.s[a.len - 1]))
		a.len--;
	return a;
}

bool
span_line(struct span *text, struct span *line)
{
	const char *end;

	if (text->len == 0)
		return false;
	end = memchr(text->s, '\n', text->len);
	*line = *text;
	if (end)
		line->len = (size_t)(end - text->s);
	text->s += line->len + (end != NULL);
	text->len -= line->len + (end != NULL);
	if (line->len && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}
