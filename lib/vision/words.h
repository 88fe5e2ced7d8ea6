/*
 * words: the lines, words and numbers of other programs' text files.
 *
 * Nothing is copied: lines and words point into the text. A line may end in a
 * carriage return and a line feed, and the last one may lack both.
 */
#ifndef VISION_WORDS_H
#define VISION_WORDS_H

#include <stdint.h>

#include "base/span.h"

/* A text that is being read. */
struct words {
	struct span rest;
	size_t line; /* the number of the last line, from 1 */
};

/* words_line(w, line): The next line without its end; false after the last. */
bool words_line(struct words *w, struct span *line);

/* words_told(w, line): The same, past blank lines and those that begin with #. */
bool words_told(struct words *w, struct span *line);

/* words_next(line, word): Take the next word between blanks off the line. */
bool words_next(struct span *line, struct span *word);

/*
 * words_field(line, field): Take what is before the next comma off the line,
 * without the blanks around it; it may be empty. False when nothing is left.
 */
bool words_field(struct span *line, struct span *field);

/*
 * words_f64(word, to): A finite decimal number, also as C and Python write it:
 * "1.", ".5", "+1", "1e-05". words_u32: A whole one. False for anything else.
 */
bool words_f64(struct span word, double *to);
bool words_u32(struct span word, uint32_t *to);

#endif
