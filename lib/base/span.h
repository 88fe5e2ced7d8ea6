/*
 * span: a piece of text that somebody else owns.
 *
 * A span is a pointer and a length; it is not terminated and owns nothing. It
 * is valid for as long as the bytes it points into: the contract of whoever
 * hands one out says how long that is. A span whose pointer is NULL means
 * "absent", which is not the same as empty.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *s;
	size_t len;
};

/* The span of a string literal. */
#define SPAN(literal) ((struct span){ "" literal, sizeof(literal) - 1 })

/* For "%.*s". A length beyond INT_MAX is shortened, never negative. */
#define SPAN_ARG(span)                                                         \
	(int)((span).len > 0x7fffffff ? 0x7fffffff : (span).len),              \
		((span).s ? (span).s : "")

static inline struct span
span_str(const char *s)
{
	return (struct span){ s, s ? strlen(s) : 0 };
}

/* What is as long as most names is compared without calling anybody. */
static inline bool
span_eq(struct span a, struct span b)
{
	if (a.len == b.len && a.len >= 16 && a.len <= 32)
		return memcmp(a.s, b.s, 16) == 0 &&
		       memcmp(a.s + a.len - 16, b.s + a.len - 16, 16) == 0;
	return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

static inline bool
span_is(struct span a, const char *s)
{
	return span_eq(a, span_str(s));
}

/*
 * span_put(to, a): Copy it to ${to}, where there is room; what is behind it. A
 * name or a number is copied without calling anybody.
 */
static inline char *
span_put(char *to, struct span a)
{
	char first[16], last[16];

	if (a.len >= 16 && a.len <= 32) {
		memcpy(first, a.s, 16);
		memcpy(last, a.s + a.len - 16, 16);
		memcpy(to, first, 16);
		memcpy(to + a.len - 16, last, 16);
	} else if (a.len) {
		memcpy(to, a.s, a.len);
	}
	return to + a.len;
}

static inline bool
span_starts(struct span a, struct span prefix)
{
	return a.len >= prefix.len && memcmp(a.s, prefix.s, prefix.len) == 0;
}

/* By bytes, which for UTF-8 is by code point: negative, zero or positive. */
static inline int
span_cmp(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.s, b.s, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/*
 * span_find(hay, needle): The first place of ${needle} in ${hay}, or NULL. An
 * empty needle is found at the start.
 */
const char *span_find(struct span hay, struct span needle);

/* span_trim(a, set): ${a} without leading and trailing bytes of ${set}. */
struct span span_trim(struct span a, const char *set);

/*
 * span_line(text, line): Take the next line off ${text}, without its end, a line
 * feed or a carriage return and one; the last line may lack it. False when
 * nothing is left.
 */
bool span_line(struct span *text, struct span *line);

#endif
