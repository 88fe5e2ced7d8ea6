/*
 * utf8: bytes and code points.
 *
 * UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond
 * U+10FFFF. Valid text is passed at many bytes a step, whatever the script.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "span.h"

#define UTF8_MAX 4 /* bytes of a code point at the most */

#define UTF8_BAD 0xfffdu /* what stands for what cannot be decoded */

/* utf8_valid(text): How many bytes from the start on are valid UTF-8. */
size_t utf8_valid(struct span text);

/*
 * utf8_step(text, n): Does ${text}, which is not empty, begin with a valid
 * sequence? ${*n} is its length, else the length of what one U+FFFD replaces:
 * the longest beginning of a valid sequence, at least one byte.
 */
bool utf8_step(struct span text, size_t *n);

/* utf8_put(to, code): Encode a code point that is no surrogate; its length. */
size_t utf8_put(char to[UTF8_MAX], uint32_t code);

/* utf8_count(text): Code points in valid UTF-8 text. */
size_t utf8_count(struct span text);

#endif
