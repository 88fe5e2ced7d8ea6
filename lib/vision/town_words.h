/*
 * town_words: what the signs of a town say.
 */
#ifndef VISION_TOWN_WORDS_H
#define VISION_TOWN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define TOWN_WORDS 32

/* town_word_width(word): How wide it is, its letters being 7 high. */
double town_word_width(int word);

/* town_word_ink(word, x, y): Is there ink, x to the right and y upwards? */
bool town_word_ink(int word, double x, double y);

#endif
