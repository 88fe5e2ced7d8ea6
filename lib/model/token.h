/*
 * token: text cut into pieces of about a token's size.
 *
 * No model's tokeniser, and much the same count for English prose (about four
 * bytes a token): a word with the blank in front of it, long words in several
 * pieces, digits by threes, everything beyond ASCII a character at a time. Good
 * for estimates, and for replies that look like a model's.
 */
#ifndef MODEL_TOKEN_H
#define MODEL_TOKEN_H

#include <stdint.h>

#include "base/span.h"

/*
 * token_next(text): Take the next token off ${text}; absent at the end. Tokens
 * are never empty, never split a character of valid UTF-8, and joined again
 * they are the text.
 */
struct span token_next(struct span *text);

/* token_count(text): How many there are. */
uint64_t token_count(struct span text);

/* token_prefix(text, n): The first ${n} tokens of it. */
struct span token_prefix(struct span text, uint64_t n);

#endif
