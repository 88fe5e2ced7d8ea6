#include <math.h>
#include <stdlib.h>

#include "words.h"

#define BLANKS " \t\r"
#define LONGEST 64 /* of a number */

bool
words_line(struct words *w, struct span *line)
{
	if (!span_line(&w->rest, line))
		return false;
	w->line++;
	return true;
}

bool
words_told(struct words *w, struct span *line)
{
	struct span bare;

	while (words_line(w, line)) {
		bare = span_trim(*line, BLANKS);
		if (bare.len && *bare.s != '#')
			return true;
	}
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
words_next(struct span *line, struct span *word)
{
	while (line->len && is_blank(*line->s))
		line->s++, line->len--;
	*word = (struct span){ line->s, 0 };
	while (line->len && !is_blank(*line->s))
		line->s++, line->len--, word->len++;
	return word->len > 0;
}

bool
words_field(struct span *line, struct span *field)
{
	const char *comma;

	if (line->s == NULL)
		return false;
	comma = line->len ? memchr(line->s, ',', line->len) : NULL;
	*field = *line;
	if (comma) {
		field->len = (size_t)(comma - line->s);
		line->s += field->len + 1;
		line->len -= field->len + 1;
	} else {
		*line = (struct span){ 0 };
	}
	*field = span_trim(*field, BLANKS);
	return true;
}

bool
words_f64(struct span word, double *to)
{
	char text[LONGEST + 1], *end;

	if (word.len == 0 || word.len > LONGEST)
		return false;
	memcpy(text, word.s, word.len);
	text[word.len] = '\0';
	if (strspn(text, "0123456789.eE+-") != word.len)
		return false;
	*to = strtod(text, &end);
	return end == text + word.len && isfinite(*to);
}

bool
words_u32(struct span word, uint32_t *to)
{
	uint64_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.s[i] < '0' || word.s[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(word.s[i] - '0');
		if (n > UINT32_MAX)
			return false;
	}
	*to = (uint32_t)n;
	return word.len > 0;
}
