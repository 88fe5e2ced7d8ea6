/*
 * json: a zero-copy scanner of JSON text.
 *
 * json_scan validates a whole text in one pass (RFC 8259 grammar, UTF-8, no
 * control characters in strings, nesting at most JSON_DEPTH) and remembers the
 * spans of the outermost object's members, and of those one level below. After that every span handed out
 * here is known to be one valid JSON value, so walking into it needs no checks
 * and allocates nothing. Spans point into the scanned text and live as long as
 * it does. Values are decoded only where they are used: numbers stay text until
 * somebody computes, strings keep their escapes until somebody reads them.
 *
 * Accepted beyond the RFC: escapes of lone surrogates ("\ud800"), which Python
 * writes; they are passed through, and decode to U+FFFD. Of members with the
 * same name the last counts, as in Python and jq.
 */
#ifndef RECORD_JSON_H
#define RECORD_JSON_H

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/utf8.h"

#define JSON_DEPTH 10000

enum json_kind {
	JSON_ABSENT, /* the span is NULL */
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_member {
	struct span key;   /* with its quotes, still escaped */
	struct span value; /* from its first byte to its last */
};

/* Members in their order; reuse one for many scans. */
struct json_members {
	struct json_member *v;
	size_t n, cap;
};

/* Where and why a text is not JSON. */
struct json_fault {
	size_t at;        /* offset in bytes */
	const char *what; /* "a value is expected" say: a static string */
};

/*
 * json_scan(text, top, f): Is ${text} one JSON value with nothing but blanks
 * around it? Returns 0 and, where it is an object, leaves its members in
 * ${top} (emptied first; may be NULL). Returns -1 with ${f} filled otherwise.
 */
int json_scan(struct span text, struct json_members *top, struct json_fault *f);

/*
 * json_scan_inner(text, top, inner, f): The same, and where a value of ${top} is
 * an object, its members are left in ${inner}, behind those of the one before.
 */
int json_scan_inner(struct span text, struct json_members *top,
	struct json_members *inner, struct json_fault *f);

void json_members_release(struct json_members *m);

/* json_value(text): A valid text without the blanks around it. */
struct span json_value(struct span text);

static inline enum json_kind
json_kind(struct span value)
{
	if (value.s == NULL || value.len == 0)
		return JSON_ABSENT;
	switch (*value.s) {
	case 'n':
		return JSON_NULL;
	case 'f':
		return JSON_FALSE;
	case 't':
		return JSON_TRUE;
	case '"':
		return JSON_STRING;
	case '[':
		return JSON_ARRAY;
	case '{':
		return JSON_OBJECT;
	default:
		return JSON_NUMBER;
	}
}

const char *json_kind_name(enum json_kind kind); /* "a number" say */

/* Walks an array or an object; anything else has no elements. */
struct json_iter {
	const char *p, *end;
	bool object;
	const struct json_member *known, *last; /* known: not walked to again */
};

struct json_iter json_iter(struct span container);

/*
 * json_iter_inner(container, inner): The same, by what json_scan_inner left in
 * ${inner} if the container's members are there.
 */
struct json_iter json_iter_inner(
	struct span container, const struct json_members *inner);

/* json_next(it, m): The next element into ${m}; false at the end. */
bool json_next(struct json_iter *it, struct json_member *m);

size_t json_count(struct span container);
struct span json_at(struct span array, size_t index); /* absent beyond it */

/* json_get(object, name): The member's value; absent where there is none. */
struct span json_get(struct span object, const char *name);

/* json_is(string, text): Does the string value decode to ${text}? */
bool json_is(struct span string, const char *text);

/*
 * json_str(string, a): The decoded text of a string value, absent for any
 * other kind. Points into the value where nothing is escaped, else into ${a}.
 * Not terminated by a NUL; may hold NULs ("\u0000").
 */
struct span json_str(struct span string, struct arena *a);

/*
 * json_f64, json_i64: The number; false where it is none or does not fit. 5.0
 * and 5e0 are whole numbers; 5.5 does not fit a whole number.
 */
bool json_f64(struct span number, double *to);
bool json_i64(struct span number, int64_t *to);

/* json_true: Is it the value true? Absent is false. */
bool json_true(struct span value);

#endif
