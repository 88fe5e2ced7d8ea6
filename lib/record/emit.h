/*
 * emit: JSON text into a buffer.
 *
 * Commas come by themselves: a value or key that follows another one in the
 * same container gets one in front. The last byte of the buffer tells: there is
 * none where the buffer is empty or ends in a bracket that opens, a colon, a
 * comma, a blank or a line feed. So
 *
 *	emit_begin(b, '{');
 *	emit_key(b, "score"), emit_f64(b, 0.5);
 *	emit_key(b, "tags"), emit_begin(b, '['), emit_end(b, ']');
 *	emit_end(b, '}');
 *
 * writes {"score":0.5,"tags":[]}. The text is compact and valid if the calls
 * nest properly; values that are spliced in with emit_raw must be valid JSON.
 */
#ifndef RECORD_EMIT_H
#define RECORD_EMIT_H

#include <stdint.h>

#include "base/buf.h"

void emit_begin(struct buf *b, char open);
void emit_end(struct buf *b, char close);
void emit_key(struct buf *b, const char *name);
void emit_key_span(struct buf *b, struct span name);

/*
 * emit_str(b, text): A string. Only what must be escaped is; bytes that are not
 * UTF-8 become U+FFFD, so the result is valid whatever ${text} holds.
 */
void emit_str(struct buf *b, struct span text);
void emit_cstr(struct buf *b, const char *text);

/*
 * emit_f64(b, d): The shortest decimal that reads back as ${d}, spelled as
 * Python's repr does (0.5, 1.0, 1e-05, 1e+16); null where ${d} is not finite.
 */
void emit_f64(struct buf *b, double d);
void emit_i64(struct buf *b, int64_t i);
void emit_u64(struct buf *b, uint64_t u);
void emit_bool(struct buf *b, bool yes);
void emit_null(struct buf *b);

/* emit_raw(b, json): Any valid JSON, without the blanks around it. */
void emit_raw(struct buf *b, struct span json);

/*
 * emit_value(b, json): The same value in one fixed spelling: no blanks, no
 * escapes that need not be, lone surrogates as U+FFFD, numbers as they were
 * written. Equal values from different writers become equal bytes.
 */
void emit_value(struct buf *b, struct span json);

#define EMIT_F64_MAX 32 /* bytes that emit_f64_text writes at the most */

/* emit_f64_text(to, d): The same text into ${to}; its length. */
size_t emit_f64_text(char to[EMIT_F64_MAX], double d);

#endif
