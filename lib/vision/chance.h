/*
 * chance: how many pairs have to agree before that means anything.
 *
 * Of n random pairs, k agree with one of the models that samples of m of them
 * give, expected this often (Moisan and Stival, "A probabilistic criterion to
 * detect rigid point matches between two images", 2004):
 *
 *	(n - m) solutions C(n, k) C(k, m) p^(k - m)
 *
 * where p is how likely a random pair is within the threshold of a model.
 */
#ifndef VISION_CHANCE_H
#define VISION_CHANCE_H

#include <stddef.h>

/* What a sample is, and what comes out of it. */
struct chance_model {
	size_t sample, solutions;
};

/*
 * chance_least(m, n, p): The fewest of ${n} pairs that agree less than once by
 * chance; n + 1 where even all of them would not mean anything.
 */
size_t chance_least(struct chance_model m, size_t n, double p);

/*
 * chance_rounds(m, n, k, most): How many samples are drawn until one holds
 * nothing but some of ${k} pairs, out of ${n}, with a probability of 0.9999; at
 * the most ${most}.
 */
size_t chance_rounds(struct chance_model m, size_t n, size_t k, size_t most);

#endif
